"""Weights of PyTorch and Keras in nets of our own, in files as their programs write them: the same outputs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc import api

pytestmark = pytest.mark.filterwarnings("ignore")  # PyTorch's and Keras' own

MOST = 1e-5
"""The largest error over the largest output; these nets are a few layers deep."""

TORCH_TEXT = """
input 16x16x3
conv 8 3x3 same bn relu
dwconv 3x3 multiplier=2 nobias
prelu shared
upconv 5 3x3 stride=2
flatten
bn
dense 12 relu
dense 50 relu
reshape 5x5x2
conv 3 1x1
"""
"""Flattens and reshapes with the channels last; PyTorch does both with the channels first."""


def torch_net() -> Any:
    """The same net, whose module names say nothing about the order."""
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
            self.deep = nn.Conv2d(8, 16, 3, groups=8, bias=False)
            self.slope = nn.PReLU()
            self.up = nn.ConvTranspose2d(16, 5, 3, stride=2)
            self.norm = nn.BatchNorm1d(5 * 29 * 29)
            self.fc1, self.fc2 = nn.Linear(5 * 29 * 29, 12), nn.Linear(12, 50)
            self.last = nn.Conv2d(2, 3, 1)

        def forward(self, x: Any) -> Any:
            x = self.up(self.slope(self.deep(self.stem(x))))
            x = torch.relu(self.fc1(self.norm(torch.flatten(x, 1))))
            return self.last(torch.relu(self.fc2(x)).view(-1, 2, 5, 5))

    torch.manual_seed(0)
    net = Net().eval()
    for tensor in (*net.parameters(), *net.buffers()):
        if tensor.is_floating_point():
            tensor.data.uniform_(0.2, 1).mul_(torch.randint(0, 2, tensor.shape) * 2 - 1 if tensor.dim() > 1 else 1)
    return net


def error(ours: Any, theirs: Any) -> float:
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


@pytest.mark.parametrize("order", ["channels_last", "channels_first"])
@pytest.mark.parametrize("written", ["state dict", "legacy", "checkpoint", "whole module", "safetensors", "npz"])
def test_a_net_of_pytorch_gives_what_pytorch_gives(tmp_path: Path, written: str, order: str) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
    net = torch_net()
    path = tmp_path / {"safetensors": "w.safetensors", "npz": "w.npz"}.get(written, "w.pth")
    save_torch(net, path, written)
    x = torch.randn(1, 3, 16, 16)
    theirs = net(x).detach().numpy()
    text = TORCH_TEXT.lstrip()
    if order == "channels_first":
        text = f"order channels_first\n{text}".replace("16x16x3", "3x16x16").replace("5x5x2", "2x5x5")
        ours = api.load(text).run(x.numpy(), weights=str(path))
    else:
        ours = api.load(text).run(x.numpy().transpose(0, 2, 3, 1), weights=str(path)).transpose(0, 3, 1, 2)
    assert error(ours, theirs) < MOST


def save_torch(net: Any, path: Path, written: str) -> None:
    import torch

    state = net.state_dict()
    arrays = {name: tensor.numpy() for name, tensor in state.items()}
    if written == "safetensors":
        from safetensors.numpy import save_file

        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)
    elif written == "npz":
        np.savez(path, **arrays)
    elif written == "whole module":
        torch.save(
            torch.nn.Sequential(net.stem, net.deep, net.slope, net.up, net.norm, net.fc1, net.fc2, net.last), path
        )
    elif written == "checkpoint":
        torch.save({"state_dict": {f"module.{name}": tensor for name, tensor in state.items()}, "epoch": 3}, path)
    else:
        torch.save(state, path, _use_new_zipfile_serialization=written != "legacy")


KERAS_PROGRAM = """
import keras
from keras import layers

inputs = keras.Input((16, 16, 3))
x = layers.Conv2D(8, 3, padding="same", strides=2)(inputs)
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
y = layers.SeparableConv2D(8, 3, padding="same")(x)
y = layers.BatchNormalization()(y)
x = layers.Add()([x, y])
x = layers.DepthwiseConv2D(3, depth_multiplier=2)(x)
x = layers.PReLU(shared_axes=[1, 2])(x)
x = layers.Conv2DTranspose(5, 3, strides=2)(x)
x = layers.LayerNormalization()(x)
x = layers.Flatten()(x)
x = layers.BatchNormalization()(x)
x = layers.Dense(12, activation="relu")(x)
outputs = layers.Dense(4, activation="softmax")(x)
model = keras.Model(inputs, outputs)
"""

KERAS_TEXT = """
epsilon 0.001
input 16x16x3
conv 8 3x3 stride=2 same bn relu
split
branch
branch
  sepconv 8 3x3 same bn
join add
dwconv 3x3 multiplier=2
prelu
upconv 5 3x3 stride=2
ln
flatten
bn
dense 12 relu
dense 4 softmax
"""


@pytest.mark.parametrize("file", ["w.h5", "w.weights.h5", "w.keras"])
@pytest.mark.parametrize("model", ["program", "channels_last", "channels_first"])
def test_a_net_of_keras_gives_what_keras_gives(tmp_path: Path, file: str, model: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    pytest.importorskip("keras", reason="Keras is not installed (pip install keras)")
    pytest.importorskip("h5py", reason="h5py is not installed (pip install h5py)")
    names: dict[str, Any] = {}
    exec(KERAS_PROGRAM, names)
    net, random = names["model"], np.random.default_rng(0)
    for variable in net.variables:
        values = random.standard_normal(variable.shape) * 0.3
        variable.assign(np.abs(values) + 0.5 if "variance" in variable.path else values)
    x = random.standard_normal((1, 16, 16, 3)).astype(np.float32)
    theirs = net.predict(x, verbose=0)
    (net.save_weights if file == "w.weights.h5" else net.save)(tmp_path / file)
    if model == "program":
        (tmp_path / "net.py").write_text(KERAS_PROGRAM, encoding="utf-8")
    text = KERAS_TEXT.lstrip()
    if model == "channels_first":
        text, x = "order channels_first\n" + text.replace("16x16x3", "3x16x16"), x.transpose(0, 3, 1, 2)
    loaded = api.load(tmp_path / "net.py" if model == "program" else text)
    assert error(loaded.run(x, weights=str(tmp_path / file)), theirs) < MOST


def vision_transformer(width: int, heads: int) -> Any:
    """ViT as torchvision names it, 12 blocks deep, written out."""
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.ln_1 = nn.LayerNorm(width, eps=1e-6)
            self.self_attention = nn.MultiheadAttention(width, heads, batch_first=True)
            self.ln_2 = nn.LayerNorm(width, eps=1e-6)
            self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Dropout(0), nn.Linear(4 * width, width))

        def forward(self, x: Any) -> Any:
            y = self.ln_1(x)
            x = x + self.self_attention(y, y, y, need_weights=False)[0]
            return x + self.mlp(self.ln_2(x))

    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.pos_embedding = nn.Parameter(torch.empty(1, 197, width))
            self.layers = nn.Sequential(*(Block() for _ in range(12)))
            self.ln = nn.LayerNorm(width, eps=1e-6)

        def forward(self, x: Any) -> Any:
            return self.ln(self.layers(x + self.pos_embedding))

    class Transformer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.class_token = nn.Parameter(torch.empty(1, 1, width))
            self.conv_proj = nn.Conv2d(3, width, 16, stride=16)
            self.encoder = Encoder()
            self.head = nn.Linear(width, 1000)

        def forward(self, x: Any) -> Any:
            x = self.conv_proj(x).flatten(2).transpose(1, 2)
            x = torch.cat((self.class_token.expand(x.shape[0], -1, -1), x), 1)
            return self.head(self.encoder(x)[:, 0]).softmax(1)

    torch.manual_seed(0)
    net = Transformer().eval()
    for tensor in net.parameters():
        tensor.data.uniform_(-0.3, 0.3)
    return net


def test_a_vision_transformer_of_pytorch_is_the_shipped_one(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    net = vision_transformer(48, 4)
    torch.save(net.state_dict(), tmp_path / "w.pth")
    picture = np.random.default_rng(0).normal(size=(224, 224, 3)).astype(np.float32)
    with torch.inference_mode():
        theirs = net(torch.from_numpy(picture.transpose(2, 0, 1)[None])).numpy()[0]
    ours = api.load("vit-b16", settings={"width": 48, "heads": 4}).run(picture, weights=tmp_path / "w.pth")
    assert np.abs(np.ravel(ours) - theirs).max() < MOST * theirs.max()
    assert theirs.max() > 2 * theirs.min()

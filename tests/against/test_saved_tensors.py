"""What PyTorch really keeps for the backward pass, next to our rule: equal to the byte, for programs that both read.

The tensors that autograd packs away are heard by `torch.autograd.graph.saved_tensors_hooks`; each storage counts once,
weights and the batch are left out.  On a CPU PyTorch keeps the mask of a dropout as numbers of 4 bytes where our rule,
as on a GPU, has one byte: a difference that is computed, not tolerated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.analysis.training import training_memory
from cnncalc.diagnostics import Source
from cnncalc.net_files import checked

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")

BATCH, SIZE = 3, "32x32x3"

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"

ALEXNET_LIKE = """
net = nn.Sequential(
    nn.Conv2d(3, 16, 5, stride=2, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
    nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2), nn.Flatten(),
    nn.Dropout(0.5), nn.Linear(216, 64), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(64, 10),
)
"""
VGG_LIKE = """
net = nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(1024, 32), nn.ReLU(), nn.Linear(32, 10), nn.LogSoftmax(dim=1),
)
"""
RESNET_LIKE = """
class Block(nn.Module):
    def __init__(self, c, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.down = nn.Sequential(nn.Conv2d(c, out, 1, stride, bias=False), nn.BatchNorm2d(out)) if c != out else None

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.down is None else self.down(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 1, 1, bias=False)
        self.blocks = nn.Sequential(Block(8, 8, 1), Block(8, 16, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.blocks(self.stem(x))), 1))


net = Net()
"""
MOBILENET_LIKE = """
class Squeeze(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.down = nn.Conv2d(c, 4, 1)
        self.up = nn.Conv2d(4, c, 1)

    def forward(self, x):
        y = F.adaptive_avg_pool2d(x, 1)
        return x * torch.sigmoid(self.up(F.silu(self.down(y))))


net = nn.Sequential(
    nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
    nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False), nn.BatchNorm2d(8), nn.Hardswish(), Squeeze(8),
    nn.Conv2d(8, 16, 1), nn.GELU(), nn.AvgPool2d(2), nn.ConvTranspose2d(16, 4, 2, 2), nn.LeakyReLU(0.1),
    nn.Upsample(scale_factor=2), nn.GroupNorm(2, 4), nn.Tanh(), nn.Flatten(), nn.Linear(4096, 10), nn.Softmax(dim=1),
)
"""
FROZEN = VGG_LIKE + "for p in list(net.parameters())[:4]:\n    p.requires_grad = False\n"


def ours(program: str) -> Analysis:
    return analyse(checked(Source("net.py", HEAD + program), SIZE))


def theirs(program: str) -> int:
    """The bytes of all tensors that PyTorch packs away in a forward pass of `BATCH` images."""
    space: dict[str, Any] = {}
    exec(HEAD + program, space)
    net, images = space["net"].train(), torch.randn(BATCH, 3, 32, 32)
    own = {one.untyped_storage().data_ptr() for one in (*net.parameters(), *net.buffers(), images)}
    kept: dict[int, Any] = {}

    def pack(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = net(images)
    assert result.requires_grad
    return sum(storage.nbytes() for storage in kept.values())


@pytest.mark.parametrize(
    "program", [VGG_LIKE, RESNET_LIKE, MOBILENET_LIKE], ids=["vgg-like", "resnet-like", "mobilenet-like"]
)
def test_the_activations_that_training_keeps_are_those_of_pytorch_to_the_byte(program: str) -> None:
    assert training_memory(ours(program), "sgd", batch=BATCH).kept_activations == theirs(program)


def test_only_the_masks_of_dropout_differ_on_a_cpu() -> None:
    found = training_memory(ours(ALEXNET_LIKE), "sgd", batch=BATCH).kept_activations
    assert theirs(ALEXNET_LIKE) - found == BATCH * (4 - 1) * (216 + 64)


def test_frozen_layers_at_the_start_keep_nothing_in_pytorch_either() -> None:
    analysis = ours(VGG_LIKE)
    first = ((n.node, frozenset(w.name for w in n.weights if n.node.index <= 4)) for n in analysis.nodes)
    nodes = tuple(node._replace(frozen=names) for node, names in first)
    found = training_memory(analyse(replace(analysis.graph, nodes=nodes)), "sgd", batch=BATCH)
    assert found.kept_activations == theirs(FROZEN) < theirs(VGG_LIKE)

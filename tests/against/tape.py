"""PyTorch nets written by hand, which take our weights in the order in which the net's text has them.

Nothing here knows `cnncalc.runtime.peers`: a mistake in that translation cannot hide a mistake of our kernels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cnncalc.analysis import Analysis
from cnncalc.runtime.weights import Weights

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
F = torch.nn.functional
Tensor = torch.Tensor


class Tape:
    """Layers of PyTorch with the next weights of their kind."""

    def __init__(self, analysis: Analysis, weights: Weights) -> None:
        self.arrays = weights.arrays
        self.names: dict[str, Iterator[str]] = {
            word: iter([node.node.name for node in analysis.nodes if node.node.layer.word == word])
            for word in ("conv", "dwconv", "upconv", "dense", "bn")
        }
        self.epsilon: float = next(
            (node.node.layer.epsilon for node in analysis.nodes if node.node.layer.word == "bn"),  # type: ignore[attr-defined]
            0.0,
        )

    def weight(self, node: str, name: str) -> Tensor | None:
        array = self.arrays.get(f"{node}.{name}")
        return None if array is None else torch.from_numpy(array)

    def conv(self, x: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
        node = next(self.names["conv"])
        weight: Any = self.weight(node, "weight")
        return F.conv2d(x, weight, self.weight(node, "bias"), stride, padding, 1, groups)

    def dwconv(self, x: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
        node = next(self.names["dwconv"])
        weight: Any = self.weight(node, "weight")
        return F.conv2d(x, weight.unsqueeze(1), self.weight(node, "bias"), stride, padding, 1, x.shape[1])

    def upconv(self, x: Tensor, stride: int) -> Tensor:
        node = next(self.names["upconv"])
        weight: Any = self.weight(node, "weight")
        return F.conv_transpose2d(x, weight, self.weight(node, "bias"), stride)

    def dense(self, x: Tensor) -> Tensor:
        node = next(self.names["dense"])
        weight: Any = self.weight(node, "weight")
        return F.linear(x.flatten(1), weight, self.weight(node, "bias"))

    def bn(self, x: Tensor) -> Tensor:
        node = next(self.names["bn"])
        mean, var, weight, bias = (self.weight(node, k) for k in ("running_mean", "running_var", "weight", "bias"))
        return F.batch_norm(x, mean, var, weight, bias, False, 0.0, self.epsilon)

    def conv_bn(self, x: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
        return self.bn(self.conv(x, stride, padding, groups))

    def used_up(self) -> bool:
        """Whether every layer of the net was asked for."""
        return all(next(names, None) is None for names in self.names.values())


def alexnet_2012(t: Tape, x: Tensor) -> Tensor:
    """Krizhevsky et al. 2012: two groups, LRN with k = 2, overlapping pools."""
    for stride, padding, groups, normed, pooled in (
        *((4, 0, 1, True, True), (1, 2, 2, True, True), (1, 1, 1, False, False)),
        *((1, 1, 2, False, False), (1, 1, 2, False, True)),
    ):
        x = F.relu(t.conv(x, stride, padding, groups))
        x = F.local_response_norm(x, 5, 5e-4, 0.75, 2.0) if normed else x
        x = F.max_pool2d(x, 3, 2) if pooled else x
    return t.dense(F.relu(t.dense(F.relu(t.dense(x)))))


def vgg11(t: Tape, x: Tensor) -> Tensor:
    """Configuration A of Simonyan and Zisserman 2014."""
    for deep in (1, 1, 2, 2, 2):
        for _ in range(deep):
            x = F.relu(t.conv(x, 1, 1))
        x = F.max_pool2d(x, 2)
    return t.dense(F.relu(t.dense(F.relu(t.dense(x)))))


def resnet18(t: Tape, x: Tensor) -> Tensor:
    """He et al. 2015: two convolutions a block."""
    x = F.max_pool2d(F.relu(t.conv_bn(x, 2, 3)), 3, 2, 1)
    for stage in range(4):
        for first in (True, False):
            stride = 2 if first and stage else 1
            y = t.conv_bn(F.relu(t.conv_bn(x, stride, 1)), 1, 1)
            x = F.relu(y + (t.conv_bn(x, 2) if stride == 2 else x))
    return t.dense(x.mean((2, 3)))


def resnext50(t: Tape, x: Tensor) -> Tensor:
    """Xie et al. 2016, 32 groups."""
    x = F.max_pool2d(F.relu(t.conv_bn(x, 2, 3)), 3, 2, 1)
    for stage, blocks in enumerate((3, 4, 6, 3)):
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            y = F.relu(t.conv_bn(x))
            y = t.conv_bn(F.relu(t.conv_bn(y, stride, 1, 32)))
            x = F.relu(y + (x if block else t.conv_bn(x, stride)))
    return t.dense(x.mean((2, 3)))


def densenet121(t: Tape, x: Tensor) -> Tensor:
    """Huang et al. 2016, growth 32."""
    x = F.max_pool2d(F.relu(t.conv_bn(x, 2, 3)), 3, 2, 1)
    for stage, layers in enumerate((6, 12, 24, 16)):
        if stage:
            x = F.avg_pool2d(t.conv(F.relu(t.bn(x))), 2)
        for _ in range(layers):
            y = F.relu(t.bn(t.conv(F.relu(t.bn(x)))))
            x = torch.cat([x, t.conv(y, 1, 1)], 1)
    return t.dense(F.relu(t.bn(x)).mean((2, 3)))


def inception(t: Tape, x: Tensor) -> Tensor:
    """One block of GoogLeNet as torchvision has it (3x3 where the paper has 5x5)."""
    one = F.relu(t.conv_bn(x))
    three = F.relu(t.conv_bn(F.relu(t.conv_bn(x)), 1, 1))
    five = F.relu(t.conv_bn(F.relu(t.conv_bn(x)), 1, 1))
    pooled = F.relu(t.conv_bn(F.max_pool2d(x, 3, 1, 1)))
    return torch.cat([one, three, five, pooled], 1)


def googlenet(t: Tape, x: Tensor) -> Tensor:
    """Szegedy et al. 2014, with batch norm and pools that round up."""
    x = F.max_pool2d(F.relu(t.conv_bn(x, 2, 3)), 3, 2, ceil_mode=True)
    x = F.relu(t.conv_bn(F.relu(t.conv_bn(x)), 1, 1))
    x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    for blocks, pool in ((2, 3), (5, 2), (2, 0)):
        for _ in range(blocks):
            x = inception(t, x)
        x = F.max_pool2d(x, pool, 2, ceil_mode=True) if pool else x
    return t.dense(x.mean((2, 3)))


def mobilenet_v2(t: Tape, x: Tensor) -> Tensor:
    """Sandler et al. 2018."""

    def narrow(x: Tensor, stride: int, *, widen: bool = True) -> Tensor:
        y = F.relu6(t.conv_bn(x)) if widen else x
        return t.conv_bn(F.relu6(t.bn(t.dwconv(y, stride, 1))))

    x = narrow(F.relu6(t.conv_bn(x, 2, 1)), 1, widen=False)
    for stride, count in ((2, 2), (2, 3), (2, 4), (1, 3), (2, 3), (1, 1)):
        x = narrow(x, stride)
        for _ in range(count - 1):
            x = x + narrow(x, 1)
    return t.dense(F.relu6(t.conv_bn(x)).mean((2, 3)))


def unet(t: Tape, x: Tensor) -> Tensor:
    """Ronneberger et al. 2015: copy and crop."""

    def two(x: Tensor) -> Tensor:
        return F.relu(t.conv(F.relu(t.conv(x))))

    copies = []
    for _ in range(4):
        copies.append(two(x))
        x = F.max_pool2d(copies[-1], 2)
    x = two(x)
    for copy in reversed(copies):
        x = t.upconv(x, 2)
        rest = (copy.shape[-1] - x.shape[-1]) // 2
        middle = copy[:, :, rest : rest + x.shape[-1], rest : rest + x.shape[-1]]
        x = two(torch.cat([x, middle], 1))
    return t.conv(x)


def resnet20(t: Tape, x: Tensor) -> Tensor:
    """He et al. 2015, section 4.2: shortcuts without weights."""
    x = F.relu(t.conv_bn(x, 1, 1))
    for stage in range(3):
        for block in range(3):
            stride = 2 if stage and not block else 1
            y = t.conv_bn(F.relu(t.conv_bn(x, stride, 1)), 1, 1)
            more = x.shape[1] // 2
            short = x if stride == 1 else F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more, more))
            x = F.relu(y + short)
    return t.dense(x.mean((2, 3)))

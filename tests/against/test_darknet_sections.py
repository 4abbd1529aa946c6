"""A net of Darknet's sections against the same net written in PyTorch's functions, with the numbers of one .weights."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc import load

pytest.importorskip("torch")
import torch
import torch.nn.functional as F  # noqa: N812 (as PyTorch's own texts call it)

NET = """[net]
width=16
height=12
channels=4
[convolutional]
batch_normalize=1
filters=8
size=3
pad=1
activation=leaky
[maxpool]
size=2
stride=1
[maxpool]
size=3
stride=2
[convolutional]
filters=16
size=3
stride=2
pad=1
groups=2
activation=mish
[route]
layers=-1
groups=2
group_id=1
[shortcut]
from=-3
activation=linear
[upsample]
stride=2
[route]
layers=-1,2
[reorg]
stride=2
[connected]
output=5
activation=logistic
"""


class Numbers:
    """Takes the numbers of a file one shape after the other."""

    def __init__(self, count: int) -> None:
        self.whole = (np.random.default_rng(5).standard_normal(count) * 0.2).astype("<f4")
        self.at = 0

    def take(self, *shape: int) -> torch.Tensor:
        count = int(np.prod(shape))
        self.at += count
        return torch.from_numpy(self.whole[self.at - count : self.at].reshape(shape).copy())


def in_torch(x: torch.Tensor, numbers: Numbers) -> torch.Tensor:
    """The net as PyTorch computes it; a batch norm's variances are made positive where they are drawn."""
    bias, factor, mean, variance = (numbers.take(8) for _ in range(4))
    first = F.conv2d(x, numbers.take(8, 4, 3, 3), padding=1)
    first = F.leaky_relu(F.batch_norm(first, mean, variance, factor, bias, eps=1e-6), 0.1)
    second = F.max_pool2d(F.pad(first, (0, 1, 0, 1), value=-torch.inf), 2, 1)
    third = F.max_pool2d(F.pad(second, (1, 0, 1, 0), value=-torch.inf), 3, 2)
    bias, weight = numbers.take(16), numbers.take(16, 4, 3, 3)
    fourth = F.mish(F.conv2d(third, weight, bias, stride=2, padding=1, groups=2))
    part = fourth[:, 8:]
    total = part + third[:, :, ::2, ::2]
    joined = torch.cat([F.interpolate(total, scale_factor=2), third], 1)
    wide = joined.reshape(1, 4, 12, 16)
    blocks = wide.reshape(1, 4, 6, 2, 8, 2).permute(0, 3, 5, 1, 2, 4).reshape(1, 64, 3, 4)
    bias = numbers.take(5)
    return torch.sigmoid(blocks.flatten(1) @ numbers.take(5, 768).T + bias)


def test_a_net_of_darknets_sections_computes_what_pytorch_computes(tmp_path: Path) -> None:
    numbers = Numbers(32 + 288 + 16 + 576 + 5 + 5 * 768)
    numbers.whole[24:32] = np.abs(numbers.whole[24:32]) + 0.5
    (tmp_path / "net.cfg").write_text(NET)
    (tmp_path / "net.weights").write_bytes(struct.pack("<3iq", 0, 2, 0, 0) + numbers.whole.tobytes())
    picture: Any = np.random.default_rng(6).random((12, 16, 4), np.float32)
    ours = load(tmp_path / "net.cfg").run(picture, weights=tmp_path / "net.weights")
    theirs = in_torch(torch.from_numpy(picture).permute(2, 0, 1)[None], numbers).numpy()
    assert numbers.at == len(numbers.whole)
    np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-6)

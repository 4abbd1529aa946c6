"""Multiply-accumulates counted by loops, against published totals and products worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import KERNELS
from cnncalc.kernels.counting import COUNTERS, count_macs

VGG16 = [(3, 64, 224), (64, 64, 224), (64, 128, 112), (128, 128, 112), (128, 256, 56), (256, 256, 56), (256, 256, 56)]
VGG16 += [(256, 512, 28), (512, 512, 28), (512, 512, 28), (512, 512, 14), (512, 512, 14), (512, 512, 14)]
UNET_CONVS = [(1, 64, 570), (64, 64, 568), (64, 128, 282), (128, 128, 280), (128, 256, 138), (256, 256, 136)]
UNET_CONVS += [(256, 512, 66), (512, 512, 64), (512, 1024, 30), (1024, 1024, 28), (1024, 512, 54), (512, 512, 52)]
UNET_CONVS += [(512, 256, 102), (256, 256, 100), (256, 128, 198), (128, 128, 196), (128, 64, 390), (64, 64, 388)]
UNET_UPS = [(1024, 512, 28), (512, 256, 52), (256, 128, 100), (128, 64, 196)]


def conv_macs(channels, filters, size, k=3, images=1):
    out = (images, filters, 1, size, size)
    return count_macs("conv", {}, [(images, channels, 1, 1, 1)], {"weight": (filters, channels, 1, k, k)}, out)


def test_vgg16_counts_15_470_264_320():
    """Published: torchvision's VGG16, 224x224x3."""
    dense = sum(
        count_macs("dense", {}, [(1, n, 1, 1, 1)], {"weight": (units, n)}, (1, units, 1, 1, 1))
        for n, units in ((25088, 4096), (4096, 4096), (4096, 1000))
    )
    assert sum(conv_macs(*layer) for layer in VGG16) + dense == 15_470_264_320


def test_unet_counts_150_428_424_448():
    """U-Net as in the paper, 572x572x1 in, built in PyTorch; upconv counts k * filters for each input value."""
    ups = [
        count_macs("upconv", {}, [(1, c, 1, n, n)], {"weight": (c, f, 1, 2, 2)}, (1, f, 1, 2 * n, 2 * n))
        for c, f, n in UNET_UPS
    ]
    assert ups[:2] == [1_644_167_168, 1_417_674_752]
    assert sum(conv_macs(*layer) for layer in UNET_CONVS) + sum(ups) + conv_macs(64, 2, 388, k=1) == 150_428_424_448


@pytest.mark.parametrize(
    ("kernel", "numbers", "x", "weights", "out", "macs"),
    [
        ("conv", {}, (1, 3, 1, 32, 32), {"weight": (6, 3, 1, 5, 5)}, (1, 6, 1, 28, 28), 352_800),
        ("conv_direct", {}, (1, 3, 1, 32, 32), {"weight": (6, 3, 1, 5, 5)}, (1, 6, 1, 28, 28), 352_800),
        ("conv", {}, (4, 8, 3, 5, 7), {"weight": (6, 4, 2, 3, 5)}, (4, 6, 2, 3, 3), 51_840),
        ("dwconv", {}, (1, 32, 1, 112, 112), {"weight": (32, 1, 3, 3)}, (1, 32, 1, 112, 112), 3_612_672),
        (
            "sepconv",
            {},
            (1, 8, 1, 6, 6),
            {"depthwise_weight": (16, 1, 3, 3), "pointwise_weight": (5, 16), "bias": (5,)},
            (1, 5, 1, 4, 4),
            16 * 16 * 9 + 16 * 5 * 16,
        ),
        (
            "connected_conv",
            {"table": ((0, 1, 2), (1, 2), (0,))},
            (1, 3, 1, 14, 14),
            {"weight": (6, 1, 5, 5)},
            (1, 3, 1, 10, 10),
            15_000,
        ),
        ("local", {}, (1, 3, 1, 6, 6), {"weight": (1, 4, 4, 5, 3, 1, 3, 3)}, (1, 5, 1, 4, 4), 2_160),
        ("upconv", {}, (2, 6, 1, 5, 5), {"weight": (6, 4, 1, 3, 3)}, (2, 8, 1, 11, 11), 10_800),
        ("dense", {}, (3, 400, 1, 1, 1), {"weight": (120, 400)}, (3, 120, 1, 1, 1), 144_000),
        ("maxpool", {}, (1, 3, 1, 6, 6), {}, (1, 3, 1, 3, 3), 0),
        ("bn", {}, (1, 3, 1, 6, 6), {"weight": (3,)}, (1, 3, 1, 6, 6), 0),
    ],
)
def test_counts_are_products_worked_out_by_hand(kernel, numbers, x, weights, out, macs):
    assert count_macs(kernel, numbers, [x], weights, out) == macs


def test_lenet_c3_counts_the_connections_of_its_table():
    """LeCun et al. 1998: 151,600 connections of C3 = 100 * (60 * 25 + 16 biases); 60 connected planes."""
    table = [(c, (c + 1) % 6, (c + 2) % 6) for c in range(6)] + [(0, 1, 2, 3)] * 9 + [(0, 1, 2, 3, 4, 5)]
    out = (1, 16, 1, 10, 10)
    macs = count_macs("connected_conv", {"table": table}, [(1, 6, 1, 14, 14)], {"weight": (60, 1, 5, 5)}, out)
    assert macs + 16 * 100 == 151_600


def test_every_counted_kernel_exists_and_pads_count_as_multiplied():
    assert set(COUNTERS) <= set(KERNELS)
    ones = (1, 1, 1)
    window = {"kernel": (1, 3, 3), "stride": ones, "dilation": ones, "before": (0, 1, 1), "after": (0, 1, 1)}
    x, weight = np.ones((1, 1, 1, 4, 4)), np.ones((1, 1, 1, 3, 3))
    out = KERNELS["conv"]([x], {"weight": weight}, {**window, "groups": 1, "fill": "zeros", "flip": False})
    assert count_macs("conv", window, [x.shape], {"weight": weight.shape}, out.shape) == 16 * 9

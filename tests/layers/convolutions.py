"""Published figures of the layers with multiply-accumulates: convolutions of every kind, and dense.

One row a case, literal numbers with their source; `test_figures.py` runs them all.  `hw...` is a question of the
homework collection whose answer was verified by others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.geometry import FULL, SAME, VALID, Padding, Shape
from cnncalc.layers.base import Cost, Layer, NamedMatrix
from cnncalc.layers.connected import ConnectedConv
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.depthwise import DepthwiseConv, SeparableConv
from cnncalc.layers.filters import FILTERS
from cnncalc.layers.fixed import FilterConv, FilterUpConv
from cnncalc.layers.local import Local
from cnncalc.layers.upconv import UpConv
from cnncalc.matrices import matrix


def per_side(*sides: int) -> Padding:
    """One pad for all axes, or one for each."""
    return Padding("explicit", tuple((side, side) for side in sides))


def image(*sizes: int) -> tuple[Shape, ...]:
    """One input, sizes in channels-last order."""
    return (Shape(sizes[-1], sizes[:-1]),)


LENET_TABLE = NamedMatrix(
    "table1",
    matrix(
        [
            [1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1],
            [1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1],
            [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1],
            [0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1],
            [0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1],
            [0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1],
        ]
    ),
)
"""LeCun et al. 1998, Table I: a row for each map of S2, a column for each map of C3."""


class Case(NamedTuple):
    """What is published about a layer; `others` is the work that is not MACs."""

    layer: Layer
    inputs: tuple[Shape, ...]
    output: str
    params: int = 0
    macs: int = 0
    others: Cost = Cost()
    buffers: int = 0
    connections: int = 0


def conv(filters: int, *kernel: int, **options: Any) -> Conv:
    return Conv(filters=filters, kernel_size=kernel, **options)


CONVOLUTIONS = {
    "deck 000, first conv, hw005": Case(
        conv(32, 3), image(28, 28, 1), "26x26x32", 320, 194688, Cost(add=21632), connections=216320
    ),
    "deck 000, second conv, hw007, hw181": Case(
        conv(64, 3), image(13, 13, 32), "11x11x64", 18496, 2230272, Cost(add=7744), connections=2238016
    ),
    "LeCun 1998, C1, hw129": Case(
        conv(6, 5), image(32, 32, 1), "28x28x6", 156, 117600, Cost(add=4704), connections=122304
    ),
    "LeCun 1998, C3, hw133": Case(
        ConnectedConv(filters=16, kernel_size=(5,), connect=LENET_TABLE),
        image(14, 14, 6),
        "10x10x16",
        1516,
        150000,
        Cost(add=1600),
        connections=151600,
    ),
    "LeCun 1998, C5": Case(conv(120, 5), image(5, 5, 16), "1x1x120", 48120, 48000, Cost(add=120), connections=48120),
    "CS231n, AlexNet conv1, hw043": Case(
        conv(96, 11, stride=(4,)), image(227, 227, 3), "55x55x96", 34944, 105415200, Cost(add=290400), 0, 105705600
    ),
    "CS231n, 1-D of 5, filter 3, pad 1, stride 2, hw041": Case(
        conv(1, 3, stride=(2,), padding=per_side(1)), (Shape(1, (5,)),), "3x1", 4, 9, Cost(add=3), connections=12
    ),
    "CS231n, dense as a 7x7 convolution, hw051": Case(
        conv(4096, 7, bias=False), image(7, 7, 512), "1x1x4096", 102760448, 102760448, connections=102760448
    ),
    "Ng, 300x300 RGB, 100 filters 5x5, hw059": Case(
        conv(100, 5), image(300, 300, 3), "296x296x100", 7600, 657120000, Cost(add=8761600), connections=665881600
    ),
    "Ng, 1x1 bottleneck 192 to 16": Case(
        conv(16, 1, bias=False), image(28, 28, 192), "28x28x16", 3072, 2408448, connections=2408448
    ),
    "d2l, 8x8, kernel 5x3, padding (2,1), hw089": Case(
        conv(1, 5, 3, padding=per_side(2, 1)), image(8, 8, 1), "8x8x1", 16, 960, Cost(add=64), connections=1024
    ),
    "d2l, 8x8, kernel (3,5), padding (0,1), stride (3,4), hw091": Case(
        conv(1, 3, 5, padding=per_side(0, 1), stride=(3, 4)), image(8, 8, 1), "2x2x1", 16, 60, Cost(add=4), 0, 64
    ),
    "PyTorch Conv2d, dilation 2, hw163": Case(
        conv(1, 3, dilation=(2,), bias=False), image(32, 32, 1), "28x28x1", 9, 7056, connections=7056
    ),
    "PyTorch Conv2d, dilation 3, padding 3, hw165": Case(
        conv(1, 3, dilation=(3,), padding=per_side(3), bias=False),
        image(64, 64, 1),
        "64x64x1",
        9,
        36864,
        Cost(),
        0,
        36864,
    ),
    "PyTorch Conv2d, 4 groups, hw167": Case(
        conv(128, 3, groups=4, bias=False), image(10, 10, 64), "8x8x128", 18432, 1179648, connections=1179648
    ),
    "Keras same, input 28, kernel 3, stride 2, hw173": Case(
        conv(1, 3, stride=(2,), padding=SAME, bias=False), image(28, 28, 1), "14x14x1", 9, 1764, connections=1764
    ),
    "deck 004, full convolution of 3 and 3 is M + N - 1 = 5": Case(
        conv(1, 3, padding=FULL, bias=False), (Shape(1, (3,)),), "5x1", 3, 15, connections=15
    ),
    "language.md, 1-D, dilation 4, 4 groups": Case(
        conv(16, 3, dilation=(4,), groups=4), (Shape(16, (496,)),), "488x16", 208, 93696, Cost(add=7808), 0, 101504
    ),
    "Tran 2015 (C3D), conv1a": Case(
        conv(64, 3, padding=per_side(1)),
        (Shape(3, (16, 112, 112)),),
        "16x112x112x64",
        5248,
        1040449536,
        Cost(add=12845056),
        connections=1053294592,
    ),
    "deck 001, sharpen on 5x5": Case(
        FilterConv(filter=FILTERS["sharpen"].named), image(5, 5, 1), "3x3x1", 0, 81, buffers=9, connections=81
    ),
    "MobileNet's first depthwise layer (Howard 2017, Table 1)": Case(
        DepthwiseConv(kernel_size=(3,), padding=per_side(1), bias=False),
        image(112, 112, 32),
        "112x112x32",
        288,
        3612672,
        connections=3612672,
    ),
    "Keras DepthwiseConv2D(3, depth_multiplier=2) on 10x10x4": Case(
        DepthwiseConv(kernel_size=(3,), multiplier=2), image(10, 10, 4), "8x8x8", 80, 4608, Cost(add=512), 0, 5120
    ),
    "Ng, 6x6x3 depthwise separable to 5, hw081": Case(
        SeparableConv(filters=5, kernel_size=(3,), bias=False), image(6, 6, 3), "4x4x5", 42, 672, connections=672
    ),
    "C.-F. Wang, 12x12x3 to 8x8x256, hw083": Case(
        SeparableConv(filters=256, kernel_size=(5,), bias=False),
        image(12, 12, 3),
        "8x8x256",
        843,
        53952,
        Cost(),
        0,
        53952,
    ),
    "PyTorch, separable 32 to 64 without bias, hw169": Case(
        SeparableConv(filters=64, kernel_size=(3,), bias=False), image(3, 3, 32), "1x1x64", 2336, 2336, connections=2336
    ),
    "Keras SeparableConv2D(128, 3, depth_multiplier=2) on 56x56x64": Case(
        SeparableConv(filters=128, kernel_size=(3,), multiplier=2, padding=SAME),
        image(56, 56, 64),
        "56x56x128",
        17664,
        54992896,
        Cost(add=401408),
        connections=55394304,
    ),
    "PyTorch ConvTranspose2d, 28, kernel 4, stride 2, padding 1, hw171": Case(
        UpConv(filters=1, kernel_size=(4,), stride=(2,), padding=per_side(1), bias=False),
        image(28, 28, 1),
        "56x56x1",
        16,
        12544,
        connections=12544,
    ),
    "U-Net, first up-convolution": Case(
        UpConv(filters=512, kernel_size=(2,), stride=(2,)),
        image(28, 28, 1024),
        "56x56x512",
        2097664,
        1644167168,
        Cost(add=1605632),
        connections=1645772800,
    ),
    "d2l, back from 6x6 to 16x16: kernel 5, pad 2, stride 3, hw101": Case(
        UpConv(filters=10, kernel_size=(5,), stride=(3,), padding=per_side(2), bias=False),
        image(6, 6, 20),
        "16x16x10",
        5000,
        180000,
        connections=180000,
    ),
    "Keras Conv2DTranspose same, kernel 3, stride 2: n * s": Case(
        UpConv(filters=8, kernel_size=(3,), stride=(2,), padding=SAME),
        image(7, 7, 16),
        "14x14x8",
        1160,
        56448,
        Cost(add=1568),
        0,
        58016,
    ),
    "Keras 3, Conv2DTranspose(4, 3, 2, 'same', output_padding=0) on 4: 7": Case(
        UpConv(filters=4, kernel_size=(3,), stride=(2,), padding=SAME, output_padding=(0,)),
        image(4, 4, 1),
        "7x7x4",
        40,
        macs=576,
        others=Cost(add=196),
        connections=772,
    ),
    "Keras 3, Conv2DTranspose(4, 3, 2, 'same', output_padding=0) on 7: 13": Case(
        UpConv(filters=4, kernel_size=(3,), stride=(2,), padding=SAME, output_padding=(0,)),
        image(7, 7, 1),
        "13x13x4",
        40,
        macs=1764,
        others=Cost(add=676),
        connections=2440,
    ),
    "Keras 3, Conv2DTranspose(4, 3, 2, 'same', output_padding=0) on 13: 25": Case(
        UpConv(filters=4, kernel_size=(3,), stride=(2,), padding=SAME, output_padding=(0,)),
        image(13, 13, 1),
        "25x25x4",
        40,
        macs=6084,
        others=Cost(add=2500),
        connections=8584,
    ),
    "Keras 3, Conv2DTranspose(4, 3, 2, 'same', output_padding=0) on 20: 39": Case(
        UpConv(filters=4, kernel_size=(3,), stride=(2,), padding=SAME, output_padding=(0,)),
        image(20, 20, 1),
        "39x39x4",
        40,
        macs=14400,
        others=Cost(add=6084),
        connections=20484,
    ),
    "Keras 3, Conv2DTranspose(8, 1, 3), a kernel smaller than the stride": Case(
        UpConv(filters=8, kernel_size=(1,), stride=(3,), padding=VALID),
        image(4, 4, 1),
        "12x12x8",
        16,
        macs=128,
        others=Cost(add=1152),
        connections=1280,
    ),
    "PyTorch, ConvTranspose2d(1, 8, 1, 3)": Case(
        UpConv(filters=8, kernel_size=(1,), stride=(3,)),
        image(4, 4, 1),
        "10x10x8",
        16,
        macs=128,
        others=Cost(add=800),
        connections=928,
    ),
    "PyTorch ConvTranspose2d, groups 2, dilation 2, output_padding 1": Case(
        UpConv(filters=4, kernel_size=(3,), stride=(2,), groups=2, dilation=(2,), output_padding=(1,)),
        image(5, 5, 6),
        "14x14x4",
        112,
        2700,
        Cost(add=784),
        connections=3484,
    ),
    "a fixed filter painted 2 apart": Case(
        FilterUpConv(filter=FILTERS["gauss3"].named, stride=(2,)),
        image(4, 4, 3),
        "9x9x3",
        0,
        432,
        buffers=27,
        connections=432,
    ),
    "CS231n, AlexNet conv1 unshared, hw045": Case(
        Local(filters=96, kernel_size=(11,), stride=(4,)),
        image(227, 227, 3),
        "55x55x96",
        105705600,
        105415200,
        Cost(add=290400),
        connections=105705600,
    ),
}

DENSE = {
    "deck 000, last layer, hw013": Case(Dense(units=10), (Shape(64),), "10", 650, 640, Cost(add=10), connections=650),
    "LeCun 1998, F6, hw075": Case(Dense(units=84), (Shape(120),), "84", 10164, 10080, Cost(add=84), 0, 10164),
    "one neuron on a 32x32x3 picture, hw037": Case(
        Dense(units=1, bias=False), (Shape(3072),), "1", 3072, 3072, connections=3072
    ),
}

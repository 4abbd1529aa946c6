"""Values worked out by hand against the decks' matrices, homework with published answers, and known properties."""

from __future__ import annotations

from fractions import Fraction
from math import exp, isclose, sqrt

import pytest

from cnncalc.analysis import by_hand
from cnncalc.analysis.by_hand import by_definition, stated, values
from cnncalc.layers.base import KernelCall, Weight

PICTURE = "data picture = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]\ninput from picture\n"
GREY = (
    "data grey = [105 102 100 97 96; 103 99 103 101 102; 101 98 104 102 100; 99 101 106 104 99; 104 104 104 100 98]\n"
    "input from grey\n"
)
COUNT = "filter count = [1 2 3; 4 5 6; 7 8 9]\n"
EDGE = "data edge = [0 0 0 9 9 9; 0 0 0 9 9 9; 0 0 0 9 9 9]\ninput from edge\n"
SIGNAL = "data x = [-2 0 -3]\nfilter third = 1/3 * [1 1 1]\ninput from x\n"
X16 = "data x = [0 1 2 3; 4 5 6 7; 8 9 10 11; 12 13 14 15]\ninput from x\n"
X9 = "data x = [0 1 2; 3 4 5; 6 7 8]\nfilter k = [0 1; 2 3]\ninput from x\n"
FIVE = "data x = [5 4 2 3 7]\ninput from x\n"


def last(analysed, text: str) -> list[list[object]]:
    """The rows of the last line's values, channel after channel."""
    analysis = analysed(text)
    known = values(analysis)
    return [row for plane in known[len(analysis.nodes) - 1] for sheet in plane for row in sheet]


DECKS = [
    ("deck 001: sharpen", PICTURE, "conv filter=sharpen", "3 3 -2; -3 -3 4; 3 3 -4"),
    ("deck 001: padding 1, with 4 at the bottom left", PICTURE, "conv filter=sharpen padding=1",
     "-1 3 3 -1 0; -2 3 3 -2 -1; 5 -3 -3 4 3; -3 3 3 -4 3; 4 2 2 3 3"),
    ("deck 001: padding 1, stride 2", PICTURE, "conv filter=sharpen padding=1 stride=2", "-1 3 0; 5 -3 3; 4 2 3"),
    ("deck 001: correlation with 1..9", COUNT + PICTURE, "conv filter=count", "23 21 22; 26 24 28; 36 36 39"),
    ("deck 001: true convolution with 1..9", COUNT + PICTURE, "conv filter=count flip",
     "27 29 18; 24 26 22; 24 24 31"),
    ("deck 001: Laplacian", PICTURE, "conv filter=laplacian", "-2 -2 2; 3 3 -3; -2 -2 4"),
    ("deck 001: emboss flipped", PICTURE, "conv filter=emboss flip", "1 3 0; -1 1 0; -1 -1 -2"),
    ("deck 000: sharpen same", GREY, "conv filter=sharpen same",
     "320 206 198 188 281; 210 89 111 101 213; 205 85 111 101 197; 189 98 117 113 193; 317 211 210 194 291"),
    ("deck 000: Sobel without flip", EDGE, "conv filter=sobel_left", "0 -36 -36 0"),
    ("deck 000: Sobel with flip", EDGE, "conv filter=sobel_left flip", "0 36 36 0"),
    ("deck 004: full 1-D convolution", SIGNAL, "conv filter=third full flip", "-2/3 -2/3 -5/3 -1 -1"),
    ("deck 004: extended pads", FIVE, "pad 2 edge", "5 5 5 4 2 3 7 7 7"),
    ("deck 004: cyclic pads (hw035)", FIVE, "pad 2 wrap", "3 7 5 4 2 3 7 5 4"),
    ("reflected pads, as numpy", FIVE, "pad 2 reflect", "2 4 5 4 2 3 7 3 2"),
    ("d2l: correlation", X9, "conv filter=k", "19 25; 37 43"),
    ("hw085, d2l: true convolution", X9, "conv filter=k flip", "5 11; 23 29"),
    ("hw087, d2l: ring of zeros, stride 3x2", X9, "conv filter=k padding=1 stride=3x2", "0 8; 6 8"),
    ("hw093, d2l: max pool stride 1", X9, "maxpool 2x2 stride=1", "4 5; 7 8"),
    ("hw095, d2l: max pool 3x3", X16, "maxpool 3x3", "10"),
    ("hw153: average pool", "data x = [4 8 0 1; 0 0 2 4; 0 1 5 3; 7 1 0 0]\ninput from x\n", "avgpool 2x2",
     "3 7/4; 9/4 2"),
    ("hw113: 1-D, stride 2", "data x = [2 1 2 3 1 0]\nfilter w = [1 -1 2]\ninput from x\n", "conv filter=w stride=2",
     "5 1"),
    ("hw099, d2l: transposed, stride 2", "data x = [0 1; 2 3]\nfilter k = [0 1; 2 3]\ninput from x\n",
     "upconv filter=k stride=2", "0 0 0 1; 0 0 2 3; 0 2 0 3; 4 6 6 9"),
    ("d2l: transposed, stride 1", "data x = [0 1; 2 3]\nfilter k = [0 1; 2 3]\ninput from x\n", "upconv filter=k",
     "0 0 1; 0 4 6; 4 12 9"),
    ("hw111: transposed, stride 2", "data x = [1 0 2; 2 3 0; -1 0 3]\nfilter k = [1 0; 1 2]\ninput from x\n",
     "upconv filter=k stride=2",
     "1 0 0 0 2 0; 1 2 0 0 2 4; 2 0 3 0 0 0; 2 4 3 6 0 0; -1 0 0 0 3 0; -1 -2 0 0 3 6"),
    ("ceil keeps the last column", FIVE, "maxpool 2 ceil", "5 3 7"),
    ("a mean leaves the pads out", FIVE, "avgpool 2 padding=1", "5 3 5"),
    ("or divides by them too", FIVE, "avgpool 2 padding=1 countpad", "5/2 3 5"),
    ("sum pool", FIVE, "sumpool 2", "9 5"),
    ("root of the sum of squares", "data x = [3 4 5 12]\ninput from x\n", "l2pool 2", "5 13"),
    ("dilation reaches further", FIVE, "conv 1 2 dilation=3 weights=w bias=[10]", "18 21"),
    ("nearest", "data x = [1 2; 3 4]\ninput from x\n", "upsample 2", "1 1 2 2; 1 1 2 2; 3 3 4 4; 3 3 4 4"),
    ("bilinear, pixel centres at a half", "data x = [0 4]\ninput from x\n", "upsample 2 bilinear", "0 1 3 4"),
    ("crop", X16, "crop 1", "5 6; 9 10"),
    ("leaky relu is exact", "data x = [-2 3]\ninput from x\n", "leaky 0.1", "-1/5 3"),
    ("hard sigmoid is exact", "data x = [-4 0 1 9]\ninput from x\n", "hardsigmoid", "0 1/2 2/3 1"),
    ("relu6", "data x = [-4 5 9]\ninput from x\n", "relu6", "0 5 6"),
    ("global mean", X16, "gap", "15/2"),
    ("adaptive mean, overlapping cells", FIVE, "adaptavg 3", "9/2 3 5"),
    ("adaptive largest", FIVE, "adaptmax 2", "5 7"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "data", "line", "expected"), DECKS, ids=[row[0] for row in DECKS])
def test_worked_matrices(analysed, source, data, line, expected):
    weights = "data w = [1 1]\n" if "weights=w" in line else ""
    rows = [[Fraction(value) for value in row.split()] for row in expected.split(";")]
    found = last(analysed, f"{weights}{data}{line}\n")
    assert found[: len(rows)] == rows
    assert all(row == rows[0] for row in found[len(rows) :]), "the edge pictures repeat their one row"


CHANNELS = "data x = [1 2] [3 4] [5 6] [7 8]\nx: input from x\n"

MOVED = [
    ("slice 1:3", [[3, 4], [5, 6]]),
    ("padchannels 0,1", [[1, 2], [3, 4], [5, 6], [7, 8], [0, 0]]),
    ("shuffle 2", [[1, 2], [5, 6], [3, 4], [7, 8]]),
    ("depthtospace 2", [[1, 3, 2, 4], [5, 7, 6, 8]]),
    ("spacetodepth 2", [[1], [2], [3], [4], [5], [6], [7], [8]]),
    ("scale 0.1", [[Fraction(value, 10) for value in pair] for pair in ((1, 2), (3, 4), (5, 6), (7, 8))]),
    ("conv 2 1 groups=2 nobias weights=[1 10; 100 1000]", [[31, 42], [7500, 8600]]),
    ("dwconv 1 multiplier=2 nobias weights=[1 2 3 4 5 6 7 8]",
     [[1, 2], [2, 4], [9, 12], [12, 16], [25, 30], [30, 36], [49, 56], [56, 64]]),
    ("flatten\ndense 2 weights=[1 0 0 0 0 0 0 0; 1 1 1 1 1 1 1 1] bias=[0 100]", [[1], [136]]),
    ("conv 1 1 nobias weights=[1 1 1 1]\nconcat x", [[16, 20], [1, 2], [3, 4], [5, 6], [7, 8]]),
    ("gap\nmul x", [[Fraction(3, 2), 3], [Fraction(21, 2), 14], [Fraction(55, 2), 33], [Fraction(105, 2), 60]]),
    ("identity\nadd x", [[2, 4], [6, 8], [10, 12], [14, 16]]),
    ("slice 0:1\nconcat x", [[1, 2], [1, 2], [3, 4], [5, 6], [7, 8]]),
    ("pad 1\nconcat x crop", [[1, 2], [3, 4], [5, 6], [7, 8]] * 2),
    ("reshape 4x2", [[1, 5, 2, 6], [3, 7, 4, 8]]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), MOVED, ids=[row[0] for row in MOVED])
def test_channels_are_mixed_and_moved_as_the_layers_say(analysed, lines, expected):
    assert last(analysed, f"{CHANNELS}{lines}\n") == expected


def test_flatten_reads_place_by_place_unless_the_file_puts_channels_first(analysed):
    lines = "data x = [1 2] [3 4]\ninput from x\nflatten\n"
    assert last(analysed, lines) == [[1], [3], [2], [4]]
    assert last(analysed, f"order channels_first\n{lines}") == [[1], [2], [3], [4]]


def test_softmax_sigmoid_and_batch_norm_go_through_floats(analysed):
    soft = last(analysed, "data x = [1] [2] [3]\ninput from x\nsoftmax\n")
    total = exp(1) + exp(2) + exp(3)
    assert all(isclose(row[0], exp(i + 1) / total) for i, row in enumerate(soft))
    ((one, two),) = last(analysed, "data x = [0 2]\ninput from x\nsigmoid\n")
    assert (one, two) == (0.5, pytest.approx(1 / (1 + exp(-2))))
    ((normal,),) = last(analysed, "data x = [3]\ninput from x\nbn\n")
    assert normal == pytest.approx(3 / sqrt(1 + 1e-5))


def test_a_true_convolution_commutes_and_a_correlation_does_not(analysed):
    def full(x: str, h: str, flip: str) -> object:
        return last(analysed, f"data x = [{x}]\nfilter h = [{h}]\ninput from x\nconv filter=h full {flip}\n")

    assert full("5 4 1", "1 -1 2", "flip") == full("1 -1 2", "5 4 1", "flip")
    assert full("5 4 1", "1 -1 2", "") != full("1 -1 2", "5 4 1", "")


def test_a_transposed_convolution_is_the_adjoint_of_the_convolution():
    """<conv(x), y> = <x, upconv(y)> for every pad, stride and dilation that fit."""
    x = [[[[2, -1, 3, 0, 4, 1, -2]]]]
    window = {"kernel": (1, 1, 3), "stride": (1, 1, 2), "dilation": (1, 1, 2), "before": (0, 0, 1), "after": (0, 0, 0)}
    kernel = [[[[[1, 5, -3]]]]]
    down = by_definition(
        KernelCall("conv", {**window, "groups": 1, "fill": "zeros", "flip": False}), [x], {"weight": kernel}
    )
    y = [[[[3, -2]]]]
    up = by_definition(
        KernelCall("upconv", {**window, "output_padding": (0, 0, 1), "groups": 1, "flip": False}),
        [y],
        {"weight": kernel},
    )

    def inner(a, b) -> int:
        return sum(p * q for p, q in zip(a[0][0][0], b[0][0][0], strict=True))

    assert len(down[0][0][0]) == 2
    assert inner(down, y) == inner(x, up)


def test_spatial_axes_of_a_weight_are_lifted_to_three_and_positions_too():
    weight = Weight(
        "weight",
        (("out_width", 2), ("filters", 1), ("channels", 1), ("width", 3)),
        initial=tuple(map(Fraction, range(6))),
    )
    assert stated((weight,)) == {"weight": [[[[[[[[0, 1, 2]]]]], [[[[[3, 4, 5]]]]]]]]}


def test_random_weights_and_pictures_that_are_not_stated_are_not_known(analysed):
    assert values(analysed("input 8x8x1\nconv filter=sharpen\n")) == {}
    assert list(values(analysed(f"{PICTURE}conv 2 3x3\nrelu\n"))) == [0]


def test_what_would_take_too_long_is_not_known(analysed, monkeypatch):
    """81 multiplications and 9 results that count as 20 each, then 9 and 1."""
    analysis = analysed(f"{PICTURE}conv filter=sharpen\nconv filter=box3\n")
    for limit, known in ((290, [0, 1, 2]), (289, [0, 1]), (260, [0])):
        monkeypatch.setattr(by_hand, "WORK_LIMIT", limit)
        assert list(values(analysis)) == known


def test_a_picture_scaled_on_the_input_line_is_left_to_the_run(analysed):
    assert values(analysed("data x = [1 2]\ninput from x scale=0.5\nrelu\n")) == {}


def test_every_kernel_has_a_definition():
    from cnncalc.kernels import KERNELS

    assert set(by_hand.DEFINITIONS) == set(KERNELS) - {"conv_direct"}, "conv_direct is conv by another algorithm"

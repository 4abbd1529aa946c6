"""Ways of the engine that only large nets take, taken by small ones; nets that it leaves to the readable kernels."""

from __future__ import annotations

import pytest

from ..random_nets.regimes import regime
from .engine_maps import LANES, LARGEST_ERROR, kernels_of, worst_step

FORCED = [
    ("Winograd and stripes", "input 9x7x3\nconv 5 1x1\nconv 7 3x3 same bn relu\nconv 20 3x3", "winograd"),
    ("Winograd and stripes", "input 9x7x20\nrelu\na: conv 17 3x3 same\nconv 17 3x3 same\nadd a relu6", "winograd"),
    ("Winograd and stripes", "input 9x8x20\nrelu\nconv 17 3x3 same relu\nmaxpool 2\nconv 3 1x1", "pooled_winograd"),
    ("Winograd and stripes", "input 11x9x6\nconv 20 1x1 bn relu\ndwconv 3x3 same stride=2 relu6", "stripes"),
    ("Winograd and stripes", "input 11x9x6\nconv 20 3x3 same\ndwconv 5x3 padding=1 bn", "stripes"),
    ("sweeps, image by image", "input 21x18x20\nrelu\nconv 33 3x3 same bn relu\nconv 17 3x3", "winograd"),
    ("sweeps, image by image", "input 21x18x20\nrelu\nconv 33 3x3 same relu\nmaxpool 2", "pooled_winograd"),
]


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize(("thresholds", "text", "kernel"), FORCED)
def test_what_large_nets_do_small_ones_do_right(thresholds: str, text: str, kernel: str, lanes: int) -> None:
    with regime(thresholds):
        assert kernel in kernels_of(f"{text}\n", lanes, 2)
        assert worst_step(f"{text}\n", lanes, 2).error <= LARGEST_ERROR


VOLUMES = [
    "input 6x7x8x3\nconv 20 3x3x3 same bn relu\nmaxpool 2\nconv 5 1x1x1\ngap\ndense 3",
    "input 6x7x8x16\na: conv 16 1x1x1\ndwconv 3x3x3 same\nadd a\navgpool 2\nflatten\ndense 4 softmax",
    "input 5x4x3x4\na: upconv 5 2x2x2 stride=2\ncrop 1\nln\ngn 5\nb: crop 1 from a\nsub b\npad 1 edge",
    "input 6x7x8x4\na: pad 1\nb: conv 20 3x3x3 from a\ncrop 1 from a\nconv 20 1x1x1\nadd b crop\nupsample 2",
]


@pytest.mark.parametrize(("text", "readable"), list(zip(VOLUMES, (0, 1, 1, 0), strict=True)))
def test_maps_with_depth_are_done_by_the_kernels_of_flat_ones(text: str, readable: int) -> None:
    """All but the depthwise 3x3x3, and the pad in depth that repeats the edge."""
    assert kernels_of(f"{text}\n").count("readable") == readable
    for lanes in LANES:
        assert worst_step(f"{text}\n", lanes, 2).error <= LARGEST_ERROR


DEEP = [
    ("a picture's planes", "input 5x9x8x3\nconv 20 7x3x3 padding=3x1x1 relu"),
    (
        "neighbouring slices",
        "input 4x8x8x20\na: conv 20 3x3x3 same relu\nconv 20 3x3x3 same flip nobias bn\nadd a relu6",
    ),
    ("along the depth", "input 7x6x7x20\nconv 40 1x3x3\nconv 24 3x1x1 stride=2x1x1 bn relu\ndwconv 3x1x1 same"),
    ("pools", "input 7x9x8x20\ntanh\nmaxpool 3 stride=2 padding=1\navgpool 2x2x2 stride=1 padding=1\nsumpool 2x1x1"),
    ("regions", "input 5x6x7x20\nadaptavg 2x3x3\nadaptmax 1x2x2"),
    ("phases", "input 3x4x5x20\nupconv 18 3 stride=2 padding=1 output_padding=1 relu"),
    ("larger", "input 3x4x6x20\nupsample 2 bilinear\nupsample size=5x9x11 bicubic"),
    ("norms", "input 3x4x5x24\ninstancenorm relu\ngn 3\nln"),
    ("side by side", "input 4x4x6x16\na: conv 32 3x3x3 same\nmaxpool 2\nupsample 2\nconcat a\nconv 5 1"),
    ("factors", "input 3x4x5x32\na: relu\ngap keep\nconv 32 1 sigmoid\nmul a"),
    ("borders", "input 5x6x7x20\npad 1\nconv 8 3\ncrop 1\nflatten\ndense 3"),
]


@pytest.mark.parametrize(("what", "text"), DEEP)
def test_each_way_through_a_volume_is_right(what: str, text: str) -> None:
    assert "readable" not in kernels_of(f"{text}\n")
    for lanes in LANES:
        assert worst_step(f"{text}\n", lanes, 2).error <= LARGEST_ERROR


DEEPER = [
    "input 1x2x3x1\nupconv 2 3x1x1",
    "input 1x2x3x16\nupconv 16 3 stride=2",
    "input 1x1x5x17\npad 1",
    "input 1x2x1x17\nconv 17 4x1x1 padding=full",
    "input 1x5x3x17\nconv 1 1x3x3 padding=1x1x1",
]


@pytest.mark.parametrize("text", DEEPER)
def test_what_lies_around_a_single_slice_is_not_that_slice(text: str) -> None:
    assert "readable" not in kernels_of(f"{text}\n")
    assert worst_step(f"{text}\n", 16, 2).error <= LARGEST_ERROR


@pytest.mark.parametrize(
    "text", ["input 3x4x5x17\nscale 2\nlrn 5\n", "input 3x2x3x1\nscale -0.5\nrelu\nlrn 1 softmax\n"]
)
def test_factors_and_neighbours_of_channels_are_no_numbers_of_axes(text: str) -> None:
    assert "readable" not in kernels_of(text)
    assert worst_step(text, 16, 2).error <= LARGEST_ERROR


@pytest.mark.parametrize(
    "lines", ["conv 16 3x1x1 padding=1x0x0 from a\nconcat a b", "upconv 16 3 padding=1 from a\nconcat b a"]
)
def test_a_map_whose_slices_are_taken_for_channels_is_in_no_other_map(lines: str) -> None:
    text = f"input 3x4x3x16\na: conv 16 1\nb: {lines}\n"
    assert worst_step(text, 16, 2).error <= LARGEST_ERROR


@pytest.mark.parametrize("line", ["mul b a", "add b a relu", "mul a b"])
def test_a_single_slice_meets_all_of_another_map(line: str) -> None:
    text = f"a: input 1x5x3x17\nb: input 4x5x3x17\n{line}\n"
    assert "readable" not in kernels_of(text)
    assert worst_step(text, 16, 2).error <= LARGEST_ERROR


@pytest.mark.parametrize("options", ["", " causal"])
def test_every_place_of_a_volume_meets_those_of_all_slices(options: str) -> None:
    text = f"input 2x1x5x16\nattention heads=1{options}\n"
    assert kernels_of(text) == ["readable"]
    assert worst_step(text, 16, 2).error <= LARGEST_ERROR


def test_slices_that_repeat_the_edge_are_no_zeros() -> None:
    text = "input 4x5x6x20\nconv 8 1x1x1 padding=1x0x0 fill=edge\n"
    assert kernels_of(text) == ["readable"]
    assert worst_step(text, 16, 2).error <= LARGEST_ERROR


def test_a_convolution_in_depth_goes_by_winograd() -> None:
    text = "input 4x16x16x32\nrelu\nconv 32 3x3x3 same bn relu\nconv 48 3x3x3 same stride=2x1x1\n"
    assert kernels_of(text).count("winograd") == 2
    assert worst_step(text, 16, 2).error <= LARGEST_ERROR


PARTS = "input 9x7x20\na: conv 20 1x1\nb: tanh\n"
SMALLER = "input 9x7x20\na: conv 20 1x1\nb: conv 20 3x3\n"

JOINED = [
    (f"{PARTS}sub a b\nadd a", "join"),
    (f"{PARTS}max a b relu", "join"),
    (f"{PARTS}avg a b a bn", "join"),
    (f"{PARTS}absdiff a b\nconv 17 1x1", "join"),
    (f"{SMALLER}sub a b crop", "join"),
    (f"{SMALLER}add a b pad relu", "readable"),
    (f"{SMALLER}mul a b pad", "readable"),
    (f"{SMALLER}max b a pad\nconv 17 3x3 same", "readable"),
    (f"{SMALLER}concat a b pad\nconv 5 1x1", "readable"),
    (f"{PARTS}layerscale 1e-6\nadd a", "pointwise"),
    (f"{PARTS}gap keep\nconv 6 1x1 relu\nconv 20 1x1 hardsigmoid\nmul b", "pointwise"),
    ("input 9x7x20\nupsample size=18x14\nconv 5 3x3 same", "resize.nearest"),
    ("input 9x7x20\nupsample size=12x21 bilinear", "resize.resample"),
    ("input 9x7x20\nupsample 1.5 bicubic\nupsample size=15x22 catmullrom", "resize.resample"),
    ("input 9x7x20\na: conv 1 3x3 same sigmoid\nb: conv 20 1x1\nmul a b relu", "join"),
    ("input 9x7x20\na: conv 20 1x1 relu\nb: gap keep from a\nc: div a b\nd: conv 1 1x1 from b\nmax c d b", "join"),
    ("input 9x7x20\nconv 20 1x1 softplus\nfunction abs\nfunction log1p\nconv 5 3x3 same", "pointwise"),
    ("input 9x7x24\nconv 24 1x1\nyolo anchors=10,13,16,30,33,23 classes=3 v5", "pointwise"),
    ("input 37 channels 32\nattention heads=2 causal\nattention heads=1", "attention.softmax_of_scores"),
    ("input 9x7x20\nconv 20 3x3 padding=half\ndwconv 3x3 padding=half", "depthwise"),
    ("input 9x7x20\nconv 40 4x4 padding=same_lower\nmaxpool 2 padding=same_lower stride=1", "pool"),
    ("input 19 channels 20\nconv 12 3 padding=causal dilation=2\nconv 12 2 padding=causal relu", "convolution"),
]


@pytest.mark.parametrize(("text", "kernel"), JOINED)
def test_joins_and_paddings_are_right_whoever_does_them(text: str, kernel: str) -> None:
    assert kernel in kernels_of(f"{text}\n")
    for lanes in LANES:
        assert worst_step(f"{text}\n", lanes, 2).error <= LARGEST_ERROR

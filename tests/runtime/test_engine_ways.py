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


@pytest.mark.parametrize("text", VOLUMES)
def test_maps_with_depth_are_left_to_the_readable_kernels(text: str) -> None:
    assert set(kernels_of(f"{text}\n")) <= {"readable", "dense", "softmax"}
    for lanes in LANES:
        assert worst_step(f"{text}\n", lanes, 2).error <= LARGEST_ERROR


PARTS = "input 9x7x20\na: conv 20 1x1\nb: tanh\n"
SMALLER = "input 9x7x20\na: conv 20 1x1\nb: conv 20 3x3\n"

JOINED = [
    (f"{PARTS}sub a b\nadd a", "readable"),
    (f"{PARTS}max a b relu", "readable"),
    (f"{PARTS}avg a b a bn", "readable"),
    (f"{PARTS}absdiff a b\nconv 17 1x1", "readable"),
    (f"{SMALLER}sub a b crop", "readable"),
    (f"{SMALLER}add a b pad relu", "readable"),
    (f"{SMALLER}mul a b pad", "readable"),
    (f"{SMALLER}max b a pad\nconv 17 3x3 same", "readable"),
    (f"{SMALLER}concat a b pad\nconv 5 1x1", "readable"),
    (f"{PARTS}layerscale 1e-6\nadd a", "pointwise"),
    (f"{PARTS}gap keep\nconv 6 1x1 relu\nconv 20 1x1 hardsigmoid\nmul b", "pointwise"),
    ("input 9x7x20\nupsample size=18x14\nconv 5 3x3 same", "resize.nearest"),
    ("input 9x7x20\nupsample size=12x21 bilinear", "readable"),
    ("input 9x7x20\nconv 20 3x3 padding=half\ndwconv 3x3 padding=half", "depthwise"),
    ("input 9x7x20\nconv 40 4x4 padding=same_lower\nmaxpool 2 padding=same_lower stride=1", "pool"),
    ("input 19 channels 20\nconv 12 3 padding=causal dilation=2\nconv 12 2 padding=causal relu", "convolution"),
]


@pytest.mark.parametrize(("text", "kernel"), JOINED)
def test_joins_and_paddings_are_right_whoever_does_them(text: str, kernel: str) -> None:
    assert kernel in kernels_of(f"{text}\n")
    for lanes in LANES:
        assert worst_step(f"{text}\n", lanes, 2).error <= LARGEST_ERROR

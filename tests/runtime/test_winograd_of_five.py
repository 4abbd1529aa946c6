"""Convolutions of 5x5 by Winograd: the same points and tiles as for 3x3, with fewer outputs in each."""

from __future__ import annotations

import pytest

from ..random_nets.regimes import regime
from .engine_maps import LANES, LARGEST_ERROR, kernels_of, worst_step

NETS = [
    ("Winograd and stripes", "input 9x8x20\nrelu\na: conv 17 5x5 same bn\nconv 17 5x5 padding=2\nadd a relu6\n"),
    ("Winograd and stripes", "input 9x8x20\nrelu\nconv 17 5x5 relu\nmaxpool 2\nconv 3 1x1\n"),
    ("sweeps, image by image", "input 11x13x20\nrelu\nconv 33 5x5 same bn relu\nconv 17 5x5\n"),
]


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize(("thresholds", "text"), NETS)
def test_small_maps_are_right_at_every_width(thresholds: str, text: str, lanes: int) -> None:
    with regime(thresholds):
        assert "winograd" in kernels_of(text, lanes, 2)
        assert worst_step(text, lanes, 2).error <= LARGEST_ERROR


def test_a_layer_of_alexnet_goes_so_by_itself() -> None:
    """One of few channels, of another size or of every second place does not."""
    text = "input 27x27x64\nconv 64 1x1\nconv 192 5x5 padding=2 relu\n"
    assert kernels_of(text).count("winograd") == 1
    assert worst_step(text, 16, 1).error <= LARGEST_ERROR
    for line in ("conv 16 5x5 padding=2", "conv 192 5x5 stride=2", "conv 192 4x4", "conv 192 5x3"):
        assert "winograd" not in kernels_of(f"input 27x27x64\nconv 64 1x1\n{line}\n")

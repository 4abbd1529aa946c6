"""What `did you mean` offers: names that are near, and nothing where only chance makes two short words alike."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics.nearest import nearest
from cnncalc.layers.registry import WORDS


@pytest.mark.parametrize("word", ["block", "se", "lol", "stochastic_depth", "dropblock", "act", "bm"])
def test_a_word_of_another_kind_is_no_layer_misspelled(word: str) -> None:
    """`local` for block, `selu` for se and `space_to_depth` for stochastic_depth were offered once."""
    assert nearest(word, WORDS) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [("cov", "conv"), ("pol", "pool"), ("cnov", "conv"), ("rleu", "relu"), ("maxpol", "maxpool"), ("strid", "stride")],
)
def test_a_slip_of_the_finger_is_understood(word: str, meant: str) -> None:
    assert nearest(word, [*WORDS, "stride", "pool"]) == meant

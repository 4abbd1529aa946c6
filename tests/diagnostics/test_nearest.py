"""What `did you mean` offers: names that are near, and nothing where only chance makes two short words alike."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.diagnostics.nearest import nearest
from cnncalc.graph import load_graph
from cnncalc.layers.registry import WORDS


@pytest.mark.parametrize("word", ["block", "se", "lol", "stochastic_depth", "dropblock", "act", "bq"])
def test_a_word_of_another_kind_is_no_layer_misspelled(word: str) -> None:
    """`local` for block, `selu` for se and `space_to_depth` for stochastic_depth were offered once."""
    assert nearest(word, WORDS) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [("cov", "conv"), ("pol", "pool"), ("cnov", "conv"), ("rleu", "relu"), ("maxpol", "maxpool"), ("strid", "stride")],
)
def test_a_slip_of_the_finger_is_understood(word: str, meant: str) -> None:
    assert nearest(word, [*WORDS, "stride", "pool"]) == meant


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("se 16", "squeeze-and-excitation"),
        ("stochastic_depth 0.2", "stochastic-depth"),
        ("DropPath 0.1", "stochastic-depth"),
        ("mbconv 6 24", "inverted-residual"),
        ("inception 64", "split"),
        ("stride 2", "stride"),
    ],
)
def test_a_word_of_the_field_that_is_no_layer_is_sent_to_its_page(line: str, page: str) -> None:
    _, faults = load_graph(Source("net.txt", f"input 28x28x64\n{line}\n"))
    assert [fault.help for fault in faults] == [f"`cnncalc explain {page}` says how it is written here"]

"""Nets that say the same operation in two words are the same net; those whose numbers differ are not."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, Unequal, same_net


def net(*lines: str) -> Graph:
    return checked(Source("net.txt", "\n".join(("input 8x8x4", *lines))))


@pytest.mark.parametrize(
    ("first", "second", "other"),
    [
        ("relu", "clip 0", "clip 1"),
        ("relu6", "clip 0 6", "clip 0 5"),
        ("scale 1", "identity", "scale 2"),
        ("slice 0:4", "identity", "slice 0:3"),
    ],
)
def test_one_operation_in_two_words(first: str, second: str, other: str) -> None:
    assert isinstance(same_net(net(first), net(second)), Same)
    assert isinstance(same_net(net(first), net(other)), Unequal)


def test_an_input_that_nothing_reads_computes_nothing() -> None:
    alone, beside = net("x: conv 2 1x1"), net("x: conv 2 1x1", "y: input 5x5x1", "output x")
    assert isinstance(same_net(alone, beside), Same)
    both = net("x: conv 2 1x1", "y: input 8x8x1", "add x y")
    assert isinstance(same_net(alone, both), Unequal)

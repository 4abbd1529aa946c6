"""What counts as the same net, however it is said, and what does not."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, same_net


def net(*lines: str) -> Graph:
    return checked(Source("net.txt", "\n".join(lines) + "\n"))


SAME = {
    "zeros before a largest number that is never below 0": (
        ("input 8x8x2", "relu", "maxpool 3x3 stride=2 padding=1"),
        ("input 8x8x2", "relu", "pad 1", "maxpool 3x3 stride=2"),
    ),
    "minus infinity before a largest number": (
        ("input 9x9x2", "maxpool 3x3 stride=2 ceil"),
        ("input 9x9x2", "maxpool 3x3 stride=2"),
    ),
    "rows that no window reads": (
        ("input 8x8x2", "maxpool 3x3 stride=2 padding=1"),
        ("input 8x8x2", "maxpool 3x3 stride=2 padding=1,0,1,0"),
    ),
    "zeros that count in a mean": (
        ("input 8x8x2", "avgpool 3x3 stride=1 padding=1 countpad"),
        ("input 8x8x2", "pad 1", "avgpool 3x3 stride=1"),
    ),
    "a mean without pads, counted or not": (
        ("input 8x8x2", "avgpool 2x2 countpad"),
        ("input 8x8x2", "avgpool 2x2"),
    ),
    "edges around a convolution": (
        ("input 8x8x2", "conv 4 3x3 padding=1 fill=edge"),
        ("input 8x8x2", "pad 1 edge", "conv 4 3x3"),
    ),
    "maps that are cut by a join": (
        ("a: input 8x8x2", "b: conv 2 3x3 from a", "concat a b crop"),
        ("a: input 8x8x2", "b: conv 2 3x3 from a", "c: crop 1 from a", "concat c b"),
    ),
    "maps that are padded by a join": (
        ("a: input 8x8x2", "b: conv 2 3x3 from a", "add a b pad"),
        ("a: input 8x8x2", "b: conv 2 3x3 from a", "c: pad 1 from b", "add a c"),
    ),
    "a separable convolution": (
        ("input 8x8x3", "sepconv 5 3x3 same"),
        ("input 8x8x3", "dwconv 3x3 same nobias", "conv 5 1x1"),
    ),
    "one place of a map as a row": (
        ("input 8x8x3", "gap keep", "flatten"),
        ("input 8x8x3", "adaptavg 1x1", "reshape 3"),
    ),
    "numbers that move in several steps": (
        ("input 6x4x8", "reshape 3x2x4x8", "reshape 24x8"),
        ("input 6x4x8", "reshape 24x8"),
    ),
    "channels shuffled, said as axes": (
        ("input 6x4x8", "shuffle 2"),
        ("input 6x4x8", 'rearrange "h w (g=2 c) -> h w (c g)"'),
    ),
    "attention whose keys are its values": (
        ("a: input 6 channels 8", "b: relu from a", "attention a b heads=2"),
        ("a: input 6 channels 8", "b: relu from a", "attention a b b heads=2"),
    ),
    "a join of three, one after the other": (
        ("a: input 8x8x2", "b: relu from a", "c: tanh from a", "add a b c"),
        ("a: input 8x8x2", "b: relu from a", "c: tanh from a", "d: add a b", "add d c"),
    ),
    "the size of a difference": (
        ("a: input 8x8x2", "b: relu from a", "absdiff a b"),
        ("a: input 8x8x2", "b: relu from a", "sub a b", "function abs"),
    ),
    "rows that a transposed convolution cuts off": (
        ("input 8x8x2", "upconv 3 3x3 stride=2 padding=1 output_padding=1"),
        ("input 8x8x2", "upconv 3 3x3 stride=2", "crop 1,0,1,0"),
    ),
    "a limit at 0": (("input 8", "clip low=0"), ("input 8", "relu")),
    "a power of 2": (("input 8", "function pow exponent=2"), ("input 8", "function square")),
    "a mean over all places": (("input 8x8x2", "reduce mean height,width"), ("input 8x8x2", "gap")),
}

UNEQUAL = {
    "zeros before a largest number that may be below 0": (
        ("input 8x8x2", "maxpool 3x3 stride=2 padding=1"),
        ("input 8x8x2", "pad 1", "maxpool 3x3 stride=2"),
    ),
    "zeros that do not count in a mean": (
        ("input 8x8x2", "avgpool 3x3 stride=1 padding=1"),
        ("input 8x8x2", "pad 1", "avgpool 3x3 stride=1"),
    ),
    "another edge around a convolution": (
        ("input 8x8x2", "conv 4 3x3 padding=1 fill=edge"),
        ("input 8x8x2", "pad 1 reflect", "conv 4 3x3"),
    ),
    "another middle of a map": (
        ("a: input 8x8x2", "b: conv 2 3x3 from a", "concat a b crop"),
        ("a: input 8x8x2", "b: conv 2 3x3 from a", "c: crop 0,2,1,1 from a", "concat c b"),
    ),
    "other channels shuffled": (
        ("input 6x4x8", "shuffle 2"),
        ("input 6x4x8", 'rearrange "h w (g=4 c) -> h w (c g)"'),
    ),
    "a norm before or after numbers move": (
        ("input 6x4x8", "flatten", "ln"),
        ("input 6x4x8", "ln", "flatten"),
    ),
    "other rows that a transposed convolution cuts off": (
        ("input 8x8x2", "upconv 3 3x3 stride=2 padding=1 output_padding=1"),
        ("input 8x8x2", "upconv 3 3x3 stride=2", "crop 0,1,0,1"),
    ),
    "attention with other keys": (
        ("a: input 6 channels 8", "b: relu from a", "attention a b heads=2"),
        ("a: input 6 channels 8", "b: relu from a", "attention a a b heads=2"),
    ),
    "another limit": (("input 8", "clip low=0.1"), ("input 8", "relu")),
    "a mean over some places": (("input 8x8x2", "reduce mean height"), ("input 8x8x2", "gap")),
    "another order of a row": (
        ("input 8x8x3", "flatten channels_first"),
        ("input 8x8x3", "flatten"),
    ),
}


@pytest.mark.parametrize("said", SAME)
def test_two_ways_to_say_the_same_net(said: str) -> None:
    first, second = SAME[said]
    found = same_net(net(*first), net(*second))
    assert isinstance(found, Same), found


@pytest.mark.parametrize("said", UNEQUAL)
def test_two_nets_that_differ(said: str) -> None:
    first, second = UNEQUAL[said]
    assert not isinstance(same_net(net(*first), net(*second)), Same)


STORED_OTHERWISE = {
    "a smaller epsilon": (("input 8x8x2", "conv 3 1x1 bn epsilon=1e-5"), ("input 8x8x2", "conv 3 1x1 bn epsilon=1e-6")),
    "a row of a map of one place": (
        ("input 8x8x2", "gap", "dropout 0.5", "dense 3"),
        ("input 8x8x2", "gap keep", "dropout 0.5", "flatten", "dense 3"),
    ),
    "a map of one place at the end": (("input 8x8x2", "gap"), ("input 8x8x2", "gap keep")),
}
"""The same net only where its numbers are stored otherwise, and a map of one place is a row."""


@pytest.mark.parametrize("name", STORED_OTHERWISE)
def test_what_is_the_same_where_numbers_are_stored_otherwise(name: str) -> None:
    first, second = (net(*lines) for lines in STORED_OTHERWISE[name])
    assert isinstance(same_net(first, second, turned=True), Same)
    assert not isinstance(same_net(first, second), Same)


def test_a_larger_epsilon_is_another_net_however_numbers_are_stored() -> None:
    second, first = (net(*lines) for lines in STORED_OTHERWISE["a smaller epsilon"])
    assert "epsilon 1e-06 became 1e-05" in str(same_net(first, second, turned=True))
    found = same_net(second, first, turned=True)
    assert isinstance(found, Same)
    assert found.raised == {"conv1.bn.running_var": pytest.approx(9e-6)}

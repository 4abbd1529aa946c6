"""What every slip says of itself, beside the lists of names that stood for it before; and what chance may explain."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

from cnncalc.diagnostics import Span
from cnncalc.geometry import Shape
from cnncalc.homework.examining import Examiner
from cnncalc.homework.findings import Claim
from cnncalc.homework.slips import SLIPS, plainest
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import SLIP_NAMED
from cnncalc.homework.slips.likelihood import cost, is_crowded, likeliest
from cnncalc.homework.slips.tellings import Place, Telling, Tellings
from cnncalc.homework.what_if import WhatIf
from cnncalc.spec.document import Answer

from .checking import analysed, found, wrong

ABOVE = (
    *("padding-forgotten", "padding-once", "padding-twice", "same-for-valid", "plus-one-forgotten", "depth-kept"),
    *("one-step-too-many", "rounded-up", "rounded-down", "stride-forgotten", "pool-stride-one", "bias-forgotten"),
    *("kernel-and-filters-exchanged", "dilation-forgotten", "wrong-direction", "flatten-incomplete", "one-bias"),
    *("add-and-concat-exchanged", "groups-ignored", "pool-learns", "bias-added", "bias-per-input-channel"),
    *("depth-forgotten", "depth-forgotten-one-bias", "depth-and-bias-forgotten"),
)
VALUE_CHANGING = (
    *("padding-forgotten", "padding-once", "padding-twice", "same-for-valid", "bias-forgotten", "wrong-direction"),
    *("stride-forgotten", "pool-stride-one", "stride-of-window", "dilation-forgotten", "dilation-off-by-one"),
)
NAMED_LAST = ("one-step-too-many", "another-kernel-size", "another-quantity")
SAY_LESS = {
    "plus-one-forgotten": "rounded-down",
    "one-filter": "channels-forgotten",
    "depth-kept": "channels-forgotten",
    "pool-changes-channels": "channels-forgotten",
}
CLEARER_ABOVE = {
    *("full-for-same", "same-for-full", "half-kernel-rounded-up", "output-padding-forgotten", "table-ignored"),
    *("added-for-multiplied", "pool-without-parameters", "pool-weight-at-each-place"),
}


def test_slips_are_looked_for_above_where_they_were_and_eight_more() -> None:
    assert {slip.name for slip in SLIPS if slip.reach == "above"} == {*ABOVE, *CLEARER_ABOVE}


def test_slips_change_values_where_they_did_and_those_with_pads_too() -> None:
    more = {"full-for-same", "same-for-full", "half-kernel-rounded-up"}
    assert {slip.name for slip in SLIPS if "values" in slip.touches} == {*VALUE_CHANGING, *more}


def test_what_explains_almost_anything_is_vague() -> None:
    assert {slip.name for slip in SLIPS if slip.vague} == {*NAMED_LAST, "another-filter-count"}


@pytest.mark.parametrize(("less", "more"), SAY_LESS.items())
def test_a_slip_that_says_it_more_plainly_is_named_alone(less: str, more: str) -> None:
    assert less in SLIP_NAMED[more].beats


def test_each_slip_is_as_common_as_one_to_five() -> None:
    assert {slip.common for slip in SLIPS} <= {1, 2, 3, 4, 5}
    assert all(name in SLIP_NAMED for slip in SLIPS for name in slip.beats)


def test_what_is_common_and_near_costs_less() -> None:
    padding, digits, kernel = (
        SLIP_NAMED[name] for name in ("padding-forgotten", "depth-digits-multiplied", "another-kernel-size")
    )
    assert (cost(padding), cost(digits), cost(padding, digits)) == (1, 5, 9)
    assert (cost(padding, lines_up=2), cost(padding, lines_up=9), cost(padding, everywhere=True)) == (3, 4, 2)
    assert cost(kernel, argument="a window of 3x3") == 10


def test_only_what_costs_about_the_same_is_one_of_several() -> None:
    told = [Explanation((name,), 1, price) for name, price in (("padding-once", 3), ("rounded-up", 2), ("one-bias", 4))]
    assert [one.name for one in likeliest(told, SLIP_NAMED)] == ["rounded-up", "padding-once"]
    twice = [Explanation(("rounded-up",), node, 2) for node in (1, 2, 3)]
    assert [one.node for one in likeliest(twice, SLIP_NAMED)] == [1]
    pairs = [Explanation(("padding-once", "one-bias"), 1, 8), Explanation(("rounded-up", "one-bias"), 1, 9)]
    assert len(likeliest(pairs, SLIP_NAMED)) == 1


def test_a_value_among_many_that_are_explained_says_nothing() -> None:
    """Of the 43 sides from 14 to 56, 7 may be explained; 8 are too many."""
    explained = [(side, side, 6) for side in range(20, 27)]
    assert not is_crowded((20, 20, 6), (28, 28, 6), explained, 6)
    assert is_crowded((20, 20, 6), (28, 28, 6), [*explained, (30, 30, 6)], 6)


PLAIN = [
    "input 7x7x1\nconv 1 3x3 => 9x9x1",  # full, and no transposed convolution
    "input 28x28x1\nconv 8 5x5 => 28x28x8",
    "input 28x28x3\nconv 8 5x5 same => 24x24x8",
]


@pytest.mark.parametrize("text", PLAIN)
def test_no_transposed_formula_is_offered_on_a_plain_line(text: str) -> None:
    assert "wrong-direction" not in " ".join(wrong(text).slips)


def test_no_slip_of_biases_is_offered_in_a_count_without_biases() -> None:
    """The 25 weights of one channel: three slips of a depth give them, two of which say something of biases."""
    assert wrong("input 14x14x8\nconv 16 5x5 => weights 400").slips == ("depth-forgotten",)


LINES = (
    *(
        "conv 8 3x3",
        "conv 16 5x5 same",
        "conv 32 3x3 padding=1",
        "conv 8 7x7 stride=2",
        "conv 16 3x3 stride=2 padding=1",
    ),
    *("maxpool 2x2", "maxpool 3x3 stride=2", "conv 8 3x3 dilation=2", "upconv 8 4x4 stride=2 padding=1"),
)
SIDES = (28, 32, 64, 112, 224)


def _named(text: str, asked: str, chance: random.Random) -> list[bool]:
    """Whether each of ten answers drawn about a line gets a name: from half of what is right to 1.6 times as much."""
    key = analysed(text)
    row = key.rows[-1]
    right = {"shape": row.output.spatial[0], "params": row.figures.params, "macs": row.figures.cost.macs}[asked]
    drawn = [n for n in (chance.randint(-(-right // 2), right * 8 // 5) for _ in range(10)) if n != right]
    given = [(n, n, row.output.channels) if asked == "shape" else Fraction(n) for n in drawn]
    claims = [Claim("row", row.row.index, Answer(asked, one, Span(1, 1), "")) for one in given]
    examiner = Examiner(key)
    return [bool(found.slips) for claim in claims for found in examiner.findings([claim])]


def test_a_square_map_drawn_at_random_gets_a_name_once_in_ten_times_at_most() -> None:
    chance = random.Random(13)
    told = [
        one
        for line in LINES
        for side in chance.sample(SIDES, 2)
        for one in _named(f"input {side}x{side}x3\n{line}", "shape", chance)
    ]
    assert len(told) > 150
    assert sum(told) * 10 <= len(told)


def test_a_count_drawn_at_random_gets_a_name_once_in_a_hundred_times_at_most() -> None:
    chance = random.Random(17)
    lines = [line for line in LINES if line.startswith("conv")]
    told = [
        one for line in lines for asked in ("params", "macs") for one in _named(f"input 28x28x3\n{line}", asked, chance)
    ]
    assert len(told) > 100
    assert sum(told) * 100 <= len(told)


@pytest.mark.parametrize(
    ("asked", "value", "slips"),
    [
        ("kernel", 25, ["depth-forgotten"]),
        ("weights", 300, ["depth-forgotten"]),
        ("biases", 0, ["bias-forgotten"]),
        ("biases", 1, ["one-filter", "one-bias"]),
        ("params", 301, ["depth-forgotten-one-bias"]),
    ],
)
def test_no_slip_is_said_with_another_that_changes_nothing_in_what_is_asked(
    asked: str, value: int, slips: list[str]
) -> None:
    """A conv of 12 filters 5x5 over 8 channels: kernel 5*5*8, weights 2400, biases 12, params 2412."""
    book = Examiner(analysed("input 16x16x8\nconv 12 5x5 => params 2412")).book
    assert plainest([slip for slip, given in book.wrong_answers("row", 1, asked) if given == value]) == slips


@pytest.mark.parametrize(("answer", "slip"), [("kernel 25", "depth-forgotten"), ("biases 0", "bias-forgotten")])
def test_what_is_one_slip_is_not_offered_as_two(answer: str, slip: str) -> None:
    assert wrong(f"input 16x16x8\nconv 12 5x5 => {answer}").slips == (slip,)


def test_two_slips_are_not_offered_beside_one_of_them_that_is_enough() -> None:
    alone, both = Explanation(("one-bias",), 1, 5), Explanation(("depth-forgotten", "one-bias"), 1, 5)
    assert likeliest([both, alone], SLIP_NAMED) == (alone,)


def test_the_slips_of_a_line_are_tried_once_for_all_that_is_asked_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """9999 is neither the parameters nor the MACs of anything: single slips, then pairs of them, are looked through."""
    tried: list[tuple[str, int]] = []
    on_the_line = Tellings.on_the_line

    def counted(self: Tellings, place: Place, forced: Mapping[int, Shape]) -> Iterator[Telling]:
        tried.append(place)
        return on_the_line(self, place, forced)

    monkeypatch.setattr(Tellings, "on_the_line", counted)
    statuses = [one.status for one in found("input 16x16x8\nconv 12 5x5 => params 9999 macs 9998")]
    assert (statuses, tried) == (["wrong", "wrong"], [("row", 1)])


def test_a_line_that_is_one_layer_is_asked_without_the_rest_of_the_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of dozens of slips one alone is told as a net: that the line was given the depth of the picture."""
    retold: list[int] = []
    told = WhatIf._told

    def counted(self: WhatIf, *asked: Any) -> Any:
        retold.append(1)
        return told(self, *asked)

    monkeypatch.setattr(WhatIf, "_told", counted)
    key = analysed("input 16x16x8\n" + "conv 8 3x3 same\n" * 60)
    book = Examiner(key).book
    assert {name for name, given in book.wrong_answers("row", 30, "params") if given == 576} == {"bias-forgotten"}
    assert len(retold) == 1

"""Error carried forward: what follows from one's own earlier answer is no second mistake."""

from __future__ import annotations

import pytest

from cnncalc.homework.examining import Examiner, findings
from cnncalc.homework.findings import Claim, own_claims

from .checking import analysed, found

CHAIN = """input 28x28x1
c1: conv 32 5x5   => {c1}
p1: maxpool 2     => {p1}
c2: conv 64 3x3   => {c2}
flatten           => {flat}
d: dense 10       => 10 params {d}
total             => params {total}
"""
RIGHT = {"c1": "24x24x32", "p1": "12x12x32", "c2": "10x10x64", "flat": "6400", "d": "64010", "total": "83338"}


def verdicts(text: str) -> list[tuple[str, str, str, str]]:
    return [
        (one.place.label, one.asked, one.status.replace("slip", "wrong"), one.follows.label if one.follows else "")
        for one in found(text)
        if one.status != "right"
    ]


def chain(**changed: str) -> list[tuple[str, str, str, str]]:
    return verdicts(CHAIN.format(**(RIGHT | changed)))


def test_the_chain_is_right() -> None:
    assert chain() == []


def test_a_wrong_shape_is_charged_once() -> None:
    """26 as with a 3x3 kernel: 26 -> 13 -> 11 -> 7744 -> 77450; 832 + 18496 + 77450 = 96778."""
    changed = {"c1": "26x26x32", "p1": "13x13x32", "c2": "11x11x64", "flat": "7744", "d": "77450", "total": "96778"}
    assert chain(**changed) == [
        ("c1", "shape", "wrong", ""),
        ("p1", "shape", "follows", "c1"),
        ("c2", "shape", "follows", "c1"),
        ("flatten1", "shape", "follows", "c1"),
        ("d", "params", "follows", "c1"),
        ("total", "params", "follows", "c1"),
    ]


def test_unanswered_lines_carry_the_error_on() -> None:
    changed = {"c1": "26x26x32", "p1": "?", "c2": "?", "flat": "7744"}
    assert chain(**changed) == [
        ("c1", "shape", "wrong", ""),
        ("p1", "shape", "none", ""),
        ("c2", "shape", "none", ""),
        ("flatten1", "shape", "follows", "c1"),
    ]


def test_a_right_answer_ends_what_is_carried() -> None:
    changed = {"c1": "26x26x32", "p1": "12x12x32", "c2": "11x11x64"}
    assert chain(**changed) == [("c1", "shape", "wrong", ""), ("c2", "shape", "wrong", "")]


def test_a_second_error_is_charged_too() -> None:
    """c2 neither follows (11x11) nor is right; what comes after follows from it."""
    changed = {"c1": "26x26x32", "p1": "13x13x32", "c2": "13x13x64", "flat": "10816"}
    assert chain(**changed) == [
        ("c1", "shape", "wrong", ""),
        ("p1", "shape", "follows", "c1"),
        ("c2", "shape", "wrong", ""),
        ("flatten1", "shape", "follows", "c2"),
    ]


def test_a_wrong_channel_order_is_no_error_to_carry() -> None:
    assert chain(c1="32x24x24", p1="32x12x12") == []


def test_channels_left_out_do_not_hide_what_follows() -> None:
    assert chain(c1="26x26", p1="13x13x32")[1] == ("p1", "shape", "follows", "c1")


def test_a_total_is_the_sum_of_what_was_claimed() -> None:
    """83338 with 64000 for the dense layer's 64010."""
    assert chain(d="64000", total="83328") == [("d", "params", "wrong", ""), ("total", "params", "follows", "d")]


def test_a_wrong_branch_is_carried_through_the_join() -> None:
    text = """input 8x8x4
    a: conv 8 3x3 same  => 8x8x8
    b: conv 8 3x3       => {b}
    c: conv 6 1x1 from a
    cut: crop 1 from c
    both: concat b cut  => {both}
    conv 4 1x1          => 6x6x4 params {params}
    """
    assert verdicts(text.format(b="6x6x8", both="6x6x14", params="60")) == []
    assert verdicts(text.format(b="6x6x16", both="6x6x22", params="92")) == [
        ("b", "shape", "wrong", ""),
        ("both", "shape", "follows", "b"),
        ("conv1", "params", "follows", "b"),  # (22 + 1) * 4
    ]


def test_a_block_follows_and_is_followed() -> None:
    text = """block two n
      conv $n 3x3
      conv $n 3x3
    end
    input 32x32x3
    first: conv 8 5x5 => {first}
    pair: two 16      => {pair}
    flatten           => {flat}
    """
    assert verdicts(text.format(first="28x28x8", pair="24x24x16", flat="9216")) == []
    assert verdicts(text.format(first="27x27x8", pair="23x23x16", flat="8464")) == [
        ("first", "shape", "wrong", ""),
        ("flatten1", "shape", "follows", "first"),
        ("pair", "shape", "follows", "first"),
    ]


def test_what_no_longer_fits_is_simply_wrong() -> None:
    """A 2x2 map cannot be convolved with 3x3 any more: nothing follows from it, and nothing breaks."""
    assert chain(c1="2x2x32", p1="1x1x32", c2="0x0x64")[2][:3] == ("c2", "shape", "wrong")


@pytest.mark.parametrize("huge", ["999999999999999999x1x1", "1x1x999999999999999999", "0x0x0"])
def test_absurd_shapes_carry_nothing(huge: str) -> None:
    assert chain(c1=huge) == [("c1", "shape", "wrong", "")]


def test_sizes_and_work_follow_from_the_shape_on_the_same_line() -> None:
    """26 for 24: 26 * 26 * 32 = 21632 numbers of 25 MACs each."""
    text = "input 28x28x1\nc1: conv 32 5x5 => 26x26x32 size 21632 macs 540800"
    assert verdicts(text) == [
        ("c1", "shape", "wrong", ""),
        ("c1", "size", "follows", "c1"),
        ("c1", "macs", "follows", "c1"),
    ]


def test_a_field_grows_from_the_field_that_was_claimed() -> None:
    """Right: 5, 6, 14, 16.  With 4 for the pool's 6 the rest is 2 less, also over a line without an answer."""
    text = (
        "input 32x32x1\nc: conv 6 5x5 => rf 5\np: avgpool 2 => rf 4\nconv 16 5x5 => {third}\nq: avgpool 2 => rf {last}"
    )
    assert verdicts(text.format(third="rf 12", last="14")) == [
        ("p", "rf", "wrong", ""),
        ("conv1", "rf", "follows", "p"),
        ("q", "rf", "follows", "p"),
    ]
    assert verdicts(text.format(third="params 2416", last="14"))[-1] == ("q", "rf", "follows", "p")


def test_a_question_counts_as_an_answer_about_its_line() -> None:
    text = """input 28x28x1
    c1: conv 32 5x5
    p1: maxpool 2
    answer 1 c1.shape = 26x26x32
    answer 2 p1.shape = 13x13x32
    """
    assert verdicts(text) == [("1", "shape", "wrong", ""), ("2", "shape", "follows", "c1")]


def test_a_matrix_follows_from_the_matrix_before() -> None:
    """Deck 001: 5 for 4 at the bottom left; relu keeps it, and a 2x2 pool of the last rows sees it."""
    text = """data p = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]
    input from p
    s: conv filter=sharpen padding=1 stride=2 => values [-1 3 0; 5 -3 3; 5 2 3]
    r: relu                                   => values [0 3 0; 5 0 3; 5 2 3]
    maxpool 2 stride=1                        => values [5 3; 5 3]
    """
    assert verdicts(text) == [("s", "values", "wrong", ""), ("r", "values", "follows", "s")]


def test_one_examiner_serves_a_class_and_forgets_nobodys_answers() -> None:
    key = analysed(CHAIN.format(**RIGHT))
    claims = own_claims(key)
    examiner = Examiner(key)
    good = examiner.findings(claims)
    wrong = [Claim("row", 1, own_claims(analysed(CHAIN.format(**(RIGHT | {"c1": "26x26x32"}))))[0].answer), *claims[1:]]
    assert [one.status for one in examiner.findings(wrong)] == ["wrong", *["right"] * 6]
    assert examiner.findings(claims) == good == findings(key, claims)


@pytest.mark.parametrize(
    ("first", "expected"), [("4", [("x", "rf", "wrong", ""), ("y", "rf", "follows", "x")]), ("32", [])]
)
def test_behind_a_gate_the_local_field_grows_and_the_whole_picture_is_no_mistake(first, expected) -> None:
    """Right: 3, then 5.  4 for the 3 makes it 6; the whole picture for a gated line is right and changes nothing."""
    text = "input 32x32x4\nw: conv 4 3x3 same\ngap\nx: mul w => rf {}\ny: conv 4 3x3 same => rf {}\n"
    assert verdicts(text.format(first, "6" if expected else "5")) == expected

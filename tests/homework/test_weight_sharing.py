"""Answers about lines that use another's weights: none or as many as they compute with; the total counts them once."""

from __future__ import annotations

import pytest

from .test_judging import judged, marks

BEGIN = "input 9x9x4\na: conv 4 3x3 same\n"
"""(9 * 4 + 1) * 4 = 148 parameters, 4 of them biases."""

LINE = f"{BEGIN}conv 4 3x3 same shared=a => "
ELSEWHERE = "its weights are shared: the line that they belong to counts them"
HERE_TOO = "the weights that it computes with; they are shared, so the total counts them once, at their owner"


@pytest.mark.parametrize(
    ("answer", "ok", "remark"),
    [
        ("params 0", True, ELSEWHERE),
        ("params 148", True, HERE_TOO),
        ("params 144", False, ""),
        ("params 296", False, ""),
        ("weights 144", True, HERE_TOO),
        ("weights 0", True, ELSEWHERE),
        ("macs 11664", True, ""),
        ("macs 0", False, ""),
        ("connections 11988", True, ""),
    ],
)
def test_a_line_that_shares_may_be_answered_either_way(answer: str, ok: bool, remark: str) -> None:
    (found,) = judged(LINE + answer)
    assert (found.verdict.ok, found.verdict.remark) == (ok, remark)


def test_the_total_counts_shared_weights_once() -> None:
    assert marks(f"{BEGIN}conv 4 3x3 same shared=a\ntotal => params 148") == [True]
    assert marks(f"{BEGIN}conv 4 3x3 same shared=a\ntotal => params 296") == [False]


def test_the_owner_is_answered_by_its_weights_alone() -> None:
    text = "input 9x9x4\na: conv 4 3x3 same => params {}\nconv 4 3x3 same shared=a"
    assert [marks(text.format(given)) for given in (148, 0)] == [[True], [False]]


def test_a_block_call_that_shares_may_be_answered_either_way_and_one_that_shares_inside_counts_once() -> None:
    block = "block t\nx: conv 4 3x3 same\nconv 4 3x3 same shared=x\nend\ninput 9x9x4\n"
    assert marks(f"{block}t => params 148") == [True]
    assert marks(f"{block}t => params 296") == [False]
    assert marks(f"{block}a: t\nt shared=a => params 0") == [True]
    assert marks(f"{block}a: t\nt shared=a => params 148") == [True]
    assert marks(f"{block}a: t\nt shared=a => params 296") == [False]


def test_copies_that_share_are_answered_each_or_all() -> None:
    for answer, ok in (
        ("params 148 each", True),
        ("params 296 all", True),
        ("params 0 all", True),
        ("params 148", None),
    ):
        assert marks(f"{BEGIN}conv 4 3x3 same shared=a times 2 => {answer}") == [ok]


def test_keras_count_of_a_shared_batch_norm_is_right_too() -> None:
    text = (
        "count keras\ninput 9x9x4\na: conv 4 3x3 same bn\nconv 4 3x3 same bn shared=a => params {}\ntotal => params 164"
    )
    assert [marks(text.format(given)) for given in (164, 0, 156)] == [[True, True], [True, True], [False, True]]

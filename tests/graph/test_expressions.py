"""`$names` and whole-number arithmetic."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Span
from cnncalc.graph.expressions import substituted, whole_number
from cnncalc.graph.faults import Fault
from cnncalc.spec.document import Token, Value


def token(text: str) -> Token:
    return Token(text, Span(1, 1, max(1, len(text))))


def put_in(text: str, **names: str) -> str:
    environment: dict[str, Value] = {name: token(value) for name, value in names.items()}
    found = substituted(token(text), environment)
    assert isinstance(found, Token)
    return found.text


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), ("4*64", 256), ("64/2", 32), ("2+3*4", 14), ("(2+3)*4", 20), ("12/2/3", 2), ("7-2-1", 4), ("-3+5", 2)],
)
def test_arithmetic_follows_the_rules_of_school(text: str, value: int) -> None:
    assert whole_number(text, token(text)) == value


@pytest.mark.parametrize("text", ["", "abc", "3x3", "1.5", "2*", "(2", "2)", "1 2", "٣"])
def test_what_is_no_arithmetic_is_left_to_the_caller(text: str) -> None:
    assert whole_number(text, token(text)) is None


def test_a_division_that_leaves_a_remainder_is_refused_with_its_remainder() -> None:
    with pytest.raises(Fault) as caught:
        whole_number("3/2", token("$in/2"))
    assert caught.value.diagnostic.message == "3 / 2 is not a whole number"
    assert caught.value.diagnostic.label == "`$in/2` is 3/2 here"
    assert caught.value.diagnostic.notes == ("sizes and channels are whole numbers: 3 = 1 * 2 + 1",)


def test_a_division_by_zero_is_refused() -> None:
    with pytest.raises(Fault, match="4 / 0 is not a whole number"):
        whole_number("4/0", token("4/0"))


@pytest.mark.parametrize("text", ["9" * 18 + "*" + "9" * 18, "2*" * 99 + "2"])
def test_arithmetic_stays_below_a_bound(text: str) -> None:
    with pytest.raises(Fault) as caught:
        whole_number(text, token(text))
    assert caught.value.diagnostic.code == "number-too-large"


def test_names_are_put_in_as_text() -> None:
    assert put_in("$width", width="64") == "64"
    assert put_in("4*$width", width="64") == "4*64"
    assert put_in("${k}x${k}", k="3") == "3x3"
    assert put_in("3x$k", k="5") == "3x5"
    assert put_in("$kernel", kernel="1x7") == "1x7"


def test_a_sum_that_is_put_in_keeps_its_parentheses() -> None:
    assert whole_number(put_in("$a/2", a="64+64"), token("$a/2")) == 64


def test_a_name_that_runs_into_the_times_sign_is_explained() -> None:
    with pytest.raises(Fault) as caught:
        put_in("$kx$k", k="3")
    assert caught.value.diagnostic.message == "`$kx` is not a parameter here"
    assert caught.value.diagnostic.help == "write `${k}x...`: the x belongs to the name otherwise"


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(Fault) as caught:
        put_in("$widht", width="64", stride="1")
    assert caught.value.diagnostic.help == "did you mean `width`?"

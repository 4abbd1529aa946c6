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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7//2", 3),
        ("-7//2", -4),
        ("7%4", 3),
        ("0.25*64", 16),
        ("1.5*(2+2)", 6),
        ("0.1+0.2+0.7", 1),  # 0.9999999999999999 in floats
        ("min(4,7)+max(1,2,3)", 7),
        ("floor(0.75*17)", 12),
        ("ceil(0.75*17)", 13),
        ("round(2.5)", 3),
        ("round(2.4)", 2),
        ("max(64//8,8)", 8),
        ("MAX(1,2)", 2),
        ("ceil(7/2)", 4),
        ("round(7/2)+floor(7/2)", 7),
        ("divisible(42/4,8)", 16),  # 10.5: 8 is more than 10 % below
    ],
)
def test_decimals_are_exact_and_functions_round(text: str, value: int) -> None:
    assert whole_number(text, token(text)) == value


@pytest.mark.parametrize("text", ["7/2", "min(7/2,9/2)", "floor(7/2)+7/2", "max(floor(7/2),7/2)"])
def test_a_division_that_nothing_rounds_must_be_whole(text: str) -> None:
    with pytest.raises(Fault) as caught:
        whole_number(text, token(text))
    assert caught.value.diagnostic.code == "inexact-division"


def test_divisible_rounds_as_mobilenet_does() -> None:
    """Printed by torchvision 0.29.1 (`_make_divisible(width, 8)`) and Keras 3.15.1 (`mobilenet_v3._depth`)."""
    expected = {3: 8, 10: 16, 12: 16, 16: 16, 17: 16, 18: 24, 24: 24, 28: 32, 36: 40, 60: 64, 72: 72, 100: 104}
    assert {width: whole_number(f"divisible({width},8)", token("")) for width in expected} == expected
    assert whole_number("divisible(0.35*32,8)", token("")) == 16
    assert whole_number("divisible(0.75*24,8)", token("")) == 24


def test_divisible_agrees_with_the_definition_for_every_width_and_factor() -> None:
    for width in range(1, 400):
        for tenths in (5, 10, 14, 20):
            wide = width * tenths / 10
            rounded = max(8, int(wide + 4) // 8 * 8)
            wanted = rounded + 8 if rounded < 0.9 * wide else rounded
            assert whole_number(f"divisible({tenths / 10}*{width},8)", token("")) == wanted, (width, tenths)


def test_a_fraction_where_a_whole_number_is_needed_offers_to_round() -> None:
    with pytest.raises(Fault) as caught:
        whole_number("0.25*6", token("0.25*$w"))
    assert caught.value.diagnostic.message == "1.5 is not a whole number"
    assert caught.value.diagnostic.help == "round it: `floor(0.25*6)`, `round(0.25*6)` or `ceil(0.25*6)`"


def test_an_unknown_function_offers_the_nearest() -> None:
    with pytest.raises(Fault) as caught:
        whole_number("2*flor(3)", token("2*flor(3)"))
    assert (caught.value.diagnostic.code, caught.value.diagnostic.help) == ("unknown-function", "did you mean `floor`?")


def test_brackets_are_bounded() -> None:
    with pytest.raises(Fault, match="too long"):
        whole_number("(" * 90 + "1" + ")" * 90, token("x"))


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


def test_a_name_before_the_times_sign_of_a_size_ends_there_unless_a_longer_one_is_known() -> None:
    assert put_in("$kx$k", k="3") == "3x3"
    assert put_in("224*$scalex224*$scalex3", scale="2") == "224*2x224*2x3"
    assert put_in("$kx3", k="5", kx3="7x7") == "7x7"
    with pytest.raises(Fault, match=r"`.kxy` is not a parameter here"):
        put_in("$kxy", k="3")


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(Fault) as caught:
        put_in("$widht", width="64", stride="1")
    assert caught.value.diagnostic.help == "did you mean `width`?"

"""How far apart values may be before they are called different: every bound from both sides."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from cnncalc.matrices import matrix
from cnncalc.runtime.compare_values import CLOSE, ROUNDING, apart, hand_difference, wrong_values

from .nets import analysed


def readable(largest: float = 2.0) -> np.ndarray:
    return (largest * np.array([0.25, -1, 0.5])).reshape(1, 3, 1, 1, 1)


def test_the_bounds_are_what_they_are_said_to_be() -> None:
    """1e-5 of the largest value is the engine's own bound; a hundred times that is still no mistake, 1 % is one."""
    assert (ROUNDING, CLOSE) == (1e-3, 1e-9)


@pytest.mark.parametrize("largest", [2.0, 2e-6, 2e6])
@pytest.mark.parametrize(("share", "found"), [(0.0, False), (0.9e-3, False), (1.1e-3, True), (1e-2, True), (1.0, True)])
def test_the_engine_may_differ_by_a_thousandth_of_the_largest_value(largest: float, share: float, found: bool) -> None:
    right = readable(largest)
    for sign in (1, -1):
        fast = right.copy()
        fast[0, 0] += sign * share * largest
        assert bool(apart(right, fast)) is found


def test_what_float64_leaves_of_numbers_that_cancel_is_no_difference() -> None:
    """0.1 + 0.2 - 0.3 is 5.6e-17 in float64: far below a share of the 0.3 before, and of no share of itself."""
    left = np.array([[[[[0.1 + 0.2 - 0.3]]]]])
    assert hand_difference([[[[0]]]], left, 0.3) == ""
    assert hand_difference([[[[0]]]], left + 1e-9, 0.3).startswith("values: 0 by hand, measured 1e-09")
    assert hand_difference([[[[0]]]], left) != ""


def test_the_difference_and_the_largest_value_are_said() -> None:
    right = readable()
    fast = right.copy()
    fast[0, 2] = 1.25
    (said,) = apart(right, fast)
    assert said.startswith("engine: its values are up to 0.25 away from those of the readable kernels")
    assert "largest is 2" in said


def test_another_shape_is_a_difference() -> None:
    assert (
        "engine: the readable kernels make (1, 3, 1, 1, 1), the engine (1, 2, 1, 1, 1)"
        in apart(readable(), readable()[:, :2])[0]
    )


def test_equal_values_that_are_not_finite_are_no_difference_of_the_engine() -> None:
    right = readable()
    right[0, 1] = np.inf
    assert apart(right, right) == []
    assert apart(right, readable()) != []


@pytest.mark.parametrize(("share", "found"), [(0.0, False), (0.009, False), (0.011, True), (0.5, True), (-0.5, True)])
def test_of_a_softmax_the_small_probabilities_must_agree_too(share: float, found: bool) -> None:
    """One class with nearly all hid what eleven shipped nets computed wrongly; e^-10 bounds logarithms by 0.01."""
    small = np.exp(-10.0)
    right = np.array([1 - small, small]).reshape(1, 2, 1, 1, 1)
    fast = np.array([1 - small, small * (1 + share)]).reshape(right.shape)
    assert apart(right, fast) == []
    assert bool(apart(right, fast, probabilities=True)) is found


def test_of_a_softmax_whose_probabilities_vanish_only_values_are_compared() -> None:
    """MobileNetV3 on 0..255: numbers up to 1,030 that float32 makes 0.7 otherwise than float64 does, either way."""
    right = np.array([1 - 1e-9, 1e-9, 0.0]).reshape(1, 3, 1, 1, 1)
    assert apart(right, np.array([1 - 1e-9, 3e-9, 0.0]).reshape(right.shape), probabilities=True) == []


def hand(measured: float, exact: Fraction = Fraction(1, 3)) -> str:
    return hand_difference([[[[exact]]]], np.array([[[[[measured]]]]]))  # type: ignore[arg-type]


@pytest.mark.parametrize(("off", "found"), [(0.0, False), (0.9e-9, False), (1.2e-9, True), (1e-6, True), (-1e-6, True)])
def test_numbers_by_hand_agree_to_a_billionth(off: float, found: bool) -> None:
    assert bool(hand((1 + off) / 3)) is found


def test_numbers_by_hand_are_not_rounded() -> None:
    """0.667 as an exact fraction is no short way to write 2/3."""
    assert hand(2 / 3, Fraction("0.667")).startswith("values: 0.667 by hand, measured 0.666667")


def test_another_count_of_numbers_by_hand_is_a_difference() -> None:
    assert hand_difference([[[[Fraction(1), Fraction(2)]]]], np.ones((1, 1, 1, 1, 1))) == (  # type: ignore[arg-type]
        "values: 2 by hand, 1 measured"
    )


def claim(text: str, measured: float) -> list[str]:
    """What is wrong about a claimed single value, written as in a model."""
    row = analysed(f"data p = [1]\ninput from p\nscale 1 => 1x1x1 values [{text}]\n").rows[-1].row
    return wrong_values(row.answers, np.array([[[[[measured]]]]]))


@pytest.mark.parametrize(
    ("text", "measured", "wrong"),
    [
        ("0.67", 2 / 3, False),
        ("0.66", 2 / 3, True),
        ("0.667", 0.6674, False),
        ("0.667", 0.6676, True),
        ("0.667", 0.6666, False),
        ("0.667", 0.6664, True),
        ("1", 1.4, True),  # a whole number is not rounded to
        ("2/3", 0.667, True),
    ],
)
def test_a_claimed_decimal_holds_for_what_rounds_to_it(text: str, measured: float, wrong: bool) -> None:
    assert bool(claim(text, measured)) is wrong


def test_a_claim_of_another_size_is_a_difference() -> None:
    (read,) = analysed("data p = [1]\ninput from p\nscale 1 => values [1]\n").rows[-1].row.answers
    answer = read._replace(given=matrix([[1, 2]]))
    assert wrong_values([answer], np.ones((1, 1, 1, 1, 1))) == ["values: 1x2 are claimed, 1x1x1 were measured"]

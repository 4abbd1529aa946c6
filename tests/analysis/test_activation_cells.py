"""Activations, factors and offsets of one number: the formula with the number put in, by their published formulas."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.analysis.by_hand import DEFINITIONS
from cnncalc.analysis.by_hand.volumes import Step
from cnncalc.analysis.worked_cells import CELLS
from cnncalc.analysis.worked_cells.activation_cells import CELLS as OWN
from cnncalc.analysis.worked_cells.one_number import rounded_to


@pytest.mark.parametrize(
    ("kernel", "value", "own", "said"),
    [
        ("relu6", -2, {}, "min(max(0, -2), 6) = 0"),
        ("leaky", -2, {"slope": 0.1}, "-2 is below 0: 0.1*(-2) = -0.2"),
        ("leaky", 3, {"slope": 0.1}, "3 is not below 0 and stays: leaky(3) = 3"),
        ("clip", -2, {"low": -1.0, "high": 0.5}, "min(max(-1, -2), 0.5) = -1"),
        ("clip", -2, {"low": -1.0, "high": float("inf")}, "max(-1, -2) = -1"),
        ("hardswish", -2, {}, "(-2)*min(max(0, -2 + 3), 6) / 6 = -1/3"),
        ("hardsigmoid", -2, {}, "min(max(0, -2 + 3), 6) / 6 = 1/6"),
        ("gelu", -2, {}, "(-2)*(1 + erf(-2 / sqrt(2))) / 2 = -0.0455"),
        ("gelu_approximate", -2, {}, "(-2)*(1 + tanh(sqrt(2/pi)*(-2 + 0.044715*(-2)^3))) / 2 = -0.0454"),
        ("sigmoid", -2, {}, "1 / (1 + e^2) = 0.1192"),
        ("silu", 2, {}, "2 / (1 + e^(-2)) = 1.762"),
        ("softplus", -2, {}, "log(1 + e^(-2)) = 0.1269"),
        ("mish", -2, {}, "(-2)*tanh(log(1 + e^(-2))) = -0.2525"),
        ("elu", -2, {"slope": 1.0}, "-2 is below 0: 1*(e^(-2) - 1) = -0.8647"),
        ("selu", 2, {}, "2 is not below 0: 1.051*2 = 2.101"),
        ("times", -2, {"factor": 0.17}, "(-2)*0.17 = -0.34"),
        ("affine", -2, {"factor": (1 / 255,), "offset": (-0.5,)}, "(-2)*(1/255) + (-0.5) = -259/510"),
    ],
)
def test_an_activation_is_its_formula_with_the_number(kernel: str, value: int, own: dict[str, Any], said: str) -> None:
    step = Step([[[[[value]]]]], {}, own)
    with rounded_to(4):
        work = CELLS[kernel](step, 0, (0, 0, 0))
    assert work.sums == (said,)
    assert float(work.result) == pytest.approx(float(DEFINITIONS[kernel](step)[0][0][0][0]), rel=1e-12)


@pytest.mark.parametrize(
    ("kernel", "weights", "said"),
    [
        ("prelu", {"weight": [5, Fraction(1, 4)]}, "-2 is below 0: 0.25*(-2) = -0.5"),
        ("prelu", {"weight": [Fraction(1, 4)]}, "-2 is below 0: 0.25*(-2) = -0.5"),
        ("scale", {"weight": [5, 3]}, "(-2)*3 = -6"),
        ("scale_all", {"weight": [[[[5]]], [[[4]]]]}, "(-2)*4 = -8"),
        ("shift", {"bias": [5, 3]}, "(-2) + 3 = 1"),
        ("shift_all", {"bias": [[[[5]]], [[[4]]]]}, "(-2) + 4 = 2"),
    ],
)
def test_a_learned_number_is_that_of_its_channel_or_place(kernel: str, weights: dict[str, Any], said: str) -> None:
    step = Step([[[[[7]]], [[[-2]]]]], weights, {})
    work = CELLS[kernel](step, 1, (0, 0, 0))
    assert (work.sums, work.result) == ((said,), DEFINITIONS[kernel](step)[1][0][0][0])


def test_a_softmax_along_an_axis_shows_the_numbers_on_its_line() -> None:
    """e^0 / (e^0 + e^1) = 0.2689: over the two numbers of its row, not those of the other."""
    step = Step([[[[[0, 1], [5, 6]]]]], {}, {"axis": (0, 0, 1)})
    with rounded_to(4):
        work = CELLS["softmax_along"](step, 0, (0, 0, 0))
    assert work.sums == ("e^0 = 1", "sum over the width: e^0 + e^1 = 3.718", "1 / 3.718 = 0.2689")


def test_a_logarithm_of_a_softmax_shows_its_sum_and_no_power_that_is_too_large() -> None:
    with rounded_to(4):
        small = CELLS["logsoftmax"](Step([[[[[0]]], [[[1]]]]], {}, {}), 1, (0, 0, 0))
        large = CELLS["logsoftmax"](Step([[[[[1000.0]]], [[[1001.0]]]]], {}, {}), 1, (0, 0, 0))
    assert small.sums == ("sum over all channels: e^0 + e^1 = 3.718", "1 - log(3.718) = -0.3133")
    assert large.sums == (
        "the largest, 1001, is taken off each: so no power is too large",
        "sum over all channels: e^(1000 - 1001) + e^(1001 - 1001) = 1.368",
        "1001 - (1001 + log(1.368)) = -0.3133",
    )


def test_every_kernel_that_has_a_formula_has_a_definition() -> None:
    assert OWN.keys() <= DEFINITIONS.keys()

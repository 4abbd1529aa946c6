"""`cnncalc.solve` and `cnncalc.sweep`: what the commands find, as nouns with their numbers."""

from __future__ import annotations

import pytest

import cnncalc


def test_a_layer_is_solved_from_python_with_sizes_as_texts_or_numbers() -> None:
    found = cnncalc.solve("conv ? 3x3 padding=?", input=(28, 28, 1), output="28x28x8")
    assert found.solutions[0].text == "conv 8 3x3 padding=same"
    assert str(found).startswith("conv ? 3x3 padding=?\n28x28x1 -> 28x28x8\n")
    assert "<script" not in cnncalc.solve("conv 8 3x3", input="28x28x1")._repr_html_()


def test_a_network_is_no_layer() -> None:
    with pytest.raises(cnncalc.InputError, match="`lenet5` is no layer"):
        cnncalc.solve("lenet5", input="28x28x1")


def test_what_is_no_text_is_no_layer() -> None:
    with pytest.raises(cnncalc.InputError, match="`5` is no layer"):
        cnncalc.solve(5, input="28x28x1")  # type: ignore[arg-type]


def test_a_wrong_size_is_named_by_its_argument() -> None:
    with pytest.raises(cnncalc.InputError) as error:
        cnncalc.solve("conv 8 3x3", input=28.5)  # type: ignore[arg-type]
    assert error.value.diagnostics[0].message == "input is 28.5, which is no size"
    assert error.value.diagnostics[0].help.startswith("write height, width and channels: input=(28, 28, 1)")


def test_a_sweep_from_python_takes_lists_and_draws_itself() -> None:
    found = cnncalc.sweep("input 9x9x1\nconv 2 3x3\n", input=[9, 11], batch="1,2")
    assert [row.totals.figures.cost.macs for row in found.rows if row.totals] == [882, 1764, 1458, 2916]
    assert "<svg" in found.draw("peak")._repr_svg_()
    assert str(found).count("\n") > 5
    assert "<table>" in found._repr_html_()

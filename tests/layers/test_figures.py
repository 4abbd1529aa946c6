"""Every layer against its published figures, by one runner.

The same rows prove the formulas: what a formula says in numbers, worked out by a small calculator, is the figure that
it explains.
"""

from __future__ import annotations

import ast
import operator
import re
from math import ceil, floor, prod
from typing import Any

import pytest

from cnncalc.layers.base import Cost
from cnncalc.layers.registry import LAYERS, layer_class

from .cases import CASES
from .convolutions import Case

each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@each_case
def test_a_layer_has_the_published_figures(case: Case) -> None:
    layer, inputs = case.layer, case.inputs
    weights = layer.weights(inputs)
    assert layer.output_shape(inputs).text() == case.output
    assert sum(prod(weight.shape) for weight in weights if weight.trainable) == case.params
    assert sum(prod(weight.shape) for weight in weights if not weight.trainable) == case.buffers
    assert layer.cost(inputs) == case.others + Cost(macs=case.macs)
    assert layer.connections(inputs) == case.connections


def test_every_layer_class_has_a_case() -> None:
    classes = {layer_class(word, variant) for word, entry in LAYERS.items() for variant in ("", *dict(entry.variants))}
    assert classes == {type(case.layer) for case in CASES.values()}


@each_case
def test_the_formulas_give_the_figures(case: Case) -> None:
    output = case.layer.output_shape(case.inputs)
    figures: dict[str, int | str] = {
        "params": case.params,
        "buffers": case.buffers,
        "macs": case.macs,
        "channels": output.channels,
        "size": output.channels,
        "shape": case.output,
        **{name: getattr(output, name) for name in ("depth", "height", "width")[3 - output.rank :]},
    }
    formulas = case.layer.formulas(case.inputs)
    assert {formula.quantity: formula.result for formula in formulas} == {
        formula.quantity: figures[formula.quantity] for formula in formulas
    }
    assert {"params", "macs"} <= {formula.quantity for formula in formulas}


@each_case
def test_the_numbers_of_a_formula_work_out(case: Case) -> None:
    for formula in case.layer.formulas(case.inputs):
        if isinstance(formula.result, int):
            assert worked_out(formula.numbers) == formula.result, formula


@each_case
def test_the_kernel_gets_plain_numbers(case: Case) -> None:
    call = case.layer.kernel_call(case.inputs)
    assert call.kernel
    for value in call.numbers.values():
        assert (
            not isinstance(value, tuple) or len(value) == 3 or call.kernel in ("connected_conv", "rearrange", "affine")
        )
        assert isinstance(value, (bool, int, float, str, tuple))


OPERATORS: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(text: str) -> int:
    """The value of `+ - * / floor ceil` over whole numbers, as a pocket calculator finds it."""
    return evaluated(ast.parse(re.sub(r"(?<=\d),(?=\d{3})", "", text), mode="eval").body)


def evaluated(node: ast.expr) -> Any:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](evaluated(node.left), evaluated(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {"floor": floor, "ceil": ceil}[node.func.id](evaluated(node.args[0]))
    assert isinstance(node, ast.Constant)
    return node.value

"""The formulas of one operation of a net, with shapes written as the net's file writes them."""

from __future__ import annotations

from cnncalc.analysis.model import NodeAnalysis
from cnncalc.geometry import Order
from cnncalc.layers.base import Formula


def formulas_of(node: NodeAnalysis, order: Order) -> tuple[Formula, ...]:
    """What the layer says of itself; a layer knows no order of sizes, so the resulting shape is put in order here."""
    return tuple(_in_order(formula, node, order) for formula in node.node.layer.formulas(node.inputs))


def _in_order(formula: Formula, node: NodeAnalysis, order: Order) -> Formula:
    if formula.quantity != "shape":
        return formula
    shape = node.output.text(order)
    return Formula("shape", formula.symbols, shape, shape)

"""The formulas behind an answer: the way to the solution, for whoever may see it.

Each formula comes in symbols, with the numbers of its line put in, and with its result.  Which of that is shown, and
to whom, is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cnncalc.analysis import Analysis
from cnncalc.analysis.formulas import formulas_of
from cnncalc.analysis.model import NodeAnalysis
from cnncalc.asked import FIELD, QUANTITIES, SHAPE, quantity_of
from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, Order
from cnncalc.homework.findings import Finding
from cnncalc.homework.truth import Truth
from cnncalc.layers.base import Formula
from cnncalc.quantities import exact, grouped

LETTERS = {
    "n": "the size that arrives",
    "k": "the kernel",
    "s": "the stride",
    "p": "the padding",
    "d": "the dilation",
    "C": "the number of channels that arrive",
    "r": "the receptive field of what arrives",
    "j": "the jump of what arrives",
    "extent": "d(k-1) + 1",
}
"""The letters of the layers' formulas."""

_AXES = ("shape", "size", "channels", *AXIS_NAMES[3])
_NOTHING = ("no weights", "no multiply-accumulates")
_NAMES = {one.name: one.symbol_name for one in QUANTITIES if one.symbol_name}


def formulas(finding: Finding, truth: Truth) -> tuple[Formula, ...]:
    """The formulas behind what was asked; of a shape those of the axes that are wrong."""
    nodes = truth.nodes_of(finding.place.kind, finding.place.index)
    if finding.place.kind == "total" or not nodes:
        return (Formula(finding.asked, "the sum over the lines", "", ""),) if finding.asked != SHAPE.name else ()
    key = truth.analysis
    if finding.asked == FIELD.name:
        return (_field_formula(key, nodes),)
    found = [found for n in nodes for found in _of_node(key.nodes[n], finding, key.graph.order)]
    asked = quantity_of(finding.answer)
    if not found and asked.symbols:
        return (Formula(asked.symbol_name or asked.name, asked.symbols, "", ""),)
    return tuple(dict.fromkeys(found))


def own_formulas(finding: Finding) -> tuple[Formula, ...]:
    """The formulas of an answer that follows, with the numbers that its author had and without the symbols."""
    if finding.worked_with is None:
        return ()
    layer, inputs = finding.worked_with
    try:
        told = layer.formulas(inputs)
    except Refusal:
        return ()
    if finding.asked == SHAPE.name:
        wanted = set(finding.verdict.wrong) or set(_AXES) - {SHAPE.name}
        if "length" in wanted:
            wanted = {"length", "size", "channels"}
        found = [one for one in told if one.quantity in wanted]
    else:
        found = [one for one in told if one.quantity == finding.asked and one.result == finding.answer.given]
    return tuple(one._replace(symbols="") for one in found if one.numbers)


def _of_node(node: NodeAnalysis, finding: Finding, order: Order) -> Iterator[Formula]:
    told = formulas_of(node, order)
    if finding.asked != SHAPE.name:
        yield from (one for one in told if one.quantity == finding.asked and one.symbols not in _NOTHING)
        return
    if node.node.layer.in_place:
        return
    wanted = set(finding.verdict.wrong) & set(_AXES) or set(_AXES)
    yield from (one for one in told if one.quantity in wanted or one.quantity in (SHAPE.name, "size"))


def _field_formula(key: Analysis, nodes: range) -> Formula:
    """r and j are the size and the jump of what arrives, the extent is the window's; numbers only where it fits."""
    inputs = key.graph.nodes[nodes.start].inputs
    before = key.nodes[inputs[0]].receptive_field if len(inputs) == 1 else None
    own = key.nodes[nodes.stop - 1].receptive_field
    if before is None or own is None or not before.jump[-1]:
        return Formula(FIELD.name, FIELD.symbols, "", FIELD.shown(own.size, key.graph.order) if own else "")
    r, j = before.size[-1], before.jump[-1]
    extent = (own.size[-1] - r) / j + 1
    numbers = f"{r} + ({exact(extent)} - 1) * {exact(j)}"
    return Formula(FIELD.name, FIELD.symbols, numbers, FIELD.shown(own.size, key.graph.order))


def steps(told: Iterable[Formula], *, numbers: bool) -> Iterator[str]:
    """Each formula in symbols, and with its numbers and result if these may be seen.  Equal ones are given once."""
    merged: dict[tuple[str, str, int | str], list[str]] = {}
    for one in told:
        key = (one.symbols, one.numbers if numbers else "", one.result if numbers else "")
        merged.setdefault(key, []).append(_NAMES.get(one.quantity, one.quantity))
    for (symbols, put_in, result), names in merged.items():
        last = grouped(result) if isinstance(result, int) else result
        parts = dict.fromkeys(part for part in (symbols, put_in, last) if part)
        yield f"{', '.join(names)} = {' = '.join(parts)}"


def legend(told: Iterable[str]) -> str:
    """What the letters in some formulas stand for: `In the formulas n is the size that arrives, s is the stride.`"""
    used = set(re.findall(r"[A-Za-z]+(?:_[a-z]+)*", " ".join(told)))
    used |= {"k"} if any(word.startswith("k_") for word in used) else set()
    used |= {"p"} if any(word.startswith("p_") for word in used) else set()
    said = ", ".join(f"{letter} is {meaning}" for letter, meaning in LETTERS.items() if letter in used)
    return f"In the formulas {said}." if said else ""

"""What a finding may say, level by level, without the right value: which part is wrong, which slip, which formula.

Level 0 says right or wrong, 1 which axis, cell or quantity, 2 what kind of slip it looks like, 3 the formula of the
line in symbols.  The formulas with numbers put in (`Formula.numbers`, `Formula.result`) and `right_text` are the
solution: whoever shows them was asked to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cnncalc.analysis import Analysis
from cnncalc.analysis.formulas import formulas_of
from cnncalc.analysis.model import NodeAnalysis
from cnncalc.asked import FIELD, SHAPE, quantity_of
from cnncalc.geometry import AXIS_NAMES, Order
from cnncalc.homework.findings import Finding, Place, Status, place_of
from cnncalc.homework.slips import as_if, hint
from cnncalc.homework.truth import Truth
from cnncalc.layers.base import Formula
from cnncalc.quantities import exact

if TYPE_CHECKING:
    pass

HIGHEST_LEVEL = 3
MOST_PARTS = 8
"""How many wrong cells are named one by one."""

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


def shown_status(finding: Finding, level: int) -> Status:
    """The status as far as the level goes: that an answer is a slip or follows from another is a hint already."""
    hidden = (finding.status == "slip" and level < 2) or (finding.status == "follows" and level < 1)
    return "wrong" if hidden else finding.status


def hints(finding: Finding, level: int, key: Analysis) -> tuple[str, ...]:
    """What may be said about a finding in words, up to a level; formulas are `formulas`'."""
    if finding.status not in ("follows", "slip", "wrong"):
        remark = finding.fault or finding.verdict.remark
        return (remark,) if remark else ()
    said: list[str] = []
    if level >= 1 and finding.follows is not None:
        said.append(_follows(finding, finding.follows))
    elif level >= 1:
        said.append(_where(finding))
    if level >= 2 and finding.why:
        said.append(_looks(finding, key))
    return tuple(filter(None, said))


def _follows(finding: Finding, charged: Place) -> str:
    if charged.label == finding.place.label:
        return "follows from another answer on this line: fix that one first"
    return f"follows from your answer at {charged.label}: fix that one first"


def _where(finding: Finding) -> str:
    """The wrong axes or cells; a number that is wrong has no parts."""
    wrong = finding.verdict.wrong
    if not wrong:
        return ""
    named = quantity_of(finding.answer).between_parts.join(wrong[:MOST_PARTS])
    more = len(wrong) - MOST_PARTS
    return f"wrong: {named}{f' and {more:,} more' if more > 0 else ''}"


def _looks(finding: Finding, key: Analysis) -> str:
    """`looks as if each filter had only one channel`."""
    line = elsewhere(finding, key)
    where = f" (on the line {line})" if line else ""
    return f"looks {as_if(map(hint, finding.slips))}{where}"


def elsewhere(finding: Finding, key: Analysis) -> str:
    """The line above on which the slip was made; empty where it was made on the line itself, or on no one line."""
    truth, place = Truth(key), (finding.place.kind, finding.place.index)
    node, subject = finding.why[0].node if finding.why else None, truth.subject(*place)
    above = None if node is None or node == (subject and subject.node) else truth.place_at(node)
    if above is None or above == truth.place_of(*place):
        return ""
    return place_of(key.graph, *above).label


def formulas(finding: Finding, key: Analysis) -> tuple[Formula, ...]:
    """The formulas behind what was asked; of a shape those of the axes that are wrong."""
    nodes = Truth(key).nodes_of(finding.place.kind, finding.place.index)
    if finding.place.kind == "total" or not nodes:
        return (Formula(finding.asked, "the sum over the lines", "", ""),) if finding.asked != SHAPE.name else ()
    if finding.asked == FIELD.name:
        return (_field_formula(key, nodes),)
    found = [found for n in nodes for found in _of_node(key.nodes[n], finding, key.graph.order)]
    asked = quantity_of(finding.answer)
    if not found and asked.symbols:
        return (Formula(asked.symbol_name or asked.name, asked.symbols, "", ""),)
    return tuple(dict.fromkeys(found))


def legend(told: Iterable[str]) -> str:
    """What the letters in some formulas stand for: `In the formulas n is the size that arrives, s is the stride.`"""
    used = set(re.findall(r"[A-Za-z]+(?:_[a-z]+)*", " ".join(told)))
    used |= {"k"} if any(word.startswith("k_") for word in used) else set()
    used |= {"p"} if any(word.startswith("p_") for word in used) else set()
    said = ", ".join(f"{letter} is {meaning}" for letter, meaning in LETTERS.items() if letter in used)
    return f"In the formulas {said}." if said else ""


def _of_node(node: NodeAnalysis, finding: Finding, order: Order) -> Iterator[Formula]:
    told = formulas_of(node, order)
    if finding.asked != SHAPE.name:
        yield from (one for one in told if one.quantity == finding.asked and one.symbols not in _NOTHING)
        return
    if node.node.layer.in_place:
        return
    wanted = set(finding.verdict.wrong) & set(_AXES) or set(_AXES)
    yield from (one for one in told if one.quantity in wanted or (one.quantity in (SHAPE.name, "size")))


_NOTHING = ("no weights", "no multiply-accumulates")


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


def right_text(finding: Finding, key: Analysis) -> str:
    """The right value in the file's own order of sizes: for whoever asked for the solution."""
    return quantity_of(finding.answer).shown(finding.right, key.graph.order)

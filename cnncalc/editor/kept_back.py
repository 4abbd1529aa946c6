"""Numbers that nobody is told: what is right for the answers of a text that are open or wrong.

They are kept back wherever an editor would show them: at other lines, in formulas, in warnings and faults.  What a line
itself says in the text is no secret.  Other numbers are told, so that a text with one open answer is still helped with.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.asked import quantity_of
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Graph
from cnncalc.homework.findings import Finding
from cnncalc.homework.masking import ORDERS, tokens, told_numbers, without_numbers, written_on

SAID = "a number that this text asks for is left out here"


class KeptBack(NamedTuple):
    """`values` are right answers; `parts` the sizes and channels of those, unless they can be read elsewhere.

    0 is in every second formula, and no secret.
    """

    values: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()

    def tells(self, text: str) -> bool:
        """Whether a text has a right answer in it."""
        return bool(self.values) and not self.values.isdisjoint(told_numbers(text))

    def tells_a_part(self, text: str, source: Source, line: int) -> bool:
        """Whether a formula about a line has a right answer in it, or a part of one that the line does not show."""
        if not self.values:
            return False
        told = told_numbers(text) - tokens(written_on(source, line))
        return self.tells(text) or not self.parts.isdisjoint(told)

    def without(self, one: Diagnostic, source: Source) -> Diagnostic:
        """A warning or fault without the numbers."""
        if not self.values:
            return one
        return without_numbers(one, source, lambda number: number in self.values or number in self.parts, SAID)


def kept_back(graph: Graph, findings: Iterable[Finding]) -> KeptBack:
    """What is kept back while some answers are open or wrong."""
    values, parts = set[str](), set[str]()
    known = [node.output for node in graph.nodes if node.layer.word == "input"]
    for one in findings:
        if one.verdict.ok is True:
            known += [one.right] if isinstance(one.right, Shape) else []
        elif one.right is not None:
            own = _spellings(one)
            values |= told_numbers(own) | {number.partition(".")[0] for number in told_numbers(own)}
            parts |= tokens(own)
            parts |= {one.right.spatial_text} if isinstance(one.right, Shape) and len(one.right.spatial) > 1 else set()
    shown = {
        text for shape in known for order in ORDERS for text in tokens(f"{shape.text(order)} {shape.spatial_text}")
    }
    return KeptBack(frozenset(values - {"0"}), frozenset(parts - shown - {"0"}))


def _spellings(one: Finding) -> str:
    """The right answer in all the ways in which it may be told."""
    if isinstance(one.right, Shape):
        return ", ".join(one.right.text(order) for order in ORDERS)
    said = quantity_of(one.answer).answered(one.right)
    sizes = one.right if isinstance(one.right, tuple) and all(isinstance(size, int) for size in one.right) else ()
    return f"{said}, {'x'.join(map(str, sizes))}"

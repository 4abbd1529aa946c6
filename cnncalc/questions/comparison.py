"""What differs between two nets, line by line and in total: `comparison` of two analyses.

Lines are put together from paired operations: a line of A with the lines of B that do its work.  Every number comes
from the analyses, or from asking a layer with one argument changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.liveness import row_of_node
from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.questions.compared import (
    NOTHING,
    Cause,
    ComparedRow,
    Comparison,
    Difference,
    Sign,
    numbers_of,
)
from cnncalc.questions.difference_facts import findings
from cnncalc.questions.layer_changes import layer_causes, picture_words
from cnncalc.questions.moved_rows import with_moved
from cnncalc.questions.pads_apart import have_the_same_pads, is_pad, takes_pads, with_pad
from cnncalc.questions.paired_layers import Pair, PairedLayers
from cnncalc.questions.reading_places import reading_causes


def comparison(a: Analysis, b: Analysis) -> Comparison:
    """Everything that differs between the nets A and B."""
    compared = _Compared(a, b)
    rows = in_order(with_moved(a, b, compared.rows()))
    idle = _uncalled(a, b)
    totals = numbers_of(b.totals.figures) - numbers_of(a.totals.figures)
    found = findings(a, b, rows, idle)
    return Comparison(a, b, tuple(rows), totals, found, tuple(_differences(a, b, idle)), tuple(_remarks(a, b)))


class _Compared:
    """Makes the lines of two nets that are laid next to each other."""

    def __init__(self, a: Analysis, b: Analysis) -> None:
        self.a, self.b = a, b
        self.rows_a, self.rows_b = row_of_node(a.graph), row_of_node(b.graph)
        self.pairs = PairedLayers(a, b).pairs()
        self.reads = reading_causes(a.graph, b.graph, [pair for stretch in self.pairs for pair in stretch])

    def rows(self) -> list[ComparedRow]:
        return [self._row(line) for stretch in self.pairs for line in self._lines(stretch)]

    def _lines(self, stretch: list[Pair]) -> Iterator[tuple[Pair, ...]]:
        """The pairs of a stretch, parted where a line ends in both nets."""
        last: dict[tuple[str, int], int] = {}
        places = [self._places(pair) for pair in stretch]
        for n, rows in enumerate(places):
            last |= dict.fromkeys(rows, n)
        begun = reach = 0
        for n, rows in enumerate(places):
            if n > reach:
                yield tuple(stretch[begun:n])
                begun = n
            reach = max(reach, *(last[row] for row in rows))
            if self._padded(stretch, n) is not None:
                reach = max(reach, n + 1)
        yield tuple(stretch[begun:])

    def _places(self, pair: Pair) -> list[tuple[str, int]]:
        i, j = pair
        return [
            *([("a", self.rows_a[i])] if i is not None else []),
            *([("b", self.rows_b[j])] if j is not None else []),
        ]

    def _row(self, pairs: tuple[Pair, ...]) -> ComparedRow:
        causes: list[Cause] = []
        whole = NOTHING
        padded = None
        for n, pair in enumerate(pairs):
            one, other = padded or self._nodes(pair)
            difference = _numbers(other) - _numbers(one)
            whole += difference
            padded = self._padded(pairs, n)
            found = list(_causes(one, other, difference)) if padded is None else []
            if pair in self.reads:
                found.append(self.reads[pair])
            causes = _joined(causes, found, begins=pair == pairs[0])
        rows_a = sorted({self.rows_a[i] for i, _ in pairs if i is not None})
        rows_b = sorted({self.rows_b[j] for _, j in pairs if j is not None})
        return ComparedRow(_sign(pairs, causes), tuple(rows_a), tuple(rows_b), pairs, tuple(causes), whole)

    def _padded(self, pairs: Sequence[Pair], n: int) -> tuple[NodeAnalysis, NodeAnalysis] | None:
        """The operations of the next pair where this one is a pad of one net which the other's operation does too."""
        pads = self._nodes(pairs[n])
        alone = next((one for one in pads if is_pad(one)), None)
        if None not in pads or alone is None or n + 1 == len(pairs):
            return None
        one, other = self._nodes(pairs[n + 1])
        if one is None or other is None or not takes_pads(one) or not takes_pads(other):
            return None
        reader = other if pads[0] is None else one
        if reader.node.inputs != (alone.node.index,):
            return None
        both = (one, with_pad(alone, other)) if pads[0] is None else (with_pad(alone, one), other)
        return both if have_the_same_pads(*both) else None

    def _nodes(self, pair: Pair) -> tuple[NodeAnalysis | None, NodeAnalysis | None]:
        i, j = pair
        return None if i is None else self.a.nodes[i], None if j is None else self.b.nodes[j]


def _numbers(one: NodeAnalysis | None) -> Difference:
    return NOTHING if one is None else numbers_of(one.figures)


def _causes(one: NodeAnalysis | None, other: NodeAnalysis | None, whole: Difference) -> Iterator[Cause]:
    """Why a pair of operations differs."""
    if one is None or other is None:
        there = one or other
        assert there is not None  # a pair has one at least
        word = there.node.layer.word
        yield (
            Cause("added", word, f"{word} added", whole)
            if one is None
            else Cause("removed", word, f"{word} removed", whole)
        )
        return
    lent = one.lender is not None
    if lent != (other.lender is not None):
        before, after = (f"those of {x.lender.name}" if x.lender else "its own" for x in (one, other))
        yield Cause("weights", one.node.layer.word, f"weights {before} -> {after}", whole, "shared", before, after)
        return
    if one.node.frozen != other.node.frozen and one.weights:
        before, after = _training(one), _training(other)
        yield Cause("weights", one.node.layer.word, f"{before} -> {after}", NOTHING, "frozen", before, after)
    if one.node.layer != other.node.layer or one.inputs != other.inputs:
        yield from layer_causes(one.node.layer, other.node.layer, one.inputs, other.inputs, lent=lent, whole=whole)


def _training(one: NodeAnalysis) -> str:
    """What training does to the weights of an operation."""
    names = {weight.name for weight in one.weights if weight.trainable}
    still = names & one.node.frozen
    return "trained" if not still else "frozen" if still == names else f"frozen {' and '.join(sorted(still))}"


def _joined(causes: list[Cause], found: list[Cause], *, begins: bool) -> list[Cause]:
    """The causes of a line with those of its next operation.

    What arrives there comes from the operation before it on the line: its part of the numbers is added to what changed
    there, or to what arrives at the line.
    """
    if begins:
        return found
    joined = list(causes)
    for cause in found:
        if cause.kind == "arrives" and joined:
            at = _blamed(joined)
            joined[at] = joined[at]._replace(difference=joined[at].difference + cause.difference)
        else:
            joined.append(cause)
    return joined


def _blamed(causes: list[Cause]) -> int:
    """The cause that passes another shape on: what arrives at the line, else what changes its shape."""
    for kinds in (("arrives",), ("lent", "layer", "argument"), ("added", "removed")):
        for n, cause in enumerate(causes):
            if cause.kind in kinds and cause.name != "bias":
                return n
    return 0


def _sign(pairs: tuple[Pair, ...], causes: list[Cause]) -> Sign:
    if all(i is None for i, _ in pairs):
        return "added"
    if all(j is None for _, j in pairs):
        return "removed"
    if all(cause.kind == "arrives" for cause in causes):
        return "arrives" if causes else "same"
    return "changed"


def in_order(rows: list[ComparedRow]) -> list[ComparedRow]:
    """The rows in A's order; what only B has follows the row with the line before it in B, as far as there is one."""
    places = {row: index for index, one in enumerate(rows) for row in one.rows_b}
    of_a = sorted((n for n, one in enumerate(rows) if one.rows_a), key=lambda n: rows[n].rows_a)
    after: dict[int, list[int]] = {}
    for n in sorted((n for n, one in enumerate(rows) if not one.rows_a), key=lambda n: rows[n].rows_b):
        after.setdefault(places.get(rows[n].rows_b[0] - 1, -1), []).append(n)
    waiting = [*of_a[::-1], *after.get(-1, ())[::-1]]
    found: list[ComparedRow] = []
    while waiting:
        at = waiting.pop()
        found.append(rows[at])
        waiting += after.get(at, ())[::-1]
    return found


# ---------------------------------------------------------------------- outside of lines
def _uncalled(a: Analysis, b: Analysis) -> Difference:
    """The numbers of what programs make and never call."""
    mine, other = (
        Difference(
            sum(one.params for _, one in net.totals.uncalled), sum(one.buffers for _, one in net.totals.uncalled)
        )
        for net in (a, b)
    )
    return other - mine


def _differences(a: Analysis, b: Analysis, idle: Difference) -> Iterator[tuple[str, str]]:
    """What differs outside of lines and makes another net."""
    for name, mine, other in (
        ("Input", a.totals.inputs, b.totals.inputs),
        ("Output", a.totals.outputs, b.totals.outputs),
    ):
        if mine != other:
            yield name, " -> ".join(", ".join(shape.text() for shape in shapes) for shapes in (mine, other))
    if not idle.is_nothing:
        yield "Never called", "parts that a program makes and never calls have other numbers"


def _remarks(a: Analysis, b: Analysis) -> Iterator[tuple[str, str]]:
    """What differs and makes no other net, and where each of them was cut."""
    ends = [f"{which} ends with {net.graph.until}" for which, net in (("A", a), ("B", b)) if net.graph.until]
    if ends:
        yield "--until", " and ".join(ends)
    if a.graph.order != b.graph.order:
        yield "Order", f"A is written {a.graph.order}, B {b.graph.order}: the same shapes in another order"
    pictures = [{picture_words(node.layer) for node in net.graph.nodes} - {""} for net in (a, b)]
    if bool(pictures[0]) != bool(pictures[1]):
        which, words = ("A", pictures[0]) if pictures[0] else ("B", pictures[1])
        yield "Pictures", f"only {which} says how they become numbers: {', '.join(sorted(words))}"
    if a.graph.classes != b.graph.classes and a.graph.classes and b.graph.classes:
        yield "Classes", f"{a.graph.classes} -> {b.graph.classes}"

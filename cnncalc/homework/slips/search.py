"""Which slips give exactly what was claimed about a place of a key: looked up, after each slip was told once.

The slips of the line itself come first, then those made on a line above or on all lines, and last another quantity
given by mistake.  Several that agree are all named: which one it was nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from cnncalc.asked import FIELD, PADS, PARAMS, SHAPE, SIZE, VALUES
from cnncalc.asked.comparing import compared_field, compared_pads, oriented
from cnncalc.asked.counting_answers import TOTAL_PARAMS
from cnncalc.asked.measured_answers import sides
from cnncalc.asked.quantity import Pads, Right
from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.homework.pads import padded_node, pads_of
from cnncalc.homework.slips.edits import Slip, asked_safely
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.on_counts import ANOTHER_QUANTITY, COUNT_SLIPS
from cnncalc.homework.slips.on_fields import Sizes, wrong_fields
from cnncalc.homework.slips.on_nets import Story, line_sums, stories
from cnncalc.homework.slips.on_sizes import LAYER_SLIPS
from cnncalc.homework.slips.on_values import matrix_slips, wrong_matrices
from cnncalc.homework.truth import COUNTED, PlaceKind, Subject, Truth
from cnncalc.homework.what_if import Memory, WhatIf
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.analysis.model import NodeAnalysis

Found = tuple[tuple[str, ...], int | None]
"""The names of the slips, and the node at which they are made; None: everywhere, or on no one line."""

NOTHING: Found = ((), None)
MOST_NAMES = 6
LAST = ("one-step-too-many", "another-kernel-size")
"""Slips that are named, the first of them, only where no other fits: some window explains almost any size of a map."""

LESS_LIKELY: dict[str, tuple[str, ...]] = {
    "plus-one-forgotten": ("rounded-down",),
    "one-filter": ("channels-forgotten",),
    "depth-kept": ("channels-forgotten",),
    "pool-changes-channels": ("channels-forgotten",),
}
"""A slip -> those beside which it is not named, since they say the same more plainly."""
MOST_REMEMBERED = 2_000
_COMPARED_EXACTLY = frozenset((*COUNTED, SIZE.name))
"""What is right only as this very number, so that a look at the numbers is enough."""

LARGEST_PLACE = 200
"""Nodes.  A block call or a repeated line of more is not told once for every slip on each of them."""


class SlipBook:
    """The slips of one key; what a slip gives at a place is worked out when it is first asked for."""

    def __init__(self, truth: Truth, memory: Memory) -> None:
        self.truth = truth
        self.memory = memory
        self._told: dict[tuple[object, ...], list[tuple[str, Subject]]] = {}
        self._stories: list[Story] | None = None
        self._about: dict[tuple[PlaceKind, int], list[tuple[str, int | None, Subject]]] = {}
        self._fields: dict[int, list[tuple[str, Sizes]]] | None = None

    def explanations(
        self, kind: PlaceKind, index: int, answer: Answer, arriving: Mapping[int, Shape]
    ) -> tuple[Explanation, ...]:
        """What explains this wrong answer, best first; `arriving` are the shapes its author believes to arrive here."""
        names, node = self._found(kind, index, answer, arriving)
        return tuple(Explanation(tuple(name.split("+")), node, 1) for name in names)

    def _found(self, kind: PlaceKind, index: int, answer: Answer, forced: Mapping[int, Shape]) -> Found:
        subject = self.truth.subject(kind, index)
        if subject is None:
            return NOTHING
        if isinstance(answer.given, Matrix):
            return self._of_matrix(kind, index, answer.given), subject.node
        if answer.asked == FIELD.name:
            return self._of_field(subject, answer), subject.node
        if answer.asked == PADS.name:
            return self._of_pads(subject, answer), subject.node
        names = self._on_the_line(kind, index, answer, subject, forced)
        return (names, subject.node) if names else self._elsewhere(kind, index, answer, subject)

    def wrong_answers(self, kind: PlaceKind, index: int, asked: str) -> Iterator[tuple[str, Right]]:
        """What the slips of the line itself give for what is asked there, each with its name."""
        subject = self.truth.subject(kind, index)
        if subject is None or subject.node is None:
            return
        if asked == VALUES.name:
            yield from wrong_matrices(self.truth, self._nodes(kind, index))
        elif asked == FIELD.name:
            yield from self._wrong_fields(subject.node)
        elif asked == PADS.name:
            yield from ((name, sides(pads)) for name, pads in self._wrong_pads(subject.node))
        else:
            for name, other in self._tellings(kind, index, {}):
                yield name, other.output if asked == SHAPE.name else self._count(other, asked)
            if asked != SHAPE.name:
                made = ((slip, slip.values(subject, asked)) for slip in COUNT_SLIPS if slip.values is not None)
                yield from ((slip.name, value) for slip, values in made for value in values)

    def _count(self, subject: Subject, asked: str) -> Right:
        return int(self.truth.quantity(subject, asked)) if asked in (*COUNTED, SIZE.name) else None

    # ------------------------------------------------------------------ on the line itself
    def _on_the_line(
        self, kind: PlaceKind, index: int, answer: Answer, subject: Subject, forced: Mapping[int, Shape]
    ) -> tuple[str, ...]:
        told = self._tellings(kind, index, forced)
        names = [name for name, other in told if self._agrees(answer, other)]
        names += _made_of_counts(COUNT_SLIPS, answer, subject, self.truth)
        if answer.asked == SHAPE.name and isinstance(answer.given, tuple):
            if self._agrees(answer._replace(given=answer.given[1:]), subject):
                names.append("batch-counted")
            if not names and subject.output is not None:
                names += _two_at_once(answer.given, subject.output, told, self.truth)
        if not names and forced:
            return self._on_the_line(kind, index, answer, subject, {})
        return _likely(names)

    def _agrees(self, answer: Answer, subject: Subject) -> bool:
        return self._may_agree(answer, subject) and self.truth.verdict(answer, subject)[0].ok is True

    def _may_agree(self, answer: Answer, subject: Subject) -> bool:
        """A quick look: whether an exact number, or the sizes in any order, occur there at all."""
        if isinstance(answer.given, tuple):
            return subject.output is not None and _sizes(answer.given) == _sizes(subject.output.sizes())
        if answer.approximate or self.truth.tolerance or self.truth.rounds or answer.asked not in _COMPARED_EXACTLY:
            return True
        names = (PARAMS.name, TOTAL_PARAMS) if answer.asked == PARAMS.name else (answer.asked,)
        numbers = (
            {subject.size} if answer.asked == SIZE.name else {counts.get(n) for counts in subject.copies for n in names}
        )
        return len(subject.copies) > 1 or answer.given in numbers

    def _tellings(self, kind: PlaceKind, index: int, forced: Mapping[int, Shape]) -> list[tuple[str, Subject]]:
        """The place as each slip on its own line tells it."""
        nodes = self.truth.nodes_of(kind, index)
        if kind == "total" or len(nodes) > LARGEST_PLACE:
            return []
        key = (kind, index, *forced.items())
        if key not in self._told:
            if len(self._told) > MOST_REMEMBERED:
                self._told.clear()
            self._told[key] = list(self._told_once(kind, index, nodes, forced))
        return self._told[key]

    def _told_once(
        self, kind: PlaceKind, index: int, nodes: range, forced: Mapping[int, Shape]
    ) -> Iterator[tuple[str, Subject]]:
        subject = self.truth.subject(kind, index)
        copies = 1 if subject is None else len(subject.copies)
        each = len(nodes) // copies if len(nodes) % copies == 0 else len(nodes)
        for slip, position in product(LAYER_SLIPS, range(each)):
            for alter in slip.alterations:
                altered = {n: partial(asked_safely, alter) for n in nodes if (n - nodes.start) % each == position}
                told = WhatIf(self.truth, self.memory, altered, forced, until=nodes.stop)
                other = told.subject(kind, index)
                if other is not None:
                    yield slip.name, other

    # ------------------------------------------------------------------ elsewhere in the net
    def _elsewhere(self, kind: PlaceKind, index: int, answer: Answer, subject: Subject) -> Found:
        hits: dict[str, set[int | None]] = {}
        for name, node, other in self._stories_about(kind, index):
            if self._agrees(answer, other):
                hits.setdefault(name, set()).add(node)
        if kind == "total" and (answer.asked in COUNTED or answer.asked == SIZE.name):
            for name, value in line_sums(self.truth, answer.asked, subject):
                if self._is_number(answer, value):
                    hits.setdefault(name, set()).add(None)
        if not hits:
            return tuple(_made_of_counts((ANOTHER_QUANTITY,), answer, subject, self.truth)), subject.node
        nodes = set().union(*hits.values()) - {None}
        return _likely(list(hits)), nodes.pop() if len(nodes) == 1 else None

    def _stories_about(self, kind: PlaceKind, index: int) -> list[tuple[str, int | None, Subject]]:
        """The place as each slip elsewhere tells it."""
        if self._stories is None:
            self._stories = stories(self.truth, self.memory)
        if (kind, index) not in self._about:
            told = ((name, node, story.subject(kind, index)) for name, node, story in self._stories)
            found = [(name, node, other) for name, node, other in told if other is not None]
            if len(self._about) > MOST_REMEMBERED:
                self._about.clear()
            self._about[kind, index] = found
        return self._about[kind, index]

    def _is_number(self, answer: Answer, value: int) -> bool:
        return isinstance(answer.given, Fraction) and self.truth.is_number(answer, value)

    # ------------------------------------------------------------------ matrices and receptive fields
    def _of_matrix(self, kind: PlaceKind, index: int, given: Matrix) -> tuple[str, ...]:
        nodes = self.truth.nodes_of(kind, index)
        if kind == "total" or not nodes or self.truth.graph.nodes[nodes.start].layer.word == "input":
            return ()
        try:
            return matrix_slips(self.truth, self._nodes(kind, index), given)
        except Refusal:
            return ()

    def _nodes(self, kind: PlaceKind, index: int) -> Sequence[NodeAnalysis]:
        nodes = self.truth.nodes_of(kind, index)
        return self.truth.analysis.nodes[nodes.start : nodes.stop]

    def _of_field(self, subject: Subject, answer: Answer) -> tuple[str, ...]:
        if subject.node is None or not isinstance(answer.given, Fraction | tuple):
            return ()
        given, fields = answer.given, self._wrong_fields(subject.node)
        if isinstance(given, tuple) and len(set(given)) > 1:
            fields = [("axes-exchanged", subject.field.size[::-1]), *fields] if subject.field else fields
        names = [name for name, field in fields if compared_field(given, field, None, answer.approximate).ok]
        return tuple(dict.fromkeys(names))[:MOST_NAMES]

    def _of_pads(self, subject: Subject, answer: Answer) -> tuple[str, ...]:
        given = answer.given
        if subject.node is None or not isinstance(given, Fraction | tuple):
            return ()
        names = [name for name, pads in self._wrong_pads(subject.node) if compared_pads(given, pads).ok]
        return tuple(dict.fromkeys(names))[:MOST_NAMES]

    def _wrong_pads(self, node: int) -> Iterator[tuple[str, Pads]]:
        found = padded_node(self.truth.analysis, node)
        if found is None:
            return
        for slip in LAYER_SLIPS:
            for alter in slip.alterations:
                asked = asked_safely(alter, found.node.layer, found.inputs)
                pads = pads_of(*asked) if asked is not None else None
                if pads is not None and pads != pads_of(found.node.layer, found.inputs):
                    yield slip.name, pads

    def _wrong_fields(self, node: int) -> list[tuple[str, Sizes]]:
        if self._fields is None:
            self._fields = wrong_fields(self.truth.graph)
        return self._fields[node]


def _sizes(sizes: tuple[int, ...]) -> list[int]:
    """The sizes above 1, smallest first."""
    return sorted(size for size in sizes if size != 1)


def _likely(names: list[str]) -> tuple[str, ...]:
    """Each name once, without those that say less than another one here."""
    told = [name for name in dict.fromkeys(names) if not set(LESS_LIKELY.get(name, ())) & set(names)]
    first = [name for name in told if name not in LAST]
    return tuple(first[:MOST_NAMES] or [name for name in LAST if name in told][:1])


def _made_of_counts(slips: tuple[Slip, ...], answer: Answer, subject: Subject, truth: Truth) -> list[str]:
    if not isinstance(answer.given, Fraction):
        return []
    return [
        slip.name
        for slip in slips
        if slip.values is not None
        and any(value and truth.is_number(answer, value) for value in slip.values(subject, answer.asked))
    ]


def _two_at_once(given: tuple[int, ...], right: Shape, told: list[tuple[str, Subject]], truth: Truth) -> Iterator[str]:
    """One slip for the sizes together with another for the channels."""
    claimed = oriented(given, right, truth.graph.order)
    if claimed is None or claimed.channels == right.channels or claimed.spatial == right.spatial:
        return
    shapes = [(name, other.output) for name, other in told if other.output is not None]
    of_sizes = _likely([name for name, shape in shapes if shape.spatial == claimed.spatial])
    of_channels = _likely([name for name, shape in shapes if shape.channels == claimed.channels])
    yield from (f"{one}+{other}" for one, other in product(of_sizes, of_channels) if one != other)

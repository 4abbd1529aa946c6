"""Error carried forward: what an answer would rightly be if its author's own earlier answers were right.

A wrong shape is carried through the net by the layers themselves, through branches too; counts that add up follow from
the parts as they were claimed; a receptive field and a matrix follow from those claimed for what arrives.  The
earliest wrong answer on the way is the one to charge.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.asked import FIELD, SHAPE, SIZE, VALUES
from cnncalc.asked.comparing import compared_field, compared_values, oriented
from cnncalc.diagnostics import Refusal
from cnncalc.geometry import LARGEST_SIZE, Shape
from cnncalc.homework.truth import COUNTED, PlaceKind, Subject, Truth
from cnncalc.homework.what_if import Memory, WhatIf
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.analysis.by_hand import Volume
    from cnncalc.analysis.model import NodeAnalysis, ReceptiveField

Place = tuple[PlaceKind, int]

_PER_OUTPUT = ("macs", "connections")
"""Counts that grow with the number of outputs, on the lines whose work is the same at every place."""

_EVEN_WORK = ("conv", "dwconv", "sepconv")


class Beliefs:
    """What one person claims about the lines of a key, taken for true."""

    def __init__(self, truth: Truth, memory: Memory, claims: Iterable[tuple[PlaceKind, int, Answer]]) -> None:
        self.truth = truth
        self.claims: dict[tuple[PlaceKind, int, str], Answer] = {}
        self.forced: dict[int, Shape] = {}
        for kind, index, answer in claims:
            if answer.given is not None:
                place = truth.place_of(kind, index)
                if place is not None:
                    self.claims.setdefault((*place, answer.asked), answer)
        for (kind, index, asked), answer in self.claims.items():
            if asked == SHAPE.name:
                self._believe(kind, index, answer)
        self.told = WhatIf(truth, memory, forced=self.forced) if self.forced else None
        self._fields: list[tuple[tuple[int, ...] | None, Place | None]] | None = None

    def _believe(self, kind: PlaceKind, index: int, answer: Answer) -> None:
        subject = self.truth.subject(kind, index)
        if kind == "total" or subject is None or subject.output is None or subject.node is None:
            return
        if not isinstance(answer.given, tuple) or self.truth.verdict(answer, subject)[0].ok:
            claimed: Shape | None = subject.output
        else:
            claimed = oriented(answer.given, subject.output, self.truth.graph.order)
        if claimed is not None and all(0 < size <= LARGEST_SIZE for size in claimed.sizes()):
            self.forced[subject.node] = claimed

    def source(self, kind: PlaceKind, index: int, answer: Answer) -> Place | None:
        """The place whose wrong answer this one follows from; None when it does not follow."""
        place = self.truth.place_of(kind, index)
        if place is None:
            return None
        if isinstance(answer.given, Matrix):
            return self._from_matrices(place, answer.given)
        if answer.asked == FIELD.name:
            return self._from_fields(place, answer)
        return self._from_shapes(place, answer) or self._from_own_answers(place, answer)

    def subject(self, kind: PlaceKind, index: int) -> Subject | None:
        """The place as it rightly is after the shapes claimed above; None where they change nothing."""
        place = self.truth.place_of(kind, index)
        return None if place is None or self.told is None else self.told.subject(*place)

    def arriving(self, kind: PlaceKind, index: int) -> dict[int, Shape]:
        """The shapes believed to arrive at a place, by the node they come from, where they are not the right ones."""
        nodes = self.truth.nodes_of(kind, index)
        if self.told is None or kind == "total":
            return {}
        sources = {i for n in nodes for i in self.truth.graph.nodes[n].inputs if i < nodes.start}
        found = {i: self.told.believed.get(i) for i in sorted(sources)}
        return {i: shape for i, shape in found.items() if shape is not None}

    # ------------------------------------------------------------------ shapes and what is counted
    def _from_shapes(self, place: Place, answer: Answer) -> Place | None:
        subject = self.subject(*place)
        if subject is None or self.told is None or not self.truth.verdict(answer, subject)[0].ok:
            return None
        cause = self.told.cause(*place)
        return None if cause is None else self.truth.place_at(cause)

    def _from_own_answers(self, place: Place, answer: Answer) -> Place | None:
        """A count follows from the parts of a sum, or from the shape claimed for the same line."""
        subject = self.truth.subject(*place)
        if subject is None or not isinstance(answer.given, Fraction):
            return None
        if place[0] != "row":
            summed = answer.asked in (*COUNTED, SIZE.name)
            return self._from_parts(place, answer, subject) if summed else None
        claimed = self._own_shape(place, subject)
        if claimed is None:
            return None
        if answer.asked == SIZE.name:
            follows = self.truth.is_number(answer, claimed.elements)
        else:
            follows = self._follows_output(answer, self.subject(*place) or subject, claimed)
        return place if follows else None

    def _follows_output(self, answer: Answer, subject: Subject, claimed: Shape) -> bool:
        """Whether the work is that of one output, as often as there are outputs in the claimed shape."""
        if answer.asked not in _PER_OUTPUT or len(subject.copies) > 1 or not self._works_evenly(subject):
            return False
        outputs = subject.output.elements if subject.output else 0
        value = Fraction(subject.copies[0][answer.asked] * claimed.elements, max(1, outputs))
        return value.denominator == 1 and self.truth.is_number(answer, int(value))

    def _own_shape(self, place: Place, subject: Subject) -> Shape | None:
        """The shape claimed for the same place, where it is wrong."""
        claimed = None if subject.node is None else self.forced.get(subject.node)
        return None if (*place, SHAPE.name) not in self.claims or claimed == subject.output else claimed

    def _works_evenly(self, subject: Subject) -> bool:
        place = None if subject.node is None else self.truth.place_at(subject.node)
        if place is None or place[0] != "row":
            return False
        return self.truth.graph.nodes[self.truth.graph.rows[place[1]].first].layer.word in _EVEN_WORK

    def _from_parts(self, place: Place, answer: Answer, subject: Subject) -> Place | None:
        """A sum follows from its parts: each as it was claimed, else as it follows from shapes above, or as it is."""
        graph, asked = self.truth.graph, answer.asked
        rows = graph.rows
        if place[0] == "group":
            rows = graph.rows[graph.groups[place[1]].first : graph.groups[place[1]].last + 1]
        first: Place | None = None
        told_sum = true_sum = Fraction(self.truth.quantity(subject, asked))
        for row in rows:
            right = self.truth.subject("row", row.index) if row.copy == row.copies else None
            if right is None:
                continue
            true = self.truth.quantity(right, asked)
            told = self.subject("row", row.index)
            claimed = self._claimed(row.index, asked, right)
            if claimed is not None:
                if first is None and claimed != true:
                    first = ("row", row.index)
                told_sum, true_sum = told_sum + claimed - true, true_sum + claimed - true
            elif told is not None:
                told_sum += self.truth.quantity(told, asked) - true
        agrees = any(s.denominator == 1 and self.truth.is_number(answer, int(s)) for s in (told_sum, true_sum))
        return first if agrees else None

    def _claimed(self, index: int, asked: str, subject: Subject) -> Fraction | None:
        answer = self.claims.get(("row", index, asked))
        if answer is None or not isinstance(answer.given, Fraction):
            return None
        return answer.given * (len(subject.copies) if answer.scope != "all" else 1)

    # ------------------------------------------------------------------ receptive fields
    def _from_fields(self, place: Place, answer: Answer) -> Place | None:
        """A field grows on a line by as much as it rightly does, from what was claimed of what arrives."""
        subject = self.truth.subject(*place)
        if subject is None or subject.node is None or isinstance(answer.given, Matrix | None):
            return None
        if self._fields is None:
            self._fields = self._believed_fields()
        field, cause = self._fields[subject.node]
        if cause is None or field is None:
            return None
        return cause if compared_field(answer.given, field, None, answer.approximate).ok else None

    def _believed_fields(self) -> list[tuple[tuple[int, ...] | None, Place | None]]:
        """For every node the field that follows from the claims about lines above, and the first wrong one of them."""
        told: list[tuple[tuple[int, ...] | None, Place | None]] = []
        handed: list[tuple[tuple[int, ...] | None, Place | None]] = []
        for found in self.truth.analysis.nodes:
            own, cause = found.receptive_field, None
            field = own.size if own is not None else None
            arriving = [handed[i] for i in self._read(found) if handed[i][0] is not None]
            if field is not None and any(place for _, place in arriving):
                right = self._largest([self.truth.analysis.nodes[i].receptive_field for i in self._read(found)])
                believed = [max(sides) for sides in zip(*(one for one, _ in arriving if one), strict=True)]
                field = tuple(r + b - a for r, b, a in zip(field, believed, right, strict=True))
                cause = next(place for _, place in arriving if place)
            told.append((field, cause))
            handed.append(self._claimed_field(found.node.index, field, cause))
        return told

    def _read(self, node: NodeAnalysis) -> list[int]:
        """The inputs over which the node's field grows: a local field does not grow over a global path."""
        own, nodes = node.receptive_field, self.truth.analysis.nodes
        read = [i for i in node.node.inputs if (field := nodes[i].receptive_field) is not None and field.local]
        return read if own is not None and own.local else list(node.node.inputs)

    @staticmethod
    def _largest(fields: list[ReceptiveField | None]) -> list[int]:
        return [max(sides) for sides in zip(*(field.size for field in fields if field is not None), strict=True)]

    def _claimed_field(
        self, node: int, field: tuple[int, ...] | None, cause: Place | None
    ) -> tuple[tuple[int, ...] | None, Place | None]:
        """What is handed on: the claim about this line where there is one."""
        place = self.truth.place_at(node)
        answer = self.claims.get((*place, FIELD.name)) if place is not None and field is not None else None
        if answer is None or field is None or place is None:
            return field, cause
        given = answer.given
        if isinstance(given, Fraction) and given.denominator == 1:
            given = (int(given),) * len(field)
        own = self.truth.analysis.nodes[node].receptive_field
        whole = own is not None and own.whole and given == self.truth.analysis.totals.inputs[0].spatial
        if not isinstance(given, tuple) or len(given) != len(field) or given == field or whole:
            return field, cause
        return given, None if own is not None and given == own.size else place

    # ------------------------------------------------------------------ matrices
    def _from_matrices(self, place: Place, given: Matrix) -> Place | None:
        """A matrix follows from the matrices claimed for what arrives."""
        nodes = self.truth.nodes_of(*place)
        if place[0] == "total" or not nodes:
            return None
        claimed = [self._matrix(i) for i in self.truth.graph.nodes[nodes.start].inputs]
        cause = next((where for _, where in claimed if where is not None), None)
        volumes = [x for x, _ in claimed if x is not None]
        if cause is None or len(volumes) < len(claimed):
            return None
        made = self._worked_out(nodes, volumes)
        rank = self.truth.graph.nodes[nodes.stop - 1].output.rank
        return cause if made is not None and compared_values(given, made, rank).ok else None

    def _matrix(self, node: int) -> tuple[Volume | None, Place | None]:
        place, right = self.truth.place_at(node), self.truth.values(node)
        answer = self.claims.get((*place, VALUES.name)) if place else None
        if right is None or answer is None or not isinstance(answer.given, Matrix):
            return right, None
        rank = self.truth.graph.nodes[node].output.rank
        numbers = list(answer.given.values())
        if compared_values(answer.given, right, rank).ok or len(numbers) != sum(1 for _ in _numbers(right)):
            return right, None
        values = iter(numbers)
        return [[[[next(values) for _ in row] for row in sheet] for sheet in plane] for plane in right], place

    def _worked_out(self, nodes: range, volumes: list[Volume]) -> Volume | None:
        from cnncalc.analysis.by_hand import by_definition, stated  # noqa: PLC0415 - few nets state their numbers

        for node in self.truth.analysis.nodes[nodes.start : nodes.stop]:
            weights = stated(node.weights)
            if weights is None or self.truth.values(node.node.index) is None:
                return None
            try:
                volumes = [by_definition(node.node.layer.kernel_call(node.inputs), volumes, weights)]
            except Refusal:
                return None
        return volumes[0]


def _numbers(volume: Volume) -> Iterable[object]:
    return (value for plane in volume for sheet in plane for row in sheet for value in row)

"""Error carried forward: what an answer would rightly be if its author's own earlier answers were right.

A wrong shape is carried through the net by the layers themselves, through branches too; counts that add up follow from
the parts as they were claimed.  Only what can have been worked out is carried (`cnncalc.homework.credible`): half
right, not far off, following itself, or given by a slip.  The earliest wrong answer on the way is the one to charge.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.asked import FIELD, SHAPE, SIZE
from cnncalc.asked.comparing import oriented
from cnncalc.geometry import LARGEST_SIZE, Shape
from cnncalc.homework.count_propagation import follows_channels, follows_outputs, with_channels
from cnncalc.homework.credible import given_of, like_shape, near, repeated
from cnncalc.homework.field_propagation import ClaimedFields
from cnncalc.homework.matrix_propagation import ClaimedMatrices
from cnncalc.homework.truth import COUNTED, PlaceKind, Subject, Truth
from cnncalc.homework.what_if import Asked, Memory, WhatIf
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.homework.credible import Claimed
    from cnncalc.homework.slips.explanation import Explanation

    Explain = Callable[[PlaceKind, int, Answer, Mapping[int, Shape]], tuple[Explanation, ...]]

Place = tuple[PlaceKind, int]


class Beliefs:
    """What one person claims about the lines of a key, and what of it was worked out.

    `explain` says which slips give an answer, from the shapes that are believed to arrive.
    """

    def __init__(
        self, truth: Truth, memory: Memory, explain: Explain, claims: Iterable[tuple[PlaceKind, int, Answer]]
    ) -> None:
        self.truth = truth
        self.memory = memory
        self._explain = explain
        self._explained: dict[tuple[object, ...], tuple[Explanation, ...]] = {}
        self.claims: dict[tuple[PlaceKind, int, str], Answer] = {}
        self.open: set[tuple[PlaceKind, int, str]] = set()
        placed = [(truth.place_of(kind, index), answer) for kind, index, answer in claims]
        for place, answer in placed:
            if place is not None:
                if answer.given is None:
                    self.open.add((*place, answer.asked))
                else:
                    self.claims.setdefault((*place, answer.asked), answer)
        self._repeated = repeated(truth, [(*place, answer) for place, answer in placed if place is not None])
        self._filled_in = {given for given, where in self._repeated.filled_in.items() if not self._one_slip(where)}
        self._shapes = dict(self._claimed_shapes())
        claimed = {node: shape for node, (_, _, shape) in self._shapes.items()}
        self.told = WhatIf(truth, memory, forced=claimed, believes=self._believes) if claimed else None
        self._fields = ClaimedFields(truth, self.claims, self.is_explained)
        self._matrices = ClaimedMatrices(truth, self.claims, self.is_explained)

    def source(self, kind: PlaceKind, index: int, answer: Answer) -> Place | None:
        """The place whose wrong answer this one follows from; None when it does not follow."""
        place = self.truth.place_of(kind, index)
        if place is None:
            return None
        if isinstance(answer.given, Matrix):
            return self._matrices.source(place, answer.given)
        if answer.asked == FIELD.name:
            return self._fields.source(place, answer)
        if not self.may_follow(place, answer):
            return None
        return self._from_shapes(place, answer) or self._from_own_answers(place, answer)

    def subject(self, kind: PlaceKind, index: int) -> Subject | None:
        """The place as it rightly is after the shapes claimed above; None where they change nothing."""
        place = self.truth.place_of(kind, index)
        return None if place is None or self.told is None else self.told.subject(*place)

    def arriving(self, kind: PlaceKind, index: int) -> dict[int, Shape]:
        """The shapes believed to arrive at a place, by the node they come from, where they are not the right ones."""
        return {} if self.told is None else self._arriving(self.told, kind, index)

    def _arriving(self, told: WhatIf, kind: PlaceKind, index: int) -> dict[int, Shape]:
        if kind == "total":
            return {}
        nodes = self.truth.nodes_of(kind, index)
        sources = {i for n in nodes for i in self.truth.graph.nodes[n].inputs if i < nodes.start}
        found = {i: told.believed.get(i) for i in sorted(sources)}
        return {i: shape for i, shape in found.items() if shape is not None}

    def believed_shapes(self) -> dict[int, Shape]:
        """The claimed shapes that are believed, by node."""
        if self.told is None:
            return {}
        return {
            node: shape
            for node, (_, _, shape) in self._shapes.items()
            if self.told.believed.get(node, self.truth.graph.nodes[node].output) == shape
        }

    def worked_with(self, kind: PlaceKind, index: int) -> Asked | None:
        """The layer of a line and what arrives there, as its author sees them; None where they are the right ones."""
        place = self.truth.place_of(kind, index)
        subject = None if place is None else self.truth.subject(*place)
        if place is None or place[0] != "row" or subject is None or self.told is None:
            return None
        node = self.truth.graph.nodes[self.truth.nodes_of(*place).start]
        inputs, right = self.told.inputs_of(node.index), self.truth.analysis.nodes[node.index].inputs
        if inputs is None or not inputs:
            return None
        claimed = self._own_shape(place, subject)
        alter = with_channels(self.truth, place, claimed).get(node.index) if claimed is not None else None
        own = (alter and alter(node.layer, inputs)) or (node.layer, inputs)
        return None if own == (node.layer, right) else own

    # ------------------------------------------------------------------ what is believed
    def explanations(self, kind: PlaceKind, index: int, answer: Answer) -> tuple[Explanation, ...]:
        """The slips that give a wrong answer, from the shapes that its author believes to arrive."""
        return self._explanations(kind, index, answer, self.arriving(kind, index))

    def is_filled_in(self, answer: Answer) -> bool:
        """Whether the same was answered wherever something was asked: no slip explains it."""
        return given_of(answer) in self._filled_in

    def is_explained(self, place: Place, answer: Answer) -> bool:
        """Whether a wrong answer comes of a slip that has a name; what was repeated must come of a single one."""
        return self._believable(self.explanations(*place, answer), answer)

    def _believable(self, why: tuple[Explanation, ...], answer: Answer) -> bool:
        return any(len(one.slips) == 1 or given_of(answer) not in self._repeated.twice for one in why)

    def _one_slip(self, where: list[Claimed]) -> bool:
        """Whether one and the same slip gives an answer in all places where it was given."""
        names: set[str] | None = None
        for claimed in where:
            given = {one.name for one in self._explain(*claimed, {})}
            names = given if names is None else names & given
            if not names:
                return False
        return True

    def _explanations(
        self, kind: PlaceKind, index: int, answer: Answer, arriving: dict[int, Shape]
    ) -> tuple[Explanation, ...]:
        if self.is_filled_in(answer):
            return ()
        place = self.truth.place_of(kind, index) or (kind, index)
        known = (place, answer, *arriving.items())
        if known not in self._explained:
            self._explained[known] = self._explain(*place, answer, arriving)
        return self._explained[known]

    def _claimed_shapes(self) -> Iterable[tuple[int, tuple[Place, Answer, Shape]]]:
        """The shape claimed for a node, with the place and the answer that say so."""
        for (kind, index, asked), answer in self.claims.items():
            subject = self.truth.subject(kind, index) if asked == SHAPE.name and kind != "total" else None
            if subject is None or subject.output is None or subject.node is None:
                continue
            if not isinstance(answer.given, tuple) or self.truth.verdict(answer, subject)[0].ok:
                claimed: Shape | None = subject.output
            else:
                claimed = oriented(answer.given, subject.output, self.truth.graph.order)
            if claimed is not None and all(0 < size <= LARGEST_SIZE for size in claimed.sizes()):
                yield subject.node, ((kind, index), answer, claimed)

    def _believes(self, told: WhatIf, node: int) -> bool:
        """Whether a claimed shape is right, follows, or was at least worked out with some mistake."""
        place, answer, claimed = self._shapes[node]
        right = self.truth.graph.nodes[node].output
        follows = told.believed.get(node, right)
        if claimed in (right, follows):
            return True
        if given_of(answer) not in self._repeated.twice and any(
            like_shape(claimed, shape) for shape in (right, follows) if shape is not None
        ):
            return True
        return self._believable(self._explanations(*place, answer, self._arriving(told, *place)), answer)

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
            return self._from_parts(place, answer, subject) if answer.asked in (*COUNTED, SIZE.name) else None
        claimed = self._own_shape(place, subject)
        if claimed is None:
            return None
        follows = follows_outputs(self.truth, answer, self.subject(*place) or subject, claimed) or follows_channels(
            WhatIf(self.truth, self.memory, with_channels(self.truth, place, claimed), self.arriving(*place)),
            place,
            answer,
        )
        return place if follows else None

    def _own_shape(self, place: Place, subject: Subject) -> Shape | None:
        """The shape claimed and believed for the same place, where it is wrong."""
        if subject.node is None or self.told is None or (*place, SHAPE.name) not in self.claims:
            return None
        found = self._shapes.get(subject.node)
        if found is None or found[2] == subject.output:
            return None
        return found[2] if self.told.believed.get(subject.node) == found[2] else None

    # ------------------------------------------------------------------ sums
    def _parts(self, place: Place) -> Iterable[tuple[int, Subject]]:
        """The lines that a sum adds up, each with what is right about it."""
        graph = self.truth.graph
        rows = graph.rows
        if place[0] == "group":
            rows = graph.rows[graph.groups[place[1]].first : graph.groups[place[1]].last + 1]
        for row in rows:
            right = self.truth.subject("row", row.index) if row.copy == row.copies else None
            if right is not None:
                yield row.index, right

    def may_follow(self, place: Place, answer: Answer) -> bool:
        """A sum can follow if every part that was asked is answered, and every wrong one can have been worked out."""
        if place[0] == "row" or answer.asked not in (*COUNTED, SIZE.name):
            return True
        return answer.given != 0 and all(
            self._is_worked_out(index, answer.asked, right) for index, right in self._parts(place)
        )

    def _is_worked_out(self, index: int, asked: str, right: Subject) -> bool:
        answer = self.claims.get(("row", index, asked))
        if answer is None or not isinstance(answer.given, Fraction):
            return ("row", index, asked) not in self.open
        claimed, true = self._claimed(index, asked, right), self.truth.quantity(right, asked)
        if claimed == true or self.truth.verdict(answer, right)[0].ok is not False:
            return True
        if self.source("row", index, answer) is not None:
            return True
        alone = given_of(answer) not in self._repeated.twice
        if alone and claimed is not None and (near(claimed, true) or not claimed):
            return True  # none at all, once: the layer was taken for one that has nothing to count
        return self.is_explained(("row", index), answer)

    def _from_parts(self, place: Place, answer: Answer, subject: Subject) -> Place | None:
        """A sum follows from its parts: each as it was claimed, else as it follows from shapes above, or as it is."""
        first: Place | None = None
        told_sum = true_sum = Fraction(self.truth.quantity(subject, answer.asked))
        for index, right in self._parts(place):
            true = self.truth.quantity(right, answer.asked)
            told = self._with_own_channels(index, right) or self.subject("row", index)
            claimed = self._claimed(index, answer.asked, right)
            if claimed is not None:
                if first is None and claimed != true:
                    first = ("row", index)
                told_sum, true_sum = told_sum + claimed - true, true_sum + claimed - true
            elif told is not None:
                counted = self.truth.quantity(told, answer.asked)
                if first is None and counted != true:
                    first = self._cause(index)
                told_sum += counted - true
        agrees = any(s.denominator == 1 and self.truth.is_number(answer, int(s)) for s in (told_sum, true_sum))
        return first if agrees else None

    def _with_own_channels(self, index: int, right: Subject) -> Subject | None:
        """A line with as many filters, or units, as its claimed shape has channels; None where that is no other."""
        place: Place = ("row", index)
        claimed = self._own_shape(place, right)
        if claimed is None or right.output is None or claimed.channels == right.output.channels:
            return None
        altered = with_channels(self.truth, place, claimed)
        return WhatIf(self.truth, self.memory, altered, self.arriving(*place)).subject(*place)

    def _cause(self, index: int) -> Place | None:
        """The line whose claimed shape makes a line another one: itself, or one above."""
        right = self.truth.subject("row", index)
        if right is not None and self._own_shape(("row", index), right) is not None:
            return "row", index
        cause = None if self.told is None else self.told.cause("row", index)
        return None if cause is None else self.truth.place_at(cause)

    def _claimed(self, index: int, asked: str, subject: Subject) -> Fraction | None:
        answer = self.claims.get(("row", index, asked))
        if answer is None or not isinstance(answer.given, Fraction):
            return None
        return answer.given * (len(subject.copies) if answer.scope != "all" else 1)

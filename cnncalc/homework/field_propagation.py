"""Receptive fields carried forward: a field grows on a line by as much as it rightly does, from what was claimed above.

Which claims can have been worked out is decided here for fields; which slip gives one is asked of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.asked import FIELD
from cnncalc.asked.comparing import compared_field
from cnncalc.homework.credible import like_sizes
from cnncalc.homework.truth import PlaceKind, Truth
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.analysis.model import NodeAnalysis, ReceptiveField

Place = tuple[PlaceKind, int]
Field = tuple[int, ...] | None


class ClaimedFields:
    """The receptive fields of a net as one person's claims about them make them."""

    def __init__(
        self,
        truth: Truth,
        claims: Mapping[tuple[PlaceKind, int, str], Answer],
        is_explained: Callable[[Place, Answer], bool],
    ) -> None:
        self.truth = truth
        self.claims = claims
        self._is_explained = is_explained
        self._fields: list[tuple[Field, Place | None]] | None = None

    def source(self, place: Place, answer: Answer) -> Place | None:
        """The place whose claimed field this answer follows from; None when it does not follow."""
        subject = self.truth.subject(*place)
        if subject is None or subject.node is None or not isinstance(answer.given, Fraction | tuple):
            return None
        if self._fields is None:
            self._fields = self._believed()
        field, cause = self._fields[subject.node]
        if cause is None or field is None:
            return None
        return cause if compared_field(answer.given, field, None, answer.approximate).ok else None

    def _believed(self) -> list[tuple[Field, Place | None]]:
        """For every node the field that follows from the claims about lines above, and the first wrong one of them."""
        told: list[tuple[Field, Place | None]] = []
        handed: list[tuple[Field, Place | None]] = []
        for found in self.truth.analysis.nodes:
            own, cause = found.receptive_field, None
            field = own.size if own is not None else None
            arriving = [handed[i] for i in self._read(found) if handed[i][0] is not None]
            if field is not None and any(place for _, place in arriving):
                right = _largest([self.truth.analysis.nodes[i].receptive_field for i in self._read(found)])
                believed = [max(sides) for sides in zip(*(one for one, _ in arriving if one), strict=True)]
                field = tuple(r + b - a for r, b, a in zip(field, believed, right, strict=True))
                cause = next(place for _, place in arriving if place)
            told.append((field, cause))
            handed.append(self._claimed(found.node.index, field, cause))
        return told

    def _read(self, node: NodeAnalysis) -> list[int]:
        """The inputs over which the node's field grows: a local field does not grow over a global path."""
        own, nodes = node.receptive_field, self.truth.analysis.nodes
        read = [i for i in node.node.inputs if (field := nodes[i].receptive_field) is not None and field.local]
        return read if own is not None and own.local else list(node.node.inputs)

    def _claimed(self, node: int, field: Field, cause: Place | None) -> tuple[Field, Place | None]:
        """What is handed on: the claim about this line, where there is one that can have been worked out."""
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
        if own is not None and given == own.size:
            return given, None
        worked_out = like_sizes(given, field) or (own is not None and like_sizes(given, own.size))
        return (given, place) if worked_out or self._is_explained(place, answer) else (field, cause)


def _largest(fields: list[ReceptiveField | None]) -> list[int]:
    return [max(sides) for sides in zip(*(field.size for field in fields if field is not None), strict=True)]

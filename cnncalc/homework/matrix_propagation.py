"""Matrices carried forward: a matrix follows from the matrices claimed for what arrives, by the layer itself.

A claimed matrix is carried where half of its numbers are right, where it follows itself, or where a slip gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import TYPE_CHECKING

from cnncalc.asked import VALUES
from cnncalc.asked.comparing import OTHER_FORM, compared_values
from cnncalc.diagnostics import Refusal
from cnncalc.homework.truth import PlaceKind, Truth
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.analysis.by_hand import Number, Volume

Place = tuple[PlaceKind, int]


class ClaimedMatrices:
    """The numbers of a small net as one person's claims about them make them."""

    def __init__(
        self,
        truth: Truth,
        claims: Mapping[tuple[PlaceKind, int, str], Answer],
        is_explained: Callable[[Place, Answer], bool],
    ) -> None:
        self.truth = truth
        self.claims = {(kind, index): answer for (kind, index, asked), answer in claims.items() if asked == VALUES.name}
        self._is_explained = is_explained
        self._believed: dict[int, tuple[Volume, Place]] | None = None

    def source(self, place: Place, given: Matrix) -> Place | None:
        """The place whose claimed matrix this one follows from; None when it does not follow."""
        nodes = self.truth.nodes_of(*place)
        if place[0] == "total" or not nodes:
            return None
        made, cause = self._follows(nodes, self._carried())
        rank = self.truth.graph.nodes[nodes.stop - 1].output.rank
        return cause if made is not None and compared_values(given, made, rank).ok else None

    def _carried(self) -> dict[int, tuple[Volume, Place]]:
        """The claimed matrices that are wrong and can have been worked out, in the order of the net."""
        if self._believed is None:
            self._believed = {}
            placed = [(self.truth.nodes_of(*place), place, answer) for place, answer in self.claims.items()]
            for nodes, place, answer in sorted(placed, key=lambda one: (one[0].stop, one[0].start)):
                if place[0] != "total" and nodes and isinstance(answer.given, Matrix):
                    self._believe(nodes, place, answer, answer.given)
        return self._believed

    def _believe(self, nodes: range, place: Place, answer: Answer, given: Matrix) -> None:
        assert self._believed is not None
        node = nodes.stop - 1
        right = self.truth.values(node)
        numbers = list(given.values())
        if right is None or len(numbers) != sum(1 for _ in _numbers(right)):
            return
        left_open = [(p, r, c) in given.blank for p, r, c in _cells(given)]
        rank = self.truth.graph.nodes[node].output.rank
        verdict = compared_values(given, right, rank)
        if verdict.ok:
            return
        made, cause = self._follows(nodes, self._believed)
        follows = made is not None and bool(compared_values(given, made, rank).ok)
        arranged = verdict.wrong[0] not in OTHER_FORM
        half_right = arranged and 2 * (len(verdict.wrong) - len(given.blank)) <= len(numbers) - len(given.blank)
        if follows or half_right or self._is_explained(place, answer):
            known = zip(numbers, _numbers(right), left_open, strict=True)
            values = iter([value if is_open else number for number, value, is_open in known])
            claimed: Volume = [[[[next(values) for _ in row] for row in sheet] for sheet in plane] for plane in right]
            self._believed[node] = claimed, cause if follows and cause is not None else place

    def _follows(
        self, nodes: range, believed: Mapping[int, tuple[Volume, Place]]
    ) -> tuple[Volume | None, Place | None]:
        """What nodes give for the matrices that are believed to arrive, and the first mistake in those."""
        inputs = self.truth.graph.nodes[nodes.start].inputs
        cause = next((believed[i][1] for i in inputs if i in believed), None)
        volumes = [believed[i][0] if i in believed else self.truth.values(i) for i in inputs]
        known = [volume for volume in volumes if volume is not None]
        if cause is None or len(known) < len(volumes):
            return None, None
        return self._worked_out(nodes, known), cause

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


def _cells(matrix: Matrix) -> Iterable[tuple[int, int, int]]:
    return product(range(matrix.channels), range(matrix.rows), range(matrix.columns))


def _numbers(volume: Volume) -> Iterable[Number]:
    return (value for plane in volume for sheet in plane for row in sheet for value in row)

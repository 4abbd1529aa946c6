"""Which slips give what was claimed of a receptive field or of the pads of a line: sizes side by side."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.asked import PADS
from cnncalc.asked.comparing import compared_field, compared_pads
from cnncalc.asked.measured_answers import sides
from cnncalc.asked.quantity import Pads, Right
from cnncalc.homework.pads import padded_node, pads_of
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import LAYER_SLIPS, SLIP_NAMED
from cnncalc.homework.slips.likelihood import SHARE_OF_SIZES, Sizes, cost, is_crowded, likeliest
from cnncalc.homework.slips.on_fields import WrongField, wrong_fields
from cnncalc.homework.truth import Subject, Truth
from cnncalc.spec.document import Answer


class SidesSearch:
    """The wrong fields of a key, worked out once, and the wrong pads of its lines."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._fields: dict[int, list[WrongField]] | None = None

    def explanations(self, subject: Subject, answer: Answer, *, doubtful: bool) -> tuple[Explanation, ...]:
        """What explains this wrong answer, best first."""
        if subject.node is None or not isinstance(answer.given, Fraction | tuple):
            return ()
        if answer.asked == PADS.name:
            given = answer.given
            found = [one for one, pads in self._pads(subject.node) if compared_pads(given, pads).ok]
            return likeliest(found, SLIP_NAMED)
        return likeliest(self._of_field(subject, answer, doubtful=doubtful), SLIP_NAMED)

    def wrong_answers(self, subject: Subject, asked: str) -> Iterator[tuple[str, Right]]:
        """What the slips give, each with its name."""
        if subject.node is None:
            return
        if asked == PADS.name:
            yield from ((one.name, sides(pads)) for one, pads in self._pads(subject.node))
        else:
            yield from ((wrong.name, wrong.size) for wrong in self._wrong_fields(subject.node))

    # ------------------------------------------------------------------ receptive fields
    def _of_field(self, subject: Subject, answer: Answer, *, doubtful: bool) -> list[Explanation]:
        given = answer.given
        if subject.node is None or subject.field is None or not isinstance(given, Fraction | tuple):
            return []
        right = subject.field.size
        told = [
            (Explanation((wrong.name,), None if wrong.everywhere else subject.node, _cost(wrong)), wrong.size)
            for wrong in self._wrong_fields(subject.node)
        ]
        if isinstance(given, tuple) and len(set(given)) > 1:
            slip = SLIP_NAMED["axes-exchanged"]
            told.append((Explanation((slip.name,), subject.node, cost(slip)), right[::-1]))
        claimed = _by_axis(given, right)
        return [
            one
            for one, size in told
            if compared_field(given, size, None, answer.approximate).ok
            and (doubtful or claimed is None or not self._is_crowded(one, claimed, right, told))
        ]

    def _is_crowded(
        self, one: Explanation, claimed: Sizes, right: Sizes, told: list[tuple[Explanation, Sizes]]
    ) -> bool:
        sizes = (size for other, size in told if other.cost <= one.cost)
        return is_crowded(claimed, right, sizes, SHARE_OF_SIZES)

    def _wrong_fields(self, node: int) -> list[WrongField]:
        if self._fields is None:
            self._fields = wrong_fields(self.truth.graph)
        return self._fields[node]

    # ------------------------------------------------------------------ pads
    def _pads(self, node: int) -> Iterator[tuple[Explanation, Pads]]:
        found = padded_node(self.truth.analysis, node)
        if found is None:
            return
        right = pads_of(found.node.layer, found.inputs)
        for slip in LAYER_SLIPS:
            for edit in slip.alterations():
                asked = edit(found.node.layer, found.inputs)
                pads = pads_of(*asked) if asked is not None else None
                if pads is not None and pads != right:
                    yield Explanation((slip.name,), node, cost(slip)), pads


def _cost(wrong: WrongField) -> int:
    return cost(SLIP_NAMED[wrong.name], everywhere=wrong.everywhere)


def _by_axis(given: Fraction | tuple[int, ...], right: Sizes) -> Sizes | None:
    """The claimed sides, one for each axis; None where they are others."""
    if isinstance(given, tuple):
        return given if len(given) == len(right) else None
    return (int(given),) * len(right) if given.denominator == 1 else None

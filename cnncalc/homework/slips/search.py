"""Which slips give exactly what was claimed about a place of a key: looked up, after each slip was told once.

Every telling of a place goes into a table by its value, once for a key; a class only looks up.  Pairs are told where
no single slip explains an answer.  Which explanations are named is `likelihood`'s to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from operator import add
from typing import NamedTuple

from cnncalc.asked import FIELD, PADS, PARAMS, SHAPE, SIZE, VALUES
from cnncalc.asked.comparing import oriented
from cnncalc.asked.counting_answers import TOTAL_PARAMS
from cnncalc.asked.quantity import Right
from cnncalc.geometry import Shape
from cnncalc.homework.slips.edits import Slip
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import SLIP_NAMED
from cnncalc.homework.slips.likelihood import (
    SHARE_OF_NUMBERS,
    SHARE_OF_SIZES,
    Sizes,
    cost,
    is_crowded,
    is_one_part,
    likeliest,
)
from cnncalc.homework.slips.on_counts import ANOTHER_QUANTITY, COPY_SLIPS, COUNT_SLIPS
from cnncalc.homework.slips.sides_search import SidesSearch
from cnncalc.homework.slips.tellings import Telling, Tellings
from cnncalc.homework.slips.values_search import ValuesSearch
from cnncalc.homework.truth import COUNTED, LENT, PlaceKind, Subject, Truth
from cnncalc.homework.what_if import Memory
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

_CHANGED_BY: dict[str, frozenset[str]] = {
    "shape": frozenset(("size", "channels")),
    "size": frozenset(("size", "channels")),
    "weights": frozenset(("size", "channels", "weights")),
    "kernel": frozenset(("size", "channels", "weights")),
    "fan_in": frozenset(("size", "channels", "weights")),
    "biases": frozenset(("channels", "biases")),
    "macs": frozenset(("size", "channels", "weights", "work")),
}
"""What a slip must touch to change what is asked; anything for other quantities."""


_COMPARED_EXACTLY = frozenset((*COUNTED, SIZE.name, SHAPE.name))
"""What is right only as this very number, or as these sizes, so that a look into the table is enough."""


class Table(NamedTuple):
    """The tellings of one place for one quantity, by value, and the least cost of each value as sizes."""

    by_value: dict[Hashable, list[Telling]]
    all: list[Telling]
    costs: dict[Sizes, int]


class SlipBook:
    """The slips of one key; what a slip gives at a place is worked out when it is first asked for."""

    def __init__(self, truth: Truth, memory: Memory) -> None:
        self.truth = truth
        self.tellings = Tellings(truth, memory)
        self.values = ValuesSearch(truth)
        self.sides = SidesSearch(truth)
        self._told: dict[tuple[object, ...], list[Telling]] = {}
        self._tables: dict[tuple[object, ...], Table] = {}

    def explanations(
        self, kind: PlaceKind, index: int, answer: Answer, arriving: Mapping[int, Shape], *, doubtful: bool = False
    ) -> tuple[Explanation, ...]:
        """What explains this wrong answer, best first; `arriving` are the shapes its author believes to arrive here.

        With `doubtful` also those that chance alone may give, and that say something only where they explain another
        answer of the same person too: all of them.
        """
        subject = self.truth.subject(kind, index)
        if subject is None or answer.given is None:
            return ()
        if isinstance(answer.given, Matrix):
            return self.values.explanations(kind, index, answer.given, doubtful=doubtful)
        if answer.asked in (FIELD.name, PADS.name):
            return self.sides.explanations(subject, answer, doubtful=doubtful)
        if arriving:
            found = self._explained(kind, index, answer, subject, arriving, doubtful=doubtful)
            if found:
                return found
        return self._explained(kind, index, answer, subject, {}, doubtful=doubtful)

    def _explained(
        self,
        kind: PlaceKind,
        index: int,
        answer: Answer,
        subject: Subject,
        arriving: Mapping[int, Shape],
        *,
        doubtful: bool,
    ) -> tuple[Explanation, ...]:
        singles = self._table(kind, index, answer.asked, arriving, pairs=False)
        found = self._hits(singles, answer, subject)
        if not any(self._is_plain(one) for one in found) and not arriving:
            singles = self._table(kind, index, answer.asked, {}, pairs=True)
            found = self._hits(singles, answer, subject)
        if doubtful:
            return tuple(found)
        return likeliest((one for one in found if not self._is_crowded(one, singles, answer, subject)), SLIP_NAMED)

    def _is_plain(self, one: Explanation) -> bool:
        return not any(SLIP_NAMED[name].vague for name in one.slips)

    # ------------------------------------------------------------------ tables of what each slip gives
    def _table(self, kind: PlaceKind, index: int, asked: str, arriving: Mapping[int, Shape], *, pairs: bool) -> Table:
        key = (kind, index, asked, pairs, *arriving.items())
        if key not in self._tables:
            self._tables[key] = self._tabled(kind, index, asked, arriving, pairs=pairs)
        return self._tables[key]

    def _tabled(self, kind: PlaceKind, index: int, asked: str, arriving: Mapping[int, Shape], *, pairs: bool) -> Table:
        told = [one for one in self._tellings(kind, index, arriving, pairs=pairs) if _may_change(one.slips, asked)]
        subject = self.truth.subject(kind, index)
        if subject is not None:
            told += self._made_of_counts(subject, asked, (*COUNT_SLIPS, ANOTHER_QUANTITY))
            told += self._made_of_counts(subject, asked, COPY_SLIPS, is_right=set())
        told.sort(key=lambda one: one.explanation.cost)
        by_value: dict[Hashable, list[Telling]] = defaultdict(list)
        for one in told:
            for value in self._values_of(one.subject, asked):
                by_value[value].append(one)
        costs: dict[Sizes, int] = {}
        for one in told:
            costs.setdefault(self._as_sizes(one.subject, asked), one.explanation.cost)
        return Table(by_value, told, costs)

    def _made_of_counts(
        self, subject: Subject, asked: str, slips: tuple[Slip, ...], is_right: set[int] | None = None
    ) -> list[Telling]:
        """The place with another number for what is asked, made of its right counts; what is right is no slip's."""
        if is_right is None:
            single = (subject._replace(copies=[copy]) for copy in subject.copies)
            known = asked == SIZE.name or asked in subject.copies[0]
            is_right = {self.truth.quantity(one, asked) for one in (subject, *single)} if known else set()
        return [
            Telling(Explanation((slip.name,), subject.node, cost(slip)), _with_number(subject, asked, value), (slip,))
            for slip in slips
            if slip.values is not None
            for value in slip.values(subject, asked)
            if value and value not in is_right
        ]

    def _tellings(self, kind: PlaceKind, index: int, arriving: Mapping[int, Shape], *, pairs: bool) -> list[Telling]:
        key = (kind, index, pairs, *arriving.items())
        if key not in self._told:
            place = (kind, index)
            if pairs:
                made = [*self._tellings(*place, arriving, pairs=False)]
                made += [*self.tellings.pairs(place), *self.tellings.of_two(place)]
            else:
                made = list(self.tellings.on_the_line(place, arriving))
                made += [] if arriving else self.tellings.elsewhere(place)
            self._told[key] = made
        return self._told[key]

    def _values_of(self, subject: Subject, asked: str) -> set[Hashable]:
        """What an exact answer that agrees may look like: sizes in any order, a count of one copy or of all."""
        if asked == SHAPE.name:
            return set() if subject.output is None else {_sizes(subject.output.sizes())}
        if asked == SIZE.name:
            return {subject.size}
        names = (PARAMS.name, TOTAL_PARAMS) if asked == PARAMS.name else (asked,)
        found: set[Hashable] = set()
        for name in names:
            own = [copy.get(name, 0) for copy in subject.copies]
            lent = [copy.get(LENT.get(name, ""), 0) for copy in subject.copies]
            found.update(own, map(add, own, lent), (sum(own), sum(own) + sum(lent)))
        return found

    # ------------------------------------------------------------------ what agrees
    def _hits(self, table: Table, answer: Answer, subject: Subject) -> list[Explanation]:
        if answer.approximate or self.truth.tolerance or self.truth.rounds or answer.asked not in _COMPARED_EXACTLY:
            told: Iterable[Telling] = table.all
        else:
            given = _sizes(answer.given) if isinstance(answer.given, tuple) else answer.given
            told = table.by_value.get(given, ())
        if answer.asked == "share" and _is_cut_off(answer, self.truth.verdict(answer, subject)[1]):
            return [Explanation(("rounded-down",), subject.node, cost(SLIP_NAMED["rounded-down"]))]
        found = [one.explanation for one in told if self._agrees(answer, one.subject)]
        if isinstance(answer.given, tuple) and self._agrees(answer._replace(given=answer.given[1:]), subject):
            found.append(Explanation(("batch-counted",), subject.node, cost(SLIP_NAMED["batch-counted"])))
        if subject.output is not None and answer.given == subject.output.spatial and subject.output.rank > 1:
            slip = SLIP_NAMED["channels-left-out"]
            found.append(Explanation((slip.name,), subject.node, cost(slip)))
        return found

    def _agrees(self, answer: Answer, subject: Subject) -> bool:
        return self.truth.verdict(answer, subject)[0].ok is True

    def _is_crowded(self, one: Explanation, table: Table, answer: Answer, subject: Subject) -> bool:
        """Whether as many values are explained as cheaply as this one that chance may have given it."""
        explained = (value for value, cheapest in table.costs.items() if cheapest <= one.cost)
        if isinstance(answer.given, tuple):
            claimed = subject.output and oriented(answer.given, subject.output, self.truth.graph.order)
            if not claimed or subject.output is None:
                return False
            given, right = claimed.sizes(), subject.output.sizes()
            if is_one_part(given, right) and (len(one.slips) > 1 or not self._is_plain(one)):
                return True
            return is_crowded(given, right, explained, SHARE_OF_SIZES)
        if not isinstance(answer.given, Fraction) or answer.given.denominator != 1:
            return False
        return is_crowded((int(answer.given),), self._as_sizes(subject, answer.asked), explained, SHARE_OF_NUMBERS)

    def _as_sizes(self, subject: Subject, asked: str) -> Sizes:
        if asked == SHAPE.name:
            return () if subject.output is None else subject.output.sizes()
        return (self.truth.quantity(subject, asked) if asked == SIZE.name or asked in subject.copies[0] else 0,)

    # ------------------------------------------------------------------ for a quiz: what somebody might answer
    def wrong_answers(self, kind: PlaceKind, index: int, asked: str) -> Iterator[tuple[str, Right]]:
        """What the slips of the line itself give for what is asked there, each with its name."""
        subject = self.truth.subject(kind, index)
        if subject is None or subject.node is None:
            return
        if asked == VALUES.name:
            yield from self.values.wrong_answers(kind, index)
        elif asked in (FIELD.name, PADS.name):
            yield from self.sides.wrong_answers(subject, asked)
        else:
            told = self.tellings.on_the_line((kind, index), {})
            changed = (one for one in told if _may_change(one.slips, asked))
            for one in (*changed, *self._made_of_counts(subject, asked, COUNT_SLIPS)):
                other = one.subject
                if asked == SHAPE.name or asked in (*COUNTED, SIZE.name):
                    right = other.output if asked == SHAPE.name else int(self.truth.quantity(other, asked))
                    yield one.explanation.name, right


def _may_change(slips: tuple[Slip, ...], asked: str) -> bool:
    """Whether each of the slips touches something that is counted in what is asked: no bias in a kernel."""
    wanted = _CHANGED_BY.get(asked)
    return wanted is None or all(not slip.touches or wanted & set(slip.touches) for slip in slips)


def _is_cut_off(answer: Answer, right: Right) -> bool:
    """Whether a decimal is the right one without the places after its last."""
    if not isinstance(answer.given, Fraction) or not isinstance(right, int | Fraction):
        return False
    return answer.digits is not None and answer.digits < 0 and 0 < right - answer.given < Fraction(10) ** answer.digits


def _sizes(sizes: Sizes) -> Sizes:
    """The sizes above 1, smallest first."""
    return tuple(sorted(size for size in sizes if size != 1))


def _with_number(subject: Subject, asked: str, value: int) -> Subject:
    """The place with this number for what is asked."""
    names = (PARAMS.name, TOTAL_PARAMS) if asked == PARAMS.name else (asked,)
    counts = {**subject.copies[0], **dict.fromkeys(names, value)}
    return subject._replace(copies=[counts], size=value if asked == SIZE.name else subject.size)

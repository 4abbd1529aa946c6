"""Which width makes a net have so many parameters or multiply-accumulates: a constant of its text, or all its widths.

A constant (`let width = 64`) is tried by reading the text again with other values; without one, the widths of all
hidden layers are multiplied by a factor.  The counts grow with the width, so the value is found by halving, and the
neighbours of what is found are tried too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.analysis.counting import net_figures
from cnncalc.analysis.model import Figures
from cnncalc.diagnostics import InputError, Refusal, Source, input_error
from cnncalc.dialects.recognising import is_program
from cnncalc.graph.ir import Graph, Node
from cnncalc.net_files import checked, named_constants
from cnncalc.quantities import exact, number
from cnncalc.questions.scaled_net import HiddenWidths
from cnncalc.stated_numbers import StatedNumber, stated_number

STEPS = (Fraction(1, 100), Fraction(1, 20), Fraction(1, 8))
"""How finely factors are looked for: 0.62, and as people write them, 0.6 and 0.625."""
LARGEST = 1_000
"""The largest factor that is tried; the largest whole number is 1,000 times that."""
WIDEST_GAP = 32
"""Values one after another that the net does not accept, at most."""


class Candidate(NamedTuple):
    """A value with what the net counts then."""

    value: Fraction
    figures: Figures


class RefusedValue(NamedTuple):
    """A value that the net does not accept, and what it says."""

    first: Fraction
    reason: str


class Wish(NamedTuple):
    """What a net is to count, params, macs or flops, and how much of it."""

    counted: str
    wanted: StatedNumber

    def of(self, figures: Figures) -> int:
        """What is counted, in the figures of a net."""
        return {"params": figures.params, "macs": figures.cost.macs, "flops": figures.cost.flops}[self.counted]


def wish(counted: str, text: str) -> Wish:
    """A wish as it is written; raises InputError for what is no count of these."""
    stated = stated_number(text, f"--{counted}")
    if stated.unit not in ("", counted) or stated.per_second:
        raise input_error(
            "unreadable-number",
            f"--{counted} is a count, and `{stated.text}` is one of {stated.unit or 'so many a second'}",
            help=f"write --{counted} 10M",
        )
    return Wish(counted, stated)


class NetWidths(NamedTuple):
    """The answer to a wish; `name` is the constant that was looked for, empty for all widths.

    `own` is the net as it is written, `below` and `above` are the values next to the wanted count, at the finest step;
    `coarse` the ones beside them at steps that people write.  `widths` are those that are multiplied; `refused` is the
    first value between the two that the net does not accept.  `is_steady`: no larger value that was tried counts less.
    `size` and the other `settings` are those that it was asked with.
    """

    graph: Graph
    name: str
    wish: Wish
    own: Candidate
    below: Candidate | None
    above: Candidate | None
    coarse: tuple[Candidate, ...]
    widths: HiddenWidths | None = None
    refused: RefusedValue | None = None
    is_steady: bool = True
    size: str | None = None
    settings: Mapping[str, str] = MappingProxyType({})

    def count(self, candidate: Candidate) -> int:
        """What is counted of a candidate."""
        return self.wish.of(candidate.figures)

    @property
    def scaled(self) -> tuple[Node, ...]:
        """The layers whose widths are multiplied."""
        return () if self.widths is None else self.widths.scaled

    @property
    def kept(self) -> tuple[Node, ...]:
        """The layers whose widths stay."""
        return () if self.widths is None else self.widths.kept

    def width_at(self, width: int, factor: Fraction) -> int:
        """What a width becomes that is multiplied."""
        return width if self.widths is None else self.widths.width(width, factor)

    @property
    def nearest(self) -> Candidate | None:
        """The value that comes nearest to what is wanted, the simplest of several."""
        found = [one for one in (self.below, self.above, *self.coarse) if one is not None]
        found += [self.own] if found else []
        return min(found, key=self._farness, default=None)

    def _farness(self, one: Candidate) -> tuple[Fraction, bool, int, Fraction]:
        """How far a candidate is from what is wanted; of those that are as far the net itself, then a plain value."""
        missing = abs(self.count(one) - self.wish.wanted.value)
        return missing, one.value != self.own.value, one.value.denominator, one.value


def constant_widths(
    source: Source,
    name: str,
    wish: Wish,
    settings: Mapping[str, str],
    size: str | None,
    *,
    until: str | None = None,
) -> NetWidths:
    """The value of a constant of a text with which it counts so much, up to the line that `until` names.

    Raises InputError for a constant that it has not.
    """
    graph, written = constant_value(source, name, settings, size, until)

    def figures(value: Fraction) -> Figures | str:
        try:
            return net_figures(checked(source, size, {**settings, name: exact(value)}, until))
        except InputError as error:
            return error.diagnostics[0].message

    is_whole = written.denominator == 1 and isinstance(figures(written + Fraction(1, 2)), str)
    search = _Search(figures, wish)
    own = Candidate(written, net_figures(graph))
    answer = search.answer(graph, name, own, (Fraction(1),) if is_whole else STEPS)
    return answer._replace(size=size, settings=settings)


def constant_value(
    source: Source, name: str, settings: Mapping[str, str], size: str | None, until: str | None = None
) -> tuple[Graph, Fraction]:
    """The net, and the number that a constant of it has.

    Raises InputError for a constant that it has not, and for one that is no number above 0.
    """
    graph = checked(source, size, settings, until)
    known = named_constants(graph)
    if name not in known and is_program(source):
        checked(source, size, {**settings, name: "1"})
        message = f"{source.name} gives `{name}` no number by itself: only a number can be looked for"
        raise input_error("no-width-to-solve", message, help="ask for a constant that is a number")
    if name not in known:
        named = (
            f"its constants: {', '.join(known)}" if known else "leave --set out: all hidden widths are multiplied then"
        )
        raise input_error("unknown-setting", f"{source.name} has no line `let {name} = ...`", help=named)
    value = number(known[name])
    if value is None or value <= 0:
        raise input_error(
            "no-width-to-solve",
            f"`{name}` is `{known[name]}` in {source.name}: only a number above 0 can be looked for",
            help="ask for a constant that is a number",
        )
    return graph, value


def all_widths(graph: Graph, wish: Wish) -> NetWidths:
    """The factor of all hidden widths with which a net counts so much; raises InputError where there is none."""
    widths = HiddenWidths(graph)
    if not widths.scaled:
        raise _unscaled(graph, "it has no hidden layer with filters or units")
    try:
        widths.times(Fraction(2))
    except Refusal as refusal:
        raise _unscaled(graph, f"with twice as many channels {refusal.argument} refuses: {refusal.message}") from None

    def figures(value: Fraction) -> Figures | str:
        try:
            return net_figures(widths.times(value))
        except Refusal as refusal:
            return refusal.message

    own = Candidate(Fraction(1), net_figures(graph))
    answer = _Search(figures, wish).answer(graph, "", own, STEPS)
    return answer._replace(widths=widths)


def _unscaled(graph: Graph, why: str) -> InputError:
    return input_error(
        "no-width-to-solve",
        f"the widths of {graph.source.name} cannot all be multiplied: {why}",
        help="give the width a name in the text, `let width = 64`, and ask for it: --set width=?",
    )


class _Search:
    """Values that were tried, with what the net counts."""

    def __init__(self, figures: Callable[[Fraction], Figures | str], wish: Wish) -> None:
        self.figures, self.wish = figures, wish
        self.found: dict[Fraction, Candidate | None] = {}
        self.reasons: dict[Fraction, str] = {}

    def answer(self, graph: Graph, name: str, own: Candidate, steps: tuple[Fraction, ...]) -> NetWidths:
        """The values next to what is wanted, at the finest step, and beside them at the others."""
        below, above = self._around(steps[0])
        near = above or below
        beside = [step * n for step in steps[1:] for n in self._beside(step, near)]
        coarse = [self._at(value) for value in beside if above is not None or value <= LARGEST]
        known = {one.value for one in (below, above) if one is not None}
        others = {one.value: one for one in coarse if one is not None and one.value not in known}
        counts = [self._count(one) for _, one in sorted(self.found.items()) if one is not None]
        return NetWidths(
            *(graph, name, self.wish, own, below, above),
            tuple(others[value] for value in sorted(others)),
            refused=self._refused(below, above),
            is_steady=counts == sorted(counts),
        )

    def _refused(self, below: Candidate | None, above: Candidate | None) -> RefusedValue | None:
        low, high = below.value if below else Fraction(0), above.value if above else None
        between = sorted(value for value in self.reasons if low < value and (high is None or value < high))
        return RefusedValue(between[0], self.reasons[between[0]]) if between else None

    @staticmethod
    def _beside(step: Fraction, near: Candidate | None) -> tuple[int, ...]:
        return () if near is None else (near.value // step, near.value // step + 1)

    def _around(self, step: Fraction) -> tuple[Candidate | None, Candidate | None]:
        """The largest value that counts no more than wanted, and the next one that counts more."""
        low, high = 0, max(1, int(1 / step))
        most = LARGEST * 1_000 if step == 1 else int(LARGEST / step)
        while (one := self._from(high, step)) is not None and self._count(one) <= self.wish.wanted.value:
            if one.value >= most * step:
                return one, None
            low, high = int(one.value / step), min(2 * int(one.value / step), most)
        while low + 1 < high:
            middle = (low + high) // 2
            found = self._from(middle, step)
            if found is not None and found.value < high * step and self._count(found) <= self.wish.wanted.value:
                low = int(found.value / step)
            else:
                high = middle
        return self._at(low * step), self._from(low + 1, step)

    def _from(self, first: int, step: Fraction) -> Candidate | None:
        """The first value from this one on that the net accepts."""
        return next((one for n in range(first, first + WIDEST_GAP) if (one := self._at(n * step)) is not None), None)

    def _at(self, value: Fraction) -> Candidate | None:
        if value <= 0:
            return None
        if value not in self.found:
            figures = self.figures(value)
            if isinstance(figures, str):
                self.reasons[value] = figures
            self.found[value] = None if isinstance(figures, str) else Candidate(value, figures)
        return self.found[value]

    def _count(self, candidate: Candidate) -> int:
        return self.wish.of(candidate.figures)

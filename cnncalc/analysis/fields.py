"""Receptive fields along one axis, exactly: which stretch of the input each output position depends on.

Along one axis every window of a convolution, pool, transposed convolution or upsampling starts and ends at a function
of the output position that repeats, shifted, and so does every composition of them.  Such a function is kept as a
`Piece`: its values over one period and the shift from one period to the next.  Joined branches whose jumps differ have
no common period; they are kept as several pieces, and the field is the hull of them.  No graph and no layers here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise
from math import gcd, lcm
from typing import NamedTuple

from cnncalc.geometry import AxisWindow

Span = tuple[int, int]
"""The first and the last position of a stretch."""

NOWHERE: Span = (1, 0)
"""The stretch of an output that depends on nothing."""

LONGEST_PERIOD = 256
"""A field that repeats later than this is not worked out (an upsampling by more than that)."""

LONGEST_COMMON_PERIOD = 4096
"""Nor is one where branches meet that repeat together later than this."""

MOST_PIECES = 16
"""Nor one where more branches than this meet whose fields have no common form."""


@dataclass(frozen=True)
class Piece:
    """Output q * period + r depends on inputs first[r] + q * shift to last[r] + q * shift, both included.

    `gaps` says which outputs of a period depend on nothing (between the stamps of a transposed convolution); none when
    it is empty.  The `first` of a gap is that of the next output, its `last` that of the one before: its centre lies
    between theirs.

    >>> Piece(1, 2, (-1,), (1,)).span_at(3)
    (5, 7)
    """

    period: int
    shift: int
    first: tuple[int, ...]
    last: tuple[int, ...]
    gaps: tuple[bool, ...] = ()

    @property
    def jump(self) -> Fraction:
        """Input pixels from one output to the next, on average over a period."""
        return Fraction(self.shift, self.period)

    def first_at(self, output: int) -> int:
        periods, rest = divmod(output, self.period)
        return self.first[rest] + periods * self.shift

    def last_at(self, output: int) -> int:
        periods, rest = divmod(output, self.period)
        return self.last[rest] + periods * self.shift

    def is_gap(self, output: int) -> bool:
        """Whether the output depends on nothing."""
        return bool(self.gaps) and self.gaps[output % self.period]

    def span_at(self, output: int) -> Span:
        """What an output depends on; `NOWHERE` for a gap."""
        return NOWHERE if self.is_gap(output) else (self.first_at(output), self.last_at(output))

    def hull(self, outputs: int) -> Span:
        """All that the given number of outputs depend on."""
        return self.hull_of(range(outputs))

    def hull_of(self, outputs: range) -> Span:
        """All that these outputs depend on.  After a period the same places follow, no further to the left."""
        few = 1 if self._ordered else self.period // gcd(outputs.step, self.period)
        firsts = [self.first_at(output) for output in outputs[:few] if not self.is_gap(output)]
        lasts = [self.last_at(output) for output in outputs[-few:] if not self.is_gap(output)]
        return (min(firsts), max(lasts)) if firsts else NOWHERE

    @cached_property
    def _ordered(self) -> bool:
        """Whether a later output never begins or ends before an earlier one, and none is a gap."""
        ends = ((*one, one[0] + self.shift) for one in (self.first, self.last))
        return not self.gaps and all(before <= after for end in ends for before, after in pairwise(end))


class AxisField(NamedTuple):
    """The receptive fields of all positions of one map along one axis of the input: the hull of the pieces.

    Positions outside the map (pads) follow the same rule as those inside.  `mirrored`: somewhere on the way pads
    were filled from the picture (edge, reflect, wrap), so that a pixel may also act far from its place.
    """

    pieces: tuple[Piece, ...]
    mirrored: bool = False

    def span_at(self, output: int) -> Span:
        """The first and last input position that this output depends on; first > last when there is none."""
        if len(self.pieces) == 1:
            return self.pieces[0].span_at(output)
        return _hull(piece.span_at(output) for piece in self.pieces)

    @property
    def everywhere(self) -> bool:
        """Every position depends on the same stretch."""
        piece = self.pieces[0]
        return len(self.pieces) == 1 and (piece.period, piece.shift, piece.gaps) == (1, 0, ())

    def size(self, outputs: int) -> int:
        """The largest field among the given number of outputs, in input pixels.

        The fields of outputs a common period apart grow or shrink steadily: the first and the last of them decide.
        """
        period = lcm(*(piece.period for piece in self.pieces))
        ends = range(max(0, outputs - period), outputs) if len(self.pieces) > 1 else ()
        spans = (self.span_at(o) for o in chain(range(min(period, outputs)), ends))
        return max(0, *(last - first + 1 for first, last in spans))

    def jump(self, outputs: int) -> Fraction:
        """The distance between neighbours; where branches disagree, the mean distance of the fields' centres."""
        if len(self.pieces) == 1 or outputs < 2:
            return max(piece.jump for piece in self.pieces)
        return (self.centre_at(outputs - 1) - self.centre_at(0)) / (outputs - 1)

    def centre_at(self, output: int) -> Fraction:
        """The middle of the field, where the first pixel's own centre is 0.5; for a gap that of its neighbours."""
        first, last = self.span_at(output)
        if first > last:
            first = min(piece.first_at(output) for piece in self.pieces)
            last = max(piece.last_at(output) for piece in self.pieces)
        return Fraction(first + last + 1, 2)

    def seen_through(self, window: AxisWindow) -> AxisField | None:
        """The fields of a layer that reads this map through `window`; None when they repeat too late."""
        return _field((_composed(piece, window) for piece in self.pieces), self.mirrored)

    def hull(self, outputs: int) -> Span:
        """All that the given outputs of this map depend on."""
        return _hull(piece.hull(outputs) for piece in self.pieces)

    def seen_of(self, size: int, outputs: int) -> int:
        """How many of an image's `size` positions the largest field holds; those in pads are none of them."""
        if not self.everywhere:
            return min(size, self.size(outputs))
        first, last = self.hull(1)
        return max(0, min(last, size - 1) - max(first, 0) + 1)

    def reached_from(self, position: int, outputs: int) -> Span | None:
        """The first and the last output of which a piece holds the input position; None when there is none."""
        if self.mirrored:
            return (0, outputs - 1)
        reached = [found for piece in self.pieces if (found := _reached(piece, position, outputs))]
        return (min(first for first, _ in reached), max(last for _, last in reached)) if reached else None


IDENTITY = AxisField((Piece(1, 1, (0,), (0,)),))
"""The field of the input itself."""


def constant(span: Span, mirrored: bool = False) -> AxisField:
    """The field of a layer whose every output depends on the same stretch."""
    return AxisField((Piece(1, 0, span[:1], span[1:]),), mirrored)


def united(fields: Iterable[AxisField], outputs: int) -> AxisField | None:
    """The field of joined branches: each output depends on all that its place depends on in any branch."""
    distinct = tuple(dict.fromkeys(fields))
    if len(distinct) == 1:
        return distinct[0]
    mirrored = any(field.mirrored for field in distinct)
    whole, hull = [f.hull(1) for f in distinct if f.everywhere], _hull(field.hull(outputs) for field in distinct)
    if whole and _hull(whole) == hull:
        return constant(hull, mirrored)
    return _field((piece for field in distinct for piece in field.pieces), mirrored)


def _hull(spans: Iterable[Span]) -> Span:
    """From the first to the last position of all spans that are not empty; `NOWHERE` when all are."""
    full = [span for span in spans if span[0] <= span[1]]
    return (min(first for first, _ in full), max(last for _, last in full)) if full else NOWHERE


def _field(pieces: Iterable[Piece | None], mirrored: bool) -> AxisField | None:
    """The pieces as a field, those of equal jump made one; None when it repeats too late."""
    merged: list[Piece] = []
    for piece in pieces:
        if piece is None:
            return None
        twin = next((i for i, other in enumerate(merged) if _mergeable(piece, other)), None)
        if twin is not None:
            merged[twin] = _merged(piece, merged[twin])
        elif piece not in merged:
            merged.append(piece)
            if len(merged) > MOST_PIECES or lcm(*(piece.period for piece in merged)) > LONGEST_COMMON_PERIOD:
                return None
    return AxisField(tuple(merged), mirrored)


def _mergeable(one: Piece, other: Piece) -> bool:
    """Equal jumps can be made one; a gap must stay a gap, so that it does not widen the hull."""
    equal = one.shift * other.period == other.shift * one.period
    return equal and lcm(one.period, other.period) <= LONGEST_PERIOD and not (one.gaps or other.gaps)


def _merged(one: Piece, other: Piece) -> Piece:
    """The hull of two pieces with the same jump."""
    period = lcm(one.period, other.period)
    return Piece(
        period,
        one.shift * period // one.period,
        tuple(min(one.first_at(o), other.first_at(o)) for o in range(period)),
        tuple(max(one.last_at(o), other.last_at(o)) for o in range(period)),
    )


def _composed(piece: Piece, window: AxisWindow) -> Piece | None:
    """The piece read through a window; the fewest outputs that move it by whole periods are the new period."""
    if (piece.period, piece.shift, piece.gaps) == (1, 0, ()) and not window.has_gaps:
        return piece
    repeat = window.denominator * piece.period
    period = repeat // gcd(window.numerator, repeat)
    if period > LONGEST_PERIOD:
        return None
    spans = [piece.hull_of(window.reads(output)) for output in range(period)]
    gaps = tuple(first > last for first, last in spans)
    return Piece(
        period,
        piece.shift * (window.numerator * period // repeat),
        tuple(piece.first_at(window.first(o)) if gaps[o] else first for o, (first, _) in enumerate(spans)),
        tuple(piece.last_at(window.last(o)) if gaps[o] else last for o, (_, last) in enumerate(spans)),
        gaps if any(gaps) else (),
    )


def _reached(piece: Piece, position: int, outputs: int) -> Span | None:
    """The first and the last output that holds the position, place by place of a period."""
    reached: list[int] = []
    for place in range(min(piece.period, outputs)):
        first, last = piece.span_at(place)
        periods = (outputs - 1 - place) // piece.period
        if piece.shift:
            low, high = max(0, -((last - position) // piece.shift)), min(periods, (position - first) // piece.shift)
        else:
            low, high = 0, periods
        if first <= last and low <= high and (piece.shift or first <= position <= last):
            reached += (place + low * piece.period, place + high * piece.period)
    return (min(reached), max(reached)) if reached else None

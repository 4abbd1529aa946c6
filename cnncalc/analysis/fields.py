"""Receptive fields along one axis, exactly: which stretch of the input each output position depends on.

Along one axis every window of a convolution, pool, transposed convolution or upsampling starts and ends at a
non-decreasing function of the output position, and so does every composition of them.  Such a function is kept as a
`Piece`: its values over one period and the shift from one period to the next.  Joined branches whose jumps differ have
no common period; they are kept as several pieces, and the field is the hull of them.  No graph and no layers here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from cnncalc.geometry import AxisWindow

LONGEST_PERIOD = 256
"""A field that repeats later than this is not worked out (an upsampling by more than that)."""

MOST_PIECES = 4
"""Nor is one where more than this many different jumps meet."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Output q * period + r depends on inputs first[r] + q * shift to last[r] + q * shift, both included.

    An output that depends on nothing (between the stamps of a transposed convolution) has first > last.

    >>> Piece(1, 2, (-1,), (1,)).first_at(3), Piece(1, 2, (-1,), (1,)).last_at(3)
    (5, 7)
    """

    period: int
    shift: int
    first: tuple[int, ...]
    last: tuple[int, ...]

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


@dataclass(frozen=True, slots=True)
class AxisField:
    """The receptive fields of all positions of one map along one axis of the input: the hull of the pieces.

    Positions outside the map (pads) follow the same rule as those inside.  `mirrored`: somewhere on the way pads
    were filled from the picture (edge, reflect, wrap), so that a pixel may also act far from its place.
    """

    pieces: tuple[Piece, ...]
    mirrored: bool = False

    def first_at(self, output: int) -> int:
        """The first input position that this output depends on."""
        return min(piece.first_at(output) for piece in self.pieces)

    def last_at(self, output: int) -> int:
        """The last input position that this output depends on."""
        return max(piece.last_at(output) for piece in self.pieces)

    @property
    def everywhere(self) -> bool:
        """Every position depends on the same stretch."""
        return len(self.pieces) == 1 and self.pieces[0].shift == 0

    def size(self, outputs: int) -> int:
        """The largest field among the given number of outputs, in input pixels."""
        if len(self.pieces) == 1:
            only = self.pieces[0]
            return max(0, *(b - a + 1 for a, b in zip(only.first[:outputs], only.last[:outputs], strict=True)))
        return max(0, *(self._largest_span(low, high, outputs) for low in self.pieces for high in self.pieces))

    @staticmethod
    def _largest_span(low: Piece, high: Piece, outputs: int) -> int:
        """The largest high.last - low.first + 1: linear over the outputs of one residue, so its ends decide."""
        period = lcm(low.period, high.period)
        starts = range(min(period, outputs))
        ends = range(max(0, outputs - period), outputs) if low.jump != high.jump else ()
        return max((high.last_at(o) - low.first_at(o) + 1 for part in (starts, ends) for o in part), default=0)

    def jump(self, outputs: int) -> Fraction:
        """The distance between neighbours; where branches disagree, the mean distance of the fields' centres."""
        if len(self.pieces) == 1 or outputs < 2:
            return max(piece.jump for piece in self.pieces)
        return (self.centre_at(outputs - 1) - self.centre_at(0)) / (outputs - 1)

    def centre_at(self, output: int) -> Fraction:
        """The middle of the field, where the first pixel's own centre is 0.5."""
        return Fraction(self.first_at(output) + self.last_at(output) + 1, 2)

    def seen_through(self, window: AxisWindow) -> AxisField | None:
        """The fields of a layer that reads this map through `window`; None when they repeat too late."""
        return _field((_composed(piece, window) for piece in self.pieces), self.mirrored)

    def hull(self, outputs: int) -> AxisField:
        """The field of a layer of which every output depends on all the given outputs of this map."""
        return constant(self.first_at(0), self.last_at(outputs - 1), self.mirrored)

    def reached_from(self, position: int, outputs: int) -> tuple[int, int] | None:
        """The first and the last output whose field holds the input position; None when there is none."""
        if self.mirrored:
            return (0, outputs - 1)
        reached = [found for piece in self.pieces if (found := _reached(piece, position, outputs))]
        return (min(first for first, _ in reached), max(last for _, last in reached)) if reached else None


IDENTITY = AxisField((Piece(1, 1, (0,), (0,)),))
"""The field of the input itself."""


def constant(first: int, last: int, mirrored: bool = False) -> AxisField:
    """The field of a layer whose every output depends on the same stretch."""
    return AxisField((Piece(1, 0, (first,), (last,)),), mirrored)


def united(fields: Iterable[AxisField], outputs: int) -> AxisField | None:
    """The field of joined branches: each output depends on all that its place depends on in any branch."""
    distinct = tuple(dict.fromkeys(fields))
    if len(distinct) == 1:
        return distinct[0]
    mirrored = any(field.mirrored for field in distinct)
    whole = [field for field in distinct if field.everywhere]
    first, last = min(f.first_at(0) for f in distinct), max(f.last_at(outputs - 1) for f in distinct)
    if whole and first >= min(f.first_at(0) for f in whole) and last <= max(f.last_at(0) for f in whole):
        return constant(first, last, mirrored)
    return _field((piece for field in distinct for piece in field.pieces), mirrored)


def _field(pieces: Iterable[Piece | None], mirrored: bool) -> AxisField | None:
    """The pieces as a field, those of equal jump made one."""
    merged: list[Piece] = []
    for piece in pieces:
        if piece is None:
            return None
        twin = next((i for i, other in enumerate(merged) if _mergeable(piece, other)), None)
        if twin is None:
            merged.append(piece)
        else:
            merged[twin] = _merged(piece, merged[twin])
    return AxisField(tuple(merged), mirrored) if len(merged) <= MOST_PIECES else None


def _mergeable(one: Piece, other: Piece) -> bool:
    return one.shift * other.period == other.shift * one.period and lcm(one.period, other.period) <= LONGEST_PERIOD


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
    if piece.shift == 0:
        return piece
    repeat = window.denominator * piece.period
    period = repeat // gcd(window.numerator, repeat)
    if period > LONGEST_PERIOD:
        return None
    return Piece(
        period,
        piece.shift * (window.numerator * period // repeat),
        tuple(piece.first_at(window.first(o)) for o in range(period)),
        tuple(piece.last_at(window.last(o)) for o in range(period)),
    )


def _reached(piece: Piece, position: int, outputs: int) -> tuple[int, int] | None:
    first = bisect_left(range(outputs), position, key=piece.last_at)
    last = bisect_right(range(outputs), position, key=piece.first_at) - 1
    return (first, last) if first <= last else None

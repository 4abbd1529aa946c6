"""Which pixels to disturb so that receptive fields are measured from both sides, and what each disturbance must reach.

A `Cut` disturbs a picture from one edge up to a pixel, whole lines at once, so no stride and no dilation can step over
it.  It reaches exactly the places whose field ends at that pixel or beyond.  An end of a field is measured to the pixel
by a cut that just reaches a place and one that just does not.  Cuts are shared: a few dozen do for every line of a deep
net.  Knows neither plans nor kernels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cnncalc.runtime.receptive_field_reach import Flags, Places, Reach

FIRST, LAST = 0, 1
"""The two ends of a field, and the edges of the picture that they face."""

MOST_CUTS = 32
"""More disturbances are not made for one end along one axis; fields that are not measured by then are upper bounds."""

MOST_PLACES = 256
"""Places looked at in the middle of each map."""


class Cut(NamedTuple):
    """Pixels 0 to `at` along an axis are disturbed (end FIRST), or those from `at` to the last one (end LAST)."""

    axis: int
    end: int
    at: int


@dataclass(frozen=True)
class Claim:
    """What is claimed of one line along one axis: the pixels of each place, pads counted (`first`, `last`), and inside.

    `everywhere`: all places are said to see the same.  `at_most`: some may see less.
    """

    reach: Reach
    first: Places
    last: Places
    everywhere: bool
    at_most: bool

    def reached(self, cut: Cut) -> Flags:
        """The places that a cut along this axis reaches."""
        return self.reach.first <= cut.at if cut.end == FIRST else self.reach.last >= cut.at

    def difference(self) -> tuple[int, tuple[int, int], tuple[int, int]] | None:
        """A place of which another field is claimed than it has: the place, the field claimed, the field it has.

        Outside the maps are pads: a claim counts them, so there it may be larger.
        """
        has = self.reach.first, self.reach.last
        some = self.reach.first <= self.reach.last
        lost = some & ((has[0] < self.first) | (has[1] > self.last))
        same = (has[0] == self.first) & (has[1] == self.last)
        wrong = ~self._mirrored & (lost | (~self.reach.padded & ~(same | (~some & (self.first > self.last)))))
        if self.at_most:
            wrong = ~self._mirrored & lost
        if not wrong.any():
            return None
        place = int(np.flatnonzero(wrong)[0])
        return place, _span(self.first, self.last, place), _span(*has, place)

    @property
    def whole(self) -> Flags:
        """Places with the largest field that is claimed, all of it in the picture: there both ends can be measured."""
        if self.at_most:
            return np.zeros(len(self.first), np.bool_)
        inside = (self.first == self.reach.first) & (self.last == self.reach.last) & (self.first <= self.last)
        sizes = self.last - self.first
        found: Flags = inside & ~self._mirrored & (sizes == sizes.max())
        return found

    @property
    def unmeasurable(self) -> bool:
        """Whether no place can be compared, since each sees pads that repeat the picture."""
        return bool(self._mirrored.all())

    @property
    def _mirrored(self) -> Flags:
        """Places that see pixels where they are not, as pads repeat them; no matter where the whole picture is seen."""
        return self.reach.mirrored & (not self.everywhere)

    def measurable(self, end: int) -> Flags:
        """The places at which an end is to be measured: with a whole field, else where it is inside, else any."""
        some = self.reach.first <= self.reach.last
        ends, edge = (self.reach.first, 0) if end == FIRST else (self.reach.last, self.reach.size - 1)
        inside = some & (ends != edge)
        return next((places for places in (self.whole, inside) if places.any()), some)

    def wanted(self, end: int) -> list[set[int]]:
        """Pixels up to which a cut must go, one of each set: one that just reaches a place, and one that just does not.

        At the edge of the picture there is no such pixel beyond, and nothing more to show.
        """
        places = np.flatnonzero(self.measurable(end))
        near = places[max(0, len(places) // 2 - MOST_PLACES // 2) :][:MOST_PLACES]
        ends = set((self.reach.first if end == FIRST else self.reach.last)[near].tolist())
        beyond = {at + (1 if end == LAST else -1) for at in ends} & set(range(self.reach.size))
        return [wanted for wanted in (ends, beyond) if wanted]


def chosen(claims: Mapping[int, Sequence[Claim]]) -> tuple[list[Cut], set[int]]:
    """The cuts to make for the claims of all lines, axis by axis, and the lines whose fields they measure exactly.

    One at a quarter of the picture from either edge is always among them: a wrong stride shows far from the middle.
    """
    exact = {row for row, axes in claims.items() if all(claim.whole.any() for claim in axes)}
    cuts: list[Cut] = []
    for axis, of_picture in enumerate(next(iter(claims.values()), ())):
        size = of_picture.reach.size
        for end, far in ((FIRST, size // 4), (LAST, size - 1 - size // 4)):
            wanted = [(row, places) for row, axes in claims.items() for places in axes[axis].wanted(end)]
            found, missed = _covering(wanted, MOST_CUTS)
            cuts += [Cut(axis, end, at) for at in sorted({*found, far})]
            exact -= missed
    return cuts, exact


def _covering(wanted: Sequence[tuple[int, set[int]]], most: int) -> tuple[list[int], set[int]]:
    """Few pixels, at most so many, of which each set holds one; and the rows of the sets that hold none.

    The pixel that most sets hold comes first; among equals one in the middle.
    """
    pixels = sorted(set().union(*(places for _, places in wanted)))
    holds = np.array([[pixel in places for pixel in pixels] for _, places in wanted], np.bool_)
    open_sets = np.ones(len(wanted), np.bool_)
    found: list[int] = []
    while open_sets.any() and len(found) < most:
        counts = holds[open_sets].sum(axis=0)
        best = np.flatnonzero(counts == counts.max())
        choice = best[len(best) // 2]
        found.append(pixels[choice])
        open_sets &= ~holds[:, choice]
    return found, {row for (row, _), is_open in zip(wanted, open_sets, strict=True) if is_open}


def reached_places(cut: Cut, axis: str, predicted: Flags, measured: Flags, size: int) -> str:
    """The difference between what a cut should reach and what it reached, in words."""
    lines = (0, cut.at) if cut.end == FIRST else (cut.at, size - 1)
    return (
        f"receptive field: {axis} {_interval(lines)} of the picture should reach {_outputs(predicted)}, "
        f"but reached {_outputs(measured)}"
    )


def seen_pixels(place: int, axis: str, claim: tuple[int, int], has: tuple[int, int]) -> str:
    """The difference between the field that is claimed of a place and the one it has, in words."""
    return (
        f"receptive field: {axis} {place} of the output should see {_pixels(claim)}, but sees {_pixels(has)} "
        "of the picture"
    )


def _span(first: Places, last: Places, place: int) -> tuple[int, int]:
    return int(first[place]), int(last[place])


def _pixels(span: tuple[int, int]) -> str:
    return _interval(span) if span[0] <= span[1] else "nothing"


def _outputs(reached: Flags) -> str:
    places = np.flatnonzero(reached)
    if not places.size:
        return "nothing"
    holes = places[-1] - places[0] + 1 > places.size
    plural = "s" if places.size > 1 else ""
    return f"output{plural} {_interval((int(places[0]), int(places[-1])))}{' with gaps' if holes else ''}"


def _interval(ends: Iterable[int]) -> str:
    first, last = ends
    return str(first) if first == last else f"{first}..{last}"

"""Where everything of a U lies: each volume at its level, left to right, and the labels beside the upright arrows.

Channels are written above a volume, its size below; where an upright arrow passes, they move beside it.  A U that is
too wide is tried again with smaller volumes, shorter arrows and shorter sizes; one that is still too wide is no U.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.pictures.nets.arrow_words import words_above, words_below
from cnncalc.pictures.nets.strip_lines import gap_of
from cnncalc.pictures.nets.u_levels import Reading, ULevels
from cnncalc.pictures.nets.u_spots import Beside, Label, Spot, Words, size_words, wrapped
from cnncalc.pictures.nets.volumes import SIZE_LETTERS, WORD_LETTERS, Box, channel_words, count_words, scale_of
from cnncalc.pictures.scene.shapes import Point

TALL, THICK = 104.0, 54.0
LEFT_EDGE, BESIDE_ARROW, BETWEEN_LABELS = 4.0, 5.0, 6.0
SKIP_ROOM = 46.0
"""The least length of a reading across a U."""

APART = 7.0
"""Two upright arrows at one edge of a volume are twice as far from each other."""

UPRIGHT_STEP, BESIDE_UPRIGHT = 11.5, 7.0
NOTHING = float("-inf")
LABEL_ROW, LANE = 15.0, 12.0
BETWEEN_LEVELS = 18.0
HEAD_GAP, HEAD_SHARE, HEAD_ROW = 18.0, 0.8, 13.0


class Fit(NamedTuple):
    """How tightly a U is set: the share of the full size, the least arrow, whether sizes are short (64²), and from
    how many equal arrows on their words go to the legend; how wide a line of an upright arrow's words is.
    """

    share: float
    arrow: float
    short: bool
    usual: int
    words: float = 150.0


FITS = (
    Fit(1.0, 20, short=False, usual=6),
    Fit(0.9, 18, short=False, usual=4),
    Fit(0.8, 16, short=False, usual=3),
    Fit(0.7, 14, short=False, usual=2),
    Fit(0.72, 14, short=True, usual=2),
    Fit(0.64, 13, short=True, usual=2),
    Fit(0.56, 12, short=True, usual=2),
    Fit(0.48, 11, short=True, usual=2),
)
"""From the roomiest to the tightest."""

NARROW_WORDS = 110.0
"""What each of them is tried with where the words of an upright arrow are what is too wide."""


class UPlan(NamedTuple):
    """The spots, the middle line of each level and the line between it and the next one, the lanes of the readings
    above a level, the words left out.
    """

    spots: dict[int, Spot]
    middles: tuple[float, ...]
    bands: tuple[float, ...]
    lanes: dict[Reading, int]
    usual: tuple[Words, Words] | None
    width: float
    height: float
    sizes_below: dict[int, float]
    """From the middle line of each volume to the baseline of its size."""
    upright: dict[int, Beside]
    """The words beside each upright arrow, by the volume that it leads to."""
    head_starts: dict[int, float]
    """Where the line to a chain beside the main way rises again, by the volume of the main way that it reads."""
    feet: tuple[float, ...]
    """Where the volumes of each level and their texts end below."""
    corners: tuple[Point, ...]
    """The lower left corners of rectangles that are empty up to the drawing's upper right corner."""


def u_plan(levels: ULevels, width: float) -> UPlan | None:
    """The plan of a U that is no wider than asked; None where there is none, or a reading could not be drawn."""
    readings = [(source, place) for place in levels.main for source in levels.items[place].sources]
    steps = set(pairwise(levels.main))
    others = [one for one in readings if one not in steps]
    if any(levels.level[source] != levels.level[reader] for source, reader in others):
        return None
    for fit in FITS:
        for words in (fit.words, NARROW_WORDS):
            attempt = _Plan(levels, fit._replace(words=words), others)
            plan = attempt.plan()
            if plan.width <= width and attempt.clear:
                return plan
    return None


class _Plan:
    """One attempt to lay a U."""

    def __init__(self, levels: ULevels, fit: Fit, others: Sequence[Reading]) -> None:
        self.levels, self.fit, self.others = levels, fit, others
        self.items, self.level = levels.items, levels.level
        self.scale = scale_of(self.items, TALL * fit.share, THICK * fit.share)
        self.usual = _usual(levels, fit.usual)
        self.spots: dict[int, Spot] = {}
        self.lanes = _lanes(levels, others)
        self.head_starts: dict[int, float] = {}
        self.clear = True
        """Whether no words lie on others, or on an arrow."""
        self.next_of = dict(pairwise(levels.main))
        self.before = {after: place for place, after in self.next_of.items()}
        deepest = max(self.level.values()) + 1
        self.ends = [[NOTHING] * 3 for _ in range(deepest)]
        """For each level: where its last volume ends, its last label above, its last label below."""

    def plan(self) -> UPlan:
        for place in self.levels.main:
            self._put(place)
        for head in self.levels.heads:
            self._put_head(head)
        self._to_the_left_edge()
        upright = self._upright_words()
        middles, bands, feet, y = [], [], [], 0.0
        for level in range(len(self.ends)):
            mine = [place for place in self.spots if self._level(place) == level]
            count = (
                max((lane for (_, reader), lane in self.lanes.items() if self.level[reader] == level), default=-1) + 1
            )
            y += max(self._above(place) for place in mine) + LANE * count
            middles.append(y)
            between = BETWEEN_LEVELS + UPRIGHT_STEP * (self._most_lines(level, upright) - 1)
            y += max(self._below(place) for place in mine)
            feet.append(y)
            y += HEAD_ROW if any(self.level[place] == level for place in self.head_starts) else 0
            bands.append(y + between / 2)
            y += between
        width = max(max(ends) for ends in self.ends) + 4
        width = max([width, *(words.reach[1] + 4 for words in upright.values())])
        sizes = {place: self._size_below(place) for place in self.spots}
        return UPlan(
            self.spots,
            tuple(middles),
            tuple(bands),
            self.lanes,
            self.usual,
            width,
            y - between,
            sizes,
            upright,
            self.head_starts,
            tuple(feet),
            self._corners(feet, upright),
        )

    def _corners(self, feet: Sequence[float], upright: dict[int, Beside]) -> tuple[Point, ...]:
        """What is free above each level but the first, from the narrowest to the widest."""
        found, x = [], 0.0
        for level, foot in enumerate(feet[:-1]):
            x = max(x, *self.ends[level])
            found.append((x, foot))
            x = max([x, *(words.reach[1] for place, words in upright.items() if self._band(place) == level)])
        return tuple(found[::-1])

    def _upright_words(self) -> dict[int, Beside]:
        """The words of each upright arrow: to its right, or to its left where something is in the way there."""
        placed: dict[int, Beside] = {}
        for place in filter(self._is_upright, self.levels.main):
            lines, ends = wrapped(self.items[place], self.fit.words), self._upright_ends(place)
            right = Beside(lines, max(ends) + BESIDE_UPRIGHT, "start")
            left = Beside(lines, min(ends) - BESIDE_UPRIGHT, "end")
            band = self._band(place)
            taken = [words.reach for other, words in placed.items() if self._band(other) == band]
            taken += [self._upright_ends(other) for other in self._crossing(band) if other != place]
            free = [words for words in (right, left) if _is_free(words, taken)]
            self.clear = self.clear and bool(free)
            placed[place] = free[0] if free else right
        return placed

    def _crossing(self, band: int) -> list[int]:
        """The volumes to which an upright arrow leads across the line after a level."""
        levels = {place: sorted((self.level[self.before[place]], self.level[place])) for place in self.before}
        return [place for place, (upper, lower) in levels.items() if upper <= band < lower]

    def _to_the_left_edge(self) -> None:
        """Moves all so that the leftmost text or volume lies at the edge."""
        reaches = (spot.left + min(0.0, spot.above.reach[0], spot.below.reach[0]) for spot in self.spots.values())
        away = LEFT_EDGE - min(reaches)
        self.spots = {place: spot._replace(left=spot.left + away) for place, spot in self.spots.items()}
        self.head_starts = {place: start + away for place, start in self.head_starts.items()}
        self.ends = [[end + away for end in ends] for ends in self.ends]

    def _most_lines(self, level: int, upright: dict[int, Beside]) -> int:
        """Of how many lines the words between this level and the next are."""
        return max((len(words.lines) for place, words in upright.items() if self._band(place) == level), default=1)

    def _band(self, place: int) -> int:
        """After which level the words of the upright arrow to a volume stand."""
        here, before = self.level[place], self.level[self.before[place]]
        return here - 1 if before < here else before - 1

    def _upright_ends(self, place: int) -> tuple[float, float]:
        one, other = self.spots[self.before[place]], self.spots[place]
        down = self.level[self.before[place]] < self.level[place]
        ends = (one.foot, other.crown) if down else (one.crown, other.foot)
        return ends[0] + one.apart, ends[1] - other.apart

    def _level(self, place: int) -> int:
        if place in self.level:
            return self.level[place]
        return next(self.level[head[0]] for head in self.levels.heads if place in head)

    def _above(self, place: int) -> float:
        spot, item = self.spots[place], self.items[place]
        return max(spot.box.above + LABEL_ROW + 2, 0 if spot.bare or self._is_upright(place) else words_above(item))

    def _below(self, place: int) -> float:
        return self._size_below(place) + (14 if self.items[place].is_output else 4)

    def _size_below(self, place: int) -> float:
        spot, low = self.spots[place], 0.0
        left, right = spot.below.reach
        if left < -2 or right > spot.box.across + 2:
            beside = [place, *([self.next_of[place]] if place in self.next_of else [])]
            low = max(0.0 if self._is_upright(one) else self._words_below(one) for one in beside)
        return max(spot.box.height / 2 + 12, low + 12 if low else 0.0)

    def _words_below(self, place: int) -> float:
        return 0.0 if place in self.spots and self.spots[place].bare else words_below(self.items[place])

    def _is_upright(self, place: int) -> bool:
        """Whether the arrow to the volume leads from another level."""
        return place in self.before and self.level[self.before[place]] != self.level[place]

    def _put(self, place: int) -> None:
        box, item = self.scale.box(self.items[place]), self.items[place]
        above, below = self._labels(place, box)
        here, before = self.level[place], self.before.get(place)
        bare, apart = self.usual == (item.words, item.after), self._apart(place)
        if before is None:
            left = 0.0
        elif self.level[before] == here:
            left = self.spots[before].right + 4 + (self.fit.arrow if bare else max(gap_of(item) - 4, self.fit.arrow))
        elif self.level[before] < here:
            passed = self.ends[self.level[before] + 1 : here + 1]
            left = self.spots[before].foot + self.spots[before].apart + apart - (box.width + box.depth + box.behind) / 2
            left = max([left, *(ends[0] + SKIP_ROOM for ends in passed)])
        else:
            passed = self.ends[here : self.level[before]]
            left = self.spots[before].crown + self.spots[before].apart + apart - box.width / 2
            left = max([left, *(ends[0] + SKIP_ROOM for ends in passed)])
        self._settle(place, Spot(left, box, above, below, bare, apart), here)

    def _apart(self, place: int) -> float:
        """How far from its middle two upright arrows meet one edge of the volume; 0 where no two do."""
        if place not in self.before or place not in self.next_of:
            return 0.0
        here, before, after = (self.level[one] for one in (place, self.before[place], self.next_of[place]))
        return APART if (before < here and after < here) or (before > here and after > here) else 0.0

    def _settle(self, place: int, spot: Spot, level: int) -> None:
        """Moves the spot to the right until its labels are free, and keeps where it ends."""
        ends = self.ends[level]
        push = max(
            0.0,
            ends[1] + BETWEEN_LABELS - spot.left - spot.above.reach[0],
            ends[2] + BETWEEN_LABELS - spot.left - spot.below.reach[0],
        )
        spot = spot._replace(left=spot.left + push)
        self.spots[place] = spot
        self.ends[level] = [spot.right, spot.left + spot.above.reach[1], spot.left + spot.below.reach[1]]

    def _put_head(self, head: tuple[int, ...]) -> None:
        level = self.level[head[0]]
        for number, place in enumerate(head[1:]):
            box, item = self.scale.box(self.items[place], HEAD_SHARE), self.items[place]
            above, below = self._labels(place, box)
            edge = self.ends[level][0]
            if not number and edge != self.spots[head[0]].right:
                self.head_starts[head[0]] = max(self.ends[level]) + 5
                edge = max(self.ends[level]) + HEAD_GAP
            left = edge + 4 + max(gap_of(item) - 4, self.fit.arrow)
            self._settle(place, Spot(left, box, above, below, bare=False), level)

    def _labels(self, place: int, box: Box) -> tuple[Label, Label]:
        """The channels above a volume and the size below it, beside the arrows that pass there."""
        item, centre = self.items[place], box.across / 2
        channels = " ".join(filter(None, (channel_words(item), count_words(item))))
        above = Label(centre + box.behind / 2, "middle", channels, SIZE_LETTERS, bold=True)
        below = Label(centre, "middle", size_words(item.shape, short=self.fit.short), WORD_LETTERS)
        here = self.level.get(place)
        from_level, to_level = (
            self.level[one[place]] if here is not None and place in one else here for one in (self.before, self.next_of)
        )
        if here is None or from_level is None or to_level is None:
            return above, below
        apart = self._apart(place)
        crown, foot = box.width / 2 + (box.depth + box.behind) / 2 + apart, box.width / 2 + apart
        if to_level < here or any(reader == place for _, reader in self.lanes):
            above = above._replace(x=crown + BESIDE_ARROW, anchor="start")
        elif from_level < here or any(source == place for source, _ in self.lanes):
            above = above._replace(x=crown - BESIDE_ARROW, anchor="end")
        if to_level > here:
            below = below._replace(x=foot + BESIDE_ARROW, anchor="start")
        elif from_level > here:
            below = below._replace(x=foot - BESIDE_ARROW, anchor="end")
        return above, below


def _is_free(words: Beside, taken: Iterable[Point]) -> bool:
    left, right = words.reach
    clear = all(max(ends) + BETWEEN_LABELS <= left or right <= min(ends) - BETWEEN_LABELS for ends in taken)
    return clear and left > LEFT_EDGE / 2


def _lanes(levels: ULevels, others: Sequence[Reading]) -> dict[Reading, int]:
    """The lane of each reading that other volumes are in the way of: the shortest lowest."""
    lanes: dict[Reading, int] = {}
    for source, reader in sorted(others, key=lambda one: (one[1] - one[0], one[0])):
        level = levels.level[reader]
        if any(source < one < reader and levels.level[one] == level for one in levels.main):
            spans = [(other, lane) for other, lane in lanes.items() if levels.level[other[1]] == level]
            taken = {lane for (first, last), lane in spans if first < reader and source < last}
            lanes[source, reader] = next(lane for lane in range(len(taken) + 1) if lane not in taken)
    return lanes


def _usual(levels: ULevels, fewest: int) -> tuple[Words, Words] | None:
    """The words that stand at so many arrows of one level that the legend can say them once."""
    found = Counter(_level_words(levels))
    best = max(found.items(), key=lambda one: one[1], default=None)
    return best[0] if best is not None and best[1] >= fewest else None


def _level_words(levels: ULevels) -> Iterator[tuple[Words, Words]]:
    for before, place in pairwise(levels.main):
        item = levels.items[place]
        if levels.level[before] == levels.level[place] and item.words:
            yield item.words, item.after

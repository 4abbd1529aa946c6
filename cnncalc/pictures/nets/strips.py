"""A net as a strip of volumes from left to right, in as many lines as the width needs.

Shortcuts run above in lanes, what is off the main way hangs below, and where a line has no room both its ends have the
same letter in a circle.  What goes where, `strip_plan` says; here it is painted.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.nets.arrow_words import draw_arrow, words_above, words_below
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.strip_lines import INDENT, LEFT_EDGE, MARK_STEP, Line, Placed, names_of, overhang
from cnncalc.pictures.nets.strip_plan import FROM_MIDDLE, Chain, StripPlan, hanging_order, port, strip_plan
from cnncalc.pictures.nets.volumes import (
    SIZE_LETTERS,
    SMALL_LETTERS,
    TIMES_LETTERS,
    WORD_LETTERS,
    Photo,
    count_words,
    draw_volume,
    item_size,
    scale_of,
)
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Circle, Point, Scene

LANE, MARK_RADIUS, MARK_ROOM = 13.0, 7.5, 24.0
TIMES_ROOM = 18.0
RETURN_ROOM = 16.0
"""What the line needs that leads from the end of one line to the beginning of the next."""

TALL, THICK, NARROW = 150.0, 66.0, 0.64
TRIED_SMALLER = (0.93, 0.86, 0.8)
"""Volumes are drawn so much smaller where that saves a line."""

TRIED_FOR_ONE = (0.74, 0.68, 0.62, 0.56)
"""On a picture that is not narrow they are drawn so much smaller where all then lie in one line, as papers do it."""

EDGE = 5.0
CHAIN_GAP, TURN_ROOM = 10.0, 8.0


def strip(items: Sequence[Item], width: float, *, narrow: bool = False, photo: Photo | None = None) -> Scene:
    """The strip of these items, as wide as asked where that can be."""
    share = NARROW if narrow else 1.0
    plan = _plan(items, width, share)
    for smaller in (*TRIED_SMALLER, *(() if narrow else TRIED_FOR_ONE)) if len(plan.lines) > 1 else ():
        tried = _plan(items, width, share * smaller)
        if len(tried.lines) == 1 or (smaller in TRIED_SMALLER and len(tried.lines) < len(plan.lines)):
            plan = tried
            break
    return _Strip(items, plan, photo).scene()


def _plan(items: Sequence[Item], width: float, share: float) -> StripPlan:
    """The plan in one line, where that fits; in several, each leaves room for the line to the next."""
    scale = scale_of(items, TALL * share, THICK * share)
    whole = strip_plan(items, scale, width - EDGE)
    return whole if len(whole.lines) == 1 else strip_plan(items, scale, width - RETURN_ROOM)


class _Strip:
    """What has been painted so far, and how far right and down it reaches."""

    def __init__(self, items: Sequence[Item], plan: StripPlan, photo: Photo | None) -> None:
        self.items, self.plan, self.photo = items, plan, photo
        self.drawing = Drawing()
        self.wide = 0.0
        self.floor: list[tuple[float, float, float]] = []
        """What hangs lowest in the line that is being painted: from where, to where, and how low."""
        self.label_ends: dict[int, float] = {}
        self.before: dict[int, str] = {}
        """The letters at the beginning of the arrow to a volume."""
        self.names = names_of(items)

    def scene(self) -> Scene:
        y, leaving = 0.0, None
        for number, line in enumerate(self.plan.lines):
            before = self.wide
            self.wide, self.floor = 0.0, []
            middle, bottom = self._main_line(line, y, leaving)
            for chain in self._chains_of(number):
                bottom = max(bottom, self._chain(chain, self._below(chain, bottom)))
            end = line[-1].right + 2
            leaving = (end, middle, max(self.wide, end) + 9, bottom + 5)
            if number + 1 < len(self.plan.lines):
                self.wide = max(self.wide, leaving[2] + 2)
            self.wide = max(self.wide, before)
            y = bottom + 14
        return self.drawing.scene(self.wide + 4, y - 8)

    def _below(self, chain: Chain, bottom: float) -> float:
        """How low the chain has to hang: below what is over it; all of the line where it is of more than one."""
        last = chain.lines[0][-1]
        left, right = chain.lines[0][0].left, last.centre + last.box.across / 2 + self._overhang(last)
        if len(chain.lines) > 1:
            return bottom
        if chain.dropped_from is not None:
            x = self.plan.places[chain.dropped_from].centre
            left, right = min(left - INDENT, x) if chain.starts_left else x, max(right, x)
        elif chain.risen_to is not None:
            first = chain.lines[0][0]
            left = min(left - self._overhang(first), LEFT_EDGE if self.items[first.place].sources else left)
        if chain.risen_to is not None:
            x = self.plan.places[chain.risen_to].centre
            left, right = min(left, x), max(right, x)
        elif chain.dropped_from is None:
            return bottom
        over = [low for start, end, low in self.floor if start < right + CHAIN_GAP and left - CHAIN_GAP < end]
        return max(over, default=bottom)

    def _overhang(self, placed: Placed) -> float:
        """How far the texts below a volume are wider than it, on each side."""
        return overhang(self.items[placed.place], self.names[placed.place], placed.box)

    def _chains_of(self, number: int) -> list[Chain]:
        """Those below the line, from the highest on."""
        return [chain for chain in hanging_order(self.plan.chains, self.plan.places) if chain.home == number]

    def _main_line(
        self, line: Line, y: float, leaving: tuple[float, float, float, float] | None
    ) -> tuple[float, float]:
        """Paints a line of the main way below y; gives its middle and its lower end."""
        here = {placed.place for placed in line}
        lanes = _lanes([one for one in self.plan.shortcuts if one[1] in here])
        top = y + 6 + LANE * (max(lanes.values(), default=-1) + 1)
        middle = top + self._above(line)
        entry = None
        if leaving is not None:
            end, from_y, turn, between = leaving
            entry, edge = INDENT - 8, INDENT - 18
            points = [(end, from_y), (turn, from_y), (turn, between), (edge, between), (edge, middle), (entry, middle)]
            self.drawing.line(points, arrow=False)
        bottom = self._line(line, middle, entry)
        places = {placed.place: placed for placed in line}
        for (source, reader), lane in lanes.items():
            height = top - 2 - LANE * lane
            from_x, to_x = self._port(places[source], FROM_MIDDLE), self._port(places[reader], -FROM_MIDDLE)
            start, end = (middle - self._top(places[one]) for one in (source, reader))
            self.drawing.line([(from_x, start), (from_x, height), (to_x, height), (to_x, end)], "skip")
        return middle, bottom

    def _port(self, placed: Placed, side: float) -> float:
        """Where a shortcut leaves or reaches the volume."""
        return placed.centre + port(self.plan.marks.get(placed.place, ()), side)

    def _top(self, placed: Placed) -> float:
        """From the middle line to above the volume and its count."""
        return placed.box.above + (TIMES_ROOM if self.items[placed.place].times > 1 else 3)

    def _above(self, line: Line) -> float:
        """From the middle of a line to above all that stands in it."""
        marks = MARK_ROOM if any(self._marks_above(placed.place) for placed in line) else 0.0
        words = max(words_above(self.items[placed.place]) for placed in line)
        return max(words, *map(self._top, line)) + marks

    def _line(self, line: Line, middle: float, entry: float | None) -> float:
        """Paints volumes, arrows, sizes and letters of a line; gives its lower end."""
        lower, edge = middle, entry
        marks_at = middle - self._above(line) + MARK_RADIUS + 1
        for number, placed in enumerate(line):
            item = self.items[placed.place]
            if edge is not None:
                draw_arrow(self.drawing, item, edge, placed.left - 2, middle)
                lower = max(lower, middle + words_below(item))
                self.floor.append((edge, placed.left, middle + words_below(item)))
            draw_volume(self.drawing, item, (placed.left, middle), placed.box, self.photo)
            beside = max(words_below(self.items[one.place]) for one in line[number : number + 2])
            low = self._size(placed, middle, beside)
            beyond = self._overhang(placed)
            self.floor.append(
                (placed.left - beyond, max(placed.right, placed.centre + placed.box.across / 2 + beyond), low)
            )
            lower = max(lower, low)
            if item.times > 1:
                x = placed.centre + placed.box.behind / 2
                self.drawing.text(x, middle - placed.box.above - 5, count_words(item), TIMES_LETTERS, bold=True)
            self._marks(placed, middle - self._top(placed), marks_at)
            edge = placed.right + 2
            self.wide = max(self.wide, placed.right, placed.centre + placed.box.across / 2 + beyond)
        return lower

    def _size(self, placed: Placed, middle: float, beside: float) -> float:
        """Writes the size below a volume, and its name where it is one of several inputs or outputs."""
        item, box = self.items[placed.place], placed.box
        y = middle + box.height / 2 + 15
        if beside and text_width(item_size(item), SIZE_LETTERS) > box.across - 4:
            y = max(y, middle + beside + 15)
        self.drawing.text(placed.centre, y, item_size(item), SIZE_LETTERS)
        if name := self.names[placed.place]:
            y += 12
            half = text_width(name, SMALL_LETTERS) / 2
            x = max(placed.centre, half)  # the first volume of a line may be narrower than its name
            self.drawing.text(x, y, name, SMALL_LETTERS, role="soft", italic=True)
            self.wide = max(self.wide, x + half)
        self.label_ends[placed.place] = y + 4
        return y + 5

    def _marks_above(self, place: int) -> list[tuple[str, bool]]:
        """The letters of a volume but for the one at the beginning of its arrow."""
        return [mark for mark in self.plan.marks.get(place, ()) if mark != (self.before.get(place), False)]

    def _marks(self, placed: Placed, top: float, y: float) -> None:
        """The letters in circles above a volume: those of lines that leave it, and of lines that reach it."""
        marks = self._marks_above(placed.place)
        for number, (letter, leaves) in enumerate(marks):
            x = placed.centre + (number - (len(marks) - 1) / 2) * MARK_STEP
            points = [(x, y + MARK_RADIUS), (placed.centre + (x - placed.centre) * 0.4, max(top, y + MARK_RADIUS + 4))]
            self.drawing.line(points[::-1] if leaves else points, "skip", arrow=not leaves, corner=0)
            self._circle(x, y, letter)

    def _chain(self, chain: Chain, y: float) -> float:
        """Paints a chain below a line; gives its lower end."""
        leaving: Point | None = None
        row, first = y + 4, chain.places[0]
        if chain.dropped_from is None:
            arriving = [letter for letter, leaves in self.plan.marks.get(first, ()) if not leaves]
            if arriving:
                self.before[first] = arriving[0]
        y += TURN_ROOM if chain.is_turned(self.plan.places) or chain.starts_left else 0
        for line in chain.lines:
            middle = y + 10 + self._above(line)
            entry: float | None = None
            if leaving is not None:
                turn, between = max(self.wide, leaving[0]) + 9, y + 4
                points = [leaving, (turn, leaving[1]), (turn, between), (INDENT - 18, between), (INDENT - 18, middle)]
                entry = INDENT - 8
                self.drawing.line([*points, (entry, middle)], arrow=False)
                self.wide = max(self.wide, turn + 2)
            elif chain.dropped_from is not None:
                source = self.plan.places[chain.dropped_from]
                x, entry = source.centre + 4, source.centre + 10
                points = [(x, self.label_ends[source.place]), (x, middle)]
                if chain.starts_left:
                    entry = INDENT - 8
                    points = [points[0], (x, row), (INDENT - 18, row), (INDENT - 18, middle)]
                self.drawing.line([*points, (entry, middle)], arrow=False)
            elif self.items[first].sources:
                entry = self._letter_before(first, middle)
            y = self._line(line, middle, entry)
            leaving = (line[-1].right + 2, middle)
        if chain.risen_to is not None and leaving is not None:
            reader = self.plan.places[chain.risen_to]
            x, end, points = reader.centre, self.label_ends[reader.place] + 2, [leaving, (reader.centre, leaving[1])]
            if chain.is_turned(self.plan.places):
                turn = leaving[0] + 10
                points = [leaving, (turn, leaving[1]), (turn, row), (x, row)]
                self.wide = max(self.wide, turn + 2)
            self.drawing.line([*points, (x, end)])
        return y

    def _letter_before(self, place: int, middle: float) -> float:
        """Paints the letter of what a chain reads where its first arrow begins; gives where that is."""
        letter = self.before.get(place)
        if letter is None:
            return LEFT_EDGE
        self._circle(LEFT_EDGE + MARK_RADIUS, middle, letter)
        return LEFT_EDGE + 2 * MARK_RADIUS + 2

    def _circle(self, x: float, y: float, letter: str) -> None:
        self.drawing.add(Circle(x, y, MARK_RADIUS, "paper", "skip", 1.2))
        self.drawing.text(x, y + 3.5, letter, WORD_LETTERS)


def _lanes(spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The lane of each shortcut: the shortest lowest, none over another one that it overlaps."""
    lanes: dict[tuple[int, int], int] = {}
    for source, reader in sorted(spans, key=lambda span: (span[1] - span[0], span[0])):
        taken = {lane for (first, last), lane in lanes.items() if first < reader and source < last}
        lanes[source, reader] = next(lane for lane in range(len(taken) + 1) if lane not in taken)
    return lanes

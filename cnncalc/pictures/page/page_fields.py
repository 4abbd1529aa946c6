"""The exact receptive fields of a page's lines as tables, in which a script looks places up and computes nothing else.

A table holds, for the places of one axis of a map, the first and the last input pixel that each depends on; what
repeats after some places, shifted, is held once.  Places near an edge that see a padding in the middle of the net,
which has no pixels, are listed one by one.  Lines with equal fields share a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.analysis.cell_field.axis_pixels import NO_PIXEL, Pixels, axis_pixels
from cnncalc.analysis.fields import AxisField
from cnncalc.analysis.model import Analysis, RowAnalysis

LONGEST_TABLE = 4096
"""Places of an axis whose fields do not repeat; longer ones are not put into a page."""

MOST_ENTRIES = 100_000
"""Entries of all tables of a page together."""


class FieldTable(NamedTuple):
    """Place q * len(first) + r depends on pixels first[r] + q * shift to last[r] + q * shift of `places` places.

    `others` are places for which that is not so, and what they depend on.
    """

    places: int
    shift: int
    first: tuple[int, ...]
    last: tuple[int, ...]
    others: tuple[tuple[int, int, int], ...] = ()

    def span_at(self, place: int) -> tuple[int, int]:
        """What the script looks up."""
        for other, first, last in self.others:
            if other == place:
                return first, last
        turns, rest = divmod(place, len(self.first))
        return self.first[rest] + turns * self.shift, self.last[rest] + turns * self.shift


def field_table(field: AxisField, places: int) -> FieldTable | None:
    """The table of one axis; None where it would be too long."""
    piece = field.pieces[0]
    if len(field.pieces) == 1 and not piece.gaps:
        return FieldTable(places, piece.shift, piece.first, piece.last)
    if places > LONGEST_TABLE:
        return None
    spans = [field.span_at(place) for place in range(places)]
    return FieldTable(places, 0, tuple(first for first, _ in spans), tuple(last for _, last in spans))


def seen_table(field: AxisField, pixels: Pixels, size: int) -> FieldTable | None:
    """The table of one axis of an input of some size, of whose pixels the places depend on these."""
    table = field_table(field, len(pixels))
    if table is None:
        return None
    spans = [_with_pads(seen, field.span_at(place), size) for place, seen in enumerate(pixels)]
    others = tuple((place, *span) for place, span in enumerate(spans) if span != table.span_at(place))
    return table._replace(others=others)


def _with_pads(pixels: tuple[int, int], counted: tuple[int, int], size: int) -> tuple[int, int]:
    """The pixels that are seen, and the pads next to them; pads that lie apart from them are not marked."""
    first, last = pixels
    if first > last:
        return NO_PIXEL
    return min(first, counted[0]) if first == 0 else first, max(last, counted[1]) if last == size - 1 else last


class FieldTables:
    """The tables of a page, each once."""

    def __init__(self, analysis: Analysis) -> None:
        self.tables: list[FieldTable] = []
        self._sizes = analysis.totals.inputs[0].spatial if analysis.totals.inputs else ()
        self._pixels: Mapping[int, tuple[Pixels, ...]] = axis_pixels(analysis.nodes)
        self._known: dict[tuple[AxisField, int, Pixels], int | None] = {}
        self._room = MOST_ENTRIES

    def of_row(self, row: RowAnalysis) -> tuple[int, ...] | None:
        """The number of the table of each axis of the input; None where they are not known, too many, or copied."""
        fields = row.nodes[-1].fields
        if not fields or any(field.mirrored for field in fields):  # copied pixels lie apart from the window
            return None
        mapped = len(row.output.spatial) == len(fields)
        if not mapped and not all(field.everywhere for field in fields):
            return None
        places = row.output.spatial if mapped else (1,) * len(fields)
        pixels = self._pixels.get(row.row.last, ((),) * len(fields)) if mapped else ((),) * len(fields)
        axes = zip(fields, places, pixels, self._sizes, strict=True)
        found = [self._number(field, count, seen, size) for field, count, seen, size in axes]
        return None if None in found else tuple(number for number in found if number is not None)

    def _number(self, field: AxisField, places: int, pixels: Pixels, size: int) -> int | None:
        key = field, places, pixels
        if key not in self._known:
            table = seen_table(field, pixels, size) if pixels else field_table(field, places)
            entries = 0 if table is None else 2 * len(table.first) + 3 * len(table.others)
            if table is None or entries > self._room:
                self._known[key] = None
            else:
                self._room -= entries
                self._known[key] = len(self.tables)
                self.tables.append(table)
        return self._known[key]

    def as_data(self) -> list[dict[str, Any]]:
        """The tables as a script reads them."""
        return [
            {"n": one.places, "s": one.shift, "f": one.first, "l": one.last}
            | ({"x": {place: span for place, *span in one.others}} if one.others else {})
            for one in self.tables
        ]

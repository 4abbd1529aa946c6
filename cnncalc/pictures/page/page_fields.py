"""The exact receptive fields of a page's lines as tables, in which a script looks places up and computes nothing else.

A table holds, for the places of one axis of a map, the first and the last input pixel that each depends on; what
repeats after some places, shifted, is held once.  Lines with equal fields share a table.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.analysis.fields import AxisField
from cnncalc.analysis.model import RowAnalysis

LONGEST_TABLE = 4096
"""Places of an axis whose fields do not repeat; longer ones are not put into a page."""

MOST_ENTRIES = 100_000
"""Entries of all tables of a page together."""


class FieldTable(NamedTuple):
    """Place q * len(first) + r depends on pixels first[r] + q * shift to last[r] + q * shift of `places` places."""

    places: int
    shift: int
    first: tuple[int, ...]
    last: tuple[int, ...]

    def span_at(self, place: int) -> tuple[int, int]:
        """What the script looks up."""
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


class FieldTables:
    """The tables of a page, each once."""

    def __init__(self) -> None:
        self.tables: list[FieldTable] = []
        self._known: dict[tuple[AxisField, int], int | None] = {}
        self._room = MOST_ENTRIES

    def of_row(self, row: RowAnalysis) -> tuple[int, ...] | None:
        """The number of the table of each axis of the input; None where the fields are not known or too many."""
        fields = row.nodes[-1].fields
        if not fields:
            return None
        mapped = len(row.output.spatial) == len(fields)
        if not mapped and not all(field.everywhere for field in fields):
            return None
        places = row.output.spatial if mapped else (1,) * len(fields)
        found = [self._number(field, count) for field, count in zip(fields, places, strict=True)]
        return None if None in found else tuple(number for number in found if number is not None)

    def _number(self, field: AxisField, places: int) -> int | None:
        key = field, places
        if key not in self._known:
            table = field_table(field, places)
            if table is None or 2 * len(table.first) > self._room:
                self._known[key] = None
            else:
                self._room -= 2 * len(table.first)
                self._known[key] = len(self.tables)
                self.tables.append(table)
        return self._known[key]

    def as_data(self) -> list[dict[str, Any]]:
        """The tables as a script reads them."""
        return [{"n": one.places, "s": one.shift, "f": one.first, "l": one.last} for one in self.tables]

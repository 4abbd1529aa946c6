"""A net as a tree of parts: rows, and calls of blocks with the parts inside of them.

Calls of one row are that row, one that only calls another block has that one's inside; a call that is the whole net is
no part, and neither is a container of a program.
Which parts repeat is not known here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from cnncalc.graph.ir import Group
from cnncalc.pictures.nets.net_rows import Call, NetRows

_TIMES = re.compile(r"\s+times\s+\S+")


class Part(NamedTuple):
    """Rows `first` to `last`: one row, the call of a block (`word` is its name), or a stretch of parts that repeats.

    `inside` is empty for a row.  `shown` are the parts inside that are drawn out, empty for a box.  `times`: so many
    copies in a row, each as long as this one, which is the first of them; `side`: they lie side by side.
    `depth` counts the blocks around a call.
    """

    first: int
    last: int
    word: str
    text: str
    label: str
    kind: str
    inside: tuple[Part, ...] = ()
    shown: tuple[Part, ...] = ()
    times: int = 1
    side: bool = False
    depth: int = 0

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def end(self) -> int:
        """The last row of its last copy."""
        return self.first + self.length * self.times - 1


def parts_of(rows: NetRows) -> tuple[Part, ...]:
    """The whole net."""
    return _Reading(rows).parts(0, len(rows.reads) - 1, 0)


class _Reading:
    """Reads rows and calls into parts; the calls' own words are looked up by the row with which their group begins."""

    def __init__(self, rows: NetRows) -> None:
        self.rows = rows
        self.groups: dict[tuple[str, int], list[Group]] = {}
        for found in rows.analysis.groups:
            self.groups.setdefault((found.group.word, found.group.depth), []).append(found.group)

    def parts(self, first: int, last: int, depth: int) -> tuple[Part, ...]:
        found: list[Part] = []
        row = first
        while row <= last:
            call = self.rows.call_at(row, last, depth)
            if call is None:
                found.append(self._row(row))
                row += 1
            else:
                found += self._called(call)
                row = call.last + 1
        return tuple(found)

    def _called(self, call: Call) -> tuple[Part, ...]:
        inside = self.parts(call.first, call.last, call.depth + 1)
        groups = self.groups[call.word, call.depth]
        group = groups[bisect_right(groups, call.first, key=lambda one: one.first) - 1]
        if self.rows.holds_all(call):
            return inside
        if len(inside) == 1 and inside[0].kind == "row":
            return (inside[0]._replace(label=inside[0].label or group.label or ""),)
        text = _TIMES.sub("", group.text)
        if len(inside) == 1:  # a block that does nothing but call another
            return (inside[0]._replace(text=text, label=group.label or inside[0].label, depth=call.depth),)
        return (Part(call.first, call.last, call.word, text, group.label or "", "call", inside, depth=call.depth),)

    def _row(self, index: int) -> Part:
        rows = self.rows.analysis.graph.rows
        row = rows[index]
        label = rows[index + row.copies - row.copy].label or ""
        return Part(index, index, row.word, _TIMES.sub("", row.text), label, "row")

"""When two parts of a net are alike: as they are written, in all that a reader sees, or in their structure alone.

Each sign is a number; parts of one net with the same number are alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.diagrams.repeated_parts import repeated
from cnncalc.pictures.nets.net_rows import NetRows


class Signs:
    """The signs of the parts of one net, each worked out once."""

    def __init__(self, rows: NetRows) -> None:
        self.rows = rows
        self._numbers: dict[Hashable, int] = {}
        self._texts: dict[tuple[int, int, str, int], int] = {}
        self._forms: dict[tuple[int, int, str], int] = {}
        self._bodies: dict[tuple[int, int, str], tuple[Part, ...]] = {}

    def written(self, part: Part) -> int:
        """Alike are parts that are written alike: the words of the part and of all inside, whatever their sizes."""
        key = part.first, part.end, part.word, part.times
        if key not in self._texts:
            inside = tuple(map(self.written, part.inside))
            self._texts[key] = self._number(("written", part.kind, part.text, part.label, part.times, inside))
        return self._texts[key]

    def seen(self, part: Part) -> int:
        """Alike are parts with the same words, sizes and parameters; closed calls that are written alike."""
        if part.kind == "call" and not part.shown:
            return self._number(("box", self.written(part)))
        if part.kind != "row":
            return self._number(("frame", part.text, part.label, part.times, *map(self.seen, part.shown)))
        row = self.rows.analysis.rows[part.first]
        if row.row.word == "input":
            return self._number(("input", part.first))
        lenders = tuple(node.lender.name for node in row.nodes if node.lender)
        return self._number(("row", part.text, part.label, row.output, row.figures.params, lenders, part.times))

    def body(self, part: Part) -> tuple[Part, ...]:
        """The parts inside of a call as its panel shows them: calls as boxes, copies that are written alike once."""
        key = part.first, part.last, part.word
        if key not in self._bodies:
            self._bodies[key] = repeated(self.rows, part.inside, self.written)
        return self._bodies[key]

    def form(self, part: Part) -> int:
        """Alike are parts in which the same layers and blocks read each other in the same way."""
        if part.kind == "row":
            return self._number(("row", part.word))
        key = part.first, part.last, part.word
        if key not in self._forms:
            body = self.body(part) if part.kind == "call" else part.inside
            inside = tuple(map(self.form, body))
            self._forms[key] = self._number((part.kind, part.word, inside, self.reads(body)))
        return self._forms[key]

    def reads(self, body: Sequence[Part]) -> tuple[tuple[int, ...], ...]:
        """For each part of a body the places of those that it reads, -1, -2 ... for what arrives from outside."""
        place = {row: n for n, part in enumerate(body) for row in range(part.first, part.end + 1)}
        outside: dict[int, int] = {}
        found = []
        for n, part in enumerate(body):
            read = (one for row in range(part.first, part.end + 1) for one in self.rows.reads[row])
            places = (place[one] if one in place else -1 - outside.setdefault(one, len(outside)) for one in read)
            found.append(tuple(dict.fromkeys(one for one in places if one != n)))
        return tuple(found)

    def _number(self, sign: Hashable) -> int:
        return self._numbers.setdefault(sign, len(self._numbers))

"""Identical copies in a table are shown once: `×7` behind a line, or behind the header of several lines.

Copies are alike in their texts, shapes and figures; their names and receptive fields may differ.  A copy with a wrong
answer is always shown.  Every line keeps the numbers of one copy, a header has the sum over all of them.  Which lines
there are is known in `cnncalc.report.entries`; sums are counted in the analysis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, ReceptiveField
from cnncalc.analysis.sums import sum_of_rows
from cnncalc.report.entries import Entry, row_text, times_text
from cnncalc.report.repetitions import shortest_runs

FEWEST_BRANCHES = 3
"""So many branches of one line that are alike are folded: two of them need as many lines as their header and one."""


class Item(NamedTuple):
    """A line with the lines under it, or without an entry a branch, or the branches between two lines.

    `alike` is the same number for items that are identical; `first` and `last` are the rows that it stands for.
    """

    entry: Entry | None
    inside: tuple[Item, ...]
    alike: int
    first: int
    last: int

    @property
    def lines(self) -> int:
        return (self.entry is not None) + sum(item.lines for item in self.inside)

    @property
    def leader(self) -> Entry:
        """Its first line."""
        return self.entry if self.entry is not None else self.inside[0].leader

    @property
    def output(self) -> Entry:
        """The line whose output it passes on."""
        if self.entry is not None and (self.entry.kind == "header" or not self.inside):
            return self.entry
        return self.inside[-1].output


def folded(analysis: Analysis, entries: Iterable[Entry]) -> list[Entry]:
    """The same lines with neighbouring copies shown once."""
    folding = _Folding(analysis, list(entries))
    return [entry for item in folding.items(0, len(analysis.rows)) for entry in _lines(item)]


class _Folding:
    """Reads the lines from top to bottom into items, and folds each stretch of them as soon as it is whole."""

    def __init__(self, analysis: Analysis, entries: list[Entry]) -> None:
        self.analysis = analysis
        self.entries = entries
        self.at = 0
        self.known: dict[tuple[object, ...], int] = {}

    def items(self, depth: int, last_row: int, *, branch: bool = False) -> tuple[Item, ...]:
        """The items of that depth up to the row, folded; of a branch up to the next one."""
        found = self._read(depth, last_row, branch=branch)
        return self._folded(found, depth)

    def _read(self, depth: int, last_row: int, *, branch: bool) -> list[Item]:
        found: list[Item] = []
        while self.at < len(self.entries):
            entry = self.entries[self.at]
            if entry.row > last_row or entry.depth < depth or (branch and found and _begins(entry, depth)):
                break
            found.append(self._branches(depth + 1, last_row) if entry.depth > depth else self._item(entry))
        return found

    def _branches(self, level: int, last_row: int) -> Item:
        branches = []
        while self.at < len(self.entries):
            entry = self.entries[self.at]
            if entry.row > last_row or entry.depth < level:
                break
            inside = self.items(level, last_row, branch=True)
            branches.append(self._new(None, inside, ("branch",)))
        return self._new(None, self._folded_branches(branches, level), ("branches",))

    def _item(self, entry: Entry) -> Item:
        """The line with its operations or, of a block's header, with the lines under it."""
        self.at += 1
        if entry.kind == "header":
            return self._call(entry)
        operations = []
        while entry.kind == "operation" and self.at < len(self.entries):
            after = self.entries[self.at]
            if after.kind != "operation" or after.row != entry.row:
                break
            operations.append(self._new(after, (), self._look(after)))
            self.at += 1
        return self._new(entry, tuple(operations), self._look(entry))

    def _call(self, entry: Entry) -> Item:
        group = self.analysis.groups[entry.group].group
        inside = self._read(entry.depth + 1, group.last, branch=False) if group.last >= group.first else []
        copies = [self._folded(copy, entry.depth + 1) for copy in self._by_copy(inside, len(group.origin.trail))]
        if group.copies == 1 or len(copies) < 2:
            return self._new(entry, self._folded(inside, entry.depth + 1), self._look(entry))
        found = [list(alike) for _, alike in groupby(copies, key=lambda copy: [item.alike for item in copy])]
        if len(found) == 1:
            header = entry._replace(copies=len(copies))
            return self._new(header, _spanned(copies[0], copies[-1]), (*self._look(entry), len(copies)))
        return self._new(entry, self._unlike_copies(found, entry.depth + 1), self._look(entry))

    def _by_copy(self, inside: list[Item], level: int) -> list[list[Item]]:
        """The items of each copy of `times N`: the names of its operations begin alike."""

        def name(item: Item) -> str:
            row = self.analysis.rows[min(item.first, len(self.analysis.rows) - 1)]
            names = row.nodes[0].node.name.split(".")
            return names[level] if level < len(names) else ""

        return [list(copy) for _, copy in groupby(inside, key=name)]

    def _unlike_copies(self, found: list[list[tuple[Item, ...]]], depth: int) -> tuple[Item, ...]:
        """The copies of `times N` of which only some are alike: those are shown once under a header."""
        items = list[Item]()
        before = 0
        for copies in found:
            before += len(copies)
            if len(copies) == 1:
                items += copies[0]
            else:
                text = f"copies {before - len(copies) + 1} to {before}"
                items.append(self._repeated(copies, depth, text))
        return tuple(items)

    # ------------------------------------------------------------------ folding
    def _folded(self, items: Sequence[Item], depth: int) -> tuple[Item, ...]:
        """The items with neighbouring copies as one, again and again: `a a b a a b` is twice `a` twice and `b`."""
        while True:
            places = [item.leader.line for item in items]
            found = shortest_runs([item.alike for item in items], places)
            if not found:
                return tuple(items)
            shorter: list[Item] = []
            done = 0
            for start, period, copies in found:
                shorter += items[done:start]
                done = start + period * copies
                several = [tuple(items[n : n + period]) for n in range(start, done, period)]
                shorter.append(self._one(several, depth))
            items = [*shorter, *items[done:]]

    def _one(self, copies: list[tuple[Item, ...]], depth: int) -> Item:
        if len(copies[0]) > 1:
            shorter = [self._folded(copy, depth) for copy in (copies[0], copies[-1])]
            return self._repeated([shorter[0], *copies[1:-1], shorter[1]], depth, f"{len(copies)} copies")
        first, last = copies[0][0], copies[-1][0]
        (one,) = _spanned((first,), (last,))
        entry, inside = one.entry, one.inside
        assert entry is not None  # there is a line between branches and the next ones
        many = first.leader.copies * len(copies)
        if entry.kind == "header":
            figures = sum_of_rows(self.analysis, range(first.first, last.last + 1))
            entry = entry._replace(figures=figures, copies=many, last_row=last.last)
        else:
            entry = self._many(entry, last, many)
        if entry.kind == "operation":
            inside = tuple(item._replace(entry=item.leader._replace(copies=many)) for item in inside)
        return self._new(entry, inside, ("copies", many, first.alike, entry.text), (first.first, last.last))

    def _many(self, entry: Entry, last: Item, many: int) -> Entry:
        """The line for its copies; those of `times N` have their label and their answers on the last one."""
        text = entry.text
        if entry.kind == "row" and (first := self.analysis.rows[entry.row]).row.copies > 1:
            text = times_text(first, self.analysis.rows[last.last], many) + text.removeprefix(row_text(first))
        answered = entry.findings or last.leader.findings
        shown = entry._replace(copies=many, text=text, label=last.leader.label, findings=answered)
        return shown._replace(last_row=last.last)

    def _folded_branches(self, branches: list[Item], level: int) -> tuple[Item, ...]:
        found: list[Item] = []
        for _, several in groupby(branches, key=lambda branch: branch.alike):
            alike = list(several)
            if len(alike) >= (FEWEST_BRANCHES if alike[0].lines == 1 else 2):
                found.append(self._repeated([branch.inside for branch in alike], level, f"{len(alike)} branches"))
            else:
                found += alike
        return tuple(found)

    def _repeated(self, copies: list[tuple[Item, ...]], depth: int, text: str) -> Item:
        """A header above the first of the copies, with the sum over all of them."""
        first, last = copies[0][0], copies[-1][-1]
        leader, output = first.leader, last.output
        header = Entry(
            "header",
            text,
            output.outputs,
            sum_of_rows(self.analysis, range(first.first, last.last + 1)),
            line=leader.line,
            depth=depth,
            lead=leader.lead[: 2 * depth],
            inputs=leader.inputs,
            row=leader.row,
            copies=len(copies),
            last_row=last.last,
        )
        inside = _indented(_spanned(copies[0], copies[-1]), depth)
        return self._new(header, inside, ("repeated", len(copies)), (first.first, last.last))

    # ------------------------------------------------------------------ what is alike
    def _new(
        self,
        entry: Entry | None,
        inside: tuple[Item, ...],
        look: tuple[object, ...],
        rows: tuple[int, int] | None = None,
    ) -> Item:
        key = (*look, *(item.alike for item in inside))
        return Item(entry, inside, self.known.setdefault(key, len(self.known)), *(rows or self._rows(entry, inside)))

    def _rows(self, entry: Entry | None, inside: tuple[Item, ...]) -> tuple[int, int]:
        """The first and the last row of an item; a call or a branch without a row ends before it begins."""
        if entry is None:
            return inside[0].first, inside[-1].last
        if entry.group >= 0:
            group = self.analysis.groups[entry.group].group
            return group.first, group.last
        return entry.row, entry.row - (entry.kind == "empty")

    def _look(self, entry: Entry) -> tuple[object, ...]:
        """What must be the same in copies: all that is shown but names and receptive fields."""
        if entry.word == "input" or any(finding.verdict.ok is False for finding in entry.findings):
            return ("alone", entry.kind, entry.row, entry.text)
        text, answers = entry.text, tuple((finding.asked, finding.verdict.ok) for finding in entry.findings)
        if entry.kind in ("row", "operation"):
            row = self.analysis.rows[entry.row].row
            label = entry.label
            if row.copies > 1:
                label, answers = "", ()
            text = f"{label}: {entry.written}"
        return (entry.kind, text, entry.outputs, entry.inputs, entry.figures, entry.layer, bool(entry.shares), answers)


def _begins(entry: Entry, level: int) -> bool:
    """Whether a branch of that level begins with the line."""
    return entry.lead[2 * level - 2 : 2 * level - 1] == "├"


def _spanned(first: Sequence[Item], last: Sequence[Item]) -> tuple[Item, ...]:
    """The items of the first copy, which know the receptive fields of the last."""
    return tuple(
        one._replace(
            entry=None if one.entry is None else one.entry._replace(last_field=_last_field(other.leader)),
            inside=_spanned(one.inside, other.inside),
        )
        for one, other in zip(first, last, strict=True)
    )


def _last_field(entry: Entry) -> ReceptiveField | None:
    return entry.last_field or entry.receptive_field


def _indented(items: Sequence[Item], depth: int) -> tuple[Item, ...]:
    """The items one level deeper, below a header of that depth; a branch that begins with them begins with it."""
    place = 2 * depth

    def moved(entry: Entry) -> Entry:
        lead = entry.lead[:place].replace("├", "│") + "  " + entry.lead[place:] if entry.lead else ""
        return entry._replace(depth=entry.depth + 1, lead=lead)

    return tuple(
        item._replace(entry=None if item.entry is None else moved(item.entry), inside=_indented(item.inside, depth))
        for item in items
    )


def _lines(item: Item) -> Iterator[Entry]:
    if item.entry is not None:
        yield item.entry
    for below in item.inside:
        yield from _lines(below)

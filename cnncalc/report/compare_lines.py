"""The lines of a comparison as they are shown: what is the same is folded, and so is one change in many lines.

Every line holds the sum of the differences of the rows it stands for, so that a column adds up to its total.  Calls of
a block that only one net has are one line, as they are in its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.graph.ir import Group
from cnncalc.layers.base import counted
from cnncalc.questions.block_calls import first_rows, rows_of_copy
from cnncalc.questions.compared import Cause, ComparedRow, Comparison, Difference, Sign, total_difference

FEWEST_FOLDED = 3
"""So many lines with one and the same change are one line."""

FEWEST_SIMILAR = 7
"""So many neighbouring lines with changes of one kind, or that only one net has, are one line."""

MOST_TEXTS = 3
"""Different changes of one kind that are named."""


class Shown(NamedTuple):
    """One line: its sign, lines of A and of B, what it is, how it differs, and by how much; `copies` of one call.

    A header names the call of a block around the lines below it and has no sign and no numbers.
    """

    sign: Sign | None
    lines_a: str
    lines_b: str
    text: str
    change: str = ""
    difference: Difference = Difference()
    depth: int = 0
    copies: int = 1


class _Call(NamedTuple):
    """One call of a block: its rows and its text."""

    last: int
    text: str


def shown_lines(comparison: Comparison, *, every: bool = False) -> list[Shown]:
    """The lines from top to bottom; `every`: each row has its own."""
    lines = _Lines(comparison)
    return list(lines.each() if every else lines.folded())


class _Lines:
    """Makes the lines of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self.a, self.b, self.rows = comparison.a, comparison.b, comparison.rows
        self.everywhere = {(one.kind, one.word, one.name): one.name for one in comparison.findings if one.everywhere}
        self.calls = {"added": _calls(self.b), "removed": _calls(self.a)}
        self.around = {"a": _outermost(self.a), "b": _outermost(self.b)}

    def each(self) -> Iterator[Shown]:
        return (self._one(row, int(any(self._paths(row)))) for row in self.rows)

    def folded(self) -> Iterator[Shown]:
        at, around = 0, ("", "")
        while at < len(self.rows):
            row = self.rows[at]
            if self._is_quiet(row):
                end = self._end(at, self._is_quiet)
                yield self._same(self.rows[at:end])
                at = end
                continue
            end, shown = self._stretch(at)
            paths = self._paths(row)
            if shown.text in paths:
                paths = "", ""  # the whole call is the line
            if any(path and path != known for path, known in zip(paths, around, strict=True)):
                yield self._header(row)
            if row.rows_a and row.rows_b:
                around = paths
            else:
                around = (paths[0] or around[0], paths[1] or around[1]) if any(paths) else ("", "")
            yield shown._replace(depth=1 if any(paths) else 0)
            at = end

    # ------------------------------------------------------------------ stretches
    def _stretch(self, at: int) -> tuple[int, Shown]:
        """The rows from `at` on that are one line: the place behind them, and the line."""
        row = self.rows[at]
        if row.sign in ("added", "removed"):
            return self._alone(at)
        end = self._alike(at, self._change)
        if end - at >= FEWEST_FOLDED and row.sign != "arrives":
            return end, self._many(self.rows[at:end])
        end = self._alike(at, self._kind)
        if end - at >= FEWEST_SIMILAR:
            return end, self._many(self.rows[at:end])
        return at + 1, self._one(row)

    def _end(self, at: int, belongs: Callable[[ComparedRow], bool]) -> int:
        return at + sum(1 for _ in takewhile(belongs, self.rows[at:]))

    def _alike(self, at: int, look: Callable[[ComparedRow], object]) -> int:
        """The end of the rows that look like the one at this place; what is the same may lie between them."""
        wanted, paths, end = look(self.rows[at]), self._paths(self.rows[at]), at
        for n in range(at, len(self.rows)):
            row = self.rows[n]
            if self._is_quiet(row) or (row.sign == "arrives" and not (row.difference.params or row.difference.macs)):
                continue
            if look(row) != wanted or self._paths(row) != paths:
                break
            end = n + 1
        return max(end, at + 1)

    def _alone(self, at: int) -> tuple[int, Shown]:
        """What only one net has: calls of a block as one line, many lines without one as one line too."""
        sign = self.rows[at].sign
        side = "b" if sign == "added" else "a"
        end = self._end(at, lambda row: row.sign == sign)
        rows = self.rows[at:end]
        call = self._call(rows, side)
        if call is not None:
            many, copies, text = call
            return at + many, self._sum(rows[:many], text)._replace(copies=copies)
        single = next((n for n in range(1, len(rows)) if self._call(rows[n:], side) is not None), len(rows))
        if single >= FEWEST_SIMILAR:
            return at + single, self._many(rows[:single])
        return at + 1, self._one(rows[0])

    def _call(self, rows: Sequence[ComparedRow], side: str) -> tuple[int, int, str] | None:
        """How many of these rows are whole calls of one block, how many calls, and its text."""
        calls = self.calls["added" if side == "b" else "removed"]
        many = copies = 0
        text = ""
        while many < len(rows):
            first = _of(rows[many], side)[0]
            fitting = [one for one in calls.get(first, ()) if one.last - first + 1 <= _run(rows[many:], side)]
            if not fitting or (text and text not in [one.text for one in fitting]):
                break
            call = next((one for one in fitting if one.text == text), fitting[0])
            text, copies = call.text, copies + 1
            many = next((n for n in range(many, len(rows)) if _of(rows[n], side)[-1] > call.last), len(rows))
        return (many, copies, text) if copies and many > 1 else None

    # ------------------------------------------------------------------ lines
    def _one(self, row: ComparedRow, depth: int = 0) -> Shown:
        return self._sum((row,), self._text(row))._replace(change=self._said(row), depth=depth)

    def _sum(self, rows: Sequence[ComparedRow], text: str) -> Shown:
        return Shown(
            rows[0].sign,
            _span(self.a, [one for row in rows for one in row.rows_a]),
            _span(self.b, [one for row in rows for one in row.rows_b]),
            text,
            difference=total_difference(row.difference for row in rows),
        )

    def _same(self, rows: Sequence[ComparedRow]) -> Shown:
        names = dict.fromkeys(
            self.everywhere[key] for row in rows for cause in row.causes if (key := _kind_of(cause)) in self.everywhere
        )
        but = f", but for {' and '.join(names)}" if names else ""
        return self._sum(rows, f"{counted(len(rows), 'line')} the same{but}")._replace(sign="same")

    def _many(self, rows: Sequence[ComparedRow]) -> Shown:
        loud = [row for row in rows if row.sign == rows[0].sign and not self._is_quiet(row)]
        words = dict.fromkeys(self._word(row) for row in loud)
        of = f" of {', '.join(words)}" if len(words) <= MOST_TEXTS else ""
        texts = list(dict.fromkeys(filter(None, (self._said(row, brief=True) for row in loud))))
        more = " ..." if len(texts) > MOST_TEXTS else ""
        return self._sum(rows, f"{counted(len(loud), 'line')}{of}")._replace(
            change="; ".join(texts[:MOST_TEXTS]) + more
        )

    def _header(self, row: ComparedRow) -> Shown:
        """The calls around a row in A and in B, once where they are the same."""
        lines = []
        for net, side in ((self.a, "a"), (self.b, "b")):
            rows = _of(row, side)
            call = self.around[side].get(rows[0]) if rows else None
            lines.append(str(net.graph.source.place(call[0]).line) if call else "")
        return Shown(None, lines[0], lines[1], " / ".join(dict.fromkeys(filter(None, self._paths(row)))))

    # ------------------------------------------------------------------ words
    def _paths(self, row: ComparedRow) -> tuple[str, str]:
        """The text of the outermost call of a block around a row, in A and in B; empty outside of any."""
        a, b = (self.around[side].get(_of(row, side)[0], (0, ""))[1] if _of(row, side) else "" for side in "ab")
        return a, b

    def _text(self, row: ComparedRow) -> str:
        net, rows = (self.a, row.rows_a) if row.rows_a else (self.b, row.rows_b)
        found = [net.graph.rows[one] for one in rows]
        return " + ".join(f"{one.label}: {one.text}" if one.label else one.text for one in found)

    def _word(self, row: ComparedRow) -> str:
        net, rows = (self.a, row.rows_a) if row.rows_a else (self.b, row.rows_b)
        return net.graph.rows[rows[0]].word

    def _loud(self, row: ComparedRow) -> list[Cause]:
        """The causes that a line says: not what is so everywhere, and what arrives only where there is nothing else."""
        causes = [cause for cause in row.causes if _kind_of(cause) not in self.everywhere]
        return [cause for cause in causes if cause.kind != "arrives"] or causes

    def _is_quiet(self, row: ComparedRow) -> bool:
        return row.sign in ("same", "changed") and not self._loud(row)

    def _said(self, row: ComparedRow, *, brief: bool = False) -> str:
        if row.sign in ("added", "removed"):
            return ""
        if row.sign == "arrives":
            first = row.causes[0]
            return first.text if brief else f"{first.text}: {first.before} -> {first.after}"
        return ", ".join(dict.fromkeys(cause.text for cause in self._loud(row)))

    def _change(self, row: ComparedRow) -> object:
        return row.sign, self._said(row, brief=True)

    def _kind(self, row: ComparedRow) -> object:
        return row.sign, tuple(_kind_of(cause) for cause in self._loud(row)) if row.sign != "arrives" else ()


def _kind_of(cause: Cause) -> tuple[str, str, str]:
    return cause.kind, cause.word, cause.name


def _of(row: ComparedRow, side: str) -> tuple[int, ...]:
    return row.rows_a if side == "a" else row.rows_b


def _run(rows: Sequence[ComparedRow], side: str) -> int:
    """How many rows of a net follow one another here."""
    indexes = [one for row in rows for one in _of(row, side)]
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(indexes, range(indexes[0], 10**9))))  # noqa: B905


def _span(net: Analysis, rows: Sequence[int]) -> str:
    """The lines of a text, from the first to the last of them: `12`, `12-20`."""
    source = net.graph.source
    lines = [source.place(net.graph.rows[one].origin.span.line).line for one in rows]
    if not lines:
        return ""
    return str(min(lines)) if min(lines) == max(lines) else f"{min(lines)}-{max(lines)}"


def _calls(net: Analysis) -> dict[int, list[_Call]]:
    """First row -> the calls of blocks that begin with it, the longest first; each of `times N` is one."""
    found: dict[int, list[_Call]] = {}
    for one in net.groups:
        if one.group.complete:
            for first in first_rows(one.group):
                call = _Call(first + rows_of_copy(one.group) - 1, _call_text(one.group))
                found.setdefault(first, []).append(call)
    return {first: sorted(calls, key=lambda call: -call.last) for first, calls in found.items()}


def _outermost(net: Analysis) -> dict[int, tuple[int, str]]:
    """Row -> the line and the text of the outermost call around it."""
    found: dict[int, tuple[int, str]] = {}
    for one in sorted(net.groups, key=lambda one: one.group.depth):
        group = one.group
        for row in range(group.first, group.last + 1):
            found.setdefault(
                row, (group.origin.span.line, f"{group.label}: {group.text}" if group.label else group.text)
            )
    return found


def _call_text(group: Group) -> str:
    """The call of one copy, with its label: `aux1: classifier`, `basic 64` of `basic 64 times 2`."""
    text = group.text.removesuffix(f" times {group.copies}")
    return f"{group.label}: {text}" if group.label else text

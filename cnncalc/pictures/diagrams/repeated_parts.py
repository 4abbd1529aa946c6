"""Parts that repeat, as one with a count: copies one after the other, or alike branches side by side.

A repetition is shown once only where that is the truth: each copy reads the one before it, in the same place, and what
else they read is the same for all; nothing reads into the middle of one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.nets.net_rows import NetRows
from cnncalc.report.repetitions import Run, shortest_runs

FEWEST_BRANCHES = 4
"""Fewer branches that are alike are drawn side by side."""


def repeated(rows: NetRows, parts: Sequence[Part], sign: Callable[[Part], Hashable]) -> tuple[Part, ...]:
    """The parts with neighbours of one sign as one, again and again; stretches of several become a part around them."""
    now = list(parts)
    while len(now) > 1:
        signs: dict[Hashable, int] = {}
        alike = [signs.setdefault(sign(part), len(signs)) for part in now]
        shorter: list[Part] = []
        done = 0
        for run in shortest_runs(alike, [part.first for part in now]):
            if not _is_repetition(rows, now, run):
                continue
            shorter += [*now[done : run.start], _one(rows, now, run)]
            done = run.end
        if not done:
            break
        now = [*shorter, *now[done:]]
    return tuple(now)


def _one(rows: NetRows, parts: Sequence[Part], run: Run) -> Part:
    several = parts[run.start : run.start + run.period]
    side = not _is_chain(rows, _copies(parts, run))
    first = several[0]
    if run.period == 1 and first.times == 1:
        return first._replace(times=run.copies, side=side)
    inside = tuple(several)
    return Part(first.first, several[-1].end, "", "", "", "stretch", inside, inside, run.copies, side)


def _copies(parts: Sequence[Part], run: Run) -> list[range]:
    starts = range(run.start, run.end, run.period)
    return [range(parts[n].first, parts[n + run.period - 1].end + 1) for n in starts]


def _is_repetition(rows: NetRows, parts: Sequence[Part], run: Run) -> bool:
    copies = _copies(parts, run)
    if len({len(copy) for copy in copies}) > 1 or len({_inner_reads(rows, copy) for copy in copies}) > 1:
        return False
    return _is_chain(rows, copies) or _is_side_by_side(rows, copies)


def _inner_reads(rows: NetRows, copy: range) -> tuple[tuple[int, ...], ...]:
    """What each row of a copy reads: by its place in the copy, -1 for anything outside."""
    return tuple(tuple(max(read - copy.start, -1) for read in rows.reads[row]) for row in copy)


def _is_chain(rows: NetRows, copies: Sequence[range]) -> bool:
    """Whether each copy reads the last row of the one before; what else they read is the same for all."""
    before = copies[0].start
    for copy, following in pairwise(copies):
        handed = 0
        for place, row in enumerate(following):
            for number, read in enumerate(rows.reads[row]):
                if read >= following.start:
                    continue
                if read == copy[-1]:
                    handed += 1
                elif read >= before or rows.reads[copy[place]][number] != read:
                    return False
        if not handed or any(reader > following[-1] for reader in rows.readers[copy[-1]]):
            return False
    handed_in = [
        read
        for place, row in enumerate(copies[0])
        for number, read in enumerate(rows.reads[row])
        if rows.reads[copies[1][place]][number] == copies[0][-1]
    ]
    if len(set(handed_in)) > 1:
        return False
    return all(_is_closed(rows, copy, copy is copies[-1]) for copy in copies)


def _is_closed(rows: NetRows, copy: range, is_last: bool) -> bool:
    """Whether nothing outside reads anything of a copy but its last row, and only that of the last is an output."""
    if any(row in rows.outputs for row in (copy[:-1] if is_last else copy)):
        return False
    return all(reader in copy for row in copy[:-1] for reader in rows.readers[row])


def _is_side_by_side(rows: NetRows, copies: Sequence[range]) -> bool:
    """Whether all read the same, and one row reads them all."""
    if len(copies) < FEWEST_BRANCHES:
        return False
    first = copies[0]
    outside = [tuple(read for row in copy for read in rows.reads[row] if read < copy.start) for copy in copies]
    same = len(set(outside)) == 1 and all(read < first.start for read in outside[0])
    readers = {tuple(rows.readers[copy[-1]]) for copy in copies}
    return same and bool(outside[0]) and len(readers) == 1 and all(_is_closed(rows, copy, False) for copy in copies)

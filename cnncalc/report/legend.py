"""What the signs of a summary mean, said below it: copies, brackets, bars.  Only signs that are there are explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.report.columns import COLUMNS
from cnncalc.report.entries import Entry
from cnncalc.report.sheet import Fact

SPANS = ("rf", "jump", "start")
"""Columns in which copies may differ: they go from the first copy to the last."""


SIGNS = ("×N", "(n)")
"""The names of the facts about copies and about sums that other lines hold already."""


def legend(shown: Sequence[Entry], columns: Sequence[str], *, depth: int | None) -> Iterator[Fact]:
    """The facts about the signs, the first ones below the table."""
    copies = any(entry.copies > 1 for entry in shown)
    if copies:
        spans = ", fields from the first copy to the last" if set(SPANS) & set(columns) else ""
        text = f"N identical copies, shown once: a line has the numbers of one copy{spans}; `--all` shows each"
        yield Fact(SIGNS[0], text)
    if any(entry.kind == "header" and entry.figures for entry in shown):
        blocks = "; `--depth 0` shows each block as one line" if depth is None else ""
        each = ", each with all its copies" if copies else ""
        yield Fact(SIGNS[1], f"the sum of the lines under it{each}: do not add it again{blocks}")
    bars = [name for name in columns if COLUMNS[name].column.share_of]
    if bars:
        shares = (f"of all {COLUMNS[name].column.share_of}" for name in bars)
        yield Fact("Bars", "the share", of=tuple(bars), each=tuple(shares))

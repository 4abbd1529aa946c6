"""Which lines of a net its page shows, and which of them are inside a block that can be folded.

Copies are shown one by one, so that each has its maps and its receptive field.  Of a net of very many lines the page
shows the first ones and says how many more there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.report.answer_marks import NO_ANSWERS, Answers
from cnncalc.report.entries import Entry, entries

MOST_LINES = 1000
"""Lines of a table in a page; browsers take seconds for many more."""


FOLDED_FROM = 40
"""Rows of a net from which on its blocks are folded at first."""


class PageRow(NamedTuple):
    """A line of the table.  `block` is the outermost block call around it, -1 without one; `opens`: it is its head."""

    entry: Entry
    block: int = -1
    opens: bool = False

    @property
    def is_layer(self) -> bool:
        """Whether it is one row of the net, with a card of its own."""
        return self.entry.kind == "row"


class PageRows(NamedTuple):
    """The lines that are shown, and how many more there are."""

    shown: tuple[PageRow, ...]
    more: int = 0

    @property
    def folded(self) -> bool:
        """Whether the blocks are folded at first."""
        return len(self.indexes) > FOLDED_FROM

    @property
    def indexes(self) -> tuple[int, ...]:
        """The rows of the net among them."""
        return tuple(row.entry.row for row in self.shown if row.is_layer)


def page_rows(analysis: Analysis, answers: Answers = NO_ANSWERS) -> PageRows:
    """The lines of a page, from top to bottom."""
    found = list(_in_blocks(analysis, answers))
    return PageRows(tuple(found[:MOST_LINES]), max(0, len(found) - MOST_LINES))


def _in_blocks(analysis: Analysis, answers: Answers) -> Iterator[PageRow]:
    block, until = -1, -1
    for entry in entries(analysis, answers):
        if entry.row > until:
            block = -1
        opens = entry.kind == "header" and block < 0
        if opens:
            block, until = entry.group, analysis.groups[entry.group].group.last
        yield PageRow(entry, block, opens)

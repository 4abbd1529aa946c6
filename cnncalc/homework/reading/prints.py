"""Printed summaries as tables of answers: Keras 2 and 3, torchsummary, torchinfo.

A print answers with the shape and the parameters of every row, and with the totals below them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.asked import PARAMS, SHAPE, named_in
from cnncalc.dialects.printed_rows import Print, printed_summaries
from cnncalc.homework.reading.tables import Table, TableRow


def prints_in(lines: Sequence[str], taken: set[int]) -> Iterator[Table]:
    """Every printed summary of a text as a table; the lines it takes up are added to `taken`."""
    for one in printed_summaries(lines):
        taken |= one.lines
        yield _table(one)


def _table(one: Print) -> Table:
    rows = [
        TableRow(row.line, row.name, row.kind, ((SHAPE.name, row.shape), (PARAMS.name, row.params))) for row in one.rows
    ]
    totals = {which: (line, number) for which, line, number in reversed(one.totals)}
    for which, (line, number) in totals.items():
        asked = PARAMS if which == "total" else named_in(which)
        if asked is not None:
            rows.append(TableRow(line, "total", "", ((asked.name, number),)))
    notation = "torchinfo print" if one.is_torchinfo else "layer print"
    return Table(notation, tuple(rows), one.batch is not None or one.is_torchinfo, form="print")

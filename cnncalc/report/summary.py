"""The summary of a net as a sheet: lines, totals and foot.  Every number comes from the analysis."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics.rendering import printable
from cnncalc.geometry import Order
from cnncalc.report.columns import COLUMNS, ChosenColumns, View, column
from cnncalc.report.entries import Entry, entries, total
from cnncalc.report.foot import foot
from cnncalc.report.sheet import Cell, Column, Line, LineStyle, Phrase, Sheet, text_of
from cnncalc.report.verdicts import NO_VERDICTS, Verdicts, mark


class Choices(NamedTuple):
    """What the reader asked for.  `order` None: as the file says.

    `stops_short`: a fault ended the net early; the table says so instead of giving totals.
    """

    columns: ChosenColumns = ChosenColumns()
    expand: bool = False
    depth: int | None = None
    order: Order | None = None
    verdicts: Verdicts = NO_VERDICTS
    stops_short: bool = False
    ascii_only: bool = False
    plain_digits: bool = False


USUAL_CHOICES = Choices()


def summary_sheet(analysis: Analysis, choices: Choices = USUAL_CHOICES) -> Sheet:
    """The table with everything around it."""
    count = analysis.graph.count
    order = choices.order or analysis.graph.order
    view = View(order, analysis.totals.figures, choices.plain_digits, choices.ascii_only, count)
    names = choices.columns.names
    shown = list(entries(analysis, choices.verdicts, expand=choices.expand, depth=choices.depth))
    if choices.plain_digits:
        shown = [entry for entry in shown if entry.kind != "empty"]
    whole = total(analysis, choices.verdicts)
    marked = any(entry.verdicts for entry in (*shown, whole))
    lines = [_line(entry, names, view, choices, marked=marked) for entry in shown]
    totals = [] if choices.stops_short else [_line(whole, names, view, choices, marked=marked)]
    columns = tuple(_column(column(name, count), pinned=name in choices.columns.pinned) for name in names)
    title, subtitle = _titles(analysis)
    if choices.stops_short:
        lines.append(_ending(len(columns) + marked, marked=marked))
    sheet = Sheet(
        title,
        subtitle,
        (Column("mark", (), "mark"), *columns) if marked else columns,
        tuple(lines),
        tuple(totals),
        () if choices.stops_short else foot(analysis, choices.verdicts, view.order),
    )
    return _without_empty_columns(sheet)


def _titles(analysis: Analysis) -> tuple[str, str]:
    """The net's title above the file's name, or the file's name alone."""
    title, name = printable(analysis.graph.title), printable(analysis.graph.source.name)
    batch = f", a batch of {analysis.batch} images" if analysis.batch > 1 else ""
    return (title, name + batch) if title else (name + batch, "")


def _column(column: Column, *, pinned: bool) -> Column:
    return column._replace(keep=0, restated=False) if pinned else column


_STYLES: dict[str, LineStyle] = {"header": "header", "empty": "faint", "rest": "rest", "total": "total"}


def _line(entry: Entry, names: tuple[str, ...], view: View, choices: Choices, *, marked: bool) -> Line:
    filled: list[Cell] = []
    for name in names:
        cell = COLUMNS[name].cell(entry, view)
        filled.append(_safe(cell if "window" in names else _always_whole(cell)))
    signs: tuple[Cell, ...] = (mark(entry.verdicts, ascii_only=choices.ascii_only),) if marked else ()
    return Line((*signs, *filled), _STYLES.get(entry.kind, "plain"))


def _always_whole(cell: Cell) -> Cell:
    """A phrase whose short form leaves out what no column says."""
    return cell._replace(brief=cell.full) if isinstance(cell, Phrase) else cell


def _safe(cell: Cell) -> Cell:
    """The cell without control characters: a hostile file must not steer the terminal."""
    if isinstance(cell, Phrase):
        return cell._replace(full=printable(cell.full), brief=printable(cell.brief), aside=printable(cell.aside))
    return printable(cell) if isinstance(cell, str) else cell


def _ending(width: int, *, marked: bool) -> Line:
    said = "... the table ends here: see the error"
    return Line(tuple(said if n == int(marked) else "" for n in range(width)), "note")


def _without_empty_columns(sheet: Sheet) -> Sheet:
    """Drops a usual column in which no line has anything, as the kernels of a net of dense layers."""
    kept = [
        n for n, c in enumerate(sheet.columns) if not c.restated or any(text_of(line.cells[n]) for line in sheet.lines)
    ]

    def only(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(Line(tuple(line.cells[n] for n in kept), line.style) for line in lines)

    columns = tuple(sheet.columns[n] for n in kept)
    return Sheet(sheet.title, sheet.subtitle, columns, only(sheet.lines), only(sheet.totals), sheet.foot)

"""The table of a page: each line with its counts, blocks with a button that folds them, marks beside answers.

What stands in a cell is what `summary` prints, in the same columns; here it becomes HTML.  The numbers are sorted by a
script, from the page's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, Figures
from cnncalc.pictures.page.page_answers import mark_html
from cnncalc.pictures.page.page_rows import PageRow, PageRows
from cnncalc.pictures.page.page_text import number, with_times, words
from cnncalc.report import notation
from cnncalc.report.answer_marks import NO_ANSWERS, Answers, mark
from cnncalc.report.columns import COLUMNS, NUMBERS, View
from cnncalc.report.entries import Entry, total
from cnncalc.report.sheet import Phrase, text_of


class _Table(NamedTuple):
    """What all lines of one table share."""

    view: View
    largest: dict[str, int]
    marked: bool
    folded: bool


def page_table(analysis: Analysis, rows: PageRows, answers: Answers = NO_ANSWERS) -> str:
    """The table with its heading and its total."""
    layers = [analysis.rows[index].figures for index in rows.indexes]
    count, whole = analysis.graph.count, analysis.totals.figures
    table = _Table(
        View(analysis.graph.source, analysis.graph.order, whole, whose=count),
        {name: max((NUMBERS[name](one, count) for one in layers), default=0) for name in ("params", "macs")},
        any(row.entry.findings for row in rows.shown) or bool(answers.get(("total", 0))),
        rows.folded,
    )
    body = "".join(_line(row, table) for row in rows.shown)
    return (
        '<table id="layers"><caption class="unseen">Layers with their output shapes, kernels, parameters, '
        "multiply-accumulates and receptive fields</caption>"
        f"<thead><tr>{_heads(marked=table.marked)}</tr></thead><tbody>{body}</tbody>"
        f"<tfoot><tr>{_cells(total(analysis, answers), 'total', table)}</tr></tfoot></table>{_more(rows)}"
    )


def _more(rows: PageRows) -> str:
    if not rows.more:
        return ""
    return f"<p>{rows.more:,} more lines are not shown; <code>cnncalc summary</code> shows all of them.</p>"


def _heads(*, marked: bool) -> str:
    mark_head = '<th scope="col"><span class="unseen">Mark</span></th>' if marked else ""
    return (
        f"{mark_head}{_head('Layer', 'i', '')}"
        '<th scope="col">Output</th><th scope="col" class="wide">Kernel</th>'
        f"{_head('Params', 'params', 'n')}{_head('MACs', 'macs', 'n')}"
        f"{_head('Field', 'field', 'n wide')}{_head('Numbers', 'size', 'n wide')}"
    )


def _head(text: str, key: str, kind: str) -> str:
    return f'<th scope="col" class="{kind}"><button type="button" data-key="{key}">{text}</button></th>'


def _line(row: PageRow, table: _Table) -> str:
    entry = row.entry
    inside = ""
    if row.block >= 0 and not row.opens:
        inside = f' data-block="{row.block}"{" hidden" if table.folded else ""}'
    style = f' style="--depth:{min(entry.depth, 8)}"' if entry.depth else ""
    if row.opens:
        opened = "false" if table.folded else "true"
        fold = f'<button type="button" data-fold="{row.block}" aria-expanded="{opened}">{_text(entry, table)}</button>'
        return f'<tr class="block">{_cells(entry, fold, table)}</tr>'
    kind = "layer" if row.is_layer else "note"
    place = f' id="r{entry.row}"' if row.is_layer else ""
    return f'<tr class="{kind}"{place}{inside}{style}>{_cells(entry, _text(entry, table), table)}</tr>'


def _text(entry: Entry, table: _Table) -> str:
    """The line without what the column of kernels says too; with its mark where another line counts its weights."""
    cell = COLUMNS["layer"].cell(entry, table.view)
    if not isinstance(cell, Phrase):
        return words(text_of(cell))
    said = f"{cell.brief.strip()}{cell.aside} {cell.tail}".strip()
    return f"<bdi>{words(said)}</bdi>"


def _cells(entry: Entry, text: str, table: _Table) -> str:
    signs = f"<td>{mark_html(mark(entry.findings))}</td>" if table.marked else ""
    figures, view = entry.figures, table.view
    kernel = words(with_times(text_of(COLUMNS["window"].cell(entry, view)))) if entry.layer else ""
    shape = words(with_times(text_of(COLUMNS["output"].cell(entry, view))))
    field = with_times(notation.proved_size(entry.receptive_field)) if entry.receptive_field is not None else ""
    return (
        f'{signs}<td class="name">{text}</td><td>{shape}</td>'
        f'<td class="wide">{kernel}</td>'
        f"{_counted('params', entry, table)}{_counted('macs', entry, table)}"
        f'<td class="n wide">{field}</td>{_count("size", figures, table, "n wide")}'
    )


def _count(name: str, figures: Figures | None, table: _Table, kind: str = "n") -> str:
    return f'<td class="{kind}">{"" if figures is None else number(NUMBERS[name](figures, table.view.whose))}</td>'


def _counted(name: str, entry: Entry, table: _Table) -> str:
    """A number with a bar behind it, next to the largest line's; a block and the total have none."""
    value = NUMBERS[name](entry.figures, table.view.whose) if entry.kind == "row" and entry.figures else 0
    if not value:
        return _count(name, entry.figures, table)
    part = f"{value / table.largest[name]:.3f}"
    said = notation.percentage(value, NUMBERS[name](table.view.whole, table.view.whose))
    text = number(value)
    return f'<td class="n bar {name}" style="--part:{part}" title="{said} of all">{text}</td>'


def block_count(rows: Sequence[PageRow]) -> int:
    """How many blocks can be folded."""
    return sum(row.opens for row in rows)

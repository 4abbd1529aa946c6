"""A sheet as an HTML table for notebooks: no script, no style sheet, every text escaped."""

from __future__ import annotations

from html import escape

from cnncalc.diagnostics.python_words import in_python
from cnncalc.report.sheet import Cell, Column, Fact, Line, Phrase, Share, Sheet, facts_about, text_of

_RULE = "border-top: 1px solid"


def html(sheet: Sheet) -> str:
    """The table with its title and its foot."""
    heads = "".join(f"<th style='{_alignment(c)}'>{escape(' '.join(c.heading))}</th>" for c in sheet.columns)
    lines = [_line(line, sheet.columns, "") for line in sheet.lines]
    totals = [_line(line, sheet.columns, _RULE) for line in sheet.totals]
    foot = "<br>".join(map(_fact, facts_about(sheet.foot, sheet.columns)))
    return (
        f"<div><b>{escape(sheet.title)}</b>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join((*lines, *totals))}</tbody></table>"
        f"<small>{foot}</small></div>"
    )


def folded(title: str, inner: str) -> str:
    """HTML that is closed below its title, and opens where one clicks; without a script."""
    return f"<details><summary>{escape(title)}</summary>{inner}</details>"


def _alignment(column: Column) -> str:
    return f"text-align: {'right' if column.right else 'left'}"


def _line(line: Line, columns: tuple[Column, ...], style: str) -> str:
    strong = "font-weight: bold" if line.style in ("total", "header") else ""
    cells = "".join(
        f"<td style='{'; '.join(filter(None, (_alignment(column), style, strong)))}'>{_cell(cell)}</td>"
        for cell, column in zip(line.cells, columns, strict=True)
    )
    return f"<tr>{cells}</tr>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Share):
        return f"<meter max='{cell.whole}' value='{cell.part}'></meter>" if cell.part else ""
    if isinstance(cell, Phrase) and cell.lead:
        return cell.lead.replace(" ", "&nbsp;") + escape(f"{cell.full.lstrip(' ')} {cell.tail}".rstrip())
    text = text_of(cell)
    inner = text.lstrip(" ")
    return "&nbsp;" * (len(text) - len(inner)) + escape(inner)


def _fact(fact: Fact) -> str:
    name = f"<b>{escape(fact.name)}</b> " if fact.name else ""
    return f"{name}{escape(in_python(fact.text))}"

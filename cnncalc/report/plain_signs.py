"""What stands for a sign where only ASCII can be shown: in whole tables, so that their columns still align."""

from __future__ import annotations

from cnncalc.report.sheet import Cell, Line, Phrase, Sheet, Subtotal

PLAIN_SIGNS = str.maketrans(
    {
        **{"×": "x", "≤": "<=", "≥": ">=", "≈": "~", "→": "->", "…": "...", "µ": "u", "·": "*", "−": "-", "–": "-"},
        **{"✓": "ok", "✗": "x", "├": "+", "│": "|", "─": "-", "█": "#"},
        **{"“": '"', "”": '"', "‘": "'", "’": "'"},
    }
)
"""Our own signs and those that a word processor puts into a text, with their plain forms."""


def in_plain_signs(sheet: Sheet) -> Sheet:
    """The sheet with every sign that has a plain form in it; letters of other scripts are left."""
    return Sheet(
        _plain(sheet.title),
        _plain(sheet.subtitle),
        tuple(column._replace(heading=tuple(map(_plain, column.heading))) for column in sheet.columns),
        tuple(map(_plain_line, sheet.lines)),
        tuple(map(_plain_line, sheet.totals)),
        tuple(fact._replace(name=_plain(fact.name), text=_plain(fact.text)) for fact in sheet.foot),
    )


def _plain(text: str) -> str:
    return text if text.isascii() else text.translate(PLAIN_SIGNS)


def _plain_line(line: Line) -> Line:
    return line._replace(cells=tuple(map(_plain_cell, line.cells)))


def _plain_cell(cell: Cell) -> Cell:
    if isinstance(cell, Phrase):
        return Phrase(*map(_plain, cell))
    if isinstance(cell, Subtotal):
        return Subtotal(_plain(cell.number))
    return _plain(cell) if isinstance(cell, str) else cell

"""Fits a sheet to a width and draws it as text.

When space is short, text is shortened at a word's end, then bars are narrowed and left out, then optional columns.  A
number is never cut: a table that cannot be narrower stays wide.  Without a width nothing is shortened.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.report.notation import bar
from cnncalc.report.paint import Paint, Style, no_paint
from cnncalc.report.sheet import Cell, Column, Fact, Line, Phrase, Share, Sheet, Subtotal, text_of

GAP = "  "
_ASCII_LINES = str.maketrans("├│", "+|")
WIDEST_BAR, NARROWEST_BAR = 10, 6
SHORTEST_TEXT, CRAMPED_TEXT = 20, 8


class Canvas(NamedTuple):
    """What is drawn on: its width (None: as wide as needed), whether only ASCII can be shown, and the colours."""

    width: int | None = None
    ascii_only: bool = False
    paint: Paint = no_paint

    @property
    def rule(self) -> str:
        return "-" if self.ascii_only else "─"

    @property
    def ellipsis(self) -> str:
        return "..." if self.ascii_only else "…"


def drawn(sheet: Sheet, canvas: Canvas) -> str:
    """The sheet as text, each line ended."""
    sheet, widths = fitted(sheet, None if canvas.width is None else canvas.width - _hanging(sheet))
    rule = canvas.paint(canvas.rule * (sum(widths) + len(GAP) * (len(widths) - 1)), "faint")
    drawn_lines = [_drawn_line(line, sheet.columns, widths, canvas) for line in sheet.lines]
    drawn_totals = [_drawn_line(line, sheet.columns, widths, canvas) for line in sheet.totals]
    parts = [*_head(sheet, canvas), *_headings(sheet.columns, widths, canvas), rule, *drawn_lines]
    if drawn_totals:
        parts += [rule, *drawn_totals]
    return "".join(f"{part}\n" for part in (*parts, *foot_lines(sheet.foot, canvas)))


def fitted(sheet: Sheet, width: int | None) -> tuple[Sheet, list[int]]:
    """The sheet with the columns that fit, and the width of each."""
    natural = _natural(sheet)
    if width is None or _total(natural) <= width:
        return sheet, natural
    columns = sheet.columns
    smallest = [_smallest(column, n) for column, n in zip(columns, natural, strict=True)]
    for leave in (*[n for n, c in enumerate(columns) if c.role == "bar"], *_optional(columns)):
        if _total(smallest) <= width:
            break
        smallest[leave] = -len(GAP)
    kept = [n for n, least in enumerate(smallest) if least >= 0]
    widths = _grown([smallest[n] for n in kept], [natural[n] for n in kept], width)
    return _with_columns(sheet, kept), _cramped(widths, [columns[n] for n in kept], width)


def _hanging(sheet: Sheet) -> int:
    """The room behind the last column for the bracket that closes a number there: it hangs, so that digits align."""
    last = max((n for n, column in enumerate(sheet.columns) if column.role != "bar"), default=0)
    return int(any(isinstance(line.cells[last], Subtotal) for line in sheet.lines if last < len(line.cells)))


def _natural(sheet: Sheet) -> list[int]:
    widths = [max(map(cells, column.heading), default=0) for column in sheet.columns]
    for line in (*sheet.lines, *sheet.totals):
        if line.style == "note":
            continue
        for n, cell in enumerate(line.cells):
            used = WIDEST_BAR if isinstance(cell, Share) else cells(_drawn_text(cell))
            widths[n] = max(widths[n], used)
    return widths


def _total(widths: list[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _smallest(column: Column, natural: int) -> int:
    return min(natural, {"text": SHORTEST_TEXT, "bar": NARROWEST_BAR}.get(column.role, natural))


def _optional(columns: tuple[Column, ...]) -> list[int]:
    """The columns that may be left out, the least wanted first."""
    return sorted((n for n, c in enumerate(columns) if c.keep and c.role != "bar"), key=lambda n: columns[n].keep)


def _grown(smallest: list[int], natural: list[int], width: int) -> list[int]:
    """What is left over goes to the columns in turn, from the left."""
    widths, spare = list(smallest), width - _total(smallest)
    for n, wanted in enumerate(natural):
        more = max(0, min(spare, wanted - widths[n]))
        widths[n] += more
        spare -= more
    return widths


def _cramped(widths: list[int], columns: list[Column], width: int) -> list[int]:
    """The last resort: text columns give what is still missing, down to a few letters."""
    missing = _total(widths) - width
    for n, column in enumerate(columns):
        if column.role == "text" and missing > 0:
            less = min(missing, max(0, widths[n] - CRAMPED_TEXT))
            widths[n] -= less
            missing -= less
    return widths


def _with_columns(sheet: Sheet, kept: list[int]) -> Sheet:
    def only(line: Line) -> Line:
        return line._replace(cells=tuple(line.cells[n] for n in kept))

    return sheet._replace(
        columns=tuple(sheet.columns[n] for n in kept),
        lines=tuple(map(only, sheet.lines)),
        totals=tuple(map(only, sheet.totals)),
    )


def _head(sheet: Sheet, canvas: Canvas) -> list[str]:
    title = [canvas.paint(line, "title") for line in wrapped(sheet.title, canvas.width)]
    return [*title, *([canvas.paint(sheet.subtitle, "faint")] if sheet.subtitle else []), ""]


def _headings(columns: tuple[Column, ...], widths: list[int], canvas: Canvas) -> list[str]:
    height = max(len(column.heading) for column in columns)
    lines = []
    for level in range(height):
        words = [column.heading[level - height] if level >= height - len(column.heading) else "" for column in columns]
        text = GAP.join(_padded(word, w, c.right) for word, w, c in zip(words, widths, columns, strict=True))
        lines.append(canvas.paint(text.rstrip(), "heading"))
    return lines


_LINE_STYLES: dict[str, Style] = {
    "plain": "plain", "header": "block", "faint": "faint", "rest": "faint", "total": "total", "note": "faint"
}  # fmt: skip
_MARK_STYLES: dict[str, Style] = {"✓": "good", "ok": "good", "✗": "bad", "x": "bad", "?": "warning"}


def _drawn_line(line: Line, columns: tuple[Column, ...], widths: list[int], canvas: Canvas) -> str:
    if line.style == "note":
        return canvas.paint("".join(map(text_of, line.cells)), "faint")
    drawn = ""
    brief = any(column.name == "window" for column in columns)
    for cell, column, width in zip(line.cells, columns, widths, strict=True):
        text = _padded(_cell_text(cell, column, width, canvas, brief=brief), width, column.right)
        style = _cell_style(text, column, line)
        if isinstance(cell, Subtotal) and cell.number:
            drawn += canvas.paint(f"{text})", style) + GAP[1:]
        else:
            drawn += canvas.paint(text, style) + GAP
    return drawn.rstrip()


def _cell_text(cell: Cell, column: Column, width: int, canvas: Canvas, *, brief: bool) -> str:
    if isinstance(cell, Share):
        return bar(cell.part, cell.whole, width, ascii_only=canvas.ascii_only)
    if isinstance(cell, Phrase):
        return _phrase_text(cell, width, canvas, brief=brief and column.role == "text")
    text = _drawn_text(cell)
    return shortened(text, width, canvas.ellipsis) if column.role == "text" and cells(text) > width else text


def _phrase_text(cell: Phrase, width: int, canvas: Canvas, *, brief: bool) -> str:
    """The phrase with its branches in front and its tail at the right edge."""
    room = width - len(cell.tail) - 1 if cell.tail else width
    text = cell.full
    if cells(text) > room:
        text = cell.brief if brief else text
        text = text if cells(text) <= room else shortened(text, room, canvas.ellipsis)
    text = _led(text, cell.lead, canvas) if cell.lead else text
    return _padded(text, room, right=False) + f" {cell.tail}" if cell.tail else text


def _drawn_text(cell: Cell) -> str:
    """What decides how wide a column would like to be; a closing bracket hangs behind it."""
    if isinstance(cell, Phrase):
        return f"{cell.full} {cell.tail}" if cell.tail else cell.full
    return f"({cell.number}" if isinstance(cell, Subtotal) and cell.number else text_of(cell)


def _led(text: str, lead: str, canvas: Canvas) -> str:
    """The text with the lines of its branches over the spaces in front, as far as they were not cut."""
    room = len(text) - len(text.lstrip(" "))
    drawn = lead.translate(_ASCII_LINES) if canvas.ascii_only else lead
    return drawn[:room] + text[min(room, len(drawn)) :]


def _cell_style(text: str, column: Column, line: Line) -> Style:
    if column.role == "mark":
        return _MARK_STYLES.get(text.strip(), "plain")
    if column.role == "bar":
        return "bar"
    if column.role == "number" and text.strip() == "0" and line.style == "plain":
        return "faint"
    return _LINE_STYLES[line.style]


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - cells(text))
    return space + text if right else text + space


def shortened(text: str, width: int, ellipsis: str = "…") -> str:
    """The text cut at a word's end, so that no number is shown in part; one long word of letters is cut inside.

    >>> shortened("conv 4096 7x7 nobias bn relu", 15)
    'conv 4096 7x7 …'
    """
    indent = text[: len(text) - len(text.lstrip())]
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}" if kept else indent + word
        if cells(longer) + 1 + len(ellipsis) > width:
            break
        kept = longer
    if kept:
        return f"{kept} {ellipsis}"
    return text[: max(0, width - len(ellipsis))] + ellipsis


def foot_lines(facts: tuple[Fact, ...], canvas: Canvas) -> list[str]:
    """The foot: names in a column of their own, long texts wrapped beside them."""
    if not facts:
        return []
    room = max(cells(fact.name) for fact in facts)
    lines = [""]
    for fact in facts:
        first, *more = wrapped(fact.text, canvas.width and canvas.width - room - len(GAP))
        style: Style = fact.style if fact.style != "plain" else "name"
        lines.append(canvas.paint(fact.name.ljust(room), style) + GAP + first)
        lines += [" " * room + GAP + rest for rest in more]
    return [line.rstrip() for line in lines]

"""Draws a sheet as text in the form that fits its width: as a table or stacked (`fitting`).

A number is never cut, and what is left out is named in the foot.  Without a width nothing is shortened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.report.canvas import Canvas
from cnncalc.report.fitting import GAP, WIDEST_BAR, Fit, fit, row_text, total
from cnncalc.report.notation import bar
from cnncalc.report.paint import Style
from cnncalc.report.plain_signs import in_plain_signs
from cnncalc.report.sheet import Cell, Column, Fact, Line, Phrase, Share, Sheet, Subtotal, facts_about, text_of

_GOING_ON = str.maketrans("├+", "│|")
NARROWEST_FACT = 30
"""Columns; a foot with less room beside its names has the texts below them."""
LONGEST_FACT_NAME = 20
"""Columns of the names that reports have of themselves, with the gap behind them; others are names of files."""
SHALLOWEST_TEXT = 12
"""Columns that a text has behind its indentation, however deep it stands."""


def drawn(sheet: Sheet, canvas: Canvas) -> str:
    """The sheet as text, each line ended."""
    sheet = in_plain_signs(sheet) if canvas.ascii_only else sheet
    found = _fit(sheet, canvas.width)
    shown, draw = _with_columns(sheet, found), {"table": _table_line, "stacked": _stacked_line}
    lines = [text for line in shown.lines for text in draw[found.form](line, shown.columns, found, canvas)]
    totals = [text for line in shown.totals for text in draw[found.form](line, shown.columns, found, canvas)]
    full = total(list(found.widths)) if found.form == "table" else canvas.width or 0
    rule = canvas.paint(canvas.rule * full, "faint")
    parts = [*_head(sheet, canvas), *_headings(shown.columns, found, canvas), rule, *lines]
    if totals:
        parts += [rule, *totals]
    foot = tuple(fact._replace(text=canvas.said(fact.text)) for fact in _facts(sheet, found))
    return "".join(f"{part}\n" for part in (*parts, *foot_lines(foot, canvas)))


def fitted(sheet: Sheet, width: int | None) -> tuple[Sheet, list[int]]:
    """The sheet with the columns that are shown at this width, and the width of each."""
    found = _fit(sheet, width)
    return _with_columns(sheet, found), list(found.widths)


def _fit(sheet: Sheet, width: int | None) -> Fit:
    return fit(sheet.columns, _natural(sheet), width and width - _hanging(sheet), _telling(sheet))


def _facts(sheet: Sheet, found: Fit) -> Iterator[Fact]:
    """The foot: first what the table leaves out, and nothing about columns that it leaves out."""
    gone = [column for n, column in enumerate(sheet.columns) if n not in found.shown]
    if gone:
        some = any(sheet.columns[n].role == "bar" for n in found.shown)
        said = dict.fromkeys(_called(column, beside_bars=some) for column in gone)
        whole = total(_natural(sheet)) + _hanging(sheet)
        yield Fact("Not shown", f"{', '.join(said)}: the whole table takes {whole} columns (--width {whole})")
    yield from facts_about(sheet.foot, (sheet.columns[n] for n in found.shown))


def _called(column: Column, *, beside_bars: bool) -> str:
    """`params`, `bars`; `params bars` beside others that are shown."""
    if column.role != "bar":
        return _heading_words(column)
    return f"{column.share_of} bars" if beside_bars else "bars"


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


def _telling(sheet: Sheet) -> int:
    """How wide the texts of the rows are without the words that other columns say too, or that change no count."""
    phrases = [cell for line in sheet.lines for cell in line.cells if isinstance(cell, Phrase)]
    return max((_least_width(cell) for cell in phrases), default=0)


def _least_width(cell: Phrase) -> int:
    lost = len(" …") if cell.least and cell.least != cell.brief else 0
    return min(cells(cell.brief), cells(cell.least or cell.brief) + lost) + (len(cell.tail) + 1 if cell.tail else 0)


def _with_columns(sheet: Sheet, found: Fit) -> Sheet:
    def only(line: Line) -> Line:
        return line._replace(cells=tuple(line.cells[n] for n in found.shown))

    return sheet._replace(
        columns=tuple(sheet.columns[n] for n in found.shown),
        lines=tuple(map(only, sheet.lines)),
        totals=tuple(map(only, sheet.totals)),
    )


def _head(sheet: Sheet, canvas: Canvas) -> list[str]:
    title = [canvas.paint(line, "title") for line in wrapped(sheet.title, canvas.width) if line]
    below = [canvas.paint(line, "faint") for line in wrapped(sheet.subtitle, canvas.width) if line]
    return [*title, *below, *([""] if title or below else [])]


def _headings(columns: tuple[Column, ...], found: Fit, canvas: Canvas) -> Iterable[str]:
    """The words above the columns; what is listed has its heading beside it."""
    beside = columns[: len(found.widths)]
    if found.form == "table":
        return _heading_lines(beside, found.widths, canvas)
    first = row_text(columns)
    word = _heading_words(columns[first])
    if cells(word) <= found.widths[first]:
        return _heading_lines(beside, found.widths, canvas)
    below = _heading_lines(beside[first + 1 :], found.widths[first + 1 :], canvas, found.indent)
    return [canvas.paint(" " * _margin(found, first) + word, "heading"), *below]


def _heading_words(column: Column) -> str:
    """The heading in one line: `params allocated`, `GB/s`."""
    return " ".join(column.heading).strip().replace(" /", "/")


def _margin(found: Fit, first: int) -> int:
    """The columns of the terminal that marks and numbers take before the text of the row."""
    return total(list(found.widths[:first])) + len(GAP) if first else 0


def _heading_lines(
    columns: tuple[Column, ...], widths: tuple[int, ...], canvas: Canvas, indent: int = 0
) -> Iterator[str]:
    height = max((len(column.heading) for column in columns), default=0)
    for level in range(height):
        words = [column.heading[level - height] if level >= height - len(column.heading) else "" for column in columns]
        text = GAP.join(_padded(word, w, c.right) for word, w, c in zip(words, widths, columns, strict=True))
        yield canvas.paint((" " * indent + text).rstrip(), "heading")


_LINE_STYLES: dict[str, Style] = {
    "plain": "plain", "header": "block", "faint": "faint", "rest": "faint", "total": "total", "note": "faint"
}  # fmt: skip
_MARK_STYLES: dict[str, Style] = {"✓": "good", "ok": "good", "✗": "bad", "x": "bad", "?": "warning"}


def _table_line(line: Line, columns: tuple[Column, ...], found: Fit, canvas: Canvas) -> Iterator[str]:
    if line.style == "note":
        yield from _note(line, canvas)
    else:
        yield _drawn_cells(line, columns, found.widths, canvas).rstrip()


def _stacked_line(line: Line, columns: tuple[Column, ...], found: Fit, canvas: Canvas) -> Iterator[str]:
    """The text beside its numbers where it fits, else in full on lines of its own and the numbers below it."""
    if line.style == "note":
        yield from _note(line, canvas)
        return
    first, end = row_text(columns), len(found.widths)
    if cells(_drawn_text(line.cells[first])) <= found.widths[first]:
        beside = line._replace(cells=line.cells[:end])
        yield _drawn_cells(beside, columns[:end], found.widths, canvas).rstrip()
    else:
        yield from _full_text(line, columns, found, canvas)
        yield from _numbers_below(line, columns, found, canvas)
    yield from _listed(line, columns, found, canvas)


def _numbers_below(line: Line, columns: tuple[Column, ...], found: Fit, canvas: Canvas) -> Iterator[str]:
    first = row_text(columns)
    below = slice(first + 1, len(found.widths))
    numbers = _drawn_cells(line._replace(cells=line.cells[below]), columns[below], found.widths[below], canvas)
    if numbers.strip():
        margin = min(found.indent, _margin(found, first))
        lead = _led(" " * (found.indent - margin), _lead(line))
        yield " " * margin + canvas.paint(lead, _LINE_STYLES[line.style]) + numbers.rstrip()


def _listed(line: Line, columns: tuple[Column, ...], found: Fit, canvas: Canvas) -> Iterator[str]:
    """What does not fit side by side, each behind its heading."""
    begin, indent = len(found.widths), _margin(found, row_text(columns)) + len(GAP)
    for cell, column in zip(line.cells[begin:], columns[begin:], strict=True):
        text = text_of(cell).strip()
        said = wrapped(f"{_heading_words(column)}: {text}", canvas.width and canvas.width - indent, len(GAP))
        yield from (" " * indent + canvas.paint(piece, _LINE_STYLES[line.style]) for piece in said if text)


def _note(line: Line, canvas: Canvas) -> Iterator[str]:
    said = "".join(map(text_of, line.cells))
    indent = len(said) - len(said.lstrip(" "))
    yield from (canvas.paint(piece, "faint") for piece in wrapped(said, canvas.width, indent))


def _lead(line: Line) -> str:
    """The branches around a row, as they go on below its first line."""
    return next((cell.lead for cell in line.cells if isinstance(cell, Phrase)), "").translate(_GOING_ON)


def _full_text(line: Line, columns: tuple[Column, ...], found: Fit, canvas: Canvas) -> Iterator[str]:
    first = row_text(columns)
    front = _drawn_cells(line._replace(cells=line.cells[:first]), columns[:first], found.widths[:first], canvas)
    margin = _margin(found, first)
    cell = line.cells[first]
    text, room = _drawn_text(cell), None if canvas.width is None else canvas.width - margin
    indent = len(text) - len(text.lstrip(" "))
    indent = indent if room is None else max(0, min(indent, room - SHALLOWEST_TEXT))
    lead = cell.lead if isinstance(cell, Phrase) else ""
    for piece in wrapped(" " * indent + text.lstrip(" "), room, indent + len(GAP)):
        yield front + canvas.paint(_led(piece, lead), _LINE_STYLES[line.style])
        front, lead = " " * margin, _lead(line)


def _drawn_cells(line: Line, columns: tuple[Column, ...], widths: Sequence[int], canvas: Canvas) -> str:
    """The cells side by side, each padded to its width; the bracket that closes a number is in the gap behind it."""
    drawn = ""
    for cell, column, width in zip(line.cells, columns, widths, strict=True):
        text = _padded(_cell_text(cell, column, width, canvas), width, column.right)
        style = _cell_style(text, column, line)
        if isinstance(cell, Subtotal) and cell.number:
            drawn += canvas.paint(f"{text})", style) + GAP[1:]
        else:
            drawn += canvas.paint(text, style) + GAP
    return drawn


def _cell_text(cell: Cell, column: Column, width: int, canvas: Canvas) -> str:
    if isinstance(cell, Share):
        return bar(cell.part, cell.whole, width, ascii_only=canvas.ascii_only)
    if isinstance(cell, Phrase):
        return _phrase_text(cell, width, canvas)
    text = _drawn_text(cell)
    return shortened(text, width, canvas.ellipsis) if column.role == "text" and cells(text) > width else text


def _phrase_text(cell: Phrase, width: int, canvas: Canvas) -> str:
    """The phrase with its branches in front and its tail at the right edge."""
    room = width - len(cell.tail) - 1 if cell.tail else width
    text = cell.full if cells(cell.full) <= room else cell.brief
    if cells(text) > room:
        least = cell.least or cell.brief
        text = f"{least} {canvas.ellipsis}"
        text = text if cells(text) <= room else shortened(least, room, canvas.ellipsis)
    text = _led(text, cell.lead) if cell.lead else text
    return _padded(text, room, right=False) + f" {cell.tail}" if cell.tail else text


def _drawn_text(cell: Cell) -> str:
    """What decides how wide a column would like to be; a closing bracket hangs behind it."""
    if isinstance(cell, Phrase):
        return f"{cell.full} {cell.tail}" if cell.tail else cell.full
    return f"({cell.number}" if isinstance(cell, Subtotal) and cell.number else text_of(cell)


def _led(text: str, lead: str) -> str:
    """The text with the lines of its branches over the spaces in front, as far as they were not cut."""
    room = len(text) - len(text.lstrip(" "))
    return lead[:room] + text[min(room, len(lead)) :]


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
    while text and cells(text) + len(ellipsis) > width:
        text = text[:-1]
    return text + ellipsis


def foot_lines(facts: tuple[Fact, ...], canvas: Canvas) -> list[str]:
    """The foot: names in a column of their own and texts beside them, or below them where that leaves little room.

    A path that fits no line is broken behind the names of its folders.
    """
    if not facts:
        return []
    room = _name_room(facts, canvas.width)
    if canvas.width is not None and canvas.width - room < NARROWEST_FACT:
        return [line.rstrip() for line in ("", *_facts_below(facts, canvas))]
    lines, below = [""], False
    for fact in facts:
        text = fact.text
        if canvas.width is not None and _longest_word(text) > canvas.width - len(GAP):
            text = _paths_broken(text, canvas.width - room)
        too_wide = canvas.width is not None and _longest_word(text) > canvas.width - room
        below = too_wide or cells(fact.name) + len(GAP) > room or (below and not fact.name)
        if below:
            lines += _facts_below((fact,), canvas)
            continue
        first, *more = wrapped(text, canvas.width and canvas.width - room)
        lines.append(canvas.paint(_padded(fact.name, room, right=False), _FACT_STYLES[fact.style]) + first)
        lines += [" " * room + rest for rest in more]
    return [line.rstrip() for line in lines]


def _name_room(facts: tuple[Fact, ...], width: int | None) -> int:
    """The column of the names; the name of a file that would take over a third of the width has a line of its own."""
    names = [cells(fact.name) + len(GAP) for fact in facts]
    usual = [name for name in names if width is None or name <= max(width // 3, LONGEST_FACT_NAME)]
    return max(usual or names)


def _longest_word(text: str) -> int:
    """Cells of what is never broken."""
    return max(map(cells, text.split()), default=0)


def _paths_broken(text: str, room: int) -> str:
    """The text with spaces in paths that are longer than the room, each behind the name of a folder where there is one.

    >>> _paths_broken("from /data/my/nets/lenet5.txt (mine)", 12)
    'from /data/my/ nets/ lenet5.txt (mine)'
    """
    room = max(room, SHALLOWEST_TEXT)
    if _longest_word(text) <= room:
        return text
    return " ".join(" ".join(_path_parts(word, room)) if word.isascii() else word for word in text.split(" "))


def _path_parts(word: str, room: int) -> Iterator[str]:
    is_path = "/" in word or "\\" in word
    while is_path and len(word) > room:
        cut = max(word.rfind("/", 1, room), word.rfind("\\", 1, room)) + 1 or room
        yield word[:cut]
        word = word[cut:]
    yield word


def _facts_below(facts: tuple[Fact, ...], canvas: Canvas) -> Iterator[str]:
    for fact in facts:
        yield from (canvas.paint(line, _FACT_STYLES[fact.style]) for line in wrapped(fact.name, canvas.width) if line)
        room = canvas.width and canvas.width - len(GAP)
        yield from (GAP + line for line in wrapped(fact.text if room is None else _paths_broken(fact.text, room), room))


_FACT_STYLES: dict[str, Style] = {"plain": "name", "good": "verdict", "bad": "bad", "warning": "warning"}

"""A page of the manual set in lines: paragraphs wrapped, examples indented, tables in columns or one row below another.

Prose is never wider than `WIDEST`, and as wide as that where nothing is known of a width: a pager shows it well.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.manual import Block, Heading, Page, Paragraph, Part, Table, chapters
from cnncalc.report.canvas import Canvas
from cnncalc.report.prose_tables import table_lines

WIDEST = 80
LONGEST_NAME = 24
MARGIN = "    "


def for_reading(canvas: Canvas) -> Canvas:
    """The same canvas, as wide as lines of prose should be."""
    return canvas._replace(width=min(canvas.width or WIDEST, WIDEST))


def page_text(page: Page, canvas: Canvas) -> str:
    """The page with its title, and the names of others that say more."""
    canvas = for_reading(canvas)
    lines = [canvas.paint(page.name, "title"), *part_lines(page.parts, canvas)]
    if page.see:
        lines += ["", *wrapped(f"See also: {', '.join(map(quoted, page.see))}", canvas.width)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def book_text(name: str, canvas: Canvas) -> str:
    """All chapters of a book, below a list of them."""
    canvas = for_reading(canvas)
    (_, first), *others = chapters(name)
    lines = ["", *wrapped(f"`cnncalc explain {name} 1` prints the first of these chapters:", canvas.width)]
    for number, (title, inside) in enumerate(others, 1):
        names = ", ".join(quoted(page.name) for page in inside)
        heading = wrapped(f"{number}  {title}", canvas.width, 3)
        lines += ["", *(canvas.paint(line, "heading") for line in heading)]
        lines += [f"   {line}" for line in wrapped(names, canvas.width and canvas.width - 3)]
    whole = [page_text(page, canvas) for page in first] + ["".join(f"{line}\n" for line in lines)]
    return "\n".join(("".join(whole), *(chapter_text(name, n, canvas) for n in range(1, len(others) + 1))))


def chapter_text(name: str, number: int, canvas: Canvas) -> str:
    """One chapter of a book, counted from 1: its title between two rules, then its pages."""
    canvas = for_reading(canvas)
    title, inside = chapters(name)[number]
    rule = canvas.paint(canvas.rule * (canvas.width or WIDEST), "faint")
    heading = (canvas.paint(line, "title") for line in wrapped(f"{number}  {title}", canvas.width, 3))
    head = "".join(f"{line}\n" for line in (rule, *heading, rule, ""))
    return head + "\n\n".join(page_text(page, canvas) for page in inside)


def quoted(name: str) -> str:
    """The name as it is written behind a shell's prompt.

    >>> quoted("stride"), quoted("$in")
    ('stride', "'$in'")
    """
    return name if re.fullmatch(r"[\w.-]+", name) else f"'{name}'"


def part_lines(parts: Iterable[Part], canvas: Canvas) -> Iterator[str]:
    """The parts one below the other, with a blank line before each; items stand close together."""
    before: Part | None = None
    for part in parts:
        if not (isinstance(part, Paragraph) and part.is_item and isinstance(before, Paragraph) and before.is_item):
            yield ""
        before = part
        if isinstance(part, Heading):
            yield canvas.paint(part.text, "heading")
        elif isinstance(part, Table):
            yield from table_lines(part.rows, canvas)
        elif isinstance(part, Block):
            yield from _block(part, canvas)
        elif part.is_item:
            first, *more = wrapped(part.text, canvas.width and canvas.width - 2)
            yield from (f"- {first}", *(f"  {line}" for line in more))
        else:
            yield from wrapped(part.text, canvas.width)


def entry_lines(entries: Mapping[str, str], canvas: Canvas, indent: str = "") -> Iterator[str]:
    """Names in a column, each with its text beside it; a name that is too long for the column has a line of its own."""
    width = canvas.width
    room = max(map(len, entries), default=0)
    room = min(room, LONGEST_NAME, width // 3) if width else room
    for name, text in entries.items():
        said = wrapped(text, width and width - len(indent) - room - 2)
        beside = canvas.paint(name.ljust(room), "name") + "  "
        if len(name) > room:
            yield indent + canvas.paint(name, "name")
            beside = " " * (room + 2)
        yield indent + beside + said[0]
        yield from (f"{indent}{' ' * (room + 2)}{line}" for line in said[1:])


def _block(block: Block, canvas: Canvas) -> Iterator[str]:
    room = canvas.width and canvas.width - len(MARGIN)
    comments = block.kind in ("cnncalc", "slip")
    for line in block.lines:
        is_command = block.kind == "console" and line.startswith("$ ")
        fitted = _command(line, room) if is_command else _fitted(line, room, comments=comments)
        yield from (MARGIN + canvas.paint(one, "block") for one in fitted)


def _command(line: str, room: int | None) -> Iterator[str]:
    """A command that is too wide goes on in the next line, as a shell reads it."""
    *lines, last = wrapped(line, room and room - 2, 4)
    yield from (f"{one} \\" for one in lines)
    yield last


def _fitted(line: str, room: int | None, *, comments: bool) -> Iterator[str]:
    """A line that is too wide goes on in the next, further in; a comment behind a model's line goes above it."""
    if room is None or cells(line) <= room:
        yield line
        return
    indent = line[: len(line) - len(line.lstrip())]
    code, sign, comment = line.partition(" # ") if comments else (line, "", "")
    if sign:
        yield from (f"{indent}# {one}" for one in wrapped(comment.strip(), room - len(indent) - 2))
    elif comments and code.lstrip().startswith("# "):
        yield from (f"{indent}# {one}" for one in wrapped(code.lstrip()[2:], room - len(indent) - 2))
        return
    words = re.sub(r"(?<=\S) +=>", " =>", code.strip()) if comments else code.strip()
    indent = indent if len(indent) < room // 2 else ""
    yield from textwrap.wrap(words, room, initial_indent=indent, subsequent_indent=f"{indent}    ")

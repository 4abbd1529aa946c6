"""A file that was handed in as its parts: tables, printed summaries, and the lines that belong to neither.

Every kind of file becomes a text with its lines first (`texts_of`), and every part keeps the numbers of its lines in
it.  Nothing is run and nothing of a key is known; time and memory grow with the size of the file alone.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.homework.reading.grid_rows import LONGEST_LINE
from cnncalc.homework.reading.marked_text import NOT_READ, without_struck
from cnncalc.homework.reading.prints import prints_in
from cnncalc.homework.reading.tables import MOST_ROWS, Table, tables_in
from cnncalc.homework.reading.texts import text_of

MOST_LINES = 20_000
"""Lines of one file that are read."""


class Parts(NamedTuple):
    """`text` has the lines of no table and no print, at their own numbers; `notes` are sentences about the file.

    `is_long`: it has lines or rows that no homework has, which were left out.  `holds_network`: it is a
    program or a notebook with a network, which answers nothing unless it has printed it.
    """

    text: str
    tables: tuple[Table, ...]
    prints: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    is_long: bool = False
    holds_network: bool = False


def parts_of(content: bytes, name: str) -> Parts:
    """The parts of a file of this name; raises `Unreadable` for what is no text and no file that is read as one."""
    found = text_of(content, name)
    return parts_of_text(found.text, found.notes)._replace(holds_network=found.holds_network)


def parts_of_text(text: str, notes: tuple[str, ...] = ()) -> Parts:
    """The parts of a text with one kind of line end."""
    lines = text.split("\n")
    taken: set[int] = set()
    is_long = len(lines) > MOST_ROWS or any(len(line) > LONGEST_LINE for line in lines)
    if len(lines) > MOST_LINES:
        notes = (*notes, f"has {len(lines):,} lines, of which the first {MOST_LINES:,} are read")
        del lines[MOST_LINES:]
    left = [without_struck(line) for line in lines]
    if first := next((n for n, (line, rest) in enumerate(zip(lines, left, strict=True), 1) if line != rest), 0):
        notes = (*notes, f"line {first}: {NOT_READ}")
        lines = left
    prints = tuple(prints_in(lines, taken))
    tables = sorted((table for table, _ in tables_in(lines, taken)), key=lambda table: table.rows[0].line)
    kept = "\n".join("" if number in taken else line for number, line in enumerate(lines, 1))
    said = (note for table in tables for note in table.notes)
    return Parts(kept, tuple(tables), prints, (*notes, *said), is_long)

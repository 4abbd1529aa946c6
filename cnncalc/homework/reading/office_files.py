"""Word documents and Excel tables as text, through python-docx and openpyxl where they are installed.

Both files are zips of XML: how much they unpack to is looked at first, and a part that defines entities is refused, so
that none of them fills the memory.  Of an Excel table the values count that were last computed, never its formulas.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any

from cnncalc.diagnostics import InputError
from cnncalc.diagnostics.extras import Library, missing_extra
from cnncalc.homework.reading.containers.container_limits import Unreadable
from cnncalc.homework.reading.piped_text import piped
from cnncalc.homework.reading.word_text import MOST_COLUMNS, MOST_ROWS, word_lines

MOST_SHEETS = 20
MOST_PARTS = 2_000
LARGEST_XML = 4_000_000
"""Bytes of XML, unpacked: a homework has a hundred times less."""

LARGEST_UNPACKED = 40_000_000
"""Bytes of all parts, pictures among them."""

_DEFINITION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class LibraryMissing(Unreadable):
    """A file whose reader is not installed; `error` is what says so where it is the only file."""

    def __init__(self, what: str, error: InputError) -> None:
        advice = error.diagnostics[0].help
        super().__init__(f"is {what}, whose reader is not installed: {advice}, or save it as CSV or plain text")
        self.error = error


def is_office_file(content: bytes, name: str) -> bool:
    """Whether the bytes are those of a Word document or an Excel table, as they are saved since 2007."""
    return _kind(content, name) != ""


def _kind(content: bytes, name: str) -> str:
    if not content.startswith(b"PK\x03\x04"):
        return ""
    ending = name.lower().rpartition(".")[2]
    if ending in ("docx", "docm", "xlsx", "xlsm"):
        return "docx" if ending.startswith("doc") else "xlsx"
    head = content[:65_536]
    return "docx" if b"word/document.xml" in head else "xlsx" if b"xl/workbook.xml" in head else ""


def office_text(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The lines and tables of the file, and notes; raises `Unreadable` for what is damaged or unpacks to too much."""
    is_word = _kind(content, name) == "docx"
    what = "a Word document" if is_word else "an Excel table"
    _refuse_bombs(content, what)
    library: Library = "python-docx" if is_word else "openpyxl"
    read: Callable[[bytes], Iterator[str]] = _word_lines if is_word else _table_lines
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl says of drawings and styles that it leaves out
            text = "\n".join(read(content))
            return text, () if is_word else _formulas_without_values(content)
    except ImportError:
        raise LibraryMissing(what, missing_extra(name, library)) from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged file raises anything in these libraries
        raise Unreadable(f"is {what} that is damaged: save it again, or as CSV or plain text") from None


def _refuse_bombs(content: bytes, what: str) -> None:
    """Looks at every part's size before it is unpacked, and at the XML for definitions of entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
            sizes = sum(part.file_size for part in parts), sum(part.file_size for part in xml)
            if len(parts) > MOST_PARTS or sizes[0] > LARGEST_UNPACKED or sizes[1] > LARGEST_XML:
                raise Unreadable(f"is {what} that unpacks to far more than a homework: {max(sizes) / 1e6:,.1f} MB")
            if any(_DEFINITION.search(archive.read(part).replace(b"\0", b"")) for part in xml):
                raise Unreadable(f"is {what} with definitions that no word processor writes")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError):
        raise Unreadable(f"is {what} that is damaged: save it again, or as CSV or plain text") from None


def _word_lines(content: bytes) -> Iterator[str]:
    from docx import Document  # noqa: PLC0415 - an extra, imported when it is used

    yield from word_lines(Document(io.BytesIO(content)).element.body)


def _table_lines(content: bytes) -> Iterator[str]:
    from openpyxl import load_workbook  # noqa: PLC0415 - an extra, imported when it is used

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets[:MOST_SHEETS]:
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        cells = [[_value(value) for value in row] for row in rows]
        width = max((n + 1 for row in cells for n, cell in enumerate(row) if cell), default=0)
        if width == 1:
            yield "\n".join(row[0] for row in cells if row)
        else:
            yield piped(row[:width] for row in cells)
    book.close()


_NOT_COMPUTED = re.compile(rb"<c\b([^<>]*)>\s*<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3}[0-9]{1,7})"')


def _formulas_without_values(content: bytes) -> tuple[str, ...]:
    """A sentence about formulas whose values the file does not hold: programs that write tables leave them out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [part for part in archive.infolist() if part.filename.startswith("xl/worksheets/")]
        cells = [match[1] for part in sheets for match in _NOT_COMPUTED.finditer(archive.read(part))]
    if not cells:
        return ()
    first = _ADDRESS.search(cells[0])
    where = first[1].decode() if first else "a cell"
    which = f"the formula in {where} has" if len(cells) == 1 else f"{len(cells):,} formulas, the first in {where}, have"
    return (f"{which} no computed value in the file: open it in a spreadsheet program and save it again",)


def _value(value: Any) -> str:
    """A cell's value as its author sees it, nearly: a whole number has no decimals, a date is one."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)

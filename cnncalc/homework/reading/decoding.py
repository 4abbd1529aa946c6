"""The bytes of a file that was handed in as text, whatever wrote them.

UTF-8 is expected; what editors and spreadsheets of other systems write instead is read all the same, with a note, since
numbers and labels look alike in all of them.  Anything else is refused with what it is and how to save it.
"""

from __future__ import annotations

import re

from cnncalc.dialects.printed_rows import without_colours
from cnncalc.file_kinds import (
    ARCHIVE,
    EXCEL,
    NOTEBOOK,
    OFFICE,
    OPEN_DOCUMENT,
    PAGES,
    PDF,
    PICTURE,
    POWERPOINT,
    RICH_TEXT,
    WEB_PAGE,
    WORD,
    FileKind,
    kind_of,
)
from cnncalc.homework.reading.containers.container_limits import Unreadable
from cnncalc.homework.reading.headings import heading_of
from cnncalc.quantities import grouped

_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_TABLE = "save the table as CSV (File > Save As), or copy it into a text file"
_HOW_TO_SAVE: dict[FileKind, str] = {
    PDF: "copy the answers into a text file, or save the table that it was made of as CSV",
    WORD: "save it as .docx or as plain text (File > Save As)",
    EXCEL: _TABLE,
    OFFICE: "save it as .docx, .xlsx, CSV or plain text (File > Save As)",
    OPEN_DOCUMENT: "save it as .docx, .xlsx, CSV or plain text (File > Save As)",
    PAGES: "save it as .docx or plain text, a table of Numbers as CSV (File > Export To)",
    POWERPOINT: "copy the answers into a text file",
    RICH_TEXT: "save it as plain text or as .docx (File > Save As)",
    PICTURE: "type the answers into a text file or a table",
    ARCHIVE: "hand in the files themselves",
}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TYPED = re.compile("[\x07\x08\x16\x1a]")
"""What texts have all the same: a progress bar's steps back, a bell, and the end of a file of DOS."""
_MOST_CONTROL = 20
"""Of so many characters one may be another control character in a text; NUL is in none."""
_ENCODINGS = {
    "gb18030": "GB 18030",
    "shift_jis": "Shift JIS",
    "cp949": "Korean (cp949)",
    "big5": "Big5",
    "cp1251": "Windows-1251",
    "cp1250": "Windows-1250",
    "cp1254": "Windows-1254",
    "cp1253": "Windows-1253",
}
"""Encodings in which spreadsheets write CSV, each tried where the text is in neither UTF-8 nor Windows-1252."""

_HEAD = 2_000


def refuse_other_kinds(content: bytes, name: str) -> None:
    """Raises `Unreadable` for a file of a kind that is never read here, with how to save it."""
    kind = kind_of(content, name)
    if kind is not None and kind not in (NOTEBOOK, WEB_PAGE):
        raise Unreadable(f"is {kind.what}, which is not read here: {_HOW_TO_SAVE.get(kind, 'hand in text or CSV')}")


def decoded(content: bytes) -> tuple[str, str]:
    """The text with one kind of line end, and a note about what was no plain UTF-8 ("": all was)."""
    text, note = _text(content)
    seen = without_colours(text)
    text, count = _CONTROL.subn("", seen)
    if "\0" in seen or _MOST_CONTROL * (count - len(_TYPED.findall(seen))) > len(seen):
        raise Unreadable("is a binary file, not a text")
    if not text.strip():
        raise Unreadable("is empty")
    if count:
        what = "1 control character, which was" if count == 1 else f"{grouped(count)} control characters, which were"
        note = f"{note}; it has {what} left out" if note else f"has {what} left out"
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _text(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded_as(encoding, encoding, content)
    order = _order_of_pairs(content)
    if order:
        return _decoded_as(f"UTF-16-{order}", "UTF-16", content)
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        encoding, name = _likeliest(content)
        note = f"is not written in UTF-8; it was read as {name}, so look at the name"
        return content.decode(encoding, "replace"), note


def _decoded_as(encoding: str, name: str, content: bytes) -> tuple[str, str]:
    try:
        return content.decode(encoding), f"is written in {name}, and was read all the same"
    except UnicodeDecodeError:
        raise Unreadable(f"begins as a text in {name}, but is not one") from None


def _order_of_pairs(content: bytes) -> str:
    """ "LE" or "BE" where every other byte of the beginning is nearly always 0, as in UTF-16 without a mark."""
    head = content[:_HEAD]
    half = len(head) // 2
    first, second = head[0::2].count(0), head[1::2].count(0)
    if half < 2 or len(content) % 2:
        return ""
    if first * 20 <= half and second * 2 >= half:
        return "LE"
    return "BE" if second * 20 <= half and first * 2 >= half else ""


def _likeliest(content: bytes) -> tuple[str, str]:
    """The encoding in which most cells of the first lines are headings that mean something."""
    best = (_headings_in(content.decode("cp1252", "replace")), 0, "cp1252", "Windows-1252")
    for rank, (encoding, name) in enumerate(_ENCODINGS.items(), 1):
        best = max(best, (_headings_in(content.decode(encoding, "replace")), -rank, encoding, name))
    return best[2], best[3]


def _headings_in(text: str) -> int:
    lines = text[:_HEAD].splitlines()[:10]
    cells = [cell for line in lines for cell in re.split("[,;\t|]", line)[:20]]
    return sum(heading_of(cell).role != "unknown" for cell in cells)

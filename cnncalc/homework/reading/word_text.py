"""The text of a Word document's XML: paragraphs with their equations, insertions and form fields, and tables.

What was deleted under track changes is not there, and what is struck out is marked as such; a superscript is written
with `^`.  The tree is walked once; how the file is opened is the business of `office_files`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cnncalc.homework.reading.marked_text import STRUCK, raised
from cnncalc.homework.reading.piped_text import piped

MOST_ROWS = 5_000
MOST_COLUMNS = 60

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WRAPPERS = frozenset(
    _WORD + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple")
) | {_WORD + "bdo", _WORD + "dir", _MATH + "oMathPara"}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = frozenset(("0", "false", "off", "none"))


def word_lines(body: Any) -> Iterator[str]:
    """The lines of a document's body, or of a cell, each table as lines between pipes."""
    for block in _inside(body, "p", "tbl"):
        if block.tag == _WORD + "p":
            yield "".join(_pieces(block))
        else:
            yield piped(_rows(block))


def _inside(element: Any, *names: str) -> Iterator[Any]:
    """The elements of these names right inside an element or in what wraps them, as a content control does."""
    for child in element:
        if child.tag in _WRAPPERS:
            yield from _inside(child, *names)
        elif any(child.tag == _WORD + name for name in names):
            yield child


def _rows(table: Any) -> Iterator[list[str]]:
    """The cells of each row; one that goes on below or over some columns stands in every place it covers."""
    above: list[str] = []
    for n, row in enumerate(_inside(table, "tr")):
        if n == MOST_ROWS:
            return
        cells: list[str] = []
        for cell in _inside(row, "tc"):
            if len(cells) >= MOST_COLUMNS:
                break
            merged = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
            goes_on = merged is not None and merged.get(_WORD + "val", "continue") == "continue"
            text = above[len(cells)] if goes_on and len(cells) < len(above) else "\n".join(word_lines(cell))
            cells += [text] * min(_width(cell), MOST_COLUMNS - len(cells))
        above = cells
        yield cells


def _width(cell: Any) -> int:
    span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
    text = span.get(_WORD + "val", "1") if span is not None else "1"
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _pieces(element: Any) -> Iterator[str]:
    """The text of a paragraph in order, piece after piece."""
    for child in element:
        if child.tag == _WORD + "r":
            yield _run(child)
        elif child.tag == _MATH + "oMath":
            yield _formula(child)
        elif child.tag in _WRAPPERS:
            yield from _pieces(child)


def _run(run: Any) -> str:
    """The text of one stretch of letters that look alike."""
    text = "".join(map(_letters, run))
    look = run.find(_WORD + "rPr")
    if look is None or not text.strip():
        return text
    if _is_on(look, "strike") or _is_on(look, "dstrike"):
        return STRUCK
    height = look.find(_WORD + "vertAlign")
    return raised(text) if height is not None and height.get(_WORD + "val") == "superscript" else text


def _letters(element: Any) -> str:
    name = str(element.tag).removeprefix(_WORD)
    return (element.text or "") if name == "t" else _SIGNS.get(name, "")


def _is_on(look: Any, name: str) -> bool:
    found = look.find(_WORD + name)
    return found is not None and found.get(_WORD + "val", "true") not in _OFF


# ---------------------------------------------------------------------- equations
def _formula(element: Any) -> str:
    """An equation on one line: powers with `^`, fractions with `/`."""
    name = str(element.tag).removeprefix(_MATH)
    if name == "t":
        return element.text or ""
    if element.tag == _WORD + "r":
        return _run(element)
    made = _OF_FORMULAS.get(name)
    return made(element) if made is not None else "".join(map(_formula, element))


def _part(element: Any, name: str) -> str:
    part = element.find(_MATH + name)
    return "" if part is None else _formula(part)


def _fraction(element: Any) -> str:
    above, below = (_part(element, name) for name in ("num", "den"))
    return "/".join(part if part.strip().isalnum() else f"({part})" for part in (above, below))


def _enclosed(element: Any) -> str:
    look = element.find(_MATH + "dPr")
    signs = [None if look is None else look.find(_MATH + name) for name in ("begChr", "endChr")]
    first, last = (
        usual if sign is None else sign.get(_MATH + "val", "") for sign, usual in zip(signs, "()", strict=True)
    )
    return f"{first}{', '.join(_formula(part) for part in element.findall(_MATH + 'e'))}{last}"


def _power(element: Any) -> str:
    return _part(element, "e") + raised(_part(element, "sup"))


_OF_FORMULAS: dict[str, Callable[[Any], str]] = {"f": _fraction, "d": _enclosed, "sSup": _power}

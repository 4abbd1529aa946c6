"""A notebook as text: what is written in it and what it has printed, never what its code would do.

Cells of text are taken as they are, tables of HTML among them; of code what people wrote into it (`written_in`), and of
its output what was printed as text.  Cells with a first line `%%cnncalc` and raw cells are text too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cnncalc.dialects.traced.notebook import cells_of
from cnncalc.homework.reading.containers.container_limits import Unreadable
from cnncalc.homework.reading.web_page import page_text
from cnncalc.homework.reading.written_in_code import LONGEST_LINE, written_in

MOST_CELLS = 5_000
_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")
_BACKSPACES = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f]+")
_TAG = re.compile(r"<(?:table|br|p|div|pre|ul|ol)\b", re.IGNORECASE)


def is_notebook(text: str, name: str) -> bool:
    """Whether a text is a notebook: by its name, or because it says so."""
    head = text[:65_536]
    return text.lstrip()[:1] == "{" and (
        name.lower().endswith(".ipynb") or '"nbformat"' in head or '"cell_type"' in head
    )


def notebook_text(text: str) -> str:
    """The text of all cells with their output, an empty line between them; raises `Unreadable` for no notebook."""
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("is a notebook that is damaged: save it again in Jupyter") from None
    cells = cells_of(notebook)
    if cells is None:
        raise Unreadable("is JSON without the cells of a notebook")
    return "\n\n".join(part for cell in cells[:MOST_CELLS] for part in _parts(cell) if part.strip())


def _parts(cell: dict[str, Any]) -> Iterator[str]:
    source = _joined(cell.get("source", cell.get("input", "")))
    if cell.get("cell_type") != "code":
        yield page_text(source) if _TAG.search(source) else source
    elif source.startswith("%%cnncalc"):
        yield source.partition("\n")[2]
    else:
        yield written_in(source)
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            yield _printed(output)


def _printed(output: dict[str, Any]) -> str:
    """What an output shows as text: what was printed, or the value of the last line."""
    data = output.get("data")
    data = data if isinstance(data, dict) else {}
    text = _joined(output.get("text", data.get("text/markdown", data.get("text/plain", ""))))
    if not text or (_is_a_repr(text) and "text/html" in data):
        text = page_text(_joined(data.get("text/html", "")))
    lines = _BACKSPACES.sub("", _OVERWRITTEN.sub("", text.replace("\r\n", "\n"))).split("\n")
    return "\n".join(line for line in lines if len(line) <= LONGEST_LINE)


def _is_a_repr(text: str) -> bool:
    """<IPython.core.display.HTML object>"""
    return text.startswith("<") and text.rstrip().endswith(">")


def _joined(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))

"""A notebook as its cells of code, numbered as they follow each other.

Only the texts of the cells are looked at: nothing of what a notebook shows is read, and nothing of it is run.
"""

from __future__ import annotations

import json
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.python.program_error import PythonFault

MOST_CELLS = 5_000


def code_cells(text: str) -> tuple[tuple[int, str], ...]:
    """The number of each cell of code, counted from 1, and its text; raises PythonFault for what is no notebook."""
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as fault:
        message = f"this notebook is no JSON: {fault.msg}"
        raise PythonFault("not-a-notebook", message, Span(fault.lineno, fault.colno), help=_ADVICE) from None
    except (RecursionError, ValueError):
        raise PythonFault("not-a-notebook", "this notebook is nested too deeply to be one", Span(1, 1)) from None
    cells = cells_of(notebook)
    if cells is None:
        message = "this is JSON, and it has no cells of a notebook"
        raise PythonFault("not-a-notebook", message, Span(1, 1), help=_ADVICE)
    codes = [_text(cell.get("source", cell.get("input", ""))) for cell in cells if cell.get("cell_type") == "code"]
    if len(codes) > MOST_CELLS:
        raise PythonFault("python-bound", f"the notebook has more than {MOST_CELLS:,} cells of code", Span(1, 1))
    return tuple(enumerate(codes, 1))


_ADVICE = "save it again in Jupyter, or save its code as a .py file"


def cells_of(notebook: Any) -> list[dict[str, Any]] | None:
    """The cells, also of the older form with worksheets."""
    if not isinstance(notebook, dict):
        return None
    cells = notebook.get("cells")
    sheets = notebook.get("worksheets")
    if cells is None and isinstance(sheets, list) and sheets and isinstance(sheets[0], dict):
        cells = sheets[0].get("cells")
    if not isinstance(cells, list):
        return None
    return [cell for cell in cells if isinstance(cell, dict)]


def _text(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.replace("\r\n", "\n").replace("\r", "\n")

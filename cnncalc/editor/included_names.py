"""The files that a text includes, by the places of their names."""

from __future__ import annotations

from cnncalc.editor.state import State
from cnncalc.included_files import path_of
from cnncalc.spec.include_lines import includes, name_of


def included_file(state: State, line: int, column: int) -> str | None:
    """The file whose name is written at a line and column, both counted from 1; None for other places."""
    for call in includes(state.document):
        name = name_of(call)
        if name is not None and name.span.line == line and 0 <= column - name.span.column <= name.span.length:
            return path_of(name.text, state.source)
    return None

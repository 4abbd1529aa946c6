"""The page of a diagnostic: the catalogue's own words, an example, and what is said about it."""

from __future__ import annotations

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.diagnostics.catalogue import entries
from cnncalc.diagnostics.catalogue_python import ENTRIES as PROGRAMS
from cnncalc.diagnostics.rendering import rendered
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.graph import load_graph
from cnncalc.report.canvas import Canvas


def code_explained(code: str, canvas: Canvas) -> str | None:
    """The page of a diagnostic; None if there is no such code."""
    entry = entries().get(code.lower())
    if entry is None:
        return None
    lines = [canvas.paint(code.lower(), "title"), "", *wrapped(_sentence(entry.meaning), canvas.width), ""]
    lines += [*wrapped(entry.explanation, canvas.width), "", "Example:", ""]
    lines += [f"{MARGIN}{line}" for line in _excerpt(entry.example.rstrip("\n"), canvas.width)]
    said = _said_about(code.lower(), entry.example, canvas.width)
    lines += ["", "It says:", "", *(f"{MARGIN}{line}" for line in said)] if said else []
    return "".join(f"{line.rstrip()}\n" for line in lines)


MARGIN = "    "
MOST_LINES, LONGEST_LINE = 8, 72
"""Of an example that is long on purpose, so much is shown."""


def _excerpt(example: str, width: int | None) -> list[str]:
    lines = example.split("\n")
    room = min(LONGEST_LINE, (width or LONGEST_LINE) - len(MARGIN))
    cut = (line if len(line) <= LONGEST_LINE else f"{line[: room - 4]} ..." for line in lines[:MOST_LINES])
    shown = [one for line in cut for one in wrapped(line, width and width - len(MARGIN), 4)]
    return shown if len(lines) <= MOST_LINES else [*shown, f"... and {len(lines) - MOST_LINES} lines more"]


def _said_about(code: str, example: str, width: int | None) -> list[str]:
    """What the example gets to hear; nothing where it is a command line and no model."""
    source, found = _of_program(code, example) if code in PROGRAMS else _of_text(example)
    room = width and width - len(MARGIN)
    return next((rendered(fault, source, room).split("\n") for fault in found if fault.code == code), [])


def _of_text(example: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    source = Source("example.txt", example)
    graph, faults = load_graph(source)
    return source, faults or analyse(graph).warnings


def _of_program(code: str, example: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    """What is wrong with a program, also when it is told the size of its images."""
    from cnncalc.dialects import programs  # noqa: PLC0415 (few pages are about programs)

    source = Source("net.py", example)
    for size in (None, "32x32x3"):
        try:
            programs.read(source, size)
        except InputError as error:
            if code in [fault.code for fault in error.diagnostics]:
                return error.source or source, error.diagnostics
    return source, ()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")

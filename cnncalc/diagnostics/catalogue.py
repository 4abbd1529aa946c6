"""Every diagnostic's long explanation: what the rule means, why it is there, and a minimal text that breaks it.

`cnncalc explain CODE` prints an entry; a test insists that each example of a model text earns its own code.  The
entries stand in one file for each part of the program that refuses: `catalogue_spec` (reading a text),
`catalogue_graph` (making a net of it), `catalogue_layers` (a layer's numbers), `catalogue_sources` (files),
`catalogue_python` (programs), `catalogue_onnx` (ONNX files), `catalogue_runtime` (running), `catalogue_pictures`
(pictures), `catalogue_homework` (answers), `catalogue_quiz` (rosters), `catalogue_questions` (questions about
numbers), `catalogue_usage` (the command line).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

PARTS = (
    "spec",
    "graph",
    "layers",
    "analysis",
    "sources",
    "python",
    "dialects",
    "onnx",
    "runtime",
    "pictures",
    "homework",
    "quiz",
    "questions",
    "usage",
)


@dataclass(frozen=True)
class Entry:
    """`meaning` is one line, `explanation` two to four sentences, `example` a model text that fails with this code."""

    meaning: str
    explanation: str
    example: str


def entries() -> dict[str, Entry]:
    """Every code with its explanation, by code; read when asked for, since few runs need them.

    Raises ValueError where two parts explain one code: its page could show only one of them.
    """
    parts = {part: import_module(f"cnncalc.diagnostics.catalogue_{part}").ENTRIES for part in PARTS}
    return merged(parts)


def merged(parts: Mapping[str, Mapping[str, Entry]]) -> dict[str, Entry]:
    """The entries of all parts by code, in alphabetical order; raises ValueError for a code of two parts."""
    found: dict[str, Entry] = {}
    for part, explained in parts.items():
        twice = sorted(found.keys() & explained.keys())
        if twice:
            raise ValueError(f"catalogue_{part} explains again what another part explains: {', '.join(twice)}")
        found |= explained
    return dict(sorted(found.items()))

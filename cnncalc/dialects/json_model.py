"""A net as JSON, statement for statement: blocks, repeats, ifs, names, comments and answers stay what they are.

    {"cnncalc_model": 2,
     "lines": [
      {"title": "LeNet-5"},
      {"call": "input", "arguments": ["32x32x1"]},
      {"label": "c1", "call": "conv", "arguments": [6, "5x5", "tanh"], "comment": "the first map"},
      {"repeat": 2, "lines": [
       {"call": "conv", "arguments": [16, "3x3", {"stride": 2}]}
      ]}
     ]}

`model.schema.json` beside this file describes it.  What is read is put into the words of a text and read as one, so the
rules are those of the text, and every fault has its place in the JSON.
"""

from __future__ import annotations

import json
from typing import Any

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.diagnostics.letters import escaped_json
from cnncalc.dialects.flat_text import flat_text, own_text
from cnncalc.dialects.json_lines import Lines
from cnncalc.dialects.json_places import Places
from cnncalc.dialects.json_statements import Written
from cnncalc.dialects.json_text import JsonText
from cnncalc.graph.ir import Graph
from cnncalc.spec.document import Document
from cnncalc.spec.include_lines import includes
from cnncalc.spec.parsing import parse

VERSION = 2
"""Raised when a file of the new program cannot be read by the old one; 1 is `json_flat`'s."""

_HOLDING = ("lines", "split", "branch", "if")
"""Members whose statements stand one on a line."""


# ---------------------------------------------------------------------- write
def write(graph: Graph) -> str:
    """The text of a net as JSON with one statement on a line; one that includes others is written out flat."""
    included = graph.document is not None and includes(graph.document)
    return written(Source(graph.source.name, flat_text(graph) if included else own_text(graph)))


def written(text: Source) -> str:
    """A text in canonical spelling as JSON."""
    statements = Written(parse(text)[0]).statements
    return f'{{"cnncalc_model": {VERSION},\n "lines": {_listed(statements, 2)}}}\n'


def _listed(statements: list[dict[str, Any]], margin: int) -> str:
    if not statements:
        return "[]"
    space = "\n" + " " * margin
    return f"[{space}{f',{space}'.join(_laid_out(one, margin) for one in statements)}{space[:-1]}]"


def _laid_out(statement: dict[str, Any], margin: int) -> str:
    members = []
    for name, value in statement.items():
        text = _listed(value, margin + 1) if name in _HOLDING else escaped_json(json.dumps(value, ensure_ascii=False))
        members.append(f"{json.dumps(name)}: {text}")
    return f"{{{', '.join(members)}}}"


# ---------------------------------------------------------------------- read
def text_of(json_text: JsonText) -> str:
    """The net as a text in our own notation, not yet in canonical spelling; raises InputError."""
    return _places(json_text).text


def read(json_text: JsonText) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The net and what is wrong with its words, all with places in the JSON; raises InputError for a wrong form."""
    places = _places(json_text)
    document, faults = parse(Source(json_text.source.name, places.text))
    return Document(json_text.source, places.placed(document.statements)), places.faults(faults)


def version(json_text: JsonText) -> int:
    """The version that a JSON text says it is of; raises InputError for one that is not of ours."""
    root = json_text.root
    if not isinstance(root.content, dict) or "cnncalc_model" not in root.content:
        json_text.refuse(
            "foreign-json",
            "this JSON is not a net that cnncalc has written",
            root.offset,
            help=f'such a file begins with {{"cnncalc_model": {VERSION}',
        )
    found = root.content["cnncalc_model"]
    if isinstance(found.content, bool) or found.content not in (1, VERSION):
        message = "this file is of another version of cnncalc"
        json_text.refuse("foreign-json", message, found.offset, help=f"versions 1 and {VERSION} are read")
    return int(found.content)


def _places(json_text: JsonText) -> Places:
    lines = Lines(json_text)
    members = lines.words.members(json_text.root, ("cnncalc_model", "lines"))
    if "lines" not in members:
        json_text.refuse("missing-member", "`lines` is missing here", json_text.root.offset)
    lines.statements(members["lines"])
    return lines.places

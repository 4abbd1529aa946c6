"""The networks that ship, as a list: what each one's own text says of itself.

Nothing is computed: parameters and MACs are the text's `total` answers, which tests hold against the analysis and
against others' counts.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple, TypeVar

from cnncalc.quantities import grouped
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.sheet import Column, Fact, Line, Sheet
from cnncalc.sources import companion, shipped, shipped_names, shipped_path
from cnncalc.spec.document import Call, Directive, Document, Token, Total
from cnncalc.spec.parsing import parse

S = TypeVar("S")
_AUTHOR = re.compile(r"(?:[A-Z]\.(?:-[A-Z]\.)? )+([A-Z]\w+)")
_YEAR = re.compile(r"\b(19[5-9]\d|20[0-2]\d)\b(?!x)")


class Network(NamedTuple):
    """One line of the list, in the order of its columns."""

    name: str
    params: str
    macs: str
    input: str
    source: str
    title: str


COLUMNS = (
    Column("network", ("network",), "text"),
    Column("params", ("params",), right=True),
    Column("macs", ("MACs",), right=True),
    Column("input", ("input",)),
    Column("source", ("source",), keep=2),
    Column("title", ("title",), "text", keep=1),
)


def models_listed(canvas: Canvas) -> str:
    """The list as text."""
    return drawn(networks_sheet(), canvas)


def networks_sheet() -> Sheet:
    """Name, parameters, MACs, input, source and title of every network that ships."""
    networks = [_network(name) for name in shipped_names()]
    trained = [name for name in shipped_names() if companion(name, ".safetensors")]
    folder = os.path.dirname(shipped_path(networks[0].name) or "")
    foot = (Fact("Trained", f"weights ship with: {', '.join(trained)}"), Fact("Files", folder))
    return Sheet("", "", COLUMNS, tuple(map(Line, networks)), (), foot)


def _network(name: str) -> Network:
    document, _ = parse(shipped(name))
    told = {answer.asked: answer.text for total in _of(document, Total) for answer in total.answers}
    first = next(call for call in _of(document, Call) if call.word.text == "input")
    size = next(argument.text for argument in first.arguments if isinstance(argument, Token))
    titles = [line for line in _of(document, Directive) if line.word.text == "title"]
    title = " ".join(word.text for line in titles for word in line.arguments if isinstance(word, Token))
    return Network(name, _count(told, "params"), _count(told, "macs"), size, _source(document), title)


def _of(document: Document, kind: type[S]) -> list[S]:
    return [statement for statement in document.statements if isinstance(statement, kind)]


def _count(told: dict[str, str], asked: str) -> str:
    digits = told[asked].split()[-1]
    return grouped(int(digits))


def _source(document: Document) -> str:
    """First author and year, from the words above the first line."""
    words = " ".join(document.comments[line] for line in sorted(document.comments))
    author, year = _AUTHOR.search(words), _YEAR.search(words)
    return f"{author[1] if author else 'Keras'} {year[1] if year else ''}".strip()

"""JSON read as the program reads it, for tests."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects import json_model
from cnncalc.dialects.json_text import JsonText
from cnncalc.graph.formatting import formatted
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.spec.parsing import parse


def graph_of(text: str) -> Graph:
    """The net of a JSON text, of either version."""
    return checked(Source("net.json", text))


def json_of(text: str) -> str:
    """The JSON of a text in our own notation."""
    return json_model.written(Source("model.txt", canonical(text)))


def canonical(text: str) -> str:
    return formatted(parse(Source("model.txt", text))[0])


def text_of(json: str) -> str:
    """The canonical text of a net in JSON."""
    return canonical(json_model.text_of(JsonText(Source("net.json", json))))


def fault(text: str) -> tuple[str, int, int]:
    """Code, line and column of the first fault of a JSON text, which must have one."""
    with pytest.raises(InputError) as caught:
        graph_of(text)
    found = caught.value.diagnostics[0]
    assert found.span is not None
    assert str(caught.value)
    return found.code, found.span.line, found.span.column

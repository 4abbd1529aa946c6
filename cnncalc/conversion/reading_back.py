"""What was written, read again as every command reads it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.conversion.forms import Form
from cnncalc.destinations import write_file
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked

_DEFINED = {"torch": re.compile(r"^class (\w+)", re.MULTILINE), "keras": re.compile(r"^def (\w+)", re.MULTILINE)}


def read_again(
    graph: Graph,
    form: Form,
    content: str | bytes,
    name: str,
    others: Mapping[str, Iterable[bytes]] = MappingProxyType({}),
) -> Analysis:
    """The net that a text of this notation, or the content of a file, says.  Raises InputError.

    `name` is that of the file, next to which lie those that it includes; `others` are files that belong to a binary.
    """
    if isinstance(content, bytes):
        return _from_file(form, content, others)
    source = Source(name, content, entry_of(form, content))
    try:
        return analyse(checked(source))
    except InputError as error:
        if not form.is_shared or all(fault.code != "input-size" for fault in error.diagnostics):
            raise
    return analyse(checked(source, sizes_text(graph)))  # a module takes images of every size


def entry_of(form: Form, text: str) -> str:
    """The name of the net in a program that was written here: what is defined last; empty where there is no choice."""
    found = _DEFINED[form.name].findall(text) if form.name in _DEFINED else []
    public = [name for name in found if not name.startswith("_")]
    return public[-1] if public else ""


def sizes_text(graph: Graph) -> str:
    """The sizes of the inputs, as `--input` takes them."""
    given = [node for node in graph.nodes if node.is_input]
    if len(given) == 1:
        return given[0].output.text(graph.order)
    return ",".join(f"{node.name}={node.output.text(graph.order)}" for node in given)


def _from_file(form: Form, content: bytes, others: Mapping[str, Iterable[bytes]]) -> Analysis:
    from cnncalc.sources import find

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"net{form.endings[0]}")
        write_file(path, content)
        for name, data in others.items():
            write_file(os.path.join(folder, name), b"".join(data))
        return analyse(checked(find(path)))

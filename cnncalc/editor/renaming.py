"""A name given another one everywhere in a text, and why it may not have it.

The net with the new name is read again: it must be the same one, with the same faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.diagnostics.letters import printable
from cnncalc.editor.named_places import Named, name_at
from cnncalc.editor.state import State, state_of
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Statement, Unread, inside
from cnncalc.spec.include_lines import WORD as INCLUDE
from cnncalc.spec.statements import STRUCTURAL, is_label, is_name

LONGEST_NAME = 60
_VALUE = re.compile(r"[^\W\d]\w*")


class Renamed(NamedTuple):
    """The places of a name that get another one, or why they do not."""

    spans: tuple[Span, ...] = ()
    refused: str = ""


def renamed(state: State, line: int, column: int, new: str) -> Renamed:
    """The name at a line and column, both counted from 1, with `new` in all its places."""
    named = state.named
    at = name_at(named, line, column)
    if at is None:
        return Renamed(refused="only labels, blocks, parameters, constants and matrices have names")
    refused = _refused(at[0], new, named) or _unread(state, at[0])
    if refused:
        return Renamed(refused=refused)
    if new == at[0].name:
        return Renamed()
    after = state_of(replace(state.source, text=_with(state.source, at[0].spans, new)))
    if _kept(after, at[0]) != _kept(state, at[0]):
        return Renamed(refused=f"with the name `{printable(new)}` this would be another network")
    return Renamed(at[0].spans)


def _with(source: Source, spans: Iterable[Span], new: str) -> str:
    lines = list(source.lines)
    for span in sorted(spans, reverse=True):
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + new + line[span.column - 1 + span.length :]
    return "\n".join(lines)


def _refused(one: Named, new: str, named: tuple[Named, ...]) -> str:
    """Why a name cannot be written so, or is taken; empty where it can be given."""
    shown = printable(new[:LONGEST_NAME])
    if one.kind in ("parameter", "constant", "counter"):
        fits = _VALUE.fullmatch(new) is not None and new != "in"
        letters = "letters, digits and _, a letter first; `in` has a meaning already"
    else:
        fits = is_label(new) if one.kind == "label" else is_name(new)
        letters = "letters, digits, _ and -, a letter first"
    if not fits or len(new) > LONGEST_NAME:
        return f"`{shown}` cannot be the name: {letters}"
    if one.kind == "block" and (new.lower() in STRUCTURAL or new.lower() in WORDS or new.lower() == INCLUDE):
        return f"`{shown}` is a word of the language"
    taken = next((other for other in named if _is_taken(one, other, new)), None)
    return "" if taken is None else f"`{shown}` is the name of another {taken.kind}, in line {taken.span.line}"


_VALUES = frozenset(("parameter", "constant", "counter"))


def _is_taken(one: Named, other: Named, new: str) -> bool:
    """Whether another name of that spelling is in the way."""
    if other is one or (one.kind == other.kind == "block" and other.name.lower() == one.name.lower()):
        return False
    if one.kind == "block":
        return other.kind == "block" and other.name.lower() == new.lower()
    same = {one.kind, other.kind} <= _VALUES or one.kind == other.kind
    return same and other.name == new and (other.room == one.room or one.kind != "label")


def _unread(state: State, one: Named) -> str:
    """A line that cannot be read and holds the name: what it means there is not known."""
    word = re.compile(rf"(?<![\w-]){re.escape(one.name)}(?![\w-])")
    pile: list[Statement] = list(state.document.statements)
    while pile:
        statement = pile.pop()
        line = statement.span.line
        if isinstance(statement, Unread) and word.search(state.lines[line - 1]):
            return f"line {line} cannot be read, and `{printable(one.name)}` is written there: correct it first"
        pile += inside(statement)
    return ""


def _kept(state: State, named: Named) -> tuple[object, ...]:
    """What stays the same when a name changes: the layers, what feeds what, and which faults there are.

    A layer knows its matrix by the name, so that of a matrix only the kinds of layers are compared.
    """
    by_kind = named.kind == "matrix"
    nodes = [
        (type(node.layer) if by_kind else node.layer, node.inputs, node.output, node.shares)
        for node in state.graph.nodes
    ]
    return nodes, state.graph.outputs, sorted(_place(fault) for fault in (*state.faults, *state.warnings))


def _place(fault: Diagnostic) -> tuple[str, int]:
    return fault.code, fault.span.line if fault.span else 0

"""The parts of a text: its blocks, labels, constants and matrices as a list, and the lines that can be folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.editor.named_places import Kind, Named
from cnncalc.editor.positions import Position, Range, end_of, range_of
from cnncalc.editor.state import State
from cnncalc.report.line_pages import word_of
from cnncalc.spec.document import Call, Let
from cnncalc.spec.lexing import lexed

_OPENING = {"block": "end", "repeat": "end", "if": "end", "split": "join"}
_PARTS = frozenset(("else", "branch"))


class Symbol(NamedTuple):
    """A name with the line that gives it, or for a block all its lines; `inner` are the names inside."""

    name: str
    kind: Kind
    detail: str
    range: Range
    place: Range
    inner: tuple[Symbol, ...] = ()


class Fold(NamedTuple):
    """Lines, counted from 0, of which all but the first can be hidden."""

    first: int
    last: int
    kind: Literal["comment", "region"] = "region"


def symbols(state: State) -> tuple[Symbol, ...]:
    """Blocks with the labels in them, labels, constants and matrices; parameters and counters are left out."""
    named = [one for one in state.named if one.kind not in ("parameter", "counter")]
    ends = {fold.first: fold.last for fold in folds(state.lines)}
    found = [_symbol(state, one, ends) for one in named]
    blocks = [one for one in found if one.kind == "block"]
    inside = {id(one): block for one in found for block in blocks if one is not block and _holds(block, one)}
    outer = (one for one in found if id(one) not in inside)
    with_inner = (
        one._replace(inner=tuple(other for other in found if inside.get(id(other)) is one)) if one in blocks else one
        for one in outer
    )
    return tuple(sorted(with_inner, key=lambda one: one.range))


def _holds(block: Symbol, one: Symbol) -> bool:
    return block.range.start.line < one.range.start.line <= block.range.end.line


def _symbol(state: State, one: Named, ends: dict[int, int]) -> Symbol:
    line = one.span.line
    last = ends.get(line - 1, line - 1) + 1 if one.kind in ("block", "matrix") else line
    whole = Range(Position(line - 1, 0), max(end_of(state.lines, last), end_of(state.lines, line)))
    return Symbol(printable(one.name), one.kind, printable(_detail(one)), whole, range_of(state.lines, one.span))


def _detail(one: Named) -> str:
    if isinstance(one.statement, Let):
        return one.statement.value.text
    return one.statement.text if isinstance(one.statement, Call) else one.kind


def folds(lines: tuple[str, ...]) -> tuple[Fold, ...]:
    """Blocks, repeats, splits with their branches, ifs with their parts, matrices, and several comments in a row."""
    return tuple(sorted({*_nested(lines), *_comments(lines), *_matrices(lines)}))


def _nested(lines: tuple[str, ...]) -> Iterator[Fold]:
    pile: list[tuple[str, int]] = []
    for number, line in enumerate(lines):
        word = word_of(line)
        if word in _PARTS or word in ("end", "join"):
            while pile and pile[-1][0] in _PARTS:
                yield from _fold(pile.pop()[1], number - 1)
        if word in _OPENING:
            pile.append((_OPENING[word], number))
        elif word in _PARTS:
            pile.append((word, number))
        elif pile and word == pile[-1][0]:
            yield from _fold(pile.pop()[1], number)


def _fold(first: int, last: int) -> Iterator[Fold]:
    if last > first:
        yield Fold(first, last)


def _comments(lines: tuple[str, ...]) -> Iterator[Fold]:
    begun: int | None = None
    for number, line in enumerate((*lines, "")):
        if line.lstrip().startswith("#"):
            begun = number if begun is None else begun
        elif begun is not None:
            if number - begun > 1:
                yield Fold(begun, number - 1, "comment")
            begun = None


def _matrices(lines: tuple[str, ...]) -> Iterator[Fold]:
    """Lines that go on because a matrix does."""
    if any("[" in line for line in lines):
        for line in lexed(lines, {}, []):
            yield from _fold(line.number - 1, line.last - 1)

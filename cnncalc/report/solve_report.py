"""The answers of `solve` for one layer: a table, the simplest answer first, and the same as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.layers.base import counted
from cnncalc.layers.sliding import LINES_OF
from cnncalc.quantities import grouped
from cnncalc.questions.layer_search import bounds_text
from cnncalc.questions.layer_unknowns import MARK
from cnncalc.questions.layer_unsolved import Unsolved, no_even_padding, unsolved
from cnncalc.report.indented_json import indented_json
from cnncalc.report.layout import drawn, foot_lines
from cnncalc.report.sheet import Column, Fact, Line, Sheet

if TYPE_CHECKING:
    from cnncalc.questions.solve_layer import LayerSolution, LayerSolutions
    from cnncalc.report.canvas import Canvas

MOST_SHOWN = 10
"""Answers that are shown unless all are asked for."""


def solve_text(found: LayerSolutions, canvas: Canvas, *, every: bool = False) -> str:
    """The answers as text: all of them, or the simplest ten; without an answer, why there is none."""
    if found.solutions:
        return drawn(solve_sheet(found, every=every), canvas)
    title, subtitle = _heads(found)
    facts = tuple(_why_none(unsolved(found.question)))
    return "".join(f"{line}\n" for line in (canvas.paint(title, "title"), subtitle, *foot_lines(facts, canvas)))


def _heads(found: LayerSolutions) -> tuple[str, str]:
    """The layer that is asked about, and from which size to which."""
    question = found.question
    leaves = question.output.text if question.output is not None else MARK
    return printable(question.asked.text({})), f"{question.input.text} -> {leaves}"


def solve_sheet(found: LayerSolutions, *, every: bool = False) -> Sheet:
    """The table of the answers, of which there is one at least."""
    shown = found.solutions if every else found.solutions[:MOST_SHOWN]
    columns = tuple(_columns(found, shown))
    lines = tuple(Line(tuple(map(printable, row))) for row in zip(*(column.cells for column in columns), strict=True))
    heads = tuple(column.head for column in columns)
    return Sheet(*_heads(found), heads, lines, (), tuple(_facts(found, len(shown))))


def _varied(shown: tuple[LayerSolution, ...]) -> tuple[str, ...]:
    """The unknowns with a column of their own: those whose values differ, or all where there is one answer."""
    names = tuple(name for name, _ in shown[0].values)
    return tuple(name for name in names if len(shown) == 1 or len({dict(one.values)[name] for one in shown}) > 1)


class _Filled(NamedTuple):
    """A column with its cells."""

    head: Column
    cells: tuple[str, ...]


def _columns(found: LayerSolutions, shown: tuple[LayerSolution, ...]) -> Iterator[_Filled]:
    """The values of the unknowns, then what follows from them, as far as it tells the answers apart or was asked."""
    question = found.question
    for name in _varied(shown):
        title = tuple(name.removesuffix("_size").split("_"))
        yield _filled(name, title, (dict(one.values)[name] for one in shown))
    if None in question.input.spatial or (question.input.channels is None and "channels" not in shown[0].open):
        yield _filled("input", ("input",), map(_inputs, shown))
    for heading, cells in _put_in(shown):
        if len(set(cells)) > 1 or len(_put_in(shown)) == 1:
            yield _filled(heading, (heading,), cells)
    if any(any(one.unused) for one in shown):
        yield _filled("unused", ("leaves", "unused"), map(_unused, shown), 3)
    if any(one.same_as for one in shown):
        yield _filled("same", ("the same", "here"), (" ".join(one.same_as) for one in shown), 2)
    if question.output is None:
        yield _filled("output", ("output",), map(_output, shown), 1)
    if question.params is not None or found.is_computed or len({one.params for one in shown}) > 1:
        yield _filled("params", ("params",), (_amount(one, one.params) for one in shown), 5, right=True)
    if question.macs is not None or found.is_computed:
        yield _filled("macs", ("MACs",), (_amount(one, one.macs) for one in shown), 4, right=True)


def _filled(
    name: str, heading: tuple[str, ...], cells: Iterable[str], keep: int = 0, *, right: bool = False
) -> _Filled:
    return _Filled(Column(name, heading, right=right, keep=keep), tuple(cells))


def _output(one: LayerSolution) -> str:
    return one.output.spatial_text if one.open else one.output.text()


def _amount(one: LayerSolution, amount: int) -> str:
    return MARK if one.open else grouped(amount)


def _inputs(one: LayerSolution) -> str:
    """`227x227x3`, and where several sizes may arrive `227..230 x 227..230 x 3`."""
    ranges = [str(low) if low == high else f"{low}..{high}" for low, high in one.inputs]
    channels = [] if "channels" in one.open else [str(one.input.channels)]
    if len(set(ranges)) == 1 and len(ranges) > 1 and ".." in ranges[0]:
        ranges = ranges[:1]
    return ("x" if ".." not in "".join(ranges) else " x ").join([*ranges, *channels])


def _put_in(shown: tuple[LayerSolution, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The formulas with their numbers: one column where all axes have the same, else one for each axis."""
    each = [[f"{formula.numbers} = {formula.result}" for formula in one.formulas] for one in shown]
    if not each[0] or all(formula.numbers == str(formula.result) for one in shown for formula in one.formulas):
        return ()
    if all(len(set(row)) == 1 for row in each):
        return (("the numbers put in", tuple(row[0] for row in each)),)
    names = [formula.quantity for formula in shown[0].formulas]
    return tuple((name, tuple(column)) for name, column in zip(names, zip(*each, strict=True), strict=True))


def _unused(one: LayerSolution) -> str:
    return _left(one, one.unused) if any(one.unused) else ""


def _left(one: LayerSolution, unused: tuple[int, ...]) -> str:
    """How many rows and columns no window reaches."""
    names = [formula.quantity for formula in one.formulas]
    left = [(count, LINES_OF.get(name, "row")) for count, name in zip(unused, names, strict=False) if count]
    return ", ".join(counted(count, noun) for count, noun in left) or "no pixel"


def _facts(found: LayerSolutions, shown: int) -> Iterator[Fact]:
    question, first = found.question, found.solutions[0]
    rounded = [(what, stated) for what, stated in question.stated if stated.step > 1]
    if first.text != question.asked.text({}):
        best = "Nearest" if rounded else "Simplest"
        yield Fact(best if len(found.solutions) > 1 else "Written", printable(first.text))
    for what, stated in rounded:
        low, high = (
            grouped(math.ceil(stated.value - stated.step / 2)),
            grouped(math.floor(stated.value + stated.step / 2)),
        )
        yield Fact("Rounded", f"{printable(stated.text)} {what} by its digits: {low} to {high}, the nearest first")
    for name, value in first.values:
        if name not in _varied(found.solutions[:shown]):
            yield Fact("In each", f"{name.replace('_', ' ')} {value}")
    yield from _formulas(first)
    columns = _put_in(found.solutions[:shown])
    for name, cells in columns if len(columns) > 1 else ():
        if len(set(cells)) == 1:
            yield Fact("In each", f"{name} = {cells[0]}")
    if question.input.channels is None and question.asked.has_axes and "channels" in first.open:
        yield Fact("Channels", "no number of channels is given for the input: any number of them may arrive")
    if None in question.input.spatial and any(first.unused_of_largest):
        yield Fact(
            "Unused",
            f"the smallest input leaves {_left(first, first.unused)}, the largest "
            f"{_left(first, first.unused_of_largest)}",
        )
    for name in first.open:
        if name != "channels":
            yield Fact(name.capitalize(), "nothing determines their number: give the channels of --output, or --params")
    yield from _undone(first)
    uneven = no_even_padding(found)
    if uneven:
        yield Fact("Padding", uneven)
    yield from _searched(found, shown)


def _searched(found: LayerSolutions, shown: int) -> Iterator[Fact]:
    """What is not shown, and how far was searched."""
    more = len(found.solutions) - shown
    if more:
        yield Fact("More", f"{counted(more, 'more answer')}, less simple (--all shows {'it' if more == 1 else 'them'})")
    bounds = bounds_text(found.question.asked, is_far=found.question.has_both_sizes)
    if not found.complete:
        yield Fact("Cut off", "there are too many answers to find all: give some of the unknowns a number", "warning")
    if bounds:
        yield Fact("Tried", bounds)


def _undone(one: LayerSolution) -> Iterator[Fact]:
    """Which sizes a convolution with the numbers of a transposed one makes equal."""
    said: dict[str, list[str]] = {}
    for (name, (low, high)), size in zip(one.undone, one.input.spatial, strict=False):
        what = f"{size} of {low}" if low == high else f"{size} of each size from {low} to {high}"
        said.setdefault(what, []).append(name)
    for what, names in said.items():
        yield Fact("Backwards", f"{', '.join(names)}: a convolution with the same numbers makes {what}")


def _formulas(one: LayerSolution) -> Iterator[Fact]:
    """The formula of the size in symbols, once where all axes have the same."""
    each: dict[str, list[str]] = {}
    for formula in one.formulas:
        each.setdefault(formula.symbols, []).append(formula.quantity)
    for symbols, names in each.items():
        yield Fact("Formula", f"{', '.join(names)} = {symbols}")


def _why_none(why: Unsolved) -> Iterator[Fact]:
    yield Fact("No answer", why.reasons[0] if why.reasons else "nothing that was tried gives this", "bad")
    for reason in why.reasons[1:]:
        yield Fact("", reason)
    for text in why.nearest:
        yield Fact("Nearest", printable(text))
    for text in why.ways:
        yield Fact("Instead", printable(text))
    if why.bounds:
        yield Fact("Tried", why.bounds)


def solve_json(found: LayerSolutions, *, every: bool = False) -> str:
    """The question, every answer with its numbers, how many there are, and why there is none."""
    question = found.question
    shown = found.solutions if every else found.solutions[:MOST_SHOWN]
    why = None if found.solutions else unsolved(question)
    answer = {
        "layer": question.asked.text({}),
        "input": question.input.text,
        "output": None if question.output is None else question.output.text,
        "found": len(found.solutions),
        "complete": found.complete,
        "solutions": [_object(one) for one in shown],
        "tried": bounds_text(question.asked, is_far=question.has_both_sizes) or None,
        "reasons": [] if why is None else list(why.reasons),
        "nearest": [] if why is None else list(why.nearest),
        "instead": [] if why is None else list(why.ways),
    }
    return indented_json(answer)


def _object(one: LayerSolution) -> dict[str, Any]:
    return {
        "layer": one.text,
        "values": dict(one.values),
        "input": list(one.input.sizes()),
        "inputs": [list(sizes) for sizes in one.inputs],
        "output": list(one.output.sizes()),
        "params": None if one.open else one.params,
        "macs": None if one.open else one.macs,
        "formulas": [
            {"quantity": each.quantity, "symbols": each.symbols, "numbers": each.numbers, "result": each.result}
            for each in one.formulas
        ],
        "unused": list(one.unused),
        "same_as": list(one.same_as),
        "open": list(one.open),
    }

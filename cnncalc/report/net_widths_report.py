"""Which width makes a net count so much, as a table of the values next to it and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from shlex import quote
from typing import Any

from cnncalc.diagnostics.letters import printable
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import counted
from cnncalc.quantities import exact, grouped
from cnncalc.questions.net_widths import Candidate, NetWidths
from cnncalc.questions.scaled_net import width_of
from cnncalc.report.indented_json import indented_json
from cnncalc.report.net_sizes_report import placed
from cnncalc.report.sheet import Column, Fact, Line, Sheet

_WORDS = {"params": "parameters", "macs": "MACs", "flops": "FLOPs"}
MOST_NAMED = 3
"""Layers that are named as those that keep their width."""
SHOWN_WIDTHS = 4
"""Widths that are written before and after."""


def net_widths_sheet(answer: NetWidths) -> Sheet:
    """The values next to the wanted one, from the smallest to the largest."""
    graph = answer.graph
    heading = printable(graph.heading or "the network")
    title = f"{printable(answer.wish.wanted.text)} {_WORDS[answer.wish.counted]}: {_asked(answer)} of {heading}"
    columns = (
        Column("value", (printable(answer.name) or "factor",), right=True),
        Column("which", ("",), "text", keep=1),
        Column("params", ("params",), right=True),
        Column("macs", ("MACs",), right=True),
        Column("difference", ("difference",), right=True),
    )
    lines = tuple(_line(answer, one) for one in _candidates(answer))
    return Sheet(title, printable(graph.where), columns, lines, (), tuple(_facts(answer)))


def _asked(answer: NetWidths) -> str:
    return f"the value of `{printable(answer.name)}`" if answer.name else "the width of all hidden layers"


def _candidates(answer: NetWidths) -> list[Candidate]:
    found = {one.value: one for one in (answer.own, answer.below, answer.above, *answer.coarse) if one is not None}
    return [found[value] for value in sorted(found)]


def _line(answer: NetWidths, one: Candidate) -> Line:
    is_nearest = answer.nearest is not None and one.value == answer.nearest.value
    which = "nearest" if is_nearest else "as written" if one.value == answer.own.value else ""
    figures = one.figures
    more = answer.count(one) - answer.wish.wanted.value
    signed = f"{'+' if more > 0 else ''}{grouped(int(more))}"
    return Line((exact(one.value), which, grouped(figures.params), grouped(figures.cost.macs), signed))


def _facts(answer: NetWidths) -> Iterator[Fact]:
    graph, nearest = answer.graph, answer.nearest
    if nearest is None:
        yield Fact("None", f"no value that was tried makes {answer.wish.counted} of the network", "warning")
    elif answer.name:
        yield Fact("Use", printable(" ".join(_command(answer, nearest.value))), "good")
    else:
        yield Fact("Use", f"{exact(nearest.value)} times the widths: {_widths(answer, nearest.value)}", "good")
    for one, where in ((answer.below, "below"), (answer.above, "above")):
        if one is None and nearest is not None and answer.below is not None:
            largest = exact(answer.below.value)
            yield Fact("Bound", f"{largest} is the largest value that was tried: it counts less than wanted", "warning")
        elif one is None and nearest is not None:
            yield Fact("Bound", f"no value that was tried is {where} what is wanted", "warning")
    if answer.refused is not None:
        yield Fact("Left out", f"from {exact(answer.refused.first)} on: {printable(answer.refused.reason)}", "warning")
    if not answer.is_steady:
        yield Fact("Note", "the count does not always grow with the value: another one may come nearer", "warning")
    if answer.scaled:
        yield Fact("Multiplied", f"{counted(len(answer.scaled), 'layer')}, each rounded to whole filters or units")
        yield Fact("Kept", f"{_kept(graph, answer.kept)}: what leaves the network stays")


def _command(answer: NetWidths, value: Fraction) -> Iterator[str]:
    """The words of the command that counts the net with this value of its constant, as they are typed."""
    yield from ("cnncalc", "summary", quote(answer.graph.source.shown))
    if answer.size is not None:
        yield from ("--input", quote(answer.size))
    for name, text in {**answer.settings, answer.name: exact(value)}.items():
        yield from ("--set", quote(f"{name}={text}"))
    if answer.graph.until is not None:
        yield from ("--until", quote(answer.graph.until))


def _widths(answer: NetWidths, factor: Fraction) -> str:
    """`64 -> 39, 128 -> 78, ...`."""
    written = list(dict.fromkeys(width_of(node) for node in answer.scaled))
    pairs = [f"{width} -> {answer.width_at(width, factor)}" for width in written[:SHOWN_WIDTHS]]
    return ", ".join(pairs) + (", ..." if len(written) > SHOWN_WIDTHS else "")


def _kept(graph: Graph, kept: Sequence[Node]) -> str:
    named = [placed(graph, node) for node in kept[:MOST_NAMED]]
    more = f" and {len(kept) - MOST_NAMED} more" if len(kept) > MOST_NAMED else ""
    return (", ".join(named) + more) or "none"


def net_widths_json(answer: NetWidths) -> str:
    """The answer as an object; counts are whole numbers, values are numbers."""
    graph = answer.graph
    found = {
        "network": graph.source.name,
        "constant": answer.name or None,
        "counted": answer.wish.counted,
        "wanted": _plain(answer.wish.wanted.value),
        "written": _object(answer.own),
        "nearest": _object(answer.nearest),
        "below": _object(answer.below),
        "above": _object(answer.above),
        "others": [_object(one) for one in answer.coarse],
        "multiplied": [{"layer": one.name, "line": one.origin.span.line} for one in answer.scaled],
        "kept": [{"layer": one.name, "line": one.origin.span.line} for one in answer.kept],
    }
    return indented_json(found)


def _object(one: Candidate | None) -> dict[str, Any] | None:
    if one is None:
        return None
    cost = one.figures.cost
    return {"value": _plain(one.value), "params": one.figures.params, "macs": cost.macs, "flops": cost.flops}


def _plain(value: Fraction) -> int | float:
    """A number of JSON, whole where it is."""
    return int(value) if value.denominator == 1 else float(value)

"""Which input sizes fit a net, as a table with its rule below, and as JSON.

One line a size, below the name of its axis: the one asked, the nearest below and above that lose nothing, the smallest.
Axes of which all is the same share their lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import mul
from typing import Any

from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.places import lines_in_words
from cnncalc.geometry import AXIS_NAMES, Sizes
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import counted
from cnncalc.layers.sliding import LINES_OF
from cnncalc.quantities import exact
from cnncalc.questions.axis_answers import AxisAnswer
from cnncalc.questions.kept_weights import KeptWeights
from cnncalc.questions.net_sizes import NetSizes
from cnncalc.questions.size_rules import SizeRule
from cnncalc.questions.size_verdicts import Loss, Refused, Verdict, WholeSize
from cnncalc.report.indented_json import indented_json
from cnncalc.report.notation import sizes
from cnncalc.report.rule_words import first_sizes, rule_in_words
from cnncalc.report.sheet import Column, Fact, Line, Sheet

COLUMNS = (
    Column("which", ("",), "text"),
    Column("size", ("size",), right=True),
    Column("fits", ("fits",), "text"),
    Column("lost", ("left over",), "text"),
    Column("output", ("output",), "text"),
)

MOST_CAUSES = 4
"""Layers that are named as those that leave something over at one size."""
LONGEST_ROW = 40
"""Letters of a row's text that are shown where it is named."""


def net_sizes_sheet(answer: NetSizes) -> Sheet:
    """The table of the sizes next to the one asked, and the rules of all."""
    graph = answer.graph
    title = f"Input sizes that fit {printable(graph.heading or 'the network')}"
    lines = [line for axes in _groups(answer.axes, _verdicts) for line in _lines(answer, axes)]
    kept = [n for n, column in enumerate(COLUMNS) if column.name != "output" or _has_map(answer)]
    shown = tuple(line._replace(cells=tuple(line.cells[n] for n in kept)) for line in lines)
    columns = tuple(COLUMNS[n] for n in kept)
    return Sheet(title, printable(graph.where), columns, shown, (), tuple(_facts(answer)))


def _groups(axes: Sequence[AxisAnswer], same: Callable[[AxisAnswer], object]) -> list[tuple[AxisAnswer, ...]]:
    """The axes of which this is the same, together."""
    found: dict[object, list[AxisAnswer]] = {}
    for axis in axes:
        found.setdefault(same(axis), []).append(axis)
    return [tuple(several) for several in found.values()]


def _verdicts(axis: AxisAnswer) -> object:
    shown = filter(None, (axis.asked, axis.below, axis.above, axis.smallest))
    return tuple((one.size, one.fits, tuple(loss.left for loss in one.losses), one.outputs) for one in shown)


def _rules_of(axis: AxisAnswer) -> object:
    return axis.fitting, axis.lossless, axis.even, axis.is_bounded


def _names(axes: Sequence[AxisAnswer]) -> str:
    """`height and width`."""
    *first, last = (axis.name for axis in axes)
    return f"{', '.join(first)} and {last}" if first else last


def _has_map(answer: NetSizes) -> bool:
    """Whether an output has an axis of which a size can be said."""
    return any(size is not None for axis in answer.axes for size in (axis.smallest or axis.asked).outputs)


# ---------------------------------------------------------------------- lines
def _lines(answer: NetSizes, axes: tuple[AxisAnswer, ...]) -> Iterator[Line]:
    axis = axes[0]
    yield Line((_names(axes), *("",) * (len(COLUMNS) - 1)), "header")
    yield _line(axis.asked, "asked" if answer.is_asked else "in the text", axis)
    if not axis.asked.loses_nothing or not answer.is_asked:
        for verdict, which in ((axis.below, "nearest below"), (axis.above, "nearest above")):
            if verdict is not None:
                yield _line(verdict, which, axis)
    if axis.smallest is not None:
        yield _line(axis.smallest, "smallest", axis)


def _line(verdict: Verdict, which: str, axis: AxisAnswer) -> Line:
    lost = _lost(verdict, axis.name) or "nothing" if verdict.fits else "-"
    return Line((f"  {which}", str(verdict.size), "yes" if verdict.fits else "no", lost, _outputs(verdict)))


def _lost(verdict: Verdict, name: str) -> str:
    """`1 row in a layer`, `up to 3 columns in 2 layers`."""
    if not verdict.losses:
        return ""
    most = counted(max(loss.left for loss in verdict.losses), LINES_OF[name])
    return f"up to {most} in {len(verdict.losses)} layers" if len(verdict.losses) > 1 else f"{most} in one layer"


def _outputs(verdict: Verdict) -> str:
    """The size of each output along the axis; `-` where none has it."""
    known = [str(size) for size in verdict.outputs if size is not None]
    return ", ".join(known) if verdict.fits and known else "-"


# ---------------------------------------------------------------------- foot
def _facts(answer: NetSizes) -> Iterator[Fact]:
    graph = answer.graph
    if answer.refused is not None:
        where, reason = _refusing(graph, answer.refused), printable(answer.refused.reason)
        yield Fact("Does not fit", f"{sizes(answer.asked)}: {where}{reason}", "bad")
    for axes in _groups(answer.axes, _verdicts):
        if axes[0].asked.losses:
            named = f"{_names(axes)} {axes[0].asked.size}"
            yield Fact("Left over", f"{named}: {_causes(graph, axes[0])}", "warning")
    if answer.is_asked and answer.loses_nothing:
        own = f"{_typed(answer, answer.asked)} as it is" if not answer.tied else _typed(answer, answer.asked)
        yield Fact("Use", f"{own}: every layer fits and no pixel is left over", "good")
    if answer.nearest:
        yield Fact("Use", " or ".join(_whole(answer, one) for one in answer.nearest), "good")
    groups = _groups(answer.axes, _rules_of)
    for axes in groups:
        yield from _rules(answer, axes[0], "" if len(groups) == 1 else f"{_names(axes)}: ")
    if answer.smallest is not None:
        yield Fact("Smallest", _whole(answer, answer.smallest))
    if answer.kept is not None:
        yield Fact("Weights", _kept(graph, answer.kept))
    fixed = [node for node in answer.fixed if node.index not in answer.tied]
    if answer.tied:
        shares = [f"{printable(graph.nodes[i].name)} {_ratios(ratios)}" for i, ratios in answer.tied.items()]
        yield Fact("Other inputs", f"grow with {printable(answer.inputs[0].name)}: {', '.join(shares)}")
    if fixed:
        own = ", ".join(f"{printable(node.name)} {node.output.text(graph.order)}" for node in fixed)
        yield Fact("Other inputs", f"as they are: {own}")


def _rules(answer: NetSizes, axis: AxisAnswer, of: str) -> Iterator[Fact]:
    fitting, lossless = axis.fitting, axis.lossless
    if fitting is None and lossless is None:
        why = "reading the text with every size" if answer.is_reread else "asking all layers for every size"
        cause = f": {why} would be too much work" if axis.is_bounded else ""
        yield Fact("Rule", f"{of}none was found{cause}", "warning")
        return
    if fitting == lossless:
        then = " fits, and no pixel is left over" if fitting is not None and fitting.smallest is not None else " fits"
        yield _rule("Rule", of, fitting, then)
    else:
        yield _rule("Fits", of, fitting)
        yield _rule("Loses nothing", of, lossless)
    if axis.even is not None and axis.even.remainders and axis.even != lossless:
        yield _rule("Divides", of, axis.even, ", where no layer rounds either", _even_neighbours(axis))
    if axis.beyond is not None and axis.beyond.refused is not None:
        where = _refusing(answer.graph, axis.beyond.refused)
        yield Fact("Not more", f"{of}at {axis.beyond.size}: {where}{printable(axis.beyond.refused.reason)}")
    most = max(rule.checked for rule in (fitting, lossless) if rule is not None)
    if answer.is_reread:
        how = f"reading the text again with each size from 1 to {most}"
    else:
        how = f"asking every layer and join for each size from 1 to {most}, and for larger ones"
    yield Fact("Found by", f"{of}{how}")


def _ratios(ratios: Sequence[Fraction]) -> str:
    """`is as large`, `is 1/2 as large`, `is 1/2 x 1 as large`."""
    said = [exact(ratio) if ratio.denominator == 1 else str(ratio) for ratio in ratios]
    each = said[0] if len(set(said)) == 1 else " x ".join(said)
    return "is as large" if each == "1" else f"is {each} as large"


def _even_neighbours(axis: AxisAnswer) -> str:
    """`; nearest to 600: 576 and 608`."""
    size = axis.asked.size
    if axis.even is None or axis.even.holds(size):
        return ""
    near = [str(one) for one in (axis.even.below(size), axis.even.above(size)) if one is not None]
    return f"; nearest to {size}: {' and '.join(near)}" if near else ""


def _rule(name: str, of: str, rule: SizeRule | None, then: str = "", last: str = "") -> Fact:
    if rule is None:
        return Fact(name, f"{of}no rule was found", "warning")
    return Fact(name, f"{of}{rule_in_words(rule)}{then}{first_sizes(rule)}{last}")


def _causes(graph: Graph, axis: AxisAnswer) -> str:
    found = [_cause(graph, loss, axis.name) for loss in axis.asked.losses]
    more = f"; and {counted(len(found) - MOST_CAUSES, 'layer')} more" if len(found) > MOST_CAUSES else ""
    return "; ".join(found[:MOST_CAUSES]) + more


def _cause(graph: Graph, loss: Loss, name: str) -> str:
    read = loss.arriving - loss.left
    return f"{placed(graph, loss.node)} reads {read} of {counted(loss.arriving, LINES_OF[name])}"


def placed(graph: Graph, node: Node) -> str:
    """`maxpool 2x2 (line 17)`; the line of the call too where a block makes it."""
    row = next(row for row in graph.rows if row.first <= node.index <= row.last)
    text = printable(row.text if len(row.text) <= LONGEST_ROW else row.word)
    lines = lines_in_words(graph.source, [node.origin.span.line])
    caller = node.origin.trail[-1].line if node.origin.trail else node.origin.span.line
    called = f", called on {lines_in_words(graph.source, [caller])}" if caller != node.origin.span.line else ""
    return f"{text} ({printable(lines + called)})"


def _refusing(graph: Graph, refused: Refused) -> str:
    if refused.node is not None:
        return f"{placed(graph, refused.node)}: "
    return f"{printable(lines_in_words(graph.source, [refused.line]))}: " if refused.line else ""


def _kept(graph: Graph, kept: KeptWeights) -> str:
    """Which sizes the weights serve, and which layer has one for every pixel that arrives at it."""
    named = [f"{name} {low}" if low == high else f"{name} {low} to {high}" for name, (low, high) in kept_ranges(kept)]
    return (
        f"{placed(graph, kept.node)} has other weights for another size: {' and '.join(named)} keep those of the text"
    )


def kept_ranges(kept: KeptWeights) -> list[tuple[str, tuple[int, int]]]:
    """The range of each axis, or of all axes together where they have the same."""
    names = AXIS_NAMES[len(kept.ranges)]
    if len(set(kept.ranges)) == 1:
        return [(" and ".join(names), kept.ranges[0])]
    return list(zip(names, kept.ranges, strict=True))


def _whole(answer: NetSizes, whole: WholeSize) -> str:
    """`748x540 (output 564x356x2)`; with inputs that grow with it `--input x=68x68,coarse=34x34 (output 10)`."""
    outputs = ", ".join(shape.text(answer.graph.order) for shape in whole.outputs)
    return f"{_typed(answer, whole.sizes)} (output {outputs})"


def _typed(answer: NetSizes, whole: Sizes) -> str:
    """The size as `--input` takes it: of several inputs by their names where these grow together."""
    if not answer.tied:
        return sizes(whole)
    others = {index: tuple(map(int, map(mul, ratios, whole))) for index, ratios in answer.tied.items()}
    given = {**dict.fromkeys((node.index for node in answer.inputs), whole), **others}
    return "--input " + ",".join(f"{printable(answer.graph.nodes[i].name)}={sizes(one)}" for i, one in given.items())


# ---------------------------------------------------------------------- JSON
def net_sizes_json(answer: NetSizes) -> str:
    """The answer as an object; sizes are in the order of the axes."""
    graph = answer.graph
    found = {
        "network": graph.source.name,
        "asked": list(answer.asked) if answer.is_asked else None,
        "size": list(answer.asked),
        "fits": answer.fits,
        "loses_nothing": answer.loses_nothing,
        "refused": None if answer.refused is None else _refused(answer.refused),
        "output": None if answer.outputs is None else [list(shape.sizes(graph.order)) for shape in answer.outputs],
        "nearest": [_whole_object(graph, one) for one in answer.nearest],
        "smallest": None if answer.smallest is None else _whole_object(graph, answer.smallest),
        "axes": [_axis_object(axis) for axis in answer.axes],
        "keeps_weights": None if answer.kept is None else _kept_object(answer.kept),
    }
    return indented_json(found)


def _refused(refused: Refused) -> dict[str, Any]:
    layer = None if refused.node is None else refused.node.name
    return {"layer": layer, "line": refused.line or None, "reason": refused.reason}


def _kept_object(kept: KeptWeights) -> dict[str, Any]:
    ranges = [list(one) for one in kept.ranges]
    return {"layer": kept.node.name, "line": kept.node.origin.span.line, "ranges": ranges}


def _whole_object(graph: Graph, whole: WholeSize) -> dict[str, Any]:
    return {"size": list(whole.sizes), "output": [list(shape.sizes(graph.order)) for shape in whole.outputs]}


def _axis_object(axis: AxisAnswer) -> dict[str, Any]:
    verdicts = {
        "asked": axis.asked,
        "below": axis.below,
        "above": axis.above,
        "fits_below": axis.fits_below,
        "fits_above": axis.fits_above,
        "smallest": axis.smallest,
    }
    return {
        "axis": axis.name,
        **{name: None if one is None else _verdict_object(one) for name, one in verdicts.items()},
        "fits": _rule_object(axis.fitting),
        "loses_nothing": _rule_object(axis.lossless),
        "divides": _rule_object(axis.even),
        "bounded": axis.is_bounded,
    }


def _verdict_object(verdict: Verdict) -> dict[str, Any]:
    lost = [
        {"layer": one.node.name, "line": one.node.origin.span.line, "arriving": one.arriving, "left_over": one.left}
        for one in verdict.losses
    ]
    return {"size": verdict.size, "fits": verdict.fits, "output": list(verdict.outputs), "left_over": lost}


def _rule_object(rule: SizeRule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    return {
        "smallest": rule.smallest,
        "from": rule.start,
        "period": rule.period,
        "remainders": list(rule.remainders),
        "others": list(rule.others),
        "checked": rule.checked,
    }

"""What could be in the place of a line or of a block: each formula in symbols and in numbers, and the ratios."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from cnncalc.analysis.alternatives import Part
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.dialects.flat_text import layer_words
from cnncalc.geometry import Order
from cnncalc.quantities import grouped
from cnncalc.questions.instead import Compared, Instead, Together
from cnncalc.report.canvas import Canvas
from cnncalc.report.explanation_lines import formula_lines, head, said
from cnncalc.report.notation import times

HEADINGS = {
    "local": "locally connected: a kernel of its own at every place",
    "dense": "dense: every output reads every number that arrives",
    "plain": "a plain convolution: every filter reads all channels, every place shares it",
    "separable": "depthwise separable: each channel by itself, then 1x1",
    "factorised": "a convolution along each axis by itself",
    "stack": "{kernel} on each other, with the same field",
    "conv": "a convolution whose kernel is the whole map",
}

TOGETHER = {
    "separable": "depthwise, then 1x1",
    "bottleneck": "a bottleneck: 1x1 to fewer channels, the large kernel, 1x1 to more",
    "reduction": "a 1x1 to fewer channels first",
    "fire": "a 1x1 to fewer channels, then several kernels that read it",
    "factorised": "one convolution along each axis",
    "stack": "convolutions on each other",
    "block": "all layers of the block",
}


def instead_text(found: Iterable[Instead | Together], order: Order, canvas: Canvas) -> str:
    """The pages of a place, one under the other."""
    pages = (_one(one, order, canvas) if isinstance(one, Instead) else _several(one, order, canvas) for one in found)
    return "\n".join("".join(f"{line.rstrip()}\n" for line in page) for page in pages)


def _one(one: Instead, order: Order, canvas: Canvas) -> Iterator[str]:
    if one.own is None:
        yield from head(printable(one.name), f"line {one.line}", canvas)
        yield from wrapped(one.nothing, canvas.width)
        return
    layer = one.own.parts[0]
    yield from head(printable(f"{one.name}: {_words(layer, order)}"), f"line {one.line}", canvas)
    yield from said("arrives", one.arriving.text(order), canvas)
    size = f" = {grouped(one.leaving.elements)} numbers" if one.leaving.rank else ""
    yield from said("leaves", f"{one.leaving.text(order)}{size}", canvas)
    yield from _part_lines(layer, canvas)
    yield from said(
        "connections",
        f"{grouped(one.own.connections)}: each of the {grouped(one.own.params)} numbers is used {times(one.uses)}",
        canvas,
    )
    if one.nothing:
        yield ""
        yield from wrapped(f"Nothing to compare: {one.nothing}.", canvas.width)
    for other in one.others:
        yield ""
        kernel = "x".join("3" * max(1, other.parts[0].inputs[0].rank))
        yield from _other(other, HEADINGS[other.kind].format(kernel=kernel), order, canvas)


def _several(one: Together, order: Order, canvas: Canvas) -> Iterator[str]:
    lines = ", ".join(map(str, one.lines))
    yield from head(printable(one.name), f"line{'s' if len(one.lines) > 1 else ''} {lines}", canvas)
    copies = f", one of {grouped(one.many)} such copies" if one.many > 1 else ""
    yield from said("together", TOGETHER[one.kind] + copies, canvas)
    for part in one.own:
        yield from said("", _words(part, order), canvas)
    shared = ": weights that several of these layers use count once" if one.shares else ""
    yield from said("params", f"{grouped(one.params)}{shared}", canvas)
    yield from said("MACs", grouped(one.macs), canvas)
    yield from said("connections", grouped(one.connections), canvas)
    if one.plain is None:
        yield from wrapped(f"No one convolution: {one.nothing}.", canvas.width)
        return
    yield ""
    heading = "one plain convolution with the same channels, stride and receptive field"
    yield from _other(one.plain, heading, order, canvas)


def _other(other: Compared, heading: str, order: Order, canvas: Canvas) -> Iterator[str]:
    yield from wrapped(canvas.paint(f"{heading}:", "block"), canvas.width)
    for part in other.parts:
        times = f"{grouped(part.times)} times " if part.times > 1 else ""
        yield from said("layer", f"{times}{_words(part, order)} on {part.inputs[0].text(order)}", canvas)
        yield from _part_lines(part, canvas)
    if len(other.parts) > 1 or other.parts[0].times > 1:
        yield from said("in all", f"{grouped(other.params)} params, {grouped(other.macs)} MACs", canvas)
    yield from said("connections", grouped(other.connections), canvas)
    yield from said("ratio", _ratios(other), canvas)


def _ratios(other: Compared) -> str:
    names = (("params", other.times_params), ("MACs", other.times_macs), ("connections", other.times_connections))
    said: dict[str, list[str]] = {}
    for name, many in names:
        said.setdefault(_many(many), []).append(name)
    return "; ".join(f"{many} {', '.join(several)}" for many, several in said.items())


def _many(many: Fraction) -> str:
    if many == 1:
        return "as many"
    return f"{times(1 / many)} fewer" if many < 1 else f"{times(many)} the"


def _words(part: Part, order: Order) -> str:
    return " ".join(layer_words(part.layer, order))


def _part_lines(part: Part, canvas: Canvas) -> Iterator[str]:
    for formula in part.formulas():
        yield from formula_lines(formula._replace(quantity="MACs" if formula.quantity == "macs" else "params"), canvas)

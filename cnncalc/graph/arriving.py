"""What a line says about what arrives at it, held against what does; and a map flattened where dense needs a vector.

PyTorch writes `in_channels` and `in_features`, and the name of a layer says how many axes it has; here all of these
follow from the net, so they are only checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnncalc.diagnostics import Diagnostic, Fix, Span
from cnncalc.geometry import Order, Shape
from cnncalc.graph.advice import chain_to
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Node
from cnncalc.layers.base import counted, product
from cnncalc.spec.document import Call, Expectation, Token

_KINDS = {1: "a signal (1-D)", 2: "a picture (2-D)", 3: "a volume (3-D)"}


def refuse_unexpected(expects: Iterable[Expectation], nodes: Sequence[Node], arriving: int, order: Order) -> None:
    """Refuse what arrives, the result of node `arriving`, if the line says it is something else."""
    shape = nodes[arriving].output
    for one in expects:
        if one.kind == "channels" and one.stated != shape.channels:
            arrives = f"{counted(shape.channels, 'channel')} arrive" + ("s" if shape.channels == 1 else "")
            advice = _about_order(one, nodes, arriving, order) or f"write {shape.channels}"
            raise _differs(one, f"{one.written}, but {arrives} here", advice, shape, order)
        if one.kind == "numbers" and one.stated != shape.elements:
            raise _differs(
                one, f"{one.written}, but {shape.elements:,} numbers arrive here", _about(one, shape), shape, order
            )
        if one.kind == "axes" and one.stated != shape.rank:
            arrives = _KINDS.get(shape.rank, f"a flat vector of {shape.channels:,} numbers")
            message = f"{one.written} works on {_KINDS[one.stated]}, but {arrives} arrives here"
            raise _differs(one, message, "use the layer for as many axes as arrive", shape, order)


def _about_order(one: Expectation, nodes: Sequence[Node], arriving: int, order: Order) -> str:
    """Advice where the picture has the stated channels, but at the other end of its size; empty for others."""
    picture = next((node.output for node in chain_to(nodes, arriving)[:1] if node.layer.word == "input"), None)
    if picture is None or not picture.rank or picture.channels != nodes[arriving].output.channels:
        return ""
    sizes = picture.sizes(order)
    if one.stated != (sizes[-1] if order == "channels_first" else sizes[0]):
        return ""
    if order == "channels_first":
        return f"the channels are last in {picture.text(order)}: take the line `order channels_first` out"
    return f"if the channels are first in {picture.text(order)}, write `order channels_first` on a line at the top"


def _about(one: Expectation, shape: Shape) -> str:
    if one.stated == shape.channels:
        ones = "x".join("1" * shape.rank)
        return f"to work on the {one.stated} channels at each place write `conv 10 {ones}` with your number of units"
    return f"write {shape.elements}"


def _differs(one: Expectation, message: str, advice: str, shape: Shape, order: Order) -> Fault:
    notes = (f"{product(*shape.sizes(order))} = {shape.elements:,}",) if shape.rank else ()
    label = f"what arrives here is {shape.text(order)}"
    return Fault("arriving-differs", message, one.span, label=label, notes=notes, help=advice)


def refuse_two_ways(call: Call, shape: Shape, order: Order) -> None:
    """Keras' Dense on a map works at each place; many mean it after a flatten: refuse, with both written out."""
    one = next((one for one in call.expects if one.kind == "flat"), None)
    if one is None or not shape.rank:
        return
    ones = "x".join("1" * shape.rank)
    everywhere = call.text.replace(f"dense {one.stated}", f"conv {one.stated} {ones}", 1)
    raise Fault(
        "dense-needs-flat",
        f"Dense on a map of {shape.text(order)} can mean two things",
        call.span,
        label=f"what arrives here is {shape.text(order)}",
        help=f"write `flatten` above and `{call.text}` for units that read the whole map, "
        f"or `{everywhere}` for what Keras does: the same units at each place",
        fixes=(Fix(call.span, f"flatten\n{call.text}"), Fix(call.span, everywhere)),
    )


def joined_with_itself(call: Call, labels: Sequence[Token]) -> Diagnostic:
    """The remark that a join reads the same result twice: `add res` right below the line `res`."""
    if not labels:
        message, advice = (
            f"two branches that `join {call.text}` joins are the same result",
            "write layers in one of them",
        )
    elif len(labels) == 1:
        message = f"`{call.text}` joins line `{labels[0].text}` with itself: it is the line that arrives here"
        advice = f"put the label `{labels[0].text}:` on the line before the block, whose result is to be joined here"
    else:
        message, advice = f"`{call.text}` joins a line with itself", "write the labels of different lines"
    return Diagnostic("joined-with-itself", message, call.span, help=advice, severity="warning")


def flattened_notice(shape: Shape, span: Span, order: Order) -> Diagnostic:
    """The remark that a map was flattened without a line that says so."""
    return Diagnostic(
        "flatten-implied",
        f"dense reads a flat vector: {shape.text(order)} is flattened to {shape.elements:,} numbers first",
        span,
        help="write `flatten` on the line before, so that everybody sees it",
        severity="warning",
    )

"""Slips in matrices worked out by hand: a kernel turned, one product left out, the wrong kind of pool.

The wrong matrix is the same definition put to other arguments, in exact fractions, for nets whose numbers are stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.asked.comparing import compared_values
from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, Shape
from cnncalc.homework.slips.edits import Slip, argument, asked_otherwise, has, is_pool
from cnncalc.homework.slips.on_sizes import LAYER_SLIPS
from cnncalc.homework.what_if import Asked
from cnncalc.matrices import Matrix

if TYPE_CHECKING:
    from cnncalc.analysis.by_hand import Volume
    from cnncalc.analysis.model import NodeAnalysis
    from cnncalc.homework.truth import Truth

MOST_TAPS, MOST_NUMBERS = 400, 10_000
"""One product is looked for in small matrices only: each tap of the kernel is left out in turn."""

MATRIX_SLIPS: tuple[Slip, ...] = (
    Slip("kernel-flipped", "the kernel was flipped before it was used"),
    Slip("kernel-not-flipped", "the kernel was used as it is written, without a flip"),
    Slip("pools-exchanged", "another kind of pooling was used (largest, mean or sum)"),
    Slip("activation-forgotten", "the activation was left out"),
    Slip("product-forgotten", "one product of the window was left out"),
    Slip("rows-and-columns-exchanged", "rows and columns were exchanged"),
    Slip("sign-exchanged", "the sign was reversed"),
)

_VALUE_CHANGING = frozenset(
    (
        *("padding-forgotten", "padding-once", "padding-twice", "same-for-valid", "bias-forgotten", "wrong-direction"),
        *("stride-forgotten", "pool-stride-one", "stride-of-window", "dilation-forgotten", "dilation-off-by-one"),
    )
)


def matrix_slips(truth: Truth, nodes: Sequence[NodeAnalysis], given: Matrix) -> tuple[str, ...]:
    """The slips that give exactly this matrix on a line of these nodes, worked out from what rightly arrives."""
    arriving = [truth.values(i) for i in nodes[0].node.inputs]
    right = truth.values(nodes[-1].node.index)
    known = [x for x in arriving if x is not None]
    if right is None or len(known) < len(arriving) or not known:
        return ()
    rank = nodes[-1].output.rank
    found = [
        name
        for name, made, shape in _wrong_matrices(nodes, known, right)
        if compared_values(given, made, shape.rank).ok and not compared_values(given, right, rank).ok
    ]
    if not found and _one_product_left_out(nodes, known, given, right, rank):
        found = ["product-forgotten"]
    return tuple(dict.fromkeys(found))


def wrong_matrices(truth: Truth, nodes: Sequence[NodeAnalysis]) -> Iterator[tuple[str, Volume]]:
    """The matrices that the slips make on a line of these nodes, each with the slip's name."""
    arriving = [x for i in nodes[0].node.inputs if (x := truth.values(i)) is not None]
    right = truth.values(nodes[-1].node.index)
    if right is None or not arriving or len(arriving) < len(nodes[0].node.inputs):
        return
    yield from ((name, made) for name, made, _ in _wrong_matrices(nodes, arriving, right))


def _wrong_matrices(
    nodes: Sequence[NodeAnalysis], arriving: list[Volume], right: Volume
) -> Iterator[tuple[str, Volume, Shape]]:
    shape = nodes[-1].output
    for name, place, asked in _alterations(nodes):
        made = _worked_out(nodes, arriving, {place: asked})
        if made is not None:
            yield name, *made
    if any(node.node.layer.word not in ("relu", "identity") for node in nodes):
        plain = _worked_out(nodes[:1], arriving, {})
        if len(nodes) > 1 and plain is not None:
            yield "activation-forgotten", *plain
    elif len(nodes) == 1:
        yield "activation-forgotten", arriving[0], shape
    if shape.rank == 2:
        turned = [[[list(row) for row in zip(*sheet, strict=True)] for sheet in plane] for plane in right]
        yield "rows-and-columns-exchanged", turned, Shape(shape.channels, shape.spatial[::-1])
    negative = [[[[-value for value in row] for row in sheet] for sheet in plane] for plane in right]
    yield "sign-exchanged", negative, shape


def _alterations(nodes: Sequence[NodeAnalysis]) -> Iterator[tuple[str, int, Asked]]:
    for place, node in enumerate(nodes):
        layer, inputs = node.node.layer, node.inputs
        if has(layer, "flip"):
            name = "kernel-not-flipped" if argument(layer, "flip") else "kernel-flipped"
            turned = asked_otherwise(layer, inputs, flip=not argument(layer, "flip"))
            if turned is not None:
                yield name, place, turned
        if is_pool(layer):
            yield from (("pools-exchanged", place, (other, inputs)) for other in _other_pools(layer))
        for slip in LAYER_SLIPS:
            if slip.name in _VALUE_CHANGING:
                for alter in slip.alterations:
                    asked = alter(layer, inputs)
                    if asked is not None:
                        yield slip.name, place, asked


def _other_pools(layer: Any) -> Iterator[Any]:
    from cnncalc.layers.pool import AvgPool, MaxPool, SumPool

    for kind in (MaxPool, AvgPool, SumPool):
        if kind is not type(layer):
            yield kind(kernel_size=layer.kernel_size, stride=layer.stride, padding=layer.padding, ceil=layer.ceil)


def _worked_out(
    nodes: Sequence[NodeAnalysis], arriving: list[Volume], altered: dict[int, Asked]
) -> tuple[Volume, Shape] | None:
    """What the line makes of what arrives, with some of its layers asked differently."""
    from cnncalc.analysis.by_hand import by_definition, stated

    shapes, volumes = nodes[0].inputs, arriving
    try:
        for place, node in enumerate(nodes):
            layer, inputs = altered.get(place, (node.node.layer, shapes))
            weights = stated(layer.weights(inputs))
            if weights is None:
                return None
            volumes = [by_definition(layer.kernel_call(inputs), volumes, weights)]
            shapes = (layer.output_shape(inputs),)
    except Refusal:
        return None
    return volumes[0], shapes[0]


def _one_product_left_out(
    nodes: Sequence[NodeAnalysis], arriving: list[Volume], given: Matrix, right: Volume, rank: int
) -> bool:
    """Whether every wrong cell is what is left there when one tap of the kernel is passed over."""
    first = nodes[0]
    weights = [weight for weight in first.weights if weight.name == "weight" and isinstance(weight.initial, tuple)]
    wrong = set(compared_values(given, right, rank).wrong)
    spatial = {name for name, _ in weights[0].axes} & set(AXIS_NAMES[3]) if weights else set()
    if not spatial or weights[0].count > MOST_TAPS or first.output.elements > MOST_NUMBERS or len(nodes) > 1:
        return False
    left = set(wrong)
    for tap in range(weights[0].count):
        initial = weights[0].initial
        assert isinstance(initial, tuple)
        if initial[tap] == 0:
            continue
        without = replace(weights[0], initial=(*initial[:tap], Fraction(0), *initial[tap + 1 :]))
        made = _with_weight(first, arriving, without)
        left &= set(compared_values(given, made, rank).wrong)
        if not left:
            return True
    return False


def _with_weight(node: NodeAnalysis, arriving: list[Volume], weight: Any) -> Volume:
    from cnncalc.analysis.by_hand import by_definition, stated

    weights = stated(tuple(weight if own.name == weight.name else own for own in node.weights))
    assert weights is not None, "a node whose values are known states its weights"
    return by_definition(node.node.layer.kernel_call(node.inputs), arriving, weights)

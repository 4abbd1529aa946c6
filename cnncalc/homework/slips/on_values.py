"""Slips in matrices worked out by hand: a kernel turned, a pad read as zeros, a sign lost, the wrong kind of pool.

The wrong matrix is the same definition put to other arguments, in exact fractions, for nets whose numbers are stated.
Where in a net a slip is made, and what follows from it below, is `values_search`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.homework.slips.edits import Slip, argument, asked_otherwise, has, is_pool, made_together
from cnncalc.homework.what_if import Alteration, Asked, Inputs
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Layer
from cnncalc.matrices import Number, Volume

if TYPE_CHECKING:
    from cnncalc.analysis.model import NodeAnalysis

MOST_STAMPS = 100
"""Values of a map whose stamps are laid over one another one by one."""

MOST_CHANNELS = 8
"""Channels of which each is left out in turn."""

KERNEL_FLIPPED = Slip("kernel-flipped", "the kernel was flipped before it was used", 5)
KERNEL_NOT_FLIPPED = Slip("kernel-not-flipped", "the kernel was used as it is written, without a flip", 5)
KERNEL_TRANSPOSED = Slip("kernel-transposed", "rows and columns of the kernel were exchanged", 3)
POOLS_EXCHANGED = Slip("pools-exchanged", "another kind of pooling was used (largest, mean or sum)", 4)
ACTIVATION_FORGOTTEN = Slip("activation-forgotten", "the activation was left out", 4)
PRODUCT_FORGOTTEN = Slip("product-forgotten", "one product of the window was left out", 2)
FILL_AS_ZEROS = Slip("fill-as-zeros", "the pads were filled with zeros", 4, beats=("padding-forgotten",))
CHANNEL_FORGOTTEN = Slip("channel-forgotten", "one of the channels was left out of the sum", 4)
OVERLAPS_OVERWRITTEN = Slip(
    "overlaps-overwritten", "where stamps overlap the last one was kept, and they were not added", 4
)
SIDES_TURNED = Slip("rows-and-columns-exchanged", "rows and columns were exchanged", 3)
SIGN_EXCHANGED = Slip("sign-exchanged", "the sign was reversed", 3, beats=("sign-lost",))
SIGN_LOST = Slip("sign-lost", "a minus sign was lost", 3)

VALUE_SLIPS = (
    KERNEL_FLIPPED,
    KERNEL_NOT_FLIPPED,
    KERNEL_TRANSPOSED,
    POOLS_EXCHANGED,
    ACTIVATION_FORGOTTEN,
    PRODUCT_FORGOTTEN,
    FILL_AS_ZEROS,
    CHANNEL_FORGOTTEN,
    OVERLAPS_OVERWRITTEN,
    SIDES_TURNED,
    SIGN_EXCHANGED,
    SIGN_LOST,
)


class Worked(NamedTuple):
    """What a node hands on: its numbers and their shape."""

    volume: Volume
    shape: Shape


Work = Callable[[Layer, Inputs, list[Volume]], Worked | None]
"""How somebody works a node out; None where it cannot be done."""

Weights = Mapping[str, Any]


def worked(layer: Layer, inputs: Inputs, volumes: list[Volume]) -> Worked | None:
    """The node by its definition; None where its numbers are not stated or what arrives does not fit."""
    return _with_weights(layer, inputs, volumes, lambda weights: weights)


def _with_weights(
    layer: Layer, inputs: Inputs, volumes: list[Volume], change: Callable[[Weights], Weights]
) -> Worked | None:
    from cnncalc.analysis.by_hand import DEFINITIONS, by_definition, stated

    try:
        shape = layer.output_shape(inputs)
        weights, call = stated(layer.weights(inputs)), layer.kernel_call(inputs)
        if weights is None or call.kernel not in DEFINITIONS:
            return None
        return Worked(by_definition(call, volumes, change(weights)), shape)
    except Refusal:
        return None


def both_works(one: Work, other: Work) -> Work | None:
    """A node worked out with two slips at once, both of them made by asking its layer differently."""
    edits = [work.args[0] for work in (one, other) if isinstance(work, partial) and work.func is _asked_otherwise]
    return partial(_asked_otherwise, partial(made_together, *edits)) if len(edits) == 2 else None


def other_work(node: NodeAnalysis, slips: tuple[Slip, ...]) -> Iterator[tuple[Slip, Work]]:
    """How a node is worked out by those who make a slip on it."""
    layer, inputs = node.node.layer, node.inputs
    of_layers = ((slip, edit) for slip in slips if "values" in slip.touches for edit in slip.alterations())
    for slip, edit in (*_edits(layer), *of_layers):
        asked = edit(layer, inputs)
        if asked is not None:
            yield slip, partial(_asked_otherwise, edit)
    if isinstance(layer, Activation):
        yield ACTIVATION_FORGOTTEN, lambda _, arriving, volumes: Worked(volumes[0], arriving[0])
    if inputs and inputs[0].rank and layer.weights(inputs):
        yield KERNEL_TRANSPOSED, partial(_with_weights, change=partial(_in_planes, change=_transposed))
        yield SIGN_LOST, partial(_with_weights, change=partial(_in_planes, change=_unsigned))
    if layer.word == "upconv" and inputs[0].elements <= MOST_STAMPS:
        yield OVERLAPS_OVERWRITTEN, _overwritten
    if layer.channel_sight(inputs) == "all" and 1 < inputs[0].channels <= MOST_CHANNELS and inputs[0].rank:
        for channel in range(inputs[0].channels):
            yield CHANNEL_FORGOTTEN, partial(_of_channels, kept={channel})
            yield CHANNEL_FORGOTTEN, partial(_of_channels, kept={*range(inputs[0].channels)} - {channel})


def other_results(made: Worked) -> Iterator[tuple[Slip, Worked]]:
    """What becomes of a right matrix when it is written down."""
    if made.shape.rank == 2:
        turned = [[[list(row) for row in zip(*sheet, strict=True)] for sheet in plane] for plane in made.volume]
        yield SIDES_TURNED, Worked(turned, Shape(made.shape.channels, made.shape.spatial[::-1]))
    yield SIGN_EXCHANGED, Worked(_mapped(made.volume, lambda value: -value), made.shape)
    yield SIGN_LOST, Worked(_mapped(made.volume, _without_sign), made.shape)


def without_tap(tap: int) -> Work:
    """One product left out at every place: one number of the kernel is 0."""
    return partial(_with_weights, change=partial(_without_number, tap=tap))


def _edits(layer: Layer) -> Iterator[tuple[Slip, Alteration]]:
    if has(layer, "flip"):
        slip = KERNEL_NOT_FLIPPED if argument(layer, "flip") else KERNEL_FLIPPED
        yield slip, partial(asked_otherwise, flip=not argument(layer, "flip"))
    if has(layer, "fill") and argument(layer, "fill") != "zeros":
        yield FILL_AS_ZEROS, partial(asked_otherwise, fill="zeros")
    if is_pool(layer):
        yield from ((POOLS_EXCHANGED, partial(_other_layer, other=other)) for other in _other_pools(layer))


def _other_layer(_: Layer, inputs: Inputs, *, other: Layer) -> Asked:
    return other, inputs


def _other_pools(layer: Any) -> Iterator[Layer]:
    from cnncalc.layers.pool import AvgPool, MaxPool, SumPool

    for kind in (MaxPool, AvgPool, SumPool):
        if kind is not type(layer):
            yield kind(kernel_size=layer.kernel_size, stride=layer.stride, padding=layer.padding, ceil=layer.ceil)


def _asked_otherwise(edit: Alteration, layer: Layer, inputs: Inputs, volumes: list[Volume]) -> Worked | None:
    asked = edit(layer, inputs)
    return asked and worked(*asked, volumes)


# ---------------------------------------------------------------------- numbers changed
def _mapped(volume: Volume, change: Callable[[Number], Number]) -> Volume:
    return [[[[change(value) for value in row] for row in sheet] for sheet in plane] for plane in volume]


def _in_planes(weights: Weights, change: Callable[[Any], Any]) -> Weights:
    """The kernels changed, plane by plane; biases stay."""
    return {name: own if "bias" in name else _each_plane(own, change) for name, own in weights.items()}


def _each_plane(nested: Any, change: Callable[[Any], Any]) -> Any:
    if not isinstance(nested, list) or not isinstance(nested[0], list):
        return nested
    return [_each_plane(one, change) for one in nested] if isinstance(nested[0][0], list) else change(nested)


def _transposed(plane: list[list[Number]]) -> list[list[Number]]:
    return [list(row) for row in zip(*plane, strict=True)] if len(plane) == len(plane[0]) else plane


def _without_sign(value: Number) -> Number:
    return -value if value < 0 else value


def _unsigned(plane: list[list[Number]]) -> list[list[Number]]:
    return [[_without_sign(value) for value in row] for row in plane]


def _without_number(weights: Weights, tap: int) -> Weights:
    remaining = iter(range(tap + 1))

    def left(nested: Any) -> Any:
        if isinstance(nested, list):
            return [left(one) for one in nested]
        return Fraction(0) if next(remaining, None) == tap else nested

    return {**weights, "weight": left(weights["weight"])}


def _of_channels(layer: Layer, inputs: Inputs, volumes: list[Volume], *, kept: set[int]) -> Worked | None:
    """The node without what arrives on some channels."""
    x = [plane if c in kept else _mapped([plane], lambda _: 0)[0] for c, plane in enumerate(volumes[0])]
    return worked(layer, inputs, [x, *volumes[1:]])


def _overwritten(layer: Layer, inputs: Inputs, volumes: list[Volume]) -> Worked | None:
    """Stamp after stamp laid on the map, each over what is there."""
    from cnncalc.analysis.by_hand.volumes import places, sizes_of

    empty = _mapped(volumes[0], lambda _: 0)
    sheet = worked(layer, inputs, [empty])
    if sheet is None:
        return None
    for place in places(sizes_of(volumes[0])):
        stamp = worked(layer, inputs, [_only(volumes[0], place)])
        ones = _with_weights(layer, inputs, [_only(_mapped(empty, lambda _: 1), place)], _all_ones)
        if stamp is None or ones is None:
            return None
        sheet = Worked(_laid(sheet.volume, stamp.volume, ones.volume), sheet.shape)
    return sheet


def _only(x: Volume, place: tuple[int, int, int]) -> Volume:
    """The map with one place alone, zeros elsewhere."""
    return [
        [[[v if (z, y, c) == place else 0 for c, v in enumerate(row)] for y, row in enumerate(sheet)]
         for z, sheet in enumerate(plane)]
        for plane in x
    ]  # fmt: skip


def _all_ones(weights: Weights) -> Weights:
    def ones(nested: Any) -> Any:
        return [ones(one) for one in nested] if isinstance(nested, list) else 1

    return {name: ones(own) for name, own in weights.items() if "bias" not in name}


def _laid(under: Volume, over: Volume, touched: Volume) -> Volume:
    laid: Volume = [
        [[[o if t else u for u, o, t in zip(*rows, strict=True)] for rows in zip(*sheets, strict=True)]
         for sheets in zip(*planes, strict=True)]
        for planes in zip(under, over, touched, strict=True)
    ]  # fmt: skip
    return laid

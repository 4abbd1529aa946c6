"""What meets every number by itself: factors and offsets by channel, activations, sums and products of maps.

activation(x * weight[c] + bias[c] + residual), or the residual after the activation, as in a convolution's tile.  The
weights may differ from image to image: that is how a map is multiplied by a vector (squeeze and excitation).  Those of
a PReLU are its slopes.  A function has no factor: its weights are 0 where there is no channel, and it is given 1 there,
as what has no value at 0 would spoil the sums of who reads it.  A box is sigmoid(x) * weight[c] + bias[c], but x where
the weight is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import RESIDUAL_FIRST, RESIDUAL_LAST, RESIDUAL_TIMES, field, int_field, real_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import ACTIVATIONS, ALONE, BLOCK, Simd, outlined


def _before(e: Simd, name: str, value: Any, factor: Any, offset: Any) -> Any:
    """What the activation gets."""
    if name not in ALONE:
        return e.fma(value, factor, offset)
    weighted = e.builder.fcmp_unordered("!=", factor, e.constant(0.0))
    if name == "box":
        return e.builder.select(weighted, e.fma(e.sigmoid(value), factor, offset), value)
    return e.builder.select(weighted, value, e.constant(1.0))


@intrinsic
def pointwise_row(
    context: Any,
    lanes: Any,
    activation: Any,
    mode: Any,
    row: Any,
    source: Any,
    target: Any,
    weights: Any,
    bias: Any,
    residual: Any,
) -> Any:
    """One row of a channel block."""
    width, name, adding = lanes.literal_value, ACTIVATIONS[activation.literal_value], mode.literal_value

    def emit_row(builder: Any, row: Any, *addresses: Any) -> None:
        e = Simd(builder, width)
        low, high = (e.splat(real_field(builder, row, limit)) for limit in ("LOW", "HIGH"))
        pixel = field(builder, row, "OUT_PIXEL")
        for lane in range(0, BLOCK, width):
            source, target, weights, bias, residual = (e.at(e.pointer(address), lane) for address in addresses)
            factor, offset = e.load(weights), e.load(bias)
            if name == "prelu":
                factor, low = e.constant(1.0), factor
            with cgutils.for_range(builder, field(builder, row, "WIDTH")) as x:
                distance = e.times(x.index, BLOCK)
                value = _before(e, name, e.load(e.at(source, distance)), factor, offset)
                if adding == RESIDUAL_FIRST:
                    value = e.add(value, e.load(e.at(residual, distance)))
                value = e.activated(name, value, low, high)
                if adding == RESIDUAL_LAST:
                    value = e.add(value, e.load(e.at(residual, distance)))
                if adding == RESIDUAL_TIMES:
                    value = e.multiply(value, e.load(e.at(residual, distance)))
                e.store(value, e.at(target, builder.mul(x.index, pixel)))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"pointwise_row_{width}_{name}_{adding}", emit_row, builder, arguments[3:])
        return target_context.get_dummy_value()

    return types.void(lanes, activation, mode, *[types.intp] * 6), emit


def pointwise(lanes: int, activation: int, mode: int) -> Callable[[int, int, int, int], None]:
    """The kernel; one unit is SEGMENT rows of a channel block."""

    def pointwise(row: int, first: int, last: int, thread: int) -> None:
        height, blocks, segment = int_field(row, "HEIGHT"), int_field(row, "BLOCKS"), int_field(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            block = unit % blocks
            for y in range(part * segment, min((part + 1) * segment, height)):
                source = (
                    image * int_field(row, "IN_IMAGE")
                    + block * int_field(row, "IN_BLOCK")
                    + y * int_field(row, "IN_ROW")
                )
                target = image * int_field(row, "OUT_IMAGE") + block * int_field(row, "OUT_BLOCK")
                other = (
                    image * int_field(row, "RES_IMAGE")
                    + block * int_field(row, "RES_BLOCK")
                    + y * int_field(row, "RES_ROW")
                )
                pointwise_row(
                    lanes,
                    activation,
                    mode,
                    row,
                    int_field(row, "INPUT") + 4 * source,
                    int_field(row, "OUTPUT") + 4 * (target + y * int_field(row, "OUT_ROW")),
                    int_field(row, "WEIGHTS") + 4 * (image * int_field(row, "WEIGHT_IMAGE") + 16 * block),
                    int_field(row, "BIAS") + 64 * block,
                    int_field(row, "RESIDUAL") + 4 * other,
                )

    return pointwise

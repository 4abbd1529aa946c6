"""Two maps combined place by place, where one or both may be spread: one channel over all, one place over a row.

A map that is not as wide as the result has a pixel distance of 0, one that is not as tall a row distance of 0; what has
one channel has a block distance of 0, and its number meets all lanes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import I64, field, int_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined

JOINS = ("add", "sub", "mul", "div", "max", "min", "absdiff")
"""How two numbers are combined, as kernels number it."""


def _combined(e: Simd, name: str, one: Any, other: Any) -> Any:
    ways = {
        "add": lambda: e.add(one, other),
        "sub": lambda: e.subtract(one, other),
        "mul": lambda: e.multiply(one, other),
        "div": lambda: e.builder.fdiv(one, other),
        "max": lambda: e.largest_or_nan(one, other),
        "min": lambda: e.builder.fneg(e.largest_or_nan(e.builder.fneg(one), e.builder.fneg(other))),
        "absdiff": lambda: e.math("fabs", e.subtract(one, other)),
    }
    return ways[name]()


@intrinsic
def joined_row(
    context: Any,
    lanes: Any,
    join: Any,
    one_channel: Any,
    row: Any,
    first: Any,
    second: Any,
    target: Any,
    channels: Any,
) -> Any:
    """One row of a channel block of which so many channels exist; `one_channel`: 1 the first map's, 2 the second's."""
    width, name, spread = lanes.literal_value, JOINS[join.literal_value], one_channel.literal_value

    def emit_row(builder: Any, row: Any, first: Any, second: Any, target: Any, channels: Any) -> None:
        e = Simd(builder, width)
        pixels = field(builder, row, "IN_PIXEL"), field(builder, row, "RES_PIXEL")

        def loaded(start: Any, pixel: Any, x: Any, lane: int, alone: bool) -> Any:
            place = e.at(e.pointer(start), builder.mul(x, pixel))
            return e.splat(builder.load(place)) if alone else e.load(e.at(place, lane))

        for lane in range(0, BLOCK, width):
            there = e.lanes_between(I64(0), channels, lane)
            with cgutils.for_range(builder, field(builder, row, "WIDTH")) as x:
                one = loaded(first, pixels[0], x.index, lane, bool(spread & 1))
                other = loaded(second, pixels[1], x.index, lane, bool(spread & 2))
                value = builder.select(there, _combined(e, name, one, other), e.constant(0.0))
                e.store(value, e.at(e.at(e.pointer(target), lane), e.times(x.index, BLOCK)))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"joined_row_{width}_{name}_{spread}", emit_row, builder, arguments[3:])
        return target_context.get_dummy_value()

    return types.void(lanes, join, one_channel, *[types.intp] * 5), emit


def join(lanes: int, how: int, one_channel: int) -> Callable[[int, int, int, int], None]:
    """The kernel; one unit is SEGMENT rows of a channel block.  The second map is the residual."""

    def join(row: int, first: int, last: int, thread: int) -> None:
        height, blocks, segment = int_field(row, "HEIGHT"), int_field(row, "BLOCKS"), int_field(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            block = unit % blocks
            one = image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            other = image * int_field(row, "RES_IMAGE") + block * int_field(row, "RES_BLOCK")
            target = image * int_field(row, "OUT_IMAGE") + block * int_field(row, "OUT_BLOCK")
            for y in range(part * segment, min((part + 1) * segment, height)):
                joined_row(
                    lanes,
                    how,
                    one_channel,
                    row,
                    int_field(row, "INPUT") + 4 * (one + y * int_field(row, "IN_ROW")),
                    int_field(row, "RESIDUAL") + 4 * (other + y * int_field(row, "RES_ROW")),
                    int_field(row, "OUTPUT") + 4 * (target + y * int_field(row, "OUT_ROW")),
                    int_field(row, "CHANNELS") - 16 * block,
                )

    return join

"""Channels of a blocked map moved to other places among them, a vector at a time: slices, joins, empty channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import field, int_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined


@intrinsic
def channels_row(
    context: Any,
    lanes: Any,
    row: Any,
    source: Any,
    further: Any,
    target: Any,
    start: Any,
    turn: Any,
    end: Any,
    first: Any,
    last: Any,
) -> Any:
    """A row of a block: lanes from start to end, before `turn` from `source`, then from `further`, zeros elsewhere.

    Lanes first .. last are written.
    """
    width = lanes.literal_value

    def emit_row(builder: Any, row: Any, *arguments: Any) -> None:
        e = Simd(builder, width)
        bounds = arguments[3:]
        for lane in range(0, BLOCK, width):
            source, further, target = (e.at(e.pointer(address), lane) for address in arguments[:3])
            start, turn, end, first, last = bounds
            there, before = e.lanes_between(start, end, lane), e.lanes_between(start, turn, lane)
            near, far = builder.and_(there, before), builder.and_(there, e.lanes_between(turn, end, lane))
            written = e.lanes_between(first, last, lane)
            with cgutils.for_range(builder, field(builder, row, "WIDTH")) as x:
                distance = e.times(x.index, BLOCK)
                value = e.load_some(e.at(source, distance), near, e.constant(0.0))
                value = e.load_some(e.at(further, distance), far, value)
                e.store_some(value, e.at(target, distance), written)

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"channels_row_{width}", emit_row, builder, arguments[1:])
        return target_context.get_dummy_value()

    return types.void(lanes, *[types.intp] * 9), emit


def copy_channels(lanes: int) -> Callable[[int, int, int, int], None]:
    """Channels FIRST_CHANNEL .. CHANNELS_PADDED of a blocked map: channel d is c = d + SHIFT of another blocked map.

    Where c is below zero or not below CHANNELS it gets zeros.  One unit is SEGMENT rows of a block.
    """

    def copy_channels(row: int, first: int, last: int, thread: int) -> None:
        height, blocks, segment = int_field(row, "HEIGHT"), int_field(row, "BLOCKS"), int_field(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            d = 16 * (int_field(row, "FIRST_CHANNEL") // 16 + unit % blocks)
            c = d + int_field(row, "SHIFT")
            block = c // 16
            turn, end = 16 * block + 16 - c, min(16, int_field(row, "CHANNELS") - c)
            source = image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK") + c - 16 * block
            further = image * int_field(row, "IN_IMAGE") + (block + 1) * int_field(row, "IN_BLOCK") - turn
            target = image * int_field(row, "OUT_IMAGE") + d // 16 * int_field(row, "OUT_BLOCK")
            for y in range(part * segment, min((part + 1) * segment, height)):
                channels_row(
                    lanes,
                    row,
                    int_field(row, "INPUT") + 4 * (source + y * int_field(row, "IN_ROW")),
                    int_field(row, "INPUT") + 4 * (further + y * int_field(row, "IN_ROW")),
                    int_field(row, "OUTPUT") + 4 * (target + y * int_field(row, "OUT_ROW")),
                    max(0, -c),
                    turn,
                    end,
                    int_field(row, "FIRST_CHANNEL") - d,
                    int_field(row, "CHANNELS_PADDED") - d,
                )

    return copy_channels

"""Pools of whole regions: global ones, whose only region is the map, and adaptive ones.

Region o of an axis runs from floor(o * n / outputs) to ceil((o + 1) * n / outputs): neighbours may share a row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import F32, F64, field, int_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined
from cnncalc.kernels.engine.window_tile import LARGEST


@intrinsic
def region_tile(
    context: Any, lanes: Any, mode: Any, row: Any, source: Any, target: Any, height: Any, width: Any
) -> Any:
    """A rectangle of one channel block: the largest, or the mean (the sum row by row, then of the rows)."""
    lane_count, chosen = lanes.literal_value, mode.literal_value

    def emit_block(builder: Any, row: Any, source: Any, target: Any, height: Any, width: Any) -> None:
        e = Simd(builder, lane_count)
        places = builder.sitofp(builder.mul(height, width), F64)
        share = e.splat(builder.fptrunc(builder.fdiv(F64(1.0), places), F32))

        def largest(start: Any) -> Any:
            found = e.variable(e.load(start))
            with cgutils.for_range(builder, height) as y, cgutils.for_range(builder, width) as x:
                value = e.load(pixel(start, y.index, x.index))
                builder.store(e.largest_or_nan(builder.load(found), value), found)
            return builder.load(found)

        def pixel(start: Any, y: Any, x: Any) -> Any:
            return e.at(e.at(start, builder.mul(y, field(builder, row, "IN_ROW"))), e.times(x, BLOCK))

        def mean(start: Any) -> Any:
            rows = e.sum_of(height, lambda y: e.sum_of(width, lambda x: e.load(pixel(start, y, x))))
            return e.multiply(rows, share)

        for lane in range(0, BLOCK, lane_count):
            start = e.at(e.pointer(source), lane)
            value = largest(start) if chosen == LARGEST else mean(start)
            e.store(value, e.at(e.pointer(target), lane))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"region_tile_{lane_count}_{chosen}", emit_block, builder, arguments[2:])
        return target_context.get_dummy_value()

    return types.void(lanes, mode, *[types.intp] * 5), emit


def region_pool(lanes: int, mode: int) -> Callable[[int, int, int, int], None]:
    """The kernel of global and adaptive pools: HEIGHT x WIDTH regions of a map; SEGMENT rows of them are one unit.

    Region o of an axis runs from floor(o * n / outputs) to ceil((o + 1) * n / outputs): neighbours may share a row.
    """

    def region_pool(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "BLOCKS")
        tall, wide, segment = int_field(row, "IN_HEIGHT"), int_field(row, "IN_WIDTH"), int_field(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            block = unit % blocks
            start = int_field(row, "INPUT") + 4 * (
                image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            )
            into = int_field(row, "OUTPUT") + 4 * (
                image * int_field(row, "OUT_IMAGE") + block * int_field(row, "OUT_BLOCK")
            )
            for oy in range(part * segment, min((part + 1) * segment, height)):
                top, below = oy * tall // height, ((oy + 1) * tall + height - 1) // height
                for ox in range(width):
                    left, right = ox * wide // width, ((ox + 1) * wide + width - 1) // width
                    region_tile(
                        lanes,
                        mode,
                        row,
                        start + 4 * (top * int_field(row, "IN_ROW") + left * 16),
                        into + 4 * (oy * int_field(row, "OUT_ROW") + ox * int_field(row, "OUT_PIXEL")),
                        below - top,
                        right - left,
                    )

    return region_pool

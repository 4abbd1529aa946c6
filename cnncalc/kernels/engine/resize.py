"""Maps made larger or smaller: pixels repeated, or new ones between their neighbours.

`nearest` and `bilinear` enlarge by whole numbers, with half-pixel centres; `resample` mixes each output of so many
pixels by a table, in any way and to any size.

Bilinear output o lies at (o + 1/2) / factor - 1/2; beyond the first and the last pixel their values hold.  A place that
falls on a pixel reads that one alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import F32, I64, copy_pixel, field, int_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined


@intrinsic
def bilinear_pixel(
    context: Any,
    lanes: Any,
    target: Any,
    above: Any,
    below: Any,
    left: Any,
    right: Any,
    share_y: Any,
    share_x: Any,
) -> Any:
    """A block of a pixel between two rows (addresses) and two columns (distances in bytes)."""
    width = lanes.literal_value

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, target, above, below, left, right, share_y, share_x = arguments
        e = Simd(builder, width)

        def between(one: Any, other: Any, share: Any) -> Any:
            rest = e.splat(builder.fsub(F32(1.0), share))
            return e.fma(one, rest, e.multiply(other, e.splat(share)))

        def in_column(column: Any, lane: int) -> Any:
            one, other = (e.load(e.at(e.pointer(builder.add(line, column)), lane)) for line in (above, below))
            return between(one, other, share_y)

        for lane in range(0, BLOCK, width):
            value = between(in_column(left, lane), in_column(right, lane), share_x)
            e.store(value, e.at(e.pointer(target), lane))
        return context.get_dummy_value()

    return types.void(lanes, *[types.intp] * 5, types.float32, types.float32), emit


def bilinear(lanes: int) -> Callable[[int, int, int, int], None]:
    """Each pixel KERNEL_Y x KERNEL_X times as large; one unit is a row of outputs of a channel block."""

    def bilinear(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "BLOCKS")
        down, across = 2 * int_field(row, "KERNEL_Y"), 2 * int_field(row, "KERNEL_X")
        tall, wide = 2 * height // down, 2 * width // across
        for unit in range(first, last):
            image = unit // (blocks * height)
            y = unit // blocks - image * height
            block = unit % blocks
            source = image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            source = int_field(row, "INPUT") + 4 * source
            target = (
                image * int_field(row, "OUT_IMAGE")
                + block * int_field(row, "OUT_BLOCK")
                + y * int_field(row, "OUT_ROW")
            )
            target = int_field(row, "OUTPUT") + 4 * target
            iy = 2 * y + 1 - down // 2
            above, below = iy // down, (iy + down - 1) // down
            share_y = types.float32((iy - down * above) / down)
            above, below = max(above, 0), min(below, tall - 1)
            for x in range(width):
                ix = 2 * x + 1 - across // 2
                left, right = ix // across, (ix + across - 1) // across
                bilinear_pixel(
                    lanes,
                    target + 64 * x,
                    source + 4 * above * int_field(row, "IN_ROW"),
                    source + 4 * below * int_field(row, "IN_ROW"),
                    64 * max(left, 0),
                    64 * min(right, wide - 1),
                    share_y,
                    types.float32((ix - across * left) / across),
                )

    return bilinear


def nearest() -> Callable[[int, int, int, int], None]:
    """Each pixel of a blocked map KERNEL_Y x KERNEL_X times; one unit is a row of outputs of a channel block."""

    def nearest(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "BLOCKS")
        across = int_field(row, "KERNEL_X")
        for unit in range(first, last):
            image = unit // (blocks * height)
            y = unit // blocks - image * height
            block = unit % blocks
            source = image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            source = int_field(row, "INPUT") + 4 * (source + y // int_field(row, "KERNEL_Y") * int_field(row, "IN_ROW"))
            target = (
                image * int_field(row, "OUT_IMAGE")
                + block * int_field(row, "OUT_BLOCK")
                + y * int_field(row, "OUT_ROW")
            )
            target = int_field(row, "OUTPUT") + 4 * target
            for x in range(width):
                copy_pixel(target + 64 * x, source + 64 * (x // across))

    return nearest


@intrinsic
def resampled_row(context: Any, lanes: Any, row: Any, source: Any, target: Any, rows: Any, columns: Any) -> Any:
    """One row of a channel block: `rows` is its part of the table of rows, `columns` the whole table of columns.

    An entry of a table is a pair of numbers: which row or column, and its share.
    """
    width = lanes.literal_value

    def emit_row(builder: Any, row: Any, source: Any, target: Any, rows: Any, columns: Any) -> None:
        e = Simd(builder, width)
        down, across = field(builder, row, "KERNEL_Y"), field(builder, row, "KERNEL_X")

        def entry(table: Any, place: Any) -> tuple[Any, Any]:
            at = e.at(e.pointer(table), e.times(place, 2))
            return builder.fptosi(builder.load(at), I64), e.splat(builder.load(e.at(at, 1)))

        for lane in range(0, BLOCK, width):
            with cgutils.for_range(builder, field(builder, row, "WIDTH")) as x:
                total = e.variable(e.constant(0.0))
                builder.store(e.constant(0.0), total)
                with cgutils.for_range(builder, across) as kx:
                    ix, share_x = entry(columns, builder.add(builder.mul(x.index, across), kx.index))
                    pixel = e.at(e.at(e.pointer(source), lane), e.times(ix, BLOCK))
                    column = e.variable(e.constant(0.0))
                    builder.store(e.constant(0.0), column)
                    with cgutils.for_range(builder, down) as ky:
                        iy, share_y = entry(rows, ky.index)
                        value = e.load(e.at(pixel, builder.mul(iy, field(builder, row, "IN_ROW"))))
                        builder.store(e.fma(value, share_y, builder.load(column)), column)
                    builder.store(e.fma(builder.load(column), share_x, builder.load(total)), total)
                e.store(builder.load(total), e.at(e.at(e.pointer(target), lane), e.times(x.index, BLOCK)))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"resampled_row_{width}", emit_row, builder, arguments[1:])
        return target_context.get_dummy_value()

    return types.void(lanes, *[types.intp] * 5), emit


def resample(lanes: int) -> Callable[[int, int, int, int], None]:
    """Each output mixed of KERNEL_Y x KERNEL_X pixels; WEIGHTS is the table of rows, BIAS that of columns.

    One unit is SEGMENT rows of a channel block.
    """

    def resample(row: int, first: int, last: int, thread: int) -> None:
        height, blocks, segment = int_field(row, "HEIGHT"), int_field(row, "BLOCKS"), int_field(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            block = unit % blocks
            source = image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            target = image * int_field(row, "OUT_IMAGE") + block * int_field(row, "OUT_BLOCK")
            for y in range(part * segment, min((part + 1) * segment, height)):
                resampled_row(
                    lanes,
                    row,
                    int_field(row, "INPUT") + 4 * source,
                    int_field(row, "OUTPUT") + 4 * (target + y * int_field(row, "OUT_ROW")),
                    int_field(row, "WEIGHTS") + 8 * y * int_field(row, "KERNEL_Y"),
                    int_field(row, "BIAS"),
                )

    return resample

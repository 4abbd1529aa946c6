"""Maps enlarged: each pixel repeated, or new ones between their neighbours (bilinear, with half-pixel centres).

Bilinear output o lies at (o + 1/2) / factor - 1/2; beyond the first and the last pixel their values hold.  A place that
falls on a pixel reads that one alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import F32, int_field, load_float, store_float
from cnncalc.kernels.engine.llvm import intrinsic, types
from cnncalc.kernels.engine.simd import BLOCK, Simd


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
                pixel = source + 64 * (x // int_field(row, "KERNEL_X"))
                for c in range(16):
                    store_float(target + 64 * x + 4 * c, load_float(pixel + 4 * c))

    return nearest

"""Numbers moved from one layout to another: planes, blocks, pixels with few channels, flat vectors, other offsets.

Number by number; it is used at the ends of a net, around layers that only the readable kernels know, and for joins
whose channels do not begin at a block.  A map's first number, and the distances of its images, blocks, channels in a
block, rows and pixels describe any of these layouts.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.fields import number, put, taken


def moved() -> Callable[[int, int, int, int], None]:
    """The kernel; one unit is a row of sixteen channels.  Channels after CHANNELS, up to CHANNELS_PADDED, get zeros.

    Channel c comes from c + FIRST_CHANNEL; where FIRST_CHANNEL is negative, it goes to c - FIRST_CHANNEL instead.
    """

    def moved(row: int, first: int, last: int, thread: int) -> None:
        height, width = number(row, "HEIGHT"), number(row, "WIDTH")
        groups = (number(row, "CHANNELS_PADDED") + 15) // 16
        shift_in, shift_out = max(0, number(row, "FIRST_CHANNEL")), max(0, -number(row, "FIRST_CHANNEL"))
        in_pixel, out_pixel = 4 * number(row, "IN_PIXEL"), 4 * number(row, "OUT_PIXEL")
        for unit in range(first, last):
            image = unit // (groups * height)
            group = unit // height - image * groups
            y = unit % height
            for c in range(16 * group, min(16 * group + 16, number(row, "CHANNELS_PADDED"))):
                d = c + shift_out
                target = image * number(row, "OUT_IMAGE") + d // 16 * number(row, "OUT_BLOCK")
                target += d % 16 * number(row, "OUT_LANE") + y * number(row, "OUT_ROW")
                target = number(row, "OUTPUT") + 4 * target
                if c >= number(row, "CHANNELS"):
                    for x in range(width):
                        put(target + x * out_pixel, 0.0)
                    continue
                s = c + shift_in
                source = image * number(row, "IN_IMAGE") + s // 16 * number(row, "IN_BLOCK")
                source += s % 16 * number(row, "IN_LANE") + y * number(row, "STRIDE_ROW")
                source = number(row, "INPUT") + 4 * source
                for x in range(width):
                    put(target + x * out_pixel, taken(source + x * in_pixel))

    return moved


def enlarged() -> Callable[[int, int, int, int], None]:
    """Each pixel of a blocked map KERNEL_Y x KERNEL_X times; one unit is a row of outputs of a channel block."""

    def enlarged(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = number(row, "HEIGHT"), number(row, "WIDTH"), number(row, "BLOCKS")
        for unit in range(first, last):
            image = unit // (blocks * height)
            block = unit // height - image * blocks
            y = unit % height
            source = image * number(row, "IN_IMAGE") + block * number(row, "IN_BLOCK")
            source = number(row, "INPUT") + 4 * (source + y // number(row, "KERNEL_Y") * number(row, "IN_ROW"))
            target = image * number(row, "OUT_IMAGE") + block * number(row, "OUT_BLOCK") + y * number(row, "OUT_ROW")
            target = number(row, "OUTPUT") + 4 * target
            for x in range(width):
                pixel = source + 64 * (x // number(row, "KERNEL_X"))
                for c in range(16):
                    put(target + 64 * x + 4 * c, taken(pixel + 4 * c))

    return enlarged

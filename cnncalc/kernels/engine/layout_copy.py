"""Numbers copied from one layout to another, one by one.

Used at the ends of a net, and around layers that only the readable kernels know.  A map's first number, and the
distances of its images, blocks, channels in a block, rows and pixels describe any layout: planes, blocks, flat vectors.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.fields import int_field, load_float, store_float


def layout_copy() -> Callable[[int, int, int, int], None]:
    """The kernel; one unit is a row of sixteen channels.  Channels after CHANNELS, up to CHANNELS_PADDED, get zeros.

    Where a map becomes one vector of SIZE numbers, TAIL zeros follow them, to the end of their block.
    """

    def layout_copy(row: int, first: int, last: int, thread: int) -> None:
        height, width = int_field(row, "HEIGHT"), int_field(row, "WIDTH")
        groups = (int_field(row, "CHANNELS_PADDED") + 15) // 16
        in_pixel, out_pixel = 4 * int_field(row, "IN_PIXEL"), 4 * int_field(row, "OUT_PIXEL")
        for unit in range(first, last):
            image = unit // (groups * height)
            y = unit // groups - image * height
            group = unit % groups
            for c in range(16 * group, min(16 * group + 16, int_field(row, "CHANNELS_PADDED"))):
                target = image * int_field(row, "OUT_IMAGE") + c // 16 * int_field(row, "OUT_BLOCK")
                target += c % 16 * int_field(row, "OUT_LANE") + y * int_field(row, "OUT_ROW")
                target = int_field(row, "OUTPUT") + 4 * target
                if c >= int_field(row, "CHANNELS"):
                    for x in range(width):
                        store_float(target + x * out_pixel, 0.0)
                    continue
                source = image * int_field(row, "IN_IMAGE") + c // 16 * int_field(row, "IN_BLOCK")
                source += c % 16 * int_field(row, "IN_LANE") + y * int_field(row, "IN_ROW")
                source = int_field(row, "INPUT") + 4 * source
                for x in range(width):
                    store_float(target + x * out_pixel, load_float(source + x * in_pixel))
            if y == group == 0:
                end = int_field(row, "OUTPUT") + 4 * (image * int_field(row, "OUT_IMAGE") + int_field(row, "SIZE"))
                for place in range(int_field(row, "TAIL")):
                    store_float(end + 4 * place, 0.0)

    return layout_copy

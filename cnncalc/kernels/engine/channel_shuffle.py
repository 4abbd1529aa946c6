"""Channels that become places, places that become channels, and channels shuffled among groups."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.fields import int_field, load_float, store_float
from cnncalc.kernels.engine.machine_code import unrolled

SPACE_TO_DEPTH, DEPTH_TO_SPACE, SHUFFLE = range(3)
"""How `channel_shuffle` finds the channel and the place that a number comes from."""


@unrolled
def channel_shuffle(order: int) -> Callable[[int, int, int, int], None]:
    """Channels spread over places of KERNEL_Y x KERNEL_X, or the other way, or to each other (KERNEL_Y groups).

    Number by number between blocked maps; one unit is a row of a channel block.
    """

    def channel_shuffle(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "BLOCKS")
        down, across, channels = int_field(row, "KERNEL_Y"), int_field(row, "KERNEL_X"), int_field(row, "CHANNELS")
        for unit in range(first, last):
            image = unit // (blocks * height)
            y = unit // blocks - image * height
            block = unit % blocks
            target = (
                image * int_field(row, "OUT_IMAGE")
                + block * int_field(row, "OUT_BLOCK")
                + y * int_field(row, "OUT_ROW")
            )
            target = int_field(row, "OUTPUT") + 4 * target
            for c in range(16 * block, 16 * block + 16):
                turns = across if order == DEPTH_TO_SPACE else 1
                for turn in range(turns):
                    if order == SPACE_TO_DEPTH:
                        channel, iy = c // (down * across), y * down + c // across % down
                        ix, step = c % across, across
                    elif order == DEPTH_TO_SPACE:
                        channel, iy, ix, step = (c * down + y % down) * across + turn, y // down, 0, 1
                    else:
                        channel, iy, ix, step = c % down * (channels // down) + c // down, y, 0, 1
                    source = channel // 16 * int_field(row, "IN_BLOCK") + iy * int_field(row, "IN_ROW") + 16 * ix
                    source = int_field(row, "INPUT") + 4 * (image * int_field(row, "IN_IMAGE") + source + channel % 16)
                    into = target + 4 * (c - 16 * block)
                    if c < channels:
                        for x in range(turn, width, turns):
                            store_float(into + 64 * x, load_float(source))
                            source += 64 * step
                    else:
                        for x in range(turn, width, turns):
                            store_float(into + 64 * x, 0.0)

    return channel_shuffle

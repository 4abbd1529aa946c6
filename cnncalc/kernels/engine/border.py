"""Pads that repeat a map's own numbers: its edge, its reflection, or its other end."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.fields import copy_pixel, int_field

EDGE, REFLECT, WRAP = range(3)
"""What a border repeats: the last number, the numbers before it backwards, those of the other end."""


def _source_place(i: int, n: int, fill: int) -> int:
    """Which of n numbers stands at place i, that may lie before the first or after the last."""
    if fill == EDGE:
        return min(max(i, 0), n - 1)
    if fill == WRAP:
        return i % n
    back = i % max(1, 2 * n - 2)
    return back if back < n else 2 * n - 2 - back


def border(fill: int) -> Callable[[int, int, int, int], None]:
    """A blocked map with PADS_Y rows above and PADS_X columns before it, and more after it, all repeated from within.

    One unit is a row of a channel block.
    """

    def border(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "BLOCKS")
        tall, wide, before = int_field(row, "IN_HEIGHT"), int_field(row, "IN_WIDTH"), int_field(row, "PADS_X")
        for unit in range(first, last):
            image = unit // (blocks * height)
            y = unit // blocks - image * height
            block = unit % blocks
            source = image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            source += _source_place(y - int_field(row, "PADS_Y"), tall, fill) * int_field(row, "IN_ROW")
            target = (
                image * int_field(row, "OUT_IMAGE")
                + block * int_field(row, "OUT_BLOCK")
                + y * int_field(row, "OUT_ROW")
            )
            source, target = int_field(row, "INPUT") + 4 * source, int_field(row, "OUTPUT") + 4 * target
            for x in range(width):
                copy_pixel(target + 64 * x, source + 64 * _source_place(x - before, wide, fill))

    return border

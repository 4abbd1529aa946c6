"""Softmax over the channels of each place, from a blocked map into any layout."""

from __future__ import annotations

import math
from collections.abc import Callable

from cnncalc.kernels.engine.fields import int_field, load_float, store_float
from cnncalc.kernels.engine.llvm import types

SUMMED = 1024
"""So many numbers are summed in float32, their sums in float64: 459,000 near-equal ones in sequence were 3e-3 off."""


def softmax() -> Callable[[int, int, int, int], None]:
    """exp(x) / (sum of exp(x)); the largest is subtracted first, against overflow.  One unit is a row of an image."""

    def softmax(row: int, first: int, last: int, thread: int) -> None:
        height, width, channels = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "CHANNELS")
        in_block, out_block, out_lane = (
            int_field(row, "IN_BLOCK"),
            int_field(row, "OUT_BLOCK"),
            int_field(row, "OUT_LANE"),
        )
        for unit in range(first, last):
            image = unit // height
            y = unit - image * height
            for x in range(width):
                source = (
                    image * int_field(row, "IN_IMAGE") + y * int_field(row, "IN_ROW") + x * int_field(row, "IN_PIXEL")
                )
                source = int_field(row, "INPUT") + 4 * source
                target = (
                    image * int_field(row, "OUT_IMAGE")
                    + y * int_field(row, "OUT_ROW")
                    + x * int_field(row, "OUT_PIXEL")
                )
                target = int_field(row, "OUTPUT") + 4 * target
                largest = load_float(source)
                for c in range(channels):
                    value = load_float(source + 4 * (c // 16 * in_block + c % 16))
                    if not value <= largest:
                        largest = value
                total = 0.0
                for begin in range(0, channels, SUMMED):
                    so_far = types.float32(0.0)
                    for c in range(begin, min(begin + SUMMED, channels)):
                        value = load_float(source + 4 * (c // 16 * in_block + c % 16))
                        power = math.exp(value - largest)
                        so_far += power
                        store_float(target + 4 * (c // 16 * out_block + c % 16 * out_lane), power)
                    total += so_far
                whole = types.float32(total)
                for c in range(channels):
                    place = target + 4 * (c // 16 * out_block + c % 16 * out_lane)
                    store_float(place, load_float(place) / whole)

    return softmax

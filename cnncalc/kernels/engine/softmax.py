"""Softmax over the channels of each place, from a blocked map into any layout."""

from __future__ import annotations

import math
from collections.abc import Callable

from cnncalc.kernels.engine.code import types
from cnncalc.kernels.engine.fields import number, put, taken

SUMMED = 1024
"""So many numbers are summed in float32, their sums in float64: 459,000 near-equal ones in sequence were 3e-3 off."""


def softmax() -> Callable[[int, int, int, int], None]:
    """exp(x) / (sum of exp(x)); the largest is subtracted first, against overflow.  One unit is a row of an image."""

    def softmax(row: int, first: int, last: int, thread: int) -> None:
        height, width, channels = number(row, "HEIGHT"), number(row, "WIDTH"), number(row, "CHANNELS")
        for unit in range(first, last):
            image = unit // height
            y = unit - image * height
            for x in range(width):
                source = image * number(row, "IN_IMAGE") + y * number(row, "IN_ROW") + x * number(row, "IN_PIXEL")
                source = number(row, "INPUT") + 4 * source
                target = image * number(row, "OUT_IMAGE") + y * number(row, "OUT_ROW") + x * number(row, "OUT_PIXEL")
                target = number(row, "OUTPUT") + 4 * target
                largest = taken(source)
                for c in range(channels):
                    value = taken(source + 4 * (c // 16 * number(row, "IN_BLOCK") + c % 16))
                    if not value <= largest:
                        largest = value
                total = 0.0
                for begin in range(0, channels, SUMMED):
                    so_far = types.float32(0.0)
                    for c in range(begin, min(begin + SUMMED, channels)):
                        value = taken(source + 4 * (c // 16 * number(row, "IN_BLOCK") + c % 16))
                        power = math.exp(value - largest)
                        so_far += power
                        put(target + 4 * (c // 16 * number(row, "OUT_BLOCK") + c % 16 * number(row, "OUT_LANE")), power)
                    total += so_far
                whole = types.float32(total)
                for c in range(channels):
                    place = target + 4 * (c // 16 * number(row, "OUT_BLOCK") + c % 16 * number(row, "OUT_LANE"))
                    put(place, taken(place) / whole)

    return softmax

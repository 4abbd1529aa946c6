"""Softmax over the channels of each place, from a blocked map into any layout."""

from __future__ import annotations

import math
from collections.abc import Callable

from cnncalc.kernels.engine.fields import int_field, load_float, store_float
from cnncalc.kernels.engine.llvm import types
from cnncalc.kernels.engine.machine_code import unrolled

SUMMED = 1024
"""So many numbers are summed in float32, their sums in float64: 459,000 near-equal ones in sequence were 3e-3 off."""


@unrolled
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
                for block in range((channels + 15) // 16):
                    for lane in range(min(16, channels - 16 * block)):
                        value = load_float(source + 4 * (block * in_block + lane))
                        if not value <= largest:
                            largest = value
                total = 0.0
                for begin in range(0, channels, SUMMED):
                    so_far = types.float32(0.0)
                    for block in range(begin // 16, (min(begin + SUMMED, channels) + 15) // 16):
                        place, into = source + 4 * block * in_block, target + 4 * block * out_block
                        for lane in range(min(16, channels - 16 * block)):
                            power = math.exp(load_float(place + 4 * lane) - largest)
                            so_far += power
                            store_float(into, power)
                            into += 4 * out_lane
                    total += so_far
                whole = types.float32(total)
                for block in range((channels + 15) // 16):
                    into = target + 4 * block * out_block
                    for _ in range(min(16, channels - 16 * block)):
                        store_float(into, load_float(into) / whole)
                        into += 4 * out_lane

    return softmax

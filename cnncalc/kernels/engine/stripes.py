"""A convolution and the depthwise convolution after it, stripe by stripe: what is between them stays in a core's cache.

MobileNetV2 widens a map sixfold just to filter each channel by itself; at 112x112 that wide map is 5 MB.  One unit of
work is a stripe of output rows in one block of filters: their rows of the wide map go into memory of the thread's own,
with zeros around them, and from there through the windows.  Rows that two stripes see are computed for both, in the
same order, so the same bits.  Both halves are the kernels they are elsewhere, given rows of numbers of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.code import types
from cnncalc.kernels.engine.fields import COUNT, assigned, called, number, put


def stripes() -> Callable[[int, int, int, int], None]:
    """The kernel; a unit is SEGMENT rows of a block of filters.

    The row is followed by those of the convolution and of the windows as they are for the whole map, then by two for
    each thread to be changed.  The wide map has TALL rows; an output row begins STRIDE further down in it than the one
    before, KERNEL_Y of its rows above and below each other, the first RIM_TOP above the map.
    """

    def stripes(row: int, first: int, last: int, thread: int) -> None:
        size = 8 * COUNT
        convolution, windows = row + size, row + 2 * size
        own, after = row + size * (3 + 2 * thread), row + size * (4 + 2 * thread)
        height, segment, blocks = number(row, "HEIGHT"), number(row, "SEGMENT"), number(row, "FILTER_BLOCKS")
        segments = (height + segment - 1) // segment
        each, stride = number(row, "BLOCKS"), number(row, "STRIDE")
        line, plane = number(windows, "IN_ROW"), number(windows, "IN_BLOCK")
        scratch = number(row, "SCRATCH") + 4 * thread * number(row, "SCRATCH_SIZE")
        for unit in range(first, last):
            image = unit // (blocks * segments)
            y = (unit // blocks - image * segments) * segment
            block = unit % blocks
            rows = min(segment, height - y)
            start = y * stride - number(row, "RIM_TOP")
            count = (rows - 1) * stride + number(row, "KERNEL_Y")
            above, inside = max(0, -start), min(count, number(row, "TALL") - start)
            for b in range(each):
                for r in range(count):
                    place = scratch + 4 * (b * plane + r * line)
                    empty = r < above or r >= inside
                    for x in range(line if empty else 16 * number(row, "RIM_LEFT")):
                        put(place + 4 * x, types.float32(0))
                    for x in range(0 if empty else line - 16 * number(row, "RIM_RIGHT"), 0 if empty else line):
                        put(place + 4 * x, types.float32(0))
            if inside > above:
                source = image * number(convolution, "IN_IMAGE") + (start + above) * number(convolution, "STRIDE_ROW")
                weights = 4 * block * number(convolution, "WEIGHT_BLOCK")
                assigned(own, "INPUT", number(convolution, "INPUT") + 4 * source)
                assigned(own, "OUTPUT", scratch + 4 * (above * line + 16 * number(row, "RIM_LEFT")))
                assigned(own, "WEIGHTS", number(convolution, "WEIGHTS") + weights)
                assigned(own, "BIAS", number(convolution, "BIAS") + 64 * each * block)
                assigned(own, "HEIGHT", inside - above)
                assigned(own, "ODD", number(convolution, "ODD") if block == blocks - 1 else 0)
                called(number(row, "FIRST_PASS"), own, 0, inside - above, thread)
            target = image * number(windows, "OUT_IMAGE") + block * each * number(windows, "OUT_BLOCK")
            target += y * number(windows, "OUT_ROW")
            assigned(after, "INPUT", scratch)
            assigned(after, "OUTPUT", number(windows, "OUTPUT") + 4 * target)
            assigned(after, "WEIGHTS", number(windows, "WEIGHTS") + 4 * block * each * number(windows, "WEIGHT_BLOCK"))
            assigned(after, "BIAS", number(windows, "BIAS") + 64 * each * block)
            assigned(after, "HEIGHT", rows)
            assigned(after, "SEGMENT", rows)
            filters = min(each, number(windows, "BLOCKS") - block * each)
            assigned(after, "BLOCKS", filters)
            called(number(row, "SECOND_PASS"), after, 0, filters, thread)

    return stripes

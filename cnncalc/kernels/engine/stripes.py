"""A convolution and the depthwise convolution after it, stripe by stripe: what is between them stays in a core's cache.

MobileNetV2 widens a map sixfold just to filter each channel by itself; at 112x112 that wide map is 5 MB.  One unit of
work is a stripe of output rows in one block of filters: their rows of the wide map go into memory of the thread's own,
with zeros around them, and from there through the windows.  Rows that two stripes see are computed for both, in the
same order, so the same bits.  Both halves are the kernels they are elsewhere, given rows of numbers of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.fields import COUNT, call_kernel, int_field, set_field, store_float
from cnncalc.kernels.engine.llvm import types


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
        height, segment, blocks = int_field(row, "HEIGHT"), int_field(row, "SEGMENT"), int_field(row, "FILTER_BLOCKS")
        segments = (height + segment - 1) // segment
        each, stride = int_field(row, "BLOCKS"), int_field(row, "STRIDE")
        line, plane = int_field(windows, "IN_ROW"), int_field(windows, "IN_BLOCK")
        scratch = int_field(row, "SCRATCH") + 4 * thread * int_field(row, "SCRATCH_SIZE")
        for unit in range(first, last):
            image = unit // (blocks * segments)
            y = (unit // blocks - image * segments) * segment
            block = unit % blocks
            rows = min(segment, height - y)
            start = y * stride - int_field(row, "RIM_TOP")
            count = (rows - 1) * stride + int_field(row, "KERNEL_Y")
            above, inside = max(0, -start), min(count, int_field(row, "TALL") - start)
            for b in range(each):
                for r in range(count):
                    place = scratch + 4 * (b * plane + r * line)
                    empty = r < above or r >= inside
                    for x in range(line if empty else 16 * int_field(row, "RIM_LEFT")):
                        store_float(place + 4 * x, types.float32(0))
                    for x in range(0 if empty else line - 16 * int_field(row, "RIM_RIGHT"), 0 if empty else line):
                        store_float(place + 4 * x, types.float32(0))
            if inside > above:
                source = image * int_field(convolution, "IN_IMAGE") + (start + above) * int_field(
                    convolution, "STRIDE_ROW"
                )
                weights = 4 * block * int_field(convolution, "WEIGHT_BLOCK")
                set_field(own, "INPUT", int_field(convolution, "INPUT") + 4 * source)
                set_field(own, "OUTPUT", scratch + 4 * (above * line + 16 * int_field(row, "RIM_LEFT")))
                set_field(own, "WEIGHTS", int_field(convolution, "WEIGHTS") + weights)
                set_field(own, "BIAS", int_field(convolution, "BIAS") + 64 * each * block)
                set_field(own, "HEIGHT", inside - above)
                set_field(own, "ODD", int_field(convolution, "ODD") if block == blocks - 1 else 0)
                call_kernel(int_field(row, "FIRST_PASS"), own, 0, inside - above, thread)
            target = image * int_field(windows, "OUT_IMAGE") + block * each * int_field(windows, "OUT_BLOCK")
            target += y * int_field(windows, "OUT_ROW")
            set_field(after, "INPUT", scratch)
            set_field(after, "OUTPUT", int_field(windows, "OUTPUT") + 4 * target)
            set_field(
                after, "WEIGHTS", int_field(windows, "WEIGHTS") + 4 * block * each * int_field(windows, "WEIGHT_BLOCK")
            )
            set_field(after, "BIAS", int_field(windows, "BIAS") + 64 * each * block)
            set_field(after, "HEIGHT", rows)
            set_field(after, "SEGMENT", rows)
            filters = min(each, int_field(windows, "BLOCKS") - block * each)
            set_field(after, "BLOCKS", filters)
            call_kernel(int_field(row, "SECOND_PASS"), after, 0, filters, thread)

    return stripes

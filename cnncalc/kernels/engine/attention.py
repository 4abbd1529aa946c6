"""Attention between places: keys laid as the filters of a product, and the softmax of the scores that it makes.

The products themselves are convolutions of 1x1 (`cnncalc.kernels.engine.convolution`) whose weights are maps: the
scores of a head are its queries times its keys, the result its softmax times its values.  Vaswani et al. 2017.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import F32, I64, field, int_field, load_float, real_field, store_float
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined


def keys_as_filters() -> Callable[[int, int, int, int], None]:
    """Of each of GROUPS heads: place p, channel c of a map -> channel p, place c of another one, zeros after the last.

    A head has CHANNELS channels, and whole blocks in both maps.  One unit is a block of places of a head.
    """

    def keys_as_filters(row: int, first: int, last: int, thread: int) -> None:
        channels, wide = int_field(row, "CHANNELS"), int_field(row, "IN_WIDTH")
        places, heads = int_field(row, "IN_HEIGHT") * wide, int_field(row, "GROUPS")
        blocks = (places + 15) // 16
        for unit in range(first, last):
            image = unit // (heads * blocks)
            head, block = unit // blocks % heads, unit % blocks
            target = image * int_field(row, "OUT_IMAGE") + (head * blocks + block) * int_field(row, "OUT_BLOCK")
            target = int_field(row, "OUTPUT") + 4 * target
            for lane in range(16):
                place = 16 * block + lane
                if place >= places:
                    for c in range(channels):
                        store_float(target + 64 * c + 4 * lane, 0.0)
                    continue
                source = image * int_field(row, "IN_IMAGE") + place // wide * int_field(row, "IN_ROW")
                source += place % wide * 16 + head * (channels // 16) * int_field(row, "IN_BLOCK")
                source = int_field(row, "INPUT") + 4 * source
                for c in range(channels):
                    value = load_float(source + 4 * (c // 16 * int_field(row, "IN_BLOCK") + c % 16))
                    store_float(target + 64 * c + 4 * lane, value)

    return keys_as_filters


class _Scores:
    """The scores of one place, block by block; those from `end` on are of no key, and become 0."""

    def __init__(self, e: Simd, row: Any, source: Any, target: Any, end: Any) -> None:
        self.e, self.row, self.ends = e, row, (source, target)
        self.end = end

    def each(self, do: Callable[[Any, Any, Any], None]) -> None:
        """Do this with (the address of what is read, of what is written, which lanes exist), vector by vector."""
        e, b = self.e, self.e.builder
        with cgutils.for_range(b, field(b, self.row, "BLOCKS")) as block:
            read, written = (
                e.at(e.pointer(start), b.mul(block.index, field(b, self.row, name)))
                for start, name in zip(self.ends, ("IN_BLOCK", "OUT_BLOCK"), strict=True)
            )
            left = b.sub(self.end, e.times(block.index, BLOCK))
            for lane in range(0, BLOCK, e.lanes):
                do(e.at(read, lane), e.at(written, lane), e.lanes_between(I64(0), left, lane))


@intrinsic
def softmax_of_place(context: Any, lanes: Any, row: Any, source: Any, target: Any, end: Any) -> Any:
    """exp(scale * x) / (sum of exp(scale * x)) over the scores of a place, before `end`; zeros from there on."""
    width = lanes.literal_value

    def emit_place(b: Any, row: Any, source: Any, target: Any, end: Any) -> None:
        e = Simd(b, width)
        scores, scale = _Scores(e, row, source, target, end), e.splat(real_field(b, row, "LOW"))
        largest, total = e.variable(e.constant(float("-inf"))), e.variable(e.constant(0.0))

        def meet(read: Any, written: Any, there: Any) -> None:
            value = e.load_some(read, there, e.constant(float("-inf")))
            b.store(e.largest_or_nan(b.load(largest), value), largest)

        def raise_power(read: Any, written: Any, there: Any) -> None:
            power = e.exp(e.multiply(e.subtract(e.load(read), top), scale))
            power = b.select(there, power, e.constant(0.0))
            b.store(e.add(b.load(total), power), total)
            e.store(power, written)

        def divide(read: Any, written: Any, there: Any) -> None:
            e.store(e.multiply(e.load(written), share), written)

        b.store(e.constant(float("-inf")), largest)
        b.store(e.constant(0.0), total)
        scores.each(meet)
        top = e.splat(e.reduced("fmax", b.load(largest)))
        scores.each(raise_power)
        share = e.splat(b.fdiv(F32(1.0), e.reduced("fadd", b.load(total), F32(0.0))))
        scores.each(divide)

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"softmax_of_place_{width}", emit_place, builder, arguments[1:])
        return target_context.get_dummy_value()

    return types.void(lanes, *[types.intp] * 4), emit


def softmax_of_scores(lanes: int, causal: int) -> Callable[[int, int, int, int], None]:
    """Of each of GROUPS heads, BLOCKS blocks each, the softmax of CHANNELS scores at each place.

    `causal`: a place sees none that comes after it.  One unit is a row of places of a head.
    """

    def softmax_of_scores(row: int, first: int, last: int, thread: int) -> None:
        height, width, heads = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "GROUPS")
        blocks, channels = int_field(row, "BLOCKS"), int_field(row, "CHANNELS")
        for unit in range(first, last):
            image = unit // (heads * height)
            head, y = unit // height % heads, unit % height
            source = image * int_field(row, "IN_IMAGE") + head * blocks * int_field(row, "IN_BLOCK")
            source = int_field(row, "INPUT") + 4 * (source + y * int_field(row, "IN_ROW"))
            target = image * int_field(row, "OUT_IMAGE") + head * blocks * int_field(row, "OUT_BLOCK")
            target = int_field(row, "OUTPUT") + 4 * (target + y * int_field(row, "OUT_ROW"))
            for x in range(width):
                end = min(channels, y * width + x + 1) if causal else channels
                softmax_of_place(lanes, row, source + 64 * x, target + 64 * x, end)

    return softmax_of_scores

"""Instance normalisation: each channel less its own mean, over its own deviation, then its factor and its offset.

All channels of a block go side by side.  Means and squared distances from them are summed in float64, as in
`cnncalc.kernels.engine.layer_norm`.  Ulyanov et al. 2016.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from cnncalc.kernels.engine.fields import F64, I64, field, int_field, real_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, ir, types
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined


class _Lanes:
    """Some channels of a block at all places, slice by slice and row by row."""

    def __init__(self, e: Simd, row: Any, source: Any, target: Any) -> None:
        self.e, self.row, self.source, self.target = e, row, source, target
        self.double = ir.VectorType(F64, e.lanes)

    def field(self, name: str) -> Any:
        return field(self.e.builder, self.row, name)

    def each(self, do: Callable[[Any, Any], None]) -> None:
        """Do this with the address of what is read and of what is written, place by place."""
        e, b = self.e, self.e.builder
        with cgutils.for_range(b, self.field("DEPTH")) as z, cgutils.for_range(b, self.field("HEIGHT")) as y:
            line, into = (
                e.at(
                    e.at(start, b.mul(z.index, self.field(f"{side}_SLICE"))), b.mul(y.index, self.field(f"{side}_ROW"))
                )
                for start, side in ((self.source, "IN"), (self.target, "OUT"))
            )
            with cgutils.for_range(b, self.field("WIDTH")) as x:
                distance = e.times(x.index, BLOCK)
                do(e.at(line, distance), e.at(into, distance))

    def mean_of(self, term: Callable[[Any], Any]) -> Any:
        """The mean of `term(x)` over all places, in float64."""
        e, b = self.e, self.e.builder
        total = cgutils.alloca_once(b, self.double)
        b.store(ir.Constant(self.double, [0.0] * e.lanes), total)

        def add(read: Any, _: Any) -> None:
            b.store(b.fadd(b.load(total), term(b.fpext(e.load(read), self.double))), total)

        self.each(add)
        count = b.mul(self.field("DEPTH"), b.mul(self.field("HEIGHT"), self.field("WIDTH")))
        return b.fdiv(b.load(total), e.splat(b.sitofp(count, F64), F64))


def _squared_distance(builder: Any, mean: Any, value: Any) -> Any:
    distance = builder.fsub(value, mean)
    return builder.fmul(distance, distance)


def _store(e: Simd, by_channel: tuple[Any, ...], read: Any, written: Any) -> None:
    mean, scale, bias, there = by_channel
    b = e.builder
    value = b.fptrunc(b.fsub(b.fpext(e.load(read), mean.type), mean), e.type)
    e.store(b.select(there, e.fma(value, scale, bias), e.constant(0.0)), written)


@intrinsic
def normalized_block(context: Any, lanes: Any, row: Any, source: Any, target: Any, block: Any) -> Any:
    """A block of channels, all its places."""
    width = lanes.literal_value

    def emit_block(b: Any, row: Any, source: Any, target: Any, block: Any) -> None:
        e = Simd(b, width)
        first = e.times(block, BLOCK)
        for lane in range(0, BLOCK, width):
            places = _Lanes(e, row, *(e.at(e.pointer(address), lane) for address in (source, target)))
            mean = places.mean_of(lambda x: x)
            spread = places.mean_of(partial(_squared_distance, b, mean))
            epsilon = e.splat(b.fpext(real_field(b, row, "LOW"), F64), F64)
            root = b.fptrunc(e.root_of_double(b.fadd(spread, epsilon)), e.type)
            weight, bias = (
                e.load(e.at(e.at(e.pointer(places.field(name)), first), lane)) for name in ("WEIGHTS", "BIAS")
            )
            there = e.lanes_between(I64(0), b.sub(places.field("CHANNELS"), first), lane)
            scale = b.fdiv(weight, root)

            places.each(partial(_store, e, (mean, scale, bias, there)))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"normalized_block_{width}", emit_block, builder, arguments[1:])
        return target_context.get_dummy_value()

    return types.void(lanes, *[types.intp] * 4), emit


def instance_norm(lanes: int) -> Callable[[int, int, int, int], None]:
    """The kernel; one unit is a channel block of an image, DEPTH slices of it."""

    def instance_norm(row: int, first: int, last: int, thread: int) -> None:
        blocks = int_field(row, "BLOCKS")
        for unit in range(first, last):
            image, block = unit // blocks, unit % blocks
            source = image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            target = image * int_field(row, "OUT_IMAGE") + block * int_field(row, "OUT_BLOCK")
            source, target = int_field(row, "INPUT") + 4 * source, int_field(row, "OUTPUT") + 4 * target
            normalized_block(lanes, row, source, target, block)

    return instance_norm

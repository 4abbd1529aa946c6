"""Layer and group normalisation: numbers less their mean, over their deviation, then a factor and an offset by channel.

The mean first, then the mean of the squared distances from it: squares alone would lose what matters where the mean is
large.  Both are summed in float64: a million numbers in sequence were 0.1 off.  Ba et al. 2016; Wu and He 2018.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import F64, field, float_field, int_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, ir, types
from cnncalc.kernels.engine.machine_code import unrolled
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined


@intrinsic
def masked_sum(
    context: Any,
    lanes: Any,
    power: Any,
    row: Any,
    source: Any,
    height: Any,
    width: Any,
    low: Any,
    high: Any,
    centre: Any,
) -> Any:
    """The sum of (x - centre) ** power over lanes low .. high of a rectangle, in float64."""
    lane_count, squared = lanes.literal_value, power.literal_value == 2

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, _, row, source, height, width, low, high, centre = arguments
        e = Simd(builder, lane_count)
        double = ir.VectorType(F64, lane_count)
        middle, total = e.splat(centre, F64), cgutils.alloca_once(builder, F64)
        outside = builder.fptrunc(middle, e.type)
        builder.store(F64(0.0), total)
        for lane in range(0, BLOCK, lane_count):
            inside = e.lanes_between(low, high, lane)
            with cgutils.for_range(builder, height) as y:
                line = e.at(e.pointer(source), builder.mul(y.index, field(builder, row, "IN_ROW")))
                of_row = cgutils.alloca_once(builder, double)
                builder.store(ir.Constant(double, [0.0] * lane_count), of_row)
                with cgutils.for_range(builder, width) as x:
                    place = e.at(e.at(line, lane), e.times(x.index, BLOCK))
                    value = builder.fsub(builder.fpext(e.load_some(place, inside, outside), double), middle)
                    value = builder.select(inside, value, ir.Constant(double, [0.0] * lane_count))
                    value = builder.fmul(value, value) if squared else value
                    builder.store(builder.fadd(builder.load(of_row), value), of_row)
                builder.store(_with_lanes(builder, builder.load(total), builder.load(of_row), lane_count), total)
        return builder.load(total)

    return types.float64(lanes, power, *[types.intp] * 6, types.float64), emit


def _with_lanes(builder: Any, so_far: Any, vector: Any, lanes: int) -> Any:
    """The sum of a number and all lanes, pairwise."""
    kind = ir.FunctionType(F64, [F64, vector.type])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.vector.reduce.fadd.v{lanes}f64")
    return builder.fadd(so_far, builder.call(function, [F64(0.0), vector], fastmath=("reassoc",)))


@intrinsic
def normalize(
    context: Any,
    lanes: Any,
    row: Any,
    source: Any,
    target: Any,
    block: Any,
    height: Any,
    width: Any,
    low: Any,
    high: Any,
    end: Any,
    mean: Any,
    factor: Any,
) -> Any:
    """(x - mean) * factor * weight[c] + bias[c] for lanes low .. high of a rectangle, zeros from there to `end`."""
    lane_count = lanes.literal_value

    def emit_block(builder: Any, row: Any, *arguments: Any) -> None:
        e = Simd(builder, lane_count)
        source, target, block, height, width, low, high, end, mean, factor = arguments
        for lane in range(0, BLOCK, lane_count):
            of_channel = e.times(block, BLOCK)
            weight, bias = (
                e.load(e.at(e.at(e.pointer(field(builder, row, name)), of_channel), lane))
                for name in ("WEIGHTS", "BIAS")
            )
            double = ir.VectorType(F64, lane_count)
            middle, scale = e.splat(mean, F64), e.multiply(weight, e.splat(factor))
            outside = e.constant(0.0)
            inside, written = e.lanes_between(low, high, lane), e.lanes_between(low, end, lane)
            with cgutils.for_range(builder, height) as y:
                line = e.at(e.at(e.pointer(source), lane), builder.mul(y.index, field(builder, row, "IN_ROW")))
                into = e.at(e.at(e.pointer(target), lane), builder.mul(y.index, field(builder, row, "OUT_ROW")))
                with cgutils.for_range(builder, width) as x:
                    distance = e.times(x.index, BLOCK)
                    value = builder.fpext(e.load_some(e.at(line, distance), inside, outside), double)
                    value = builder.fptrunc(builder.fsub(value, middle), e.type)
                    value = builder.select(inside, e.fma(value, scale, bias), e.constant(0.0))
                    e.store_some(value, e.at(into, distance), written)

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"normalize_{lane_count}", emit_block, builder, arguments[1:])
        return target_context.get_dummy_value()

    return types.void(lanes, *[types.intp] * 9, types.float64, types.float32), emit


@unrolled
def layer_norm(lanes: int, by_place: int) -> Callable[[int, int, int, int], None]:
    """The kernel: all channels of each place together, or all places of each of GROUPS groups of channels.

    One unit is a row of places, or a group of an image.
    """

    def layer_norm(row: int, first: int, last: int, thread: int) -> None:
        channels, blocks = int_field(row, "CHANNELS"), int_field(row, "BLOCKS")
        tall, wide = (1, 1) if by_place else (int_field(row, "HEIGHT"), int_field(row, "WIDTH"))
        turns = int_field(row, "WIDTH") if by_place else 1
        sets = int_field(row, "HEIGHT") if by_place else int_field(row, "GROUPS")
        size = channels if by_place else channels // sets
        slices = max(1, int_field(row, "DEPTH"))
        count = types.float64(size * slices * tall * wide)
        for unit in range(first, last):
            image = unit // sets
            y = unit % sets if by_place else 0
            low = 0 if by_place else unit % sets * size
            high = low + size
            end = 16 * blocks if high == channels else high
            for x in range(turns):
                source = image * int_field(row, "IN_IMAGE") + y * int_field(row, "IN_ROW") + 16 * x
                target = image * int_field(row, "OUT_IMAGE") + y * int_field(row, "OUT_ROW") + 16 * x
                total = 0.0
                for z in range(slices):
                    for block in range(low // 16, (high + 15) // 16):
                        place = source + z * int_field(row, "IN_SLICE") + block * int_field(row, "IN_BLOCK")
                        place = int_field(row, "INPUT") + 4 * place
                        inside, beyond = low - 16 * block, high - 16 * block
                        total += masked_sum(lanes, 1, row, place, tall, wide, inside, beyond, 0.0)
                mean = total / count
                total = 0.0
                for z in range(slices):
                    for block in range(low // 16, (high + 15) // 16):
                        place = source + z * int_field(row, "IN_SLICE") + block * int_field(row, "IN_BLOCK")
                        place = int_field(row, "INPUT") + 4 * place
                        inside, beyond = low - 16 * block, high - 16 * block
                        total += masked_sum(lanes, 2, row, place, tall, wide, inside, beyond, mean)
                factor = types.float32(1.0 / math.sqrt(total / count + float_field(row, "LOW")))
                for z in range(slices):
                    for block in range(low // 16, (high + 15) // 16):
                        place = source + z * int_field(row, "IN_SLICE") + block * int_field(row, "IN_BLOCK")
                        place = int_field(row, "INPUT") + 4 * place
                        into = target + z * int_field(row, "OUT_SLICE") + block * int_field(row, "OUT_BLOCK")
                        into = int_field(row, "OUTPUT") + 4 * into
                        inside, beyond, after = low - 16 * block, high - 16 * block, end - 16 * block
                        normalize(lanes, row, place, into, block, tall, wide, inside, beyond, after, mean, factor)

    return layer_norm

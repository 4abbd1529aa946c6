"""Fully connected layers: rows of weights, as they are stored, times the vectors of some images.

For one image each weight is read once and used once, so the speed is the memory's.  The weights stay where they are:
packing those of VGG-16 would cost more than a run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import F32, I64, field, int_field, real_field, store_float
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, ir, types
from cnncalc.kernels.engine.simd import ACTIVATIONS, Simd, outlined

AHEAD = 512
"""Floats that the memory is asked for in advance."""

SUMMED = 2048
"""Vectors of products that are summed in sequence, then these sums: a million numbers in sequence were 5e-4 off."""


class DenseTile:
    """Emits one tile: `units` rows of weights times the vectors of `images` images, `width` numbers at a time."""

    def __init__(self, units: int, images: int, lanes: int, activation: int) -> None:
        self.units, self.images, self.lanes, self.activation = units, images, lanes, ACTIVATIONS[activation]
        self.name = f"dense_tile_{units}_{images}_{lanes}_{activation}"

    def emit(self, builder: Any, row: Any, source: Any, weights: Any, target: Any, bias: Any) -> None:
        e = Simd(builder, self.lanes)
        size = field(builder, row, "SIZE")
        lines = [e.at(e.pointer(weights), e.times(size, unit)) for unit in range(self.units)]
        image = field(builder, row, "IN_IMAGE")
        vectors = [e.at(e.pointer(source), e.times(image, n)) for n in range(self.images)]
        sums = [[e.variable(e.constant(0.0)) for _ in vectors] for _ in lines]
        turns = builder.sdiv(size, I64(self.lanes))
        parts = builder.sdiv(builder.add(turns, I64(SUMMED - 1)), I64(SUMMED))
        with cgutils.for_range(builder, parts) as part:
            first = e.times(part.index, SUMMED)
            rest = builder.sub(turns, first)
            count = builder.select(builder.icmp_signed("<", rest, I64(SUMMED)), rest, I64(SUMMED))
            so_far = [[e.variable(e.constant(0.0)) for _ in vectors] for _ in lines]
            for variable in (variable for own in so_far for variable in own):
                builder.store(e.constant(0.0), variable)
            self._multiply(e, lines, vectors, first, count, so_far)
            for totals, own in zip(sums, so_far, strict=True):
                for total, variable in zip(totals, own, strict=True):
                    builder.store(e.add(builder.load(total), builder.load(variable)), total)
        done = e.times(turns, self.lanes)
        for unit, (line, own) in enumerate(zip(lines, sums, strict=True)):
            start = builder.load(e.at(e.pointer(bias), unit))
            for n, (vector, variable) in enumerate(zip(vectors, own, strict=True)):
                total = self._total(builder, builder.load(variable), start)
                total = self._with_rest(e, total, e.at(line, done), e.at(vector, done), builder.sub(size, done))
                place = e.at(e.at(e.pointer(target), unit), e.times(field(builder, row, "OUT_IMAGE"), n))
                builder.store(self._activated(e, row, total), place)

    def _multiply(self, e: Simd, lines: Any, vectors: Any, first: Any, count: Any, sums: Any) -> None:
        """Add the products of so many vectors, from the first on."""
        with cgutils.for_range(e.builder, count) as turn:
            place = e.times(e.builder.add(first, turn.index), self.lanes)
            loaded = [e.load(e.at(vector, place)) for vector in vectors]
            for line, own in zip(lines, sums, strict=True):
                weight = e.load(e.at(line, place))
                e.prefetch(e.at(e.at(line, place), AHEAD), near=3)
                for value, variable in zip(loaded, own, strict=True):
                    e.builder.store(e.fma(weight, value, e.builder.load(variable)), variable)

    def _total(self, builder: Any, vector: Any, start: Any) -> Any:
        """The lanes' sum, pairwise."""
        kind = ir.FunctionType(F32, [F32, vector.type])
        name = f"llvm.vector.reduce.fadd.v{self.lanes}f32"
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        return builder.call(function, [start, vector], fastmath=("reassoc",))

    def _with_rest(self, e: Simd, total: Any, line: Any, vector: Any, count: Any) -> Any:
        """The last numbers, too few for a vector, one by one."""
        variable = e.variable(total)
        e.builder.store(total, variable)
        with cgutils.for_range(e.builder, count) as turn:
            one, other = (e.builder.load(e.at(place, turn.index)) for place in (line, vector))
            e.builder.store(e.fma_of_one(one, other, e.builder.load(variable)), variable)
        return e.builder.load(variable)

    def _activated(self, e: Simd, row: Any, total: Any) -> Any:
        low, high = (e.splat(real_field(e.builder, row, limit)) for limit in ("LOW", "HIGH"))
        value = e.activated(self.activation, e.splat(total), low, high)
        return e.builder.extract_element(value, ir.IntType(32)(0))


@intrinsic
def dense_tile(
    context: Any,
    units: Any,
    images: Any,
    lanes: Any,
    activation: Any,
    row: Any,
    source: Any,
    weights: Any,
    target: Any,
    bias: Any,
) -> Any:
    """Compute one tile; the first four numbers are known when it is compiled."""
    shape = (units, images, lanes, activation)
    tile = DenseTile(*(literal.literal_value for literal in shape))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(tile.name, tile.emit, builder, arguments[len(shape) :])
        return target_context.get_dummy_value()

    return types.void(*shape, *[types.intp] * 5), emit


def dense(units: int, images: int, lanes: int, activation: int) -> Callable[[int, int, int, int], None]:
    """The kernel; a unit of work is `units` outputs of all images.  The last also fills its block up with zeros."""

    def dense(row: int, first: int, last: int, thread: int) -> None:
        channels, count = int_field(row, "CHANNELS"), int_field(row, "IMAGES")
        for part in range(first, last):
            unit = min(part * units, channels - units)
            weights = int_field(row, "WEIGHTS") + 4 * unit * int_field(row, "SIZE")
            bias = int_field(row, "BIAS") + 4 * unit
            image = 0
            while True:
                source = int_field(row, "INPUT") + 4 * image * int_field(row, "IN_IMAGE")
                target = int_field(row, "OUTPUT") + 4 * (image * int_field(row, "OUT_IMAGE") + unit)
                dense_tile(units, images, lanes, activation, row, source, weights, target, bias)
                if image + images >= count:
                    break
                image = min(image + images, count - images)
            if unit + units == channels:
                for image in range(count):
                    end = int_field(row, "OUTPUT") + 4 * (image * int_field(row, "OUT_IMAGE") + channels)
                    for place in range(int_field(row, "TAIL")):
                        store_float(end + 4 * place, types.float32(0))

    return dense

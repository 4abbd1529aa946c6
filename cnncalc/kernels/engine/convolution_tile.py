"""The register tile of a convolution: some pixels times some vectors of output channels, summed in registers.

For each input block, kernel row, kernel column and channel: load the weights' vectors, broadcast one input number for
each pixel, multiply and add.  The bias starts the sum; the residual and the activation come before the store, so they
cost nothing.  14 pixels x 32 channels reach the peak of AVX-512; the shape hardly matters while 9 pixels or more are
in flight.  The channel loop is unrolled up to 4 times: unrolling 21 steps halved the speed.

On its way a tile asks the memory for weights that will be needed later: the first `QUARTERS` tiles with one block of
filters fetch the next block between them, so that it is near when its turn comes (5 % of ResNet-50 and VGG-16).
"""

from __future__ import annotations

from typing import Any

from cnncalc.kernels.engine.fields import I64, RESIDUAL_FIRST, RESIDUAL_LAST, field, real_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import ACTIVATIONS, BLOCK, Simd, outlined

AHEAD_LINES, QUARTERS = 2, 4
"""Cache lines of the next weights asked for in each turn of `unroll` = 4 channels, which has 8 lines of its own; so
this many tiles ask for all of them."""


class ConvolutionTile:
    """Emits one tile: `rows` x `columns` pixels, `vectors` vectors of filters.

    `step` is the distance between neighbouring pixels of the input, `unroll` the channels in one turn of the loop.
    """

    def __init__(self, columns: int, rows: int, vectors: int, lanes: int, step: int, unroll: int, activation: int):
        self.columns, self.rows, self.vectors, self.lanes = columns, rows, vectors, lanes
        self.step, self.unroll, self.activation = step, unroll, ACTIVATIONS[activation]
        self.pixels = [(y, x) for y in range(rows) for x in range(columns)]
        shape = (columns, rows, vectors, lanes, step, unroll, activation)
        self.name = f"convolution_tile_{'_'.join(map(str, shape))}"

    def emit(
        self,
        builder: Any,
        row: Any,
        source: Any,
        weights: Any,
        target: Any,
        bias: Any,
        residual: Any,
        odd: Any,
        ahead: Any,
        further: Any,
    ) -> None:
        """The whole tile; `odd`: the second half of the filters does not exist and may be overwritten.

        From the address `ahead` on memory is asked for in advance, `further` bytes later in each turn.
        """
        e = Simd(builder, self.lanes)
        biases = [e.load(e.at(e.pointer(bias), v * self.lanes)) for v in range(self.vectors)]
        sums = [[e.variable(biases[v]) for v in range(self.vectors)] for _ in self.pixels]
        weight = e.variable(e.pointer(weights))
        soon = e.variable(ahead)
        stride = field(builder, row, "STRIDE_ROW")
        with cgutils.for_range(builder, field(builder, row, "BLOCKS")) as block:
            at_end = builder.icmp_signed("==", block.index, builder.sub(field(builder, row, "BLOCKS"), I64(1)))
            inner = builder.select(at_end, field(builder, row, "LAST"), field(builder, row, "INNER"))
            plane = e.at(e.pointer(source), builder.mul(block.index, field(builder, row, "IN_BLOCK")))
            with cgutils.for_range(builder, field(builder, row, "KERNEL_Y")) as ky:
                line = e.at(plane, builder.mul(ky.index, field(builder, row, "TAP_ROW")))
                with cgutils.for_range(builder, field(builder, row, "KERNEL_X")) as kx:
                    tap = e.at(line, builder.mul(kx.index, field(builder, row, "TAP_PIXEL")))
                    turns = builder.sdiv(inner, I64(self.unroll))
                    with cgutils.for_range(builder, turns) as turn:
                        first = e.at(tap, e.times(turn.index, self.unroll))
                        self._accumulate(e, first, weight, sums, stride)
                        self._ask_for(e, soon, further)
        self._store(e, row, sums, target, residual, odd)

    def _ask_for(self, e: Simd, soon: Any, further: Any) -> None:
        if self.unroll == 4:
            here = e.builder.load(soon)
            for line in range(AHEAD_LINES):
                e.prefetch(e.pointer(e.builder.add(here, I64(64 * line))), near=2)
            e.builder.store(e.builder.add(here, further), soon)

    def _accumulate(self, e: Simd, first: Any, weight: Any, sums: Any, stride: Any) -> None:
        """`unroll` channels: the weights of each are loaded once, and meet every pixel."""
        lines = [e.at(first, e.times(stride, y)) if y else first for y in range(self.rows)]
        place = e.builder.load(weight)
        width = self.vectors * self.lanes
        so_far = [[e.builder.load(variable) for variable in own] for own in sums]
        for u in range(self.unroll):
            loaded = [e.load(e.at(place, u * width + v * self.lanes)) for v in range(self.vectors)]
            for (y, x), own in zip(self.pixels, so_far, strict=True):
                value = e.splat(e.builder.load(e.at(lines[y], x * self.step + u)))
                own[:] = [e.fma(value, weight, sum_) for weight, sum_ in zip(loaded, own, strict=True)]
        for variables, own in zip(sums, so_far, strict=True):
            for variable, sum_ in zip(variables, own, strict=True):
                e.builder.store(sum_, variable)
        e.builder.store(e.at(place, self.unroll * width), weight)

    def _store(self, e: Simd, row: Any, sums: Any, target: Any, residual: Any, odd: Any) -> None:
        """Residual, activation, store.  The first block goes last: it overwrites an odd second one."""
        b = e.builder
        mode = field(b, row, "RESIDUAL_MODE")
        with b.if_then(b.icmp_signed("==", mode, I64(RESIDUAL_FIRST))):
            self._add_residual(e, row, sums, residual, odd)
        low, high = (e.splat(real_field(b, row, name)) for name in ("LOW", "HIGH"))
        for own in sums:
            for variable in own:
                b.store(e.activated(self.activation, b.load(variable), low, high), variable)
        with b.if_then(b.icmp_signed("==", mode, I64(RESIDUAL_LAST))):
            self._add_residual(e, row, sums, residual, odd)
        pixel, line = field(b, row, "OUT_PIXEL"), field(b, row, "OUT_ROW")
        for v in reversed(range(self.vectors)):
            start = self._vector(e, e.pointer(target), field(b, row, "OUT_BLOCK"), v, odd)
            for (y, x), own in zip(self.pixels, sums, strict=True):
                place = e.at(e.at(start, e.times(line, y)), e.times(pixel, x))
                e.store(b.load(own[v]), place)

    def _add_residual(self, e: Simd, row: Any, sums: Any, residual: Any, odd: Any) -> None:
        line = field(e.builder, row, "RES_ROW")
        for v in range(self.vectors):
            start = self._vector(e, e.pointer(residual), field(e.builder, row, "RES_BLOCK"), v, odd)
            for (y, x), own in zip(self.pixels, sums, strict=True):
                other = e.load(e.at(e.at(start, e.times(line, y)), x * BLOCK))
                e.builder.store(e.add(e.builder.load(own[v]), other), own[v])

    def _vector(self, e: Simd, start: Any, block: Any, v: int, odd: Any) -> Any:
        """Where vector v of the first pixel lies."""
        which, lane = divmod(v * self.lanes, BLOCK)
        if not which:
            return e.at(start, lane)
        distance = e.builder.select(e.builder.icmp_signed("!=", odd, I64(0)), I64(0), block)
        return e.at(e.at(start, distance), lane)


@intrinsic
def convolution_tile(
    context: Any,
    columns: Any,
    rows: Any,
    vectors: Any,
    lanes: Any,
    step: Any,
    unroll: Any,
    activation: Any,
    row: Any,
    source: Any,
    weights: Any,
    target: Any,
    bias: Any,
    residual: Any,
    odd: Any,
    ahead: Any,
    further: Any,
) -> Any:
    """Compute one tile; the first seven numbers are known when it is compiled, the addresses when it runs."""
    shape = (columns, rows, vectors, lanes, step, unroll, activation)
    tile = ConvolutionTile(*(literal.literal_value for literal in shape))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(tile.name, tile.emit, builder, arguments[len(shape) :])
        return target_context.get_dummy_value()

    return types.void(*shape, *[types.intp] * 9), emit

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
        offsets = [e.times(field(builder, row, "STRIDE_ROW"), y) for y in range(self.rows)]
        blocks, kernel_y, kernel_x = (field(builder, row, name) for name in ("BLOCKS", "KERNEL_Y", "KERNEL_X"))
        steps = [field(builder, row, name) for name in ("IN_BLOCK", "TAP_ROW", "TAP_PIXEL")]
        inner, last = (builder.udiv(field(builder, row, name), I64(self.unroll)) for name in ("INNER", "LAST"))
        final = builder.sub(blocks, I64(1))
        plane, line, tap, pixel = (e.variable(e.pointer(source)) for _ in range(4))
        with cgutils.for_range(builder, blocks) as block:
            turns = builder.select(builder.icmp_signed("==", block.index, final), last, inner)
            builder.store(builder.load(plane), line)
            with cgutils.for_range(builder, kernel_y):
                builder.store(builder.load(line), tap)
                with cgutils.for_range(builder, kernel_x):
                    builder.store(builder.load(tap), pixel)
                    with cgutils.for_range(builder, turns):
                        self._accumulate(e, pixel, weight, sums, offsets)
                        self._ask_for(e, soon, further)
                    self._move(e, tap, steps[2])
                self._move(e, line, steps[1])
            self._move(e, plane, steps[0])
        self._store(e, row, sums, target, residual, odd)

    def _move(self, e: Simd, place: Any, distance: Any) -> None:
        e.builder.store(e.at(e.builder.load(place), distance), place)

    def _ask_for(self, e: Simd, soon: Any, further: Any) -> None:
        if self.unroll == 4:
            here = e.builder.load(soon)
            for line in range(AHEAD_LINES):
                e.prefetch(e.pointer(e.builder.add(here, I64(64 * line))), near=2)
            e.builder.store(e.builder.add(here, further), soon)

    def _accumulate(self, e: Simd, pixel: Any, weight: Any, sums: Any, offsets: Any) -> None:
        """`unroll` channels: the weights of each are loaded once, and meet every pixel."""
        first, place = e.builder.load(pixel), e.builder.load(weight)
        lines = [e.at(first, offset) if y else first for y, offset in enumerate(offsets)]
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
        self._move(e, weight, self.unroll * width)
        self._move(e, pixel, self.unroll)

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

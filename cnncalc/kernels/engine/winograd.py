"""Convolutions with stride 1 by Winograd's F(4x4, 3x3), 36 multiplications where the formula has 144, and F(2x2, 5x5).

A tile of 6x6 inputs becomes 36 numbers, each a frequency; for each frequency the channels are mixed by a matrix
product (the register tile of a 1x1 convolution); 36 sums become 4x4 outputs, or 2x2 where a window sees 5x5 inputs,
for the points are the same.  Source: Lavin and Gray 2016.  The error
is about twice that of the direct sum.

In one sweep (`sweep`) each thread takes some tiles from input to output while they are in its cache (the sums
of a frequency go where the inputs of the one before it were, so that both need one piece of memory only); where
the weights of all frequencies are too large to be read again for each sweep, three passes do one part each for all
tiles.  Tiles that stick out at the right or lower edge go through a patch of their own, so that what lies beyond is
zero and nothing there is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.convolution_tile import AHEAD_LINES, QUARTERS, convolution_tile
from cnncalc.kernels.engine.fields import (
    COUNT,
    RESIDUAL_FIRST,
    RESIDUAL_LAST,
    call_kernel,
    clear_pixel,
    copy_pixel,
    int_field,
    real_field,
)
from cnncalc.kernels.engine.llvm import intrinsic, types
from cnncalc.kernels.engine.simd import ACTIVATIONS, BLOCK, Simd, outlined

FREQUENCIES = 36
THREE_BY_THREE, FIVE_BY_FIVE = 4, 2
"""Outputs of a tile of 6x6 inputs, on each axis: the more a window sees, the fewer."""

PATCH = 6 * 6 * 16
"""Numbers in a patch of 6x6 pixels."""


NEAR, FAR = 5 / 8, 3 / 2
"""The transform's points are 0, +-NEAR, +-FAR and infinity.  Lavin and Gray take 1 and 2; with these the largest error
is a quarter (5e-6 instead of 2e-5 over 128 channels of normal numbers), for the same work, and all constants are exact.
"""


def _input_lines(e: Simd, d: list[Any]) -> list[Any]:
    """B transposed times a column of six: the coefficients of x (x^2 - NEAR^2) (x^2 - FAR^2) without one factor."""

    def plus(factor: float, a: Any, b: Any) -> Any:
        return e.fma(e.constant(factor), a, b)

    near, far = NEAR**2, FAR**2
    even_near, odd_near = plus(-far, d[2], d[4]), plus(-far, d[1], d[3])
    even_far, odd_far = plus(-near, d[2], d[4]), plus(-near, d[1], d[3])
    return [
        plus(near * far, d[0], plus(-near - far, d[2], d[4])),
        plus(NEAR, odd_near, even_near),
        plus(-NEAR, odd_near, even_near),
        plus(FAR, odd_far, even_far),
        plus(-FAR, odd_far, even_far),
        plus(near * far, d[1], plus(-near - far, d[3], d[5])),
    ]


def _output_lines(e: Simd, m: list[Any], side: int) -> list[Any]:
    """A transposed times a column of six: the first `side` powers of the points; infinity has the last alone."""

    def powers(factor_near: float, near: Any, factor_far: float, far: Any) -> Any:
        return e.fma(e.constant(factor_near), near, e.multiply(e.constant(factor_far), far))

    sum_near, sum_far = e.add(m[1], m[2]), e.add(m[3], m[4])
    less_near, less_far = e.subtract(m[1], m[2]), e.subtract(m[3], m[4])
    first, second = e.add(e.add(m[0], sum_near), sum_far), powers(NEAR, less_near, FAR, less_far)
    if side == FIVE_BY_FIVE:
        return [first, e.add(second, m[5])]
    third = powers(NEAR**2, sum_near, FAR**2, sum_far)
    return [first, second, third, e.add(powers(NEAR**3, less_near, FAR**3, less_far), m[5])]


def _ask_for_next(e: Simd, rows: list[Any], first: int, pixels: int, *, to_write: bool = False) -> None:
    """The pixels of each row by which the tile at the right differs: it comes next in every channel block.

    Without this, reading a map of 224x224 from the last cache took half the time of its convolution's tiles.
    """
    for row in rows:
        for x in range(first, first + pixels):
            e.prefetch(e.at(row, x * BLOCK), near=3, to_write=to_write)


@intrinsic
def to_frequencies(context: Any, lanes: Any, side: Any, source: Any, line: Any, target: Any, distance: Any) -> Any:
    """6x6 pixels of sixteen channels, rows `line` apart, become 36 numbers each, `distance` apart."""
    width, further = lanes.literal_value, side.literal_value

    def emit_tile(builder: Any, source: Any, line: Any, target: Any, distance: Any) -> None:
        e = Simd(builder, width)
        for lane in range(0, BLOCK, width):
            start, end = (e.at(e.pointer(address), lane) for address in (source, target))
            rows = [e.at(start, e.times(line, y)) for y in range(6)]
            _ask_for_next(e, rows, 6, further)
            columns = [_input_lines(e, [e.load(e.at(row, x * BLOCK)) for row in rows]) for x in range(6)]
            for y in range(6):
                for x, value in enumerate(_input_lines(e, [column[y] for column in columns])):
                    e.store(value, e.at(end, e.times(distance, 6 * y + x)))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"to_frequencies_{width}_{further}", emit_tile, builder, arguments[2:])
        return target_context.get_dummy_value()

    return types.void(lanes, side, *[types.intp] * 4), emit


@intrinsic
def from_frequencies(
    context: Any,
    lanes: Any,
    activation: Any,
    mode: Any,
    pooled: Any,
    side: Any,
    row: Any,
    source: Any,
    distance: Any,
    target: Any,
    line: Any,
    bias: Any,
    residual: Any,
    residual_line: Any,
) -> Any:
    """36 sums for each of sixteen filters become `side` x `side` outputs, rows `line` apart, with all that follows.

    `pooled`: the largest of each 2x2 of these are stored instead.
    """
    width, name, adding = lanes.literal_value, ACTIVATIONS[activation.literal_value], mode.literal_value
    apart, outputs = 1 + pooled.literal_value, side.literal_value

    def emit_tile(
        builder: Any,
        row: Any,
        source: Any,
        distance: Any,
        target: Any,
        line: Any,
        bias: Any,
        other: Any,
        other_line: Any,
    ) -> None:
        e = Simd(builder, width)
        low, high = (e.splat(real_field(builder, row, limit)) for limit in ("LOW", "HIGH"))
        for lane in range(0, BLOCK, width):
            start, end, offsets, beside = (e.at(e.pointer(it), lane) for it in (source, target, bias, other))
            offset = e.load(offsets)
            size = outputs // apart
            _ask_for_next(e, [e.at(end, e.times(line, y)) for y in range(size)], size, size, to_write=True)
            columns = []
            for x in range(6):
                column = [e.load(e.at(start, e.times(distance, 6 * y + x))) for y in range(6)]
                columns.append(_output_lines(e, column, outputs))
            largest: list[Any] = []
            for y in range(outputs):
                made = []
                for x, value in enumerate(_output_lines(e, [column[y] for column in columns], outputs)):
                    sum_ = e.add(value, offset)
                    added = e.at(e.at(beside, e.times(other_line, y)), x * BLOCK)
                    if adding == RESIDUAL_FIRST:
                        sum_ = e.add(sum_, e.load(added))
                    sum_ = e.activated(name, sum_, low, high)
                    if adding == RESIDUAL_LAST:
                        sum_ = e.add(sum_, e.load(added))
                    made.append(sum_)
                if pooled.literal_value:
                    made = [e.largest_or_nan(made[x], made[x + 1]) for x in range(0, outputs, 2)]
                    largest = made if y % 2 == 0 else list(map(e.largest_or_nan, largest, made))
                    made = largest if y % 2 else []
                for x, value in enumerate(made):
                    e.store(value, e.at(e.at(end, e.times(line, y // apart)), x * BLOCK))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = f"from_frequencies_{width}_{name}_{adding}_{apart}_{outputs}"
        outlined(kind, emit_tile, builder, arguments[5:])
        return target_context.get_dummy_value()

    return types.void(lanes, activation, mode, pooled, side, *[types.intp] * 8), emit


def input_transform(lanes: int, side: int) -> Callable[[int, int, int, int], None]:
    """First pass: one unit is a tile of an image, in all its channels.

    A sweep takes its tiles first .. last into the thread's own memory, so tile `first` is stored first there.
    """

    def input_transform(row: int, first: int, last: int, thread: int) -> None:
        down, across = int_field(row, "TILES_Y"), int_field(row, "TILES_X")
        height, width = int_field(row, "HEIGHT"), int_field(row, "WIDTH")
        line, block_size = int_field(row, "IN_ROW"), int_field(row, "IN_BLOCK")
        own = int_field(row, "SCRATCH") + 4 * thread * int_field(row, "SCRATCH_SIZE")
        patch = int_field(row, "ZEROS") + 4 * thread * 3 * PATCH
        kept = int_field(row, "TILES")
        for tile in range(first, last):
            image = tile // (down * across)
            y, x = tile // across % down * side, tile % across * side
            place = tile - first if int_field(row, "SCRATCH_SIZE") else tile
            source = int_field(row, "INPUT") + 4 * (image * int_field(row, "IN_IMAGE") + y * line + x * 16)
            rows, columns = min(6, height + 6 - side - y), min(6, width + 6 - side - x)
            for block in range(int_field(row, "BLOCKS")):
                target = own + 64 * (block * kept + place)
                if rows == 6 and columns == 6:
                    start = source + 4 * block * block_size
                    to_frequencies(lanes, side, start, line, target, int_field(row, "FREQUENCY_IN"))
                    continue
                for py in range(6):
                    for px in range(6):
                        if py < rows and px < columns:
                            pixel = source + 4 * (block * block_size + py * line + px * 16)
                            copy_pixel(patch + 64 * (py * 6 + px), pixel)
                        else:
                            clear_pixel(patch + 64 * (py * 6 + px))
                to_frequencies(lanes, side, patch, 96, target, int_field(row, "FREQUENCY_IN"))

    return input_transform


def frequency_products(columns: int, vectors: int, lanes: int) -> Callable[[int, int, int, int], None]:
    """Second pass: one unit is a block of filters at one frequency, for all tiles.

    The row that follows this one describes the product as a 1x1 convolution.
    """

    def frequency_products(row: int, first: int, last: int, thread: int) -> None:
        filter_blocks, kept = int_field(row, "FILTER_BLOCKS"), int_field(row, "TILES")
        own = int_field(row, "SCRATCH") + 4 * thread * int_field(row, "SCRATCH_SIZE")
        sums = int_field(row, "PRODUCTS") + 4 * thread * int_field(row, "SCRATCH_SIZE")
        product = row + 8 * COUNT
        for unit in range(first, last):
            frequency = unit // filter_blocks
            block = unit - frequency * filter_blocks
            source = own + 4 * frequency * int_field(row, "FREQUENCY_IN")
            weights = frequency * int_field(row, "WEIGHT_FREQUENCY") + block * int_field(row, "WEIGHT_BLOCK")
            weights = int_field(row, "WEIGHTS") + 4 * weights
            size = 4 * int_field(row, "WEIGHT_BLOCK")
            tile = 0
            target = frequency * int_field(row, "FREQUENCY_OUT") + block * vectors * lanes * kept
            target = sums + 4 * target
            x = 0
            while True:
                convolution_tile(
                    columns,
                    1,
                    vectors,
                    lanes,
                    16,
                    4,
                    0,
                    product,
                    source + 64 * x,
                    weights,
                    target + 64 * x,
                    int_field(product, "BIAS"),
                    0,
                    0,
                    weights + size + tile * size // QUARTERS if tile < QUARTERS else weights,
                    64 * AHEAD_LINES if tile < QUARTERS else 0,
                )
                tile += 1
                if x + columns >= kept:
                    break
                x = min(x + columns, kept - columns)

    return frequency_products


def output_transform(
    lanes: int, activation: int, mode: int, pooled: int, side: int
) -> Callable[[int, int, int, int], None]:
    """Third pass: one unit is a tile of an image, in all its filters; `pooled`: the largest of each 2x2 only."""
    apart = 1 + pooled

    def output_transform(row: int, first: int, last: int, thread: int) -> None:
        down, across = int_field(row, "TILES_Y"), int_field(row, "TILES_X")
        line, beside = int_field(row, "OUT_ROW"), int_field(row, "RES_ROW")
        own = int_field(row, "PRODUCTS") + 4 * thread * int_field(row, "SCRATCH_SIZE")
        patch = int_field(row, "ZEROS") + 4 * (3 * thread + 1) * PATCH
        step = int_field(row, "FREQUENCY_OUT")
        for tile in range(first, last):
            image = tile // (down * across)
            y, x = tile // across % down * side, tile % across * side
            place = tile - first if int_field(row, "SCRATCH_SIZE") else tile
            target = image * int_field(row, "OUT_IMAGE") + y // apart * line + x // apart * 16
            target = int_field(row, "OUTPUT") + 4 * target
            residual = int_field(row, "RESIDUAL") + 4 * (image * int_field(row, "RES_IMAGE") + y * beside + x * 16)
            rows, columns = min(side, int_field(row, "HEIGHT") - y), min(side, int_field(row, "WIDTH") - x)
            for block in range(int_field(row, "CHANNELS")):
                sums = own + 64 * (block * int_field(row, "TILES") + place)
                bias = int_field(row, "BIAS") + 64 * block
                into = target + 4 * block * int_field(row, "OUT_BLOCK")
                other = residual + 4 * block * int_field(row, "RES_BLOCK")
                if rows == side and columns == side:
                    from_frequencies(
                        lanes, activation, mode, pooled, side, row, sums, step, into, line, bias, other, beside
                    )
                    continue
                second = patch + 4 * PATCH
                if mode:
                    for py in range(rows):
                        for px in range(columns):
                            copy_pixel(second + 64 * (py * 4 + px), other + 4 * (py * beside + px * 16))
                from_frequencies(lanes, activation, mode, pooled, side, row, sums, step, patch, 64, bias, second, 64)
                for py in range(rows // apart):
                    for px in range(columns // apart):
                        copy_pixel(into + 4 * (py * line + px * 16), patch + 64 * (py * 4 + px))

    return output_transform


def sweep() -> Callable[[int, int, int, int], None]:
    """All three passes for some tiles, in memory of the thread's own; one unit is TILES tiles."""

    def sweep(row: int, first: int, last: int, thread: int) -> None:
        kept = int_field(row, "TILES")
        total = int_field(row, "TILES_Y") * int_field(row, "TILES_X") * int_field(row, "IMAGES")
        for unit in range(first, last):
            start = min(unit * kept, total - kept)
            call_kernel(int_field(row, "FIRST_PASS"), row, start, start + kept, thread)
            call_kernel(int_field(row, "SECOND_PASS"), row, 0, FREQUENCIES * int_field(row, "FILTER_BLOCKS"), thread)
            call_kernel(int_field(row, "THIRD_PASS"), row, start, start + kept, thread)

    return sweep

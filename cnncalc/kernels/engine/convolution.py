"""Convolutions by register tiles: any kernel size, stride and dilation, groups of whole blocks, 1x1 and first layers.

One unit is a block of filters in a part of a row of tiles, SEGMENT pixels long.  A tile that would stick out at the
right or lower edge is moved back until it fits: it computes some pixels again, in the same order, and so writes the
same bits.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.fields import number
from cnncalc.kernels.engine.tiles import AHEAD_LINES, QUARTERS, convolution_tile


def convolution(
    columns: int, rows: int, vectors: int, lanes: int, step: int, unroll: int, activation: int
) -> Callable[[int, int, int, int], None]:
    """The kernel for tiles of that shape."""

    def convolution(row: int, first: int, last: int, thread: int) -> None:
        height, width = number(row, "HEIGHT"), number(row, "WIDTH")
        segment = number(row, "SEGMENT")
        segments = (width + segment - 1) // segment
        places = (height + rows - 1) // rows * segments
        filter_blocks = number(row, "FILTER_BLOCKS")
        width_blocks = vectors * lanes // 16
        for unit in range(first, last):
            image = unit // (places * filter_blocks)
            rest = unit - image * places * filter_blocks
            if number(row, "PLACES_OUTSIDE"):
                place = rest // filter_blocks
                block = rest - place * filter_blocks
            else:
                block = rest // places
                place = rest - block * places
            tile_row = place // segments
            x = (place - tile_row * segments) * segment
            end = min(x + segment, width)
            x = min(x, width - columns)
            y = min(tile_row * rows, height - rows)
            group = block // number(row, "GROUP_FILTERS")
            source = (
                image * number(row, "IN_IMAGE") + group * number(row, "GROUP_BLOCK") + y * number(row, "STRIDE_ROW")
            )
            source = number(row, "INPUT") + 4 * source
            weights = number(row, "WEIGHTS") + 4 * block * number(row, "WEIGHT_BLOCK")
            bias = number(row, "BIAS") + 4 * block * vectors * lanes
            target = image * number(row, "OUT_IMAGE") + block * width_blocks * number(row, "OUT_BLOCK")
            target = number(row, "OUTPUT") + 4 * (target + y * number(row, "OUT_ROW"))
            residual = image * number(row, "RES_IMAGE") + block * width_blocks * number(row, "RES_BLOCK")
            residual = number(row, "RESIDUAL") + 4 * (residual + y * number(row, "RES_ROW"))
            size = 4 * number(row, "WEIGHT_BLOCK")
            tile = 0 if number(row, "PLACES_OUTSIDE") else place * (segment // columns)
            odd = number(row, "ODD") if block == filter_blocks - 1 else 0
            while True:
                convolution_tile(
                    columns,
                    rows,
                    vectors,
                    lanes,
                    step,
                    unroll,
                    activation,
                    row,
                    source + 4 * x * step,
                    weights,
                    target + 4 * x * number(row, "OUT_PIXEL"),
                    bias,
                    residual + 64 * x,
                    odd,
                    weights + size + tile * size // QUARTERS if tile < QUARTERS else weights,
                    64 * AHEAD_LINES if tile < QUARTERS else 0,
                )
                tile += 1
                if x + columns >= end:
                    break
                x = min(x + columns, width - columns)

    return convolution

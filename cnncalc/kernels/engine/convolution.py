"""Convolutions by register tiles: any kernel size, stride and dilation, groups of whole blocks, 1x1 and first layers.

One unit is a block of filters in a part of a row of tiles, SEGMENT pixels long.  A tile that would stick out at the
right or lower edge is moved back until it fits: it computes some pixels again, in the same order, and so writes the
same bits.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.convolution_tile import AHEAD_LINES, QUARTERS, convolution_tile
from cnncalc.kernels.engine.fields import int_field


def convolution(
    columns: int, rows: int, vectors: int, lanes: int, step: int, unroll: int, activation: int
) -> Callable[[int, int, int, int], None]:
    """The kernel for tiles of that shape."""

    def convolution(row: int, first: int, last: int, thread: int) -> None:
        height, width = int_field(row, "HEIGHT"), int_field(row, "WIDTH")
        segment = int_field(row, "SEGMENT")
        segments = (width + segment - 1) // segment
        places = (height + rows - 1) // rows * segments
        filter_blocks = int_field(row, "FILTER_BLOCKS")
        width_blocks = vectors * lanes // 16
        for unit in range(first, last):
            image = unit // (places * filter_blocks)
            rest = unit - image * places * filter_blocks
            if int_field(row, "PLACES_OUTSIDE"):
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
            group = block // int_field(row, "GROUP_FILTERS")
            source = (
                image * int_field(row, "IN_IMAGE")
                + group * int_field(row, "GROUP_BLOCK")
                + y * int_field(row, "STRIDE_ROW")
            )
            source = int_field(row, "INPUT") + 4 * source
            weights = int_field(row, "WEIGHTS") + 4 * block * int_field(row, "WEIGHT_BLOCK")
            bias = int_field(row, "BIAS") + 4 * block * vectors * lanes
            target = image * int_field(row, "OUT_IMAGE") + block * width_blocks * int_field(row, "OUT_BLOCK")
            target = int_field(row, "OUTPUT") + 4 * (target + y * int_field(row, "OUT_ROW"))
            residual = image * int_field(row, "RES_IMAGE") + block * width_blocks * int_field(row, "RES_BLOCK")
            residual = int_field(row, "RESIDUAL") + 4 * (residual + y * int_field(row, "RES_ROW"))
            size = 4 * int_field(row, "WEIGHT_BLOCK")
            tile = 0 if int_field(row, "PLACES_OUTSIDE") else place * (segment // columns)
            odd = int_field(row, "ODD") if block == filter_blocks - 1 else 0
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
                    target + 4 * x * int_field(row, "OUT_PIXEL"),
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

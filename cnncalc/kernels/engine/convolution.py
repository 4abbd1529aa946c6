"""Convolutions by register tiles: any kernel size, stride and dilation, groups of whole blocks, 1x1 and first layers.

One unit is a block of filters in one row of tiles.  A tile that would stick out at the right or lower edge is moved
back until it fits: it computes some pixels again, in the same order, and so writes the same bits.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.fields import number
from cnncalc.kernels.engine.tiles import convolution_tile


def convolution(
    columns: int, rows: int, vectors: int, lanes: int, step: int, unroll: int, activation: int
) -> Callable[[int, int, int, int], None]:
    """The kernel for tiles of that shape."""

    def convolution(row: int, first: int, last: int, thread: int) -> None:
        height, width = number(row, "HEIGHT"), number(row, "WIDTH")
        tile_rows = (height + rows - 1) // rows
        filter_blocks = number(row, "FILTER_BLOCKS")
        width_blocks = vectors * lanes // 16
        for unit in range(first, last):
            image = unit // (tile_rows * filter_blocks)
            rest = unit - image * tile_rows * filter_blocks
            if number(row, "ROWS_OUTSIDE"):
                tile_row = rest // filter_blocks
                block = rest - tile_row * filter_blocks
            else:
                block = rest // tile_rows
                tile_row = rest - block * tile_rows
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
            odd = number(row, "ODD") if block == filter_blocks - 1 else 0
            x = 0
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
                )
                if x + columns >= width:
                    break
                x = min(x + columns, width - columns)

    return convolution

"""The shape of register tiles, by the CPU's vectors and the sizes of a map: as few wasted pixels as possible.

With AVX-512 28 sums fit into registers beside two vectors of weights, with AVX2 12, with 4-wide vectors 24.
"""

from __future__ import annotations

from functools import cache

REGISTERS = {16: 28, 8: 12, 4: 24}
"""Lanes -> vectors of sums that fit into registers."""

OVERHEAD = 1.5
"""What a tile costs beside its pixels, in pixels: loading weights, waiting for sums where they are few."""

ROW_OVERHEAD = 0.3
"""What each row of a tile costs, in pixels."""


def vectors_for(lanes: int, filters: int, narrow: bool = False) -> int:
    """How many vectors of filters a tile has: 32 filters with AVX-512 (16 where there are no more), else 16."""
    wide = 2 if lanes == 16 and filters > 16 and not narrow else 1
    return wide * 16 // lanes


@cache
def tile_of(height: int, width: int, vectors: int, lanes: int) -> tuple[int, int]:
    """(columns, rows) of the tile that wastes least on a map of this size."""
    most = max(1, REGISTERS[lanes] // vectors)
    best, found = float("inf"), (1, 1)
    for columns in range(1, min(most, width) + 1):
        for rows in range(1, min(most // columns, height) + 1):
            tiles = -(-width // columns) * -(-height // rows)
            cost = tiles * (max(columns * rows, 8 // vectors) + OVERHEAD + ROW_OVERHEAD * rows)
            if cost < best * 0.999:
                best, found = cost, (columns, rows)
    return found


def columns_for(width: int, most: int = 14) -> int:
    """Neighbouring outputs in a tile of a depthwise convolution or a pool."""
    return min(range(1, min(most, width) + 1), key=lambda columns: (-(-width // columns) * (columns + 1), -columns))

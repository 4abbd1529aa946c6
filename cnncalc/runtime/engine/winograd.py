"""When Winograd's F(4x4, 3x3) pays, and in which form: rules found by measurement, for a machine with AVX-512.

It multiplies a quarter as often as the formula says, but moves every number between pixels and frequencies, and reads
four times as many weights.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.runtime.engine.nouns import BLOCK, Map
from cnncalc.runtime.engine.tiling import REGISTERS, tile_of, vectors_for

FEWEST_CHANNELS = 32
FEWEST_TILES = 9
"""With fewer tiles in all (an image of 7x7 has 4) the larger weights cost more than the multiplications saved."""

CACHE_BYTES = 18_000_000
"""Frequencies of all tiles that still fit into the last cache: then three passes read each weight once."""

SWEPT_TILES = 28
"""Tiles of one sweep, as far as their frequencies stay in a core's second cache."""

SWEPT_CHANNELS = 192


def tiles_of(target: Map) -> tuple[int, int, int]:
    """(in all, down, across)."""
    images, _, _, height, width = target.shape
    down, across = -(-height // 4), -(-width // 4)
    return images * down * across, down, across


def pays_winograd(source: Map, target: Map, numbers: Mapping[str, int]) -> bool:
    """Whether the layer is of the right kind and large enough."""
    plain = all(numbers[name] == 3 for name in ("ky", "kx")) and all(
        numbers[name] == 1 for name in ("sy", "sx", "dy", "dx")
    )
    total, down, across = tiles_of(target)
    filled = target.shape[3] * target.shape[4] / (16 * down * across)
    wide = min(source.channels, target.channels) >= FEWEST_CHANNELS
    return plain and wide and total >= FEWEST_TILES and filled >= 0.6


def winograd_shape(source: Map, target: Map, lanes: int) -> tuple[int, int, int, int]:
    """(columns of the product's tile, its vectors, lanes, tiles of one sweep; 0 for three passes)."""
    vectors = vectors_for(lanes, target.channels)
    total = tiles_of(target)[0]
    frequencies = 36 * 4 * total * (source.blocks + target.blocks) * BLOCK
    if frequencies <= CACHE_BYTES:
        return tile_of(1, total, vectors, lanes)[0], vectors, lanes, 0
    swept = SWEPT_TILES if source.channels + target.channels <= SWEPT_CHANNELS else SWEPT_TILES // 2
    columns = min(REGISTERS[lanes] // vectors, 14)
    return columns, vectors, lanes, min(swept // columns * columns, total)

"""When Winograd's F(4x4, 3x3) pays, and in which form: rules found by measurement, for a machine with AVX-512.

It multiplies a quarter as often as the formula says, but moves every number between pixels and frequencies, and reads
four times as many weights.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.runtime.engine.nouns import BLOCK, Map
from cnncalc.runtime.engine.tiling import tile_of, vectors_for

FEWEST_CHANNELS = 32
FEWEST_TILES = 9
"""With fewer tiles in all (an image of 7x7 has 4) the larger weights cost more than the multiplications saved."""

CACHE_BYTES = 18_000_000
"""Frequencies of all tiles that still fit into the last cache: then three passes read each weight once."""

NEAR_BYTES, NEAR_WEIGHTS = 2_000_000, 5_000_000
"""More frequencies than a core's second cache holds, weights that cost little to read again: then sweeps are faster
(64 -> 64 channels at 56x56: 0.30 ms instead of 0.34)."""

SWEPT_TILES, LARGE_WEIGHTS, SWEPT_TILES_OF_LARGE = 14, 30_000_000, 56
"""Tiles of one sweep; more where the weights come from memory each time (1024 -> 512 channels at 56x56: 43 ms instead
of 65).  Between 14 and 56 tiles nothing else changed by more than 5 %."""


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
    weights = 36 * 4 * source.blocks * target.blocks * BLOCK**2
    near = frequencies > NEAR_BYTES and weights <= NEAR_WEIGHTS
    if frequencies <= CACHE_BYTES and not near:
        return tile_of(1, total, vectors, lanes)[0], vectors, lanes, 0
    swept = min(total, SWEPT_TILES_OF_LARGE if weights > LARGE_WEIGHTS else SWEPT_TILES)
    return tile_of(1, swept, vectors, lanes)[0], vectors, lanes, swept

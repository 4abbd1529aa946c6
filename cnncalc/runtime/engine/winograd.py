"""When Winograd's F(4x4, 3x3) pays, and in which form: rules found by measurement, for a machine with AVX-512.

It multiplies a quarter as often as the formula says, but moves every number between pixels and frequencies, and reads
four times as many weights.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.runtime.engine.nouns import BLOCK, Map
from cnncalc.runtime.engine.tiling import OVERHEAD, tile_of, vectors_for

FEWEST_CHANNELS = 32
FEWEST_TILES = 9
"""With fewer tiles in all (an image of 7x7 has 4) the larger weights cost more than the multiplications saved."""

CACHE_BYTES = 18_000_000
"""Frequencies of all tiles that still fit into the last cache: then three passes read each weight once."""

NEAR_BYTES, NEAR_WEIGHTS = 2_000_000, 5_000_000
"""More frequencies than a core's second cache holds, weights that cost little to read again: then sweeps are faster
(64 -> 64 channels at 56x56: 0.30 ms instead of 0.34)."""

MOST_SWEPT = 56
"""Tiles of one sweep at most: with more, the frequencies of its tiles leave a core's second cache."""

WEIGHT_TILES = ((700_000, 2), (20_000_000, 5), (float("inf"), 17))
"""Bytes of weights up to which reading them once more costs as much as so many tiles: they come from the second cache,
from the last cache, from memory."""


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


def winograd_shape(source: Map, target: Map, lanes: int, threads: int) -> tuple[int, int, int, int]:
    """(columns of the product's tile, its vectors, lanes, tiles of one sweep; 0 for three passes)."""
    vectors = vectors_for(lanes, target.channels)
    total = tiles_of(target)[0]
    frequencies = 36 * 4 * total * (source.blocks + target.blocks) * BLOCK
    weights = 36 * 4 * source.blocks * target.blocks * BLOCK**2
    near = frequencies > NEAR_BYTES and weights <= NEAR_WEIGHTS
    if frequencies <= CACHE_BYTES and not near:
        return tile_of(1, total, vectors, lanes)[0], vectors, lanes, 0
    swept = _swept(total, weights, vectors, lanes, threads)
    return tile_of(1, swept, vectors, lanes)[0], vectors, lanes, swept


def _swept(total: int, weights: int, vectors: int, lanes: int, threads: int) -> int:
    """How many tiles one sweep takes, so that the threads are done soonest: all have equally many, few are in vain."""
    again = next(tiles for size, tiles in WEIGHT_TILES if weights <= size)
    best, found = float("inf"), 1
    for swept in range(1, min(total, MOST_SWEPT) + 1):
        columns = tile_of(1, swept, vectors, lanes)[0]
        sweeps = -(-total // swept)
        rounds = -(-sweeps // threads)
        cost = rounds * (-(-swept // columns) * (columns + OVERHEAD) + again)
        if cost <= best:
            best, found = cost, swept
    return found

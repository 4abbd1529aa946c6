"""The maps of one line, drawn small in a terminal: as many side by side as its width has room for."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from cnncalc.pictures.maps.map_tiles import ROWS_A_MAP, WIDE, Scales, Tiles, map_tiles
from cnncalc.pictures.maps.terminal_picture import Way, beside_each_other, picture_lines

Array = np.ndarray[Any, Any]

KITTY_MOST, KITTY_TILE = 16, 64
"""Maps of a line, and the pixels of one, where a terminal shows real pictures."""

SMALL, TILE, LARGEST = 16, 24, 64
"""Columns of a map: as many as a small one is enlarged to, as many as a larger one is reduced to, and where few maps
share the width, at most as many."""

MOST_ROWS = 4
"""Of maps of one row so many times as many are shown as a map has rows in a picture of them."""


def terminal_tiles(maps: Array, width: int) -> Tiles:
    """The maps `[c, y, x]` that have room in so many columns."""
    height, length = maps.shape[1:]
    if height == 1:
        tiles = map_tiles(maps, MOST_ROWS, max(1, width // WIDE))
        picture = tiles.pictures[0]
        rows = min(len(maps), ROWS_A_MAP * MOST_ROWS)
        return tiles._replace(pictures=(picture.resize((picture.width, 2 * rows), Image.Resampling.NEAREST),))
    longer = max(height, length)
    share = (width + 1) // len(maps) - 1
    longest = min(width, max(SMALL if longer <= SMALL else TILE, min(LARGEST, share)))
    across = Scales.to(height, length, longest).across
    columns = -(-length // across.parts) * across.times
    return map_tiles(maps, max(1, (width + 1) // (columns + 1)), longest)


def drawn_lines(tiles: Tiles, way: Way) -> list[str]:
    """The lines of the terminal that show them."""
    return beside_each_other([picture_lines(picture, way) for picture in tiles.pictures])

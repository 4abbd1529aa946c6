"""The maps of one line side by side in one picture, without a word on it: for a page that says the words beside it."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from cnncalc.pictures.maps.map_tiles import map_tiles

Array = np.ndarray[Any, Any]

GAP = 1
"""Pixels between two maps."""

BETWEEN = 255
"""Their grey."""

FEW = 4
"""So many maps are one row, as the three colours of a picture."""


class Montage(NamedTuple):
    """The picture (grey, or in colour where values are not finite) and in words what it shows and how."""

    image: Image.Image
    words: str


def montage(maps: Array, most: int = 16, tile: int = 56) -> Montage:
    """At most `most` of the maps `[c, y, x]`, the most varied, each at most `tile` pixels long."""
    tiles = map_tiles(maps, most, tile)
    pictures = tiles.pictures
    width, height = pictures[0].size
    across = columns_of(len(pictures), width + GAP, height + GAP)
    down = -(-len(pictures) // across)
    mode = "L" if all(picture.mode == "L" for picture in pictures) else "RGB"
    size = across * (width + GAP) - GAP, down * (height + GAP) - GAP
    whole = Image.new(mode, size, BETWEEN if mode == "L" else (BETWEEN,) * 3)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, across)
        whole.paste(picture, (column * (width + GAP), row * (height + GAP)))
    return Montage(whole, tiles.words)


def columns_of(count: int, width: int, height: int) -> int:
    """How many of `count` tiles stand side by side: few in one row, else about as wide as high, without gaps.

    >>> columns_of(16, 10, 10), columns_of(3, 10, 10), columns_of(8, 40, 10)
    (4, 3, 2)
    """
    if count <= FEW and width <= 2 * height:
        return count
    square = min(count, ceil(sqrt(count * height / width)))
    near = range(max(1, square - 1), min(count, square + 2) + 1)
    return min(near, key=lambda columns: (-count % columns, abs(columns - square)))

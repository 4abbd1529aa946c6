"""What a net was given as a picture again: cut, scaled and turned as it was, pixel by pixel where its input has them.

Made from the numbers of the input, not from the file, so that a place of the input is that place of the picture.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from cnncalc.pictures.maps.greys import grey_picture, stretched
from cnncalc.runtime.images import pixel_levels

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.pictures.maps.map_tiles import Tiles
    from cnncalc.runtime.images import Preprocessing

Array = np.ndarray[Any, Any]

COLOURS = 3

LONGEST, SHORTEST = 1200, 300
"""Pixels of the longer side of a picture file: a larger input is made smaller, the pixels of a smaller one squares."""


def photo_of(array: Array, preprocessing: Preprocessing) -> Image.Image:
    """The first picture of `[n, c, z, y, x]` as it was before its values became numbers, in the size the net gets."""
    levels = np.rint(np.clip(pixel_levels(array[0, :, array.shape[2] // 2], preprocessing), 0, 255)).astype(np.uint8)
    if len(levels) < COLOURS:
        return Image.fromarray(np.ascontiguousarray(levels[0]))
    return Image.fromarray(np.ascontiguousarray(levels[:COLOURS].transpose(1, 2, 0)))


def numbers_as_photo(maps: Array) -> tuple[Image.Image, str]:
    """The maps `[c, y, x]` of an input that was no picture, stretched, and in words how; three channels are colours."""
    levels, odd, words = stretched(maps if len(maps) == COLOURS else maps[0])
    if len(maps) == COLOURS:
        coloured = np.ascontiguousarray(levels.transpose(1, 2, 0))
        return grey_picture(coloured, np.asarray(odd.any(axis=0))), f"shown as colours: {words}"
    return grey_picture(levels, odd), words if len(
        maps
    ) == 1 else f"shown is the first of {len(maps)} channels: {words}"


def with_photo(tiles: Tiles, analysis: Analysis, row: int, maps: Array, preprocessing: Preprocessing | None) -> Tiles:
    """Of the row of a picture in colours its channels `[c, y, x]` behind the picture itself; others as they are."""
    is_input = analysis.nodes[analysis.rows[row].row.first].node.is_input
    if preprocessing is None or not is_input or len(maps) < COLOURS or not tiles.names:
        return tiles
    first = tiles.pictures[0]
    photo = photo_of(maps[np.newaxis, :, np.newaxis], preprocessing)
    way = Image.Resampling.BOX if photo.width > first.width else Image.Resampling.NEAREST
    return tiles._replace(
        pictures=(photo.resize(first.size, way), *tiles.pictures),
        words=f"the picture as the network gets it, then its channels: {tiles.words}",
        names=("", *tiles.names),
    )


def photo_file(array: Array, preprocessing: Preprocessing) -> bytes:
    """The same as a PNG file for a drawing, in which the pixels of a small input are whole squares."""
    photo = photo_of(array, preprocessing)
    longer = max(photo.size)
    if longer < SHORTEST:
        times = -(-SHORTEST // longer)
        photo = photo.resize((photo.width * times, photo.height * times), Image.Resampling.NEAREST)
    photo.thumbnail((LONGEST, LONGEST))
    file = BytesIO()
    photo.save(file, "PNG")
    return file.getvalue()

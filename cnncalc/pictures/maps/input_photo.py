"""What a net was given as a picture again: cut, scaled and turned as it was, pixel by pixel where its input has them.

Made from the numbers of the input, not from the file, so that a place of the input is that place of the picture.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from cnncalc.runtime.images import Preprocessing

Array = np.ndarray[Any, Any]

LONGEST, SHORTEST = 1200, 300
"""Pixels of the longer side of a picture file: a larger input is made smaller, the pixels of a smaller one squares."""


def photo_of(array: Array, preprocessing: Preprocessing) -> Image.Image:
    """The first picture of `[n, c, z, y, x]` as it was before its values became numbers, in the size the net gets."""
    pixels = array[0, :, array.shape[2] // 2].astype(np.float64)
    std, mean, scale = (
        np.array(numbers or (usual,)).reshape(-1, 1, 1)
        for numbers, usual in ((preprocessing.std, 1.0), (preprocessing.mean, 0.0), (preprocessing.scale, 1 / 255))
    )
    levels = np.rint(np.clip((pixels * std + mean) / scale, 0, 255)).astype(np.uint8)
    if preprocessing.bgr:
        levels = levels[::-1]
    if len(levels) < 3:
        return Image.fromarray(np.ascontiguousarray(levels[0]))
    return Image.fromarray(np.ascontiguousarray(levels[:3].transpose(1, 2, 0)))


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

"""The picture that a net sees, as a person looks at it: the numbers of an input become pixels again.

The reverse of `cnncalc.runtime.images`.  How other numbers than a picture's are shown is not known here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from cnncalc.runtime.images import Preprocessing

Array = np.ndarray[Any, Any]

COLOURS = 3


def photo_of(array: Array, preprocessing: Preprocessing) -> Image.Image:
    """The first picture of `[n, c, z, y, x]` as it was before its values became numbers, in the size the net gets.

    An alpha channel is left out.
    """
    levels = np.rint(np.clip(pixel_levels(array[0, :, array.shape[2] // 2], preprocessing), 0, 255)).astype(np.uint8)
    if len(levels) < COLOURS:
        return Image.fromarray(np.ascontiguousarray(levels[0]))
    return Image.fromarray(np.ascontiguousarray(levels[:COLOURS].transpose(1, 2, 0)))


def pixel_levels(values: Array, preprocessing: Preprocessing) -> Array:
    """Levels from 0 to 255 `[c, y, x]` for the numbers of an input; red is the first colour, whatever the net wants."""
    std, mean, scale = (
        np.array(numbers or (usual,)).reshape(-1, 1, 1)
        for numbers, usual in ((preprocessing.std, 1.0), (preprocessing.mean, 0.0), (preprocessing.scale, 1 / 255))
    )
    with np.errstate(divide="ignore", invalid="ignore"):  # a scale of 0 leaves nothing of a picture
        levels: Array = np.nan_to_num((values.astype(np.float64) * std + mean) / scale)
    return levels[::-1] if preprocessing.bgr else levels

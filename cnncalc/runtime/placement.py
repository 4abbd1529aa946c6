"""Where a picture lies in the input of a net, and which pixel of the picture a place of the input is.

Places are lengths from the left upper corner, in pixels and parts of them: a picture's own corner is (0, 0).
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from cnncalc.geometry import Shape

Array = np.ndarray[Any, Any]

Resize = Literal["fit", "stretch", "crop"] | int
"""What is done to a picture of another size; a number is its shorter side before the middle is cut out."""


class Placement(NamedTuple):
    """A picture of `height` x `width` pixels lies where y * scale_y + top and x * scale_x + left say.

    >>> Placement(480, 640, 0.5, 0.5, 40.0, 0.0).in_picture(np.array([[100.0, 90.0, 200.0, 400.0]])).tolist()
    [[200.0, 100.0, 400.0, 480.0]]
    """

    height: int
    width: int
    scale_y: float = 1.0
    scale_x: float = 1.0
    top: float = 0.0
    left: float = 0.0

    def in_picture(self, corners: Array) -> Array:
        """Boxes `[n, (left, top, right, bottom)]` of the input as boxes of the picture, cut at its border."""
        scales = np.array([self.scale_x, self.scale_y] * 2)
        found = (corners - np.array([self.left, self.top] * 2)) / scales
        cut: Array = np.clip(found, 0.0, np.array([self.width, self.height] * 2, np.float64))
        return cut


def placed(size: tuple[int, int], shape: Shape, resize: Resize) -> Placement:
    """Where a picture of (width, height) `size` lies in an input of that shape.

    `resize` is "fit" (the whole picture in the middle), "stretch", "crop" (the input is filled, what hangs over is cut)
    or the pixels of its shorter side before the middle is cut out.
    """
    width, height = size
    if resize == "crop":
        scale = max(shape.width / width, shape.height / height)
        top, left = (shape.height - height * scale) / 2, (shape.width - width * scale) / 2
        return Placement(height, width, scale, scale, top, left)
    columns, rows = resized_size(size, shape, resize)
    if isinstance(resize, int):
        top, left = -round((rows - shape.height) / 2), -round((columns - shape.width) / 2)
    else:
        top, left = (shape.height - rows) // 2, (shape.width - columns) // 2
    return Placement(height, width, rows / height, columns / width, top, left)


def resized_size(size: tuple[int, int], shape: Shape, resize: Resize) -> tuple[int, int]:
    """(width, height) in pixels to which a picture is resized, before what hangs over is cut off."""
    width, height = size
    if isinstance(resize, int):
        longer = int(resize * max(size) / min(size))
        return (resize, longer) if width <= height else (longer, resize)
    if resize == "stretch":
        return shape.width, shape.height
    ratio = min(shape.width / width, shape.height / height)
    return min(shape.width, max(1, round(width * ratio))), min(shape.height, max(1, round(height * ratio)))

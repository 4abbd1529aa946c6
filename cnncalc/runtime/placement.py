"""Where a picture lies in the input of a net, and which pixel of the picture a place of the input is.

Places are lengths from the left upper corner, in pixels and parts of them: a picture's own corner is (0, 0).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


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

"""A picture as lines of a terminal: half blocks in 24-bit colours or in 24 greys, or letters without any colour.

The upper half of `▀` has the colour of the letters, the lower half that of the ground: two pixels one above the other.
Which of the ways a terminal shows is not asked of it; the caller knows.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from PIL import Image

from cnncalc.pictures.maps.greys import NOT_FINITE

Array = np.ndarray[Any, Any]

Way = Literal["24-bit", "greys", "letters"]

RAMP = " .:-=+*#%@"
"""From black to white: each letter covers more of its place than the one before."""

ODD = "?"
"""The letter of a number that is not finite."""

DARKEST, GREYS, RED = 232, 24, 161
"""The greys of the 256 colours, from nearly black to nearly white, and a red of them."""

CHUNK = 4096
"""Letters of base64 in one command of kitty's protocol."""


def picture_lines(picture: Image.Image, way: Way) -> list[str]:
    """The lines, each as many columns wide as the picture has pixels; two rows of pixels are one line."""
    pixels = np.asarray(picture.convert("RGB"))
    if len(pixels) % 2:
        pixels = np.concatenate([pixels, pixels[-1:]])
    if way == "letters":
        return ["".join(map(_letter, upper, lower)) for upper, lower in _pairs(pixels)]
    return [f"{_half_blocks(upper, lower, way)}\033[0m" for upper, lower in _pairs(pixels)]


def beside_each_other(pictures: Sequence[Sequence[str]]) -> list[str]:
    """The lines of several pictures of one height, with a column between."""
    return [" ".join(line) for line in zip(*pictures, strict=True)]


def kitty_picture(png: bytes) -> str:
    """A picture by kitty's graphics protocol, which sends a file in pieces (https://sw.kovidgoyal.net/kitty)."""
    data = base64.b64encode(png).decode("ascii")
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    last = len(pieces) - 1
    return "".join(
        f"\033_G{'a=T,f=100,' if n == 0 else ''}m={int(n < last)};{piece}\033\\" for n, piece in enumerate(pieces)
    )


def _pairs(pixels: Array) -> Iterator[tuple[Array, Array]]:
    return zip(pixels[0::2], pixels[1::2], strict=True)


def _half_blocks(upper: Array, lower: Array, way: Way) -> str:
    """One line; a colour is only named where it changes."""
    found, before = [], ""
    for above, below in zip(upper.tolist(), lower.tolist(), strict=True):
        code = f"\033[38;{_colour(above, way)};48;{_colour(below, way)}m"
        found.append("▀" if code == before else f"{code}▀")
        before = code
    return "".join(found)


def _colour(pixel: Sequence[int], way: Way) -> str:
    red, green, blue = pixel
    if way == "24-bit":
        return f"2;{red};{green};{blue}"
    if (red, green, blue) == NOT_FINITE:
        return f"5;{RED}"
    return f"5;{DARKEST + _grey(pixel) * GREYS // 256}"


def _letter(above: Array, below: Array) -> str:
    if tuple(above.tolist()) == NOT_FINITE or tuple(below.tolist()) == NOT_FINITE:
        return ODD
    return RAMP[(_grey(above.tolist()) + _grey(below.tolist())) * len(RAMP) // 512]


def _grey(pixel: Sequence[int]) -> int:
    """How bright a colour is (ITU-R BT.601, in whole numbers)."""
    red, green, blue = pixel
    return (299 * red + 587 * green + 114 * blue) // 1000

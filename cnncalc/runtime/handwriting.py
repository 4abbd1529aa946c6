"""Handwriting on paper brought to the form of MNIST: light ink on a dark ground, in the middle, of one size.

LeCun, Cortes and Burges fitted each digit into 20x20 of the 28x28 pixels and put its centre of mass in the middle.  A
net trained on such pictures reads a photograph of a pen stroke only after the same has been done to it.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from PIL import Image, ImageFilter, ImageOps

Array = np.ndarray[Any, Any]
Ink = Literal["", "light", "dark"]

INKED_SHARE = 20 / 28
"""How much of the input's smaller side the writing takes (MNIST: 20 of 28 pixels)."""

FAINTEST_INK = 0.35
"""Of the strongest ink; what is fainter is the paper's own grain and shadow."""

LARGEST_WORKED = 512
"""Pixels of the longer side on which the writing is looked for; larger pictures are made smaller first."""

MOST_OF_A_SIDE = 4096
"""Pixels of each side of a picture that are looked at; of a longer one some are left out evenly."""


def is_inverted(picture: Image.Image, ink: Ink) -> bool:
    """Whether a gray picture shows dark writing where the net wants light, or the reverse: the border is the ground."""
    values = np.asarray(picture)
    sides = (values[0], values[-1], values[:, 0], values[:, -1])
    border = np.concatenate([side[:: 1 + len(side) // MOST_OF_A_SIDE] for side in sides]).astype(np.float32)
    middle = (float(values.max()) + float(values.min())) / 2
    ground = _quantile(border, 0.5)
    return values.max() > values.min() and (ground > middle) == (ink == "light")


def centred_writing(picture: Image.Image, ink: Ink, size: tuple[int, int]) -> Image.Image:
    """The writing alone, in the net's ink, cut out, centred by its mass in a picture of (width, height) `size`."""
    small = picture.convert("L")
    small.thumbnail((LARGEST_WORKED, LARGEST_WORKED), Image.Resampling.LANCZOS)
    strokes = _strokes(small if ink == "light" else ImageOps.invert(small))
    drawn = _centred(strokes, size)
    return drawn if ink == "light" else ImageOps.invert(drawn)


def _strokes(dark_on_light: Image.Image) -> Image.Image:
    """Ink as brightness on black: how much darker than the paper around it each pixel is."""
    cell = max(3, max(dark_on_light.size) // 8)
    paper = dark_on_light.resize((8, 8), Image.Resampling.BOX).filter(ImageFilter.MaxFilter(3))
    paper = paper.resize(dark_on_light.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(cell / 2))
    darker = np.asarray(paper, np.float32) - np.asarray(dark_on_light, np.float32)
    strongest = max(1.0, _quantile(darker, 0.995))
    share = np.clip((darker / strongest - FAINTEST_INK) / (1 - FAINTEST_INK), 0, 1)
    return Image.fromarray((255 * share).astype(np.uint8))


def _quantile(values: Array, share: float) -> float:
    """What that share of the values lie below, in proportion between two of them; numpy's own loads all of numpy.ma."""
    ordered = np.sort(values, axis=None)
    place = share * (len(ordered) - 1)
    low, part = int(place), place % 1
    high = min(low + 1, len(ordered) - 1)
    return (1 - part) * float(ordered[low]) + part * float(ordered[high])


def _centred(strokes: Image.Image, size: tuple[int, int]) -> Image.Image:
    box = strokes.point(lambda value: 255 if value > 64 else 0).getbbox()
    canvas = Image.new("L", size, 0)
    if box is None:
        return canvas
    cut = strokes.crop(box)
    ratio = INKED_SHARE * min(size) / max(cut.size)
    width, height = (max(1, round(side * ratio)) for side in cut.size)
    written = np.asarray(cut.resize((width, height), Image.Resampling.BOX), np.float32)
    written *= 255 / max(1.0, float(written.max()))
    x, y = _centre(written)
    corner = round(size[0] / 2 - x), round(size[1] / 2 - y)
    canvas.paste(Image.fromarray(written.astype(np.uint8)), corner)
    return canvas


def _centre(written: Array) -> tuple[float, float]:
    """The centre of mass, x and y, in pixels from the top left corner."""
    mass = max(1.0, float(written.sum()))
    rows, columns = np.indices(written.shape, np.float32)
    return float(((columns + 0.5) * written).sum()) / mass, float(((rows + 0.5) * written).sum()) / mass

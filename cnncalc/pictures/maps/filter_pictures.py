"""A filtered picture to look at: alone, beside the picture before it with the kernel between, and a page of filters.

How values become greys depends on what the weights sum to, and is said in words below every picture.  The filter is
run elsewhere (`cnncalc.runtime.filtering`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from cnncalc.matrices import Matrix
from cnncalc.pictures.maps.greys import Greys, clipped, signed, stretched
from cnncalc.pictures.maps.map_tiles import Scale, Scales, scaled
from cnncalc.pictures.maps.picture_letters import drawn_letters, font_of
from cnncalc.quantities import exact

Array = np.ndarray[Any, Any]

PAPER, INK, SOFT, LINE = (255, 255, 255), (34, 38, 46), (90, 97, 110), (200, 205, 214)
SIDE = 480
"""Pixels of the longer side of a picture that is compared."""

TILE, COLUMNS = 200, 6
"""Pixels of the longer side of a picture on the page of filters, and how many are side by side."""

MARGIN = 16
CELL = 44
"""Pixels of a number's cell of the kernel, at least."""

LARGEST_KERNEL = 9
"""Rows and columns of a kernel whose numbers are written; a larger one is drawn in greys."""


class Tile(NamedTuple):
    """A picture of the page with its name and a line of words."""

    name: str
    greys: Greys
    words: str


def as_picture(values: Array) -> Greys:
    """A picture's own values, from 0 to 1."""
    return clipped(_as_pixels(values))


def reduced(values: Array) -> Array:
    """The picture `[1, c, 1, y, x]` made so small that each of its pixels is one of the page of filters."""
    longest = max(values.shape[3:])
    if longest <= TILE:
        return values
    height, width = (max(1, round(side * TILE / longest)) for side in values.shape[3:])
    planes = [Image.fromarray(plane).resize((width, height), Image.Resampling.BOX) for plane in values[0, :, 0]]
    return np.stack([np.asarray(plane, np.float32) for plane in planes])[np.newaxis, :, np.newaxis]


def as_result(values: Array, kernel: Matrix | None) -> Greys:
    """Filtered values `[1, c, 1, y, x]`: signed where the weights sum to 0, clipped where they sum to 1.

    Clipped are also filters without negative weights that sum to less than 1, so that a picture that they make darker
    is seen to be darker.
    All others are stretched, and so is the gradient, which has no kernel.
    """
    pixels = _as_pixels(values)
    sums = _sums(kernel) if kernel is not None else [Fraction(2)]
    if all(total == 0 for total in sums):
        return _said("signed", signed(pixels))
    lowering = kernel is not None and min(kernel.values()) >= 0 and max(sums) <= 1
    if lowering or all(total == 1 for total in sums):
        return _said("as in the picture", clipped(pixels))
    return _said("stretched", stretched(pixels))


def _said(how: str, greys: Greys) -> Greys:
    return greys._replace(words=f"{how}: {greys.words}")


def sum_words(kernel: Matrix) -> str:
    """What the weights sum to; of a kernel with several planes what each does."""
    sums = _sums(kernel)
    if len(set(sums)) == 1:
        return f"the weights sum to {_readable(sums[0])}"
    return f"the weights sum to {', '.join(map(_readable, sums))}, one sum for each channel"


def _readable(value: Fraction) -> str:
    """Exactly, or in ten digits where that would take more.

    >>> _readable(Fraction(97, 100)), _readable(Fraction(1, 3)), _readable(Fraction(3703703337037037, 300000000))
    ('0.97', '1/3', 'about 12345677.79')
    """
    written = exact(value)
    return written if len(written) <= LONGEST_SUM else f"about {float(value):.10g}"


LONGEST_SUM = 12
"""Letters of a sum that is written exactly."""


def compared(
    before: Greys, after: Greys, kernel: Matrix, names: tuple[str, str, str], kernel_words: str
) -> Image.Image:
    """Both pictures at one scale with the kernel between them; below each its name and how its values became greys."""
    height, width = (max(sides) for sides in zip(before.levels.shape[:2], after.levels.shape[:2], strict=True))
    scales = Scales.to(height, width, SIDE)
    pictures = [scaled(before, *scales), _kernel_picture(kernel), scaled(after, *scales)]
    words = [scales.words or "as large as it is", kernel_words, after.words]
    font, small = font_of(18), font_of(14)
    widths = [max(one.width, 200) for one in pictures]
    texts = [_wrapped(text, small, width) for text, width in zip(words, widths, strict=True)]
    height = max(one.height for one in pictures)
    lines = max(map(len, texts))
    size = sum(widths) + 4 * MARGIN, height + 3 * MARGIN + 26 + 19 * lines
    page = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(page)
    left = MARGIN
    for one, name, text, width in zip(pictures, names, texts, widths, strict=True):
        x, y = left + (width - one.width) // 2, MARGIN + (height - one.height) // 2
        page.paste(one, (x, y))
        draw.rectangle((x - 1, y - 1, x + one.width, y + one.height), outline=LINE)
        top = 2 * MARGIN + height
        draw.text((left, top), _cut(name, font, width), INK, font)
        for number, line in enumerate(text):
            draw.text((left, top + 26 + 19 * number), line, SOFT, small)
        left += width + MARGIN
    return page


def filter_page(tiles: Sequence[Tile]) -> Image.Image:
    """All pictures in rows, each with its name and its words below; they are as large as each other."""
    font, small = font_of(15), font_of(11)
    longest = max(max(tile.greys.levels.shape[:2]) for tile in tiles)
    scale = Scale.to(longest, TILE)
    pictures = [scaled(tile.greys, scale, scale) for tile in tiles]
    width = max(*(one.width for one in pictures), TILE)
    texts = [_wrapped(tile.words, small, width) for tile in tiles]
    height = max(one.height for one in pictures) + 24 + 14 * max(map(len, texts))
    rows = ceil(len(tiles) / COLUMNS)
    size = COLUMNS * (width + MARGIN) + MARGIN, rows * (height + MARGIN) + MARGIN
    page = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(page)
    for place, (tile, one, text) in enumerate(zip(tiles, pictures, texts, strict=True)):
        row, column = divmod(place, COLUMNS)
        left, top = MARGIN + column * (width + MARGIN), MARGIN + row * (height + MARGIN)
        page.paste(one, (left, top))
        draw.rectangle((left - 1, top - 1, left + one.width, top + one.height), outline=LINE)
        below = top + max(picture.height for picture in pictures)
        draw.text((left, below + 3), tile.name, INK, font)
        for number, line in enumerate(text):
            draw.text((left, below + 23 + 14 * number), line, SOFT, small)
    return page


# ---------------------------------------------------------------------- the kernel
def _kernel_picture(kernel: Matrix) -> Image.Image:
    """The numbers of the kernel in cells; several planes one below the other, a large kernel in greys."""
    planes = [_plane_picture(plane) for plane in kernel.planes[:MOST_PLANES]]
    size = max(one.width for one in planes), sum(one.height for one in planes) + MARGIN * (len(planes) - 1)
    whole = Image.new("RGB", size, PAPER)
    top = 0
    for one in planes:
        whole.paste(one, (0, top))
        top += one.height + MARGIN
    return whole


MOST_PLANES = 4
"""Planes of a kernel that are drawn: a picture has three channels."""


def _plane_picture(rows: Sequence[Sequence[Fraction]]) -> Image.Image:
    if max(len(rows), len(rows[0])) > LARGEST_KERNEL:
        greys = signed(np.array([[float(value) for value in row] for row in rows]))
        scale = Scale.to(max(len(rows), len(rows[0])), SIDE // 2)
        return scaled(greys, scale, scale).convert("RGB")
    font = font_of(16)
    texts = [[exact(value) if len(exact(value)) <= LONGEST_NUMBER else f"{float(value):.3g}" for value in row]
             for row in rows]  # fmt: skip
    across = max(CELL, *(ceil(font.getlength(text)) + 12 for row in texts for text in row))
    picture = Image.new("RGB", (across * len(rows[0]) + 1, CELL * len(rows) + 1), PAPER)
    draw = ImageDraw.Draw(picture)
    for y, row in enumerate(texts):
        for x, text in enumerate(row):
            box = (x * across, y * CELL, (x + 1) * across, (y + 1) * CELL)
            draw.rectangle(
                box, fill=NEGATIVE if rows[y][x] < 0 else POSITIVE if rows[y][x] > 0 else PAPER, outline=LINE
            )
            draw.text((x * across + across / 2, y * CELL + CELL / 2), text, INK, font, anchor="mm")
    return picture


NEGATIVE, POSITIVE = (226, 232, 242), (250, 236, 214)
"""The grounds of weights below and above 0; their signs say it too."""

LONGEST_NUMBER = 6


# ---------------------------------------------------------------------- words and values
def _sums(kernel: Matrix) -> list[Fraction]:
    return [sum((value for row in plane for value in row), Fraction(0)) for plane in kernel.planes]


def _as_pixels(values: Array) -> Array:
    """`[y, x]` of one channel, `[y, x, 3]` of three, from `[1, c, 1, y, x]`."""
    pixels: Array = np.moveaxis(values[0, :, 0], 0, -1)
    return pixels[..., 0] if pixels.shape[-1] == 1 else pixels


def _cut(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    text = drawn_letters(text[:200])
    while font.getlength(text) > width and len(text) > 1:
        text = f"{text[:-2]}…"
    return text


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

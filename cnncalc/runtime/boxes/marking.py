"""A picture with boxes drawn on it, each with the name of its class and its confidence.

Lines and letters grow with the picture.  A class has the same colour in every picture; letters are black or white,
whichever is told better from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from cnncalc.runtime.boxes import Box

Colour = tuple[int, int, int]

COLOURS: tuple[Colour, ...] = (
    *((230, 25, 75), (60, 180, 75), (255, 225, 25), (0, 130, 200), (245, 130, 48), (145, 30, 180), (70, 240, 240)),
    *((240, 50, 230), (210, 245, 60), (250, 190, 212), (0, 128, 128), (220, 190, 255), (170, 110, 40), (128, 0, 0)),
    *((170, 255, 195), (128, 128, 0), (255, 215, 180), (0, 0, 128)),
)
"""Colours that are easily told apart (S. Trubetskoy's list of 20, without those close to gray)."""

LINE, LETTERS = 300, 35
"""A line has a 300th of the longer side of the picture, letters a 35th; at least 2 and 11 pixels."""


class Look(NamedTuple):
    """Pixels: how thick lines are, how high letters are, and the space round them."""

    line: int
    letters: int
    space: int

    @classmethod
    def of(cls, picture: Image.Image) -> Look:
        longer = max(picture.size)
        line = max(2, round(longer / LINE))
        return cls(line, max(11, round(longer / LETTERS)), line)


def with_boxes(picture: Image.Image, boxes: Sequence[Box], names: Sequence[str]) -> Image.Image:
    """A copy in colour with the boxes on it, the most confident on top; classes without a name show their number."""
    marked = picture.convert("RGB")
    draw, look = ImageDraw.Draw(marked), Look.of(picture)
    font = ImageFont.load_default(look.letters)
    for box in reversed(boxes):
        _draw_frame(draw, box, look)
    for box in reversed(boxes):
        _draw_name(draw, box, label_of(box, names), look, font)
    return marked


def label_of(box: Box, names: Sequence[str]) -> str:
    """`dog 97 %`, or `class 16 97 %` where the name is not known.

    >>> label_of(Box(1, 0.974, 0, 0, 1, 1), ("cat", "dog"))
    'dog 97 %'
    """
    name = names[box.number] if box.number < len(names) else f"class {box.number}"
    return f"{name} {100 * box.confidence:.0f} %"


def colour_of(number: int) -> Colour:
    """The colour of a class."""
    return COLOURS[number % len(COLOURS)]


def letter_colour(ground: Colour) -> Colour:
    """Black or white, whichever has the higher contrast with the ground (WCAG 2, relative luminance)."""
    parts = [value / 255 for value in ground]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (0, 0, 0) if (luminance + 0.05) ** 2 > 1.05 * 0.05 else (255, 255, 255)


def _draw_frame(draw: ImageDraw.ImageDraw, box: Box, look: Look) -> None:
    left, top = round(box.x), round(box.y)
    right, bottom = max(left, round(box.x + box.width) - 1), max(top, round(box.y + box.height) - 1)
    draw.rectangle((left, top, right, bottom), outline=colour_of(box.number), width=look.line)


def _draw_name(
    draw: ImageDraw.ImageDraw, box: Box, text: str, look: Look, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> None:
    """Above the box, or inside where there is no room above; never beyond the right border."""
    picture_width = draw.im.size[0]
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    width, height = round(right - left) + 2 * look.space, round(bottom - top) + 2 * look.space
    x = max(0, min(round(box.x), picture_width - width))
    y = round(box.y) - height
    y = y if y >= 0 else round(box.y)
    ground = colour_of(box.number)
    draw.rectangle((x, y, x + width - 1, y + height - 1), fill=ground)
    draw.text((x + look.space - left, y + look.space - top), text, fill=letter_colour(ground), font=font)

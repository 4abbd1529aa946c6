"""An occlusion map as a picture: what the net saw, and the same in light greys with what matters in red.

Two signs say without a colour where that is: a line round what is at least half as red as the reddest pixel, and a
dashed frame where the patch did most.  The words and numbers come from whoever ran the net.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from cnncalc.pictures.maps.map_sheet import (
    FRAME,
    GAP,
    INK,
    MARGIN,
    NUMBER,
    PAPER,
    SOFT,
    TITLE,
    WORDS,
    line_height,
    wrapped_letters,
)
from cnncalc.pictures.maps.map_tiles import Scale
from cnncalc.pictures.maps.picture_letters import font_of
from cnncalc.runtime.occlusion import Occlusion

Array = np.ndarray[Any, Any]
Box = tuple[int, int, int, int]

SIDE = 448
"""Pixels of the longer side of each of the two pictures, about: enlarged by a whole number, or divided by one."""

SMALLEST = 24
"""Pixels of the shorter side at least, so that a picture of a few rows is seen."""

RED, DARKEST = (178, 0, 32), 150
"""The colour of what matters most, and the grey that black becomes below it: red is darker than every grey."""

STRONGEST = 0.85
"""How much of the red lies on a pixel at most, so that the photo is still seen."""

BAR, DASH = 14, 6
"""Pixels: the height of the scale of colours, and of a piece of the dashed frame."""

HALF = 0.5


class HeatWords(NamedTuple):
    """The title, the names of the two pictures, both ends of the scale, and lines below."""

    title: str
    photo: str
    heat: str
    ends: tuple[str, str]
    lines: tuple[str, ...]


def heat_picture(photo: Image.Image, found: Occlusion, words: HeatWords, *, drawn: bool = True) -> Image.Image:
    """The photo that the net saw beside its map of heat; not `drawn`: no place mattered, so nothing is red."""
    seen = _scaled(photo.convert("RGB"))
    is_red = drawn and found.hottest > 0
    heat = _scaled_heat(found, seen.size) if is_red else np.zeros((seen.height, seen.width))
    coloured = with_heat(seen, heat)
    if is_red:
        _draw_line(coloured, heat >= HALF)
    if drawn:
        _draw_frame(coloured, _scaled_box(found.box(found.most), found.size, seen.size))
    return _sheet((seen, coloured), words, scale=is_red)


def with_heat(photo: Image.Image, heat: Array) -> Image.Image:
    """The photo in light greys, and red where the heat `[y, x]` is 1; less where it is less."""
    greys = DARKEST + np.asarray(photo.convert("L"), np.float64)[..., None] * (255 - DARKEST) / 255
    share = STRONGEST * np.clip(heat, 0, 1)[..., None]
    return Image.fromarray(np.rint(greys * (1 - share) + np.array(RED) * share).astype(np.uint8))


def _scaled(photo: Image.Image) -> Image.Image:
    """Enlarged without a blur, or reduced by means."""
    scale = Scale.to(max(photo.size), SIDE)
    if scale.parts > 1:
        photo = photo.reduce(scale.parts)
    width, height = photo.width * scale.times, photo.height * scale.times
    return photo.resize((max(width, SMALLEST), max(height, SMALLEST)), Image.Resampling.NEAREST)


def _scaled_heat(found: Occlusion, size: tuple[int, int]) -> Array:
    """From 0 to 1 at the hottest pixel, in the size of the picture that is drawn."""
    share = np.clip(found.heat / found.hottest, 0, 1).astype(np.float32)
    way = Image.Resampling.BOX if share.shape[0] > size[1] or share.shape[1] > size[0] else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(share).resize(size, way))


def _scaled_box(box: Box, size: tuple[int, int], drawn: tuple[int, int]) -> Box:
    """Rows and columns `(top, left, bottom, right)` as pixels of the drawn picture, of (width, height) `drawn`."""
    down, across = drawn[1] / size[0], drawn[0] / size[1]
    top, left, bottom, right = box
    return round(top * down), round(left * across), round(bottom * down), round(right * across)


def _draw_line(picture: Image.Image, inside: Array) -> None:
    """A line along the border of what is inside."""
    pixels = np.asarray(picture).copy()
    within = np.pad(inside, 1)
    whole = within[1:-1, 1:-1] & within[:-2, 1:-1] & within[2:, 1:-1] & within[1:-1, :-2] & within[1:-1, 2:]
    pixels[inside & ~whole] = INK
    picture.paste(Image.fromarray(pixels))


def _draw_frame(picture: Image.Image, box: Box) -> None:
    """A frame of black and white dashes round the box, which is seen on every ground."""
    top, left, bottom, right = box
    draw = ImageDraw.Draw(picture)
    corners = (left, top, max(left, right - 1), max(top, bottom - 1))
    draw.rectangle(corners, outline=PAPER, width=3)
    for start in range(left, right, 2 * DASH):
        end = min(start + DASH, right) - 1
        draw.rectangle((start, top, end, min(top + 2, bottom - 1)), fill=INK)
        draw.rectangle((start, max(top, bottom - 3), end, bottom - 1), fill=INK)
    for start in range(top, bottom, 2 * DASH):
        end = min(start + DASH, bottom) - 1
        draw.rectangle((left, start, min(left + 2, right - 1), end), fill=INK)
        draw.rectangle((max(left, right - 3), start, right - 1, end), fill=INK)


def _sheet(pictures: tuple[Image.Image, Image.Image], words: HeatWords, *, scale: bool) -> Image.Image:
    """Both pictures with their names, the scale and the words, on white."""
    width, height = pictures[0].size
    across = max(width, NARROWEST)
    inside = 2 * across + 2 * MARGIN
    title = wrapped_letters(words.title, TITLE, inside)
    lines = [piece for line in words.lines for piece in wrapped_letters(line, WORDS, inside)]
    names = [wrapped_letters(name, WORDS, across) for name in (words.photo, words.heat)]
    above = MARGIN + len(title) * line_height(TITLE) + max(map(len, names)) * line_height(WORDS) + GAP
    bar = (BAR + line_height(NUMBER) + 2 * GAP) if scale else GAP
    size = inside + 2 * MARGIN, above + height + GAP + bar + len(lines) * line_height(WORDS) + MARGIN
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    y = _written(draw, title, (MARGIN, MARGIN), TITLE, INK)
    for place, (name, picture) in enumerate(zip(names, pictures, strict=True)):
        x = MARGIN + place * (across + 2 * MARGIN)
        _written(draw, name, (x, y), WORDS, SOFT)
        draw.rectangle((x - 1, above - 1, x + width, above + height), outline=FRAME)
        sheet.paste(picture, (x, above))
    below = above + height + 2 * GAP
    if scale:
        _draw_scale(sheet, (MARGIN + across + 2 * MARGIN, below), across, words.ends)
    _written(draw, lines, (MARGIN, above + height + GAP + bar), WORDS, INK)
    return sheet


NARROWEST = 320
"""Pixels of the room of each picture, so that words fit below."""


def _draw_scale(sheet: Image.Image, corner: tuple[int, int], width: int, ends: tuple[str, str]) -> None:
    """The colours from nothing to the most, with what both ends are."""
    x, y = corner
    ground = Image.new("RGB", (width, BAR), PAPER)
    sheet.paste(with_heat(ground, np.tile(np.linspace(0, 1, width), (BAR, 1))), corner)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((x - 1, y - 1, x + width, y + BAR), outline=FRAME)
    font = font_of(NUMBER)
    draw.text((x, y + BAR + 2), ends[0], fill=INK, font=font)
    draw.text((x + width, y + BAR + 2), ends[1], fill=INK, font=font, anchor="ra")


def _written(
    draw: ImageDraw.ImageDraw, lines: list[str], corner: tuple[int, int], letters: int, colour: tuple[int, int, int]
) -> int:
    """Writes the lines below each other; gives where the next would be."""
    x, y = corner
    for line in lines:
        draw.text((x, y), line, fill=colour, font=font_of(letters))
        y += line_height(letters)
    return y

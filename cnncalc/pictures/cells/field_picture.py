"""The picture that a net sees, with the exact pixels on it that one number depends on; padding beside it is dashed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.seen_pixels import SeenAxis, seen_words
from cnncalc.pictures.cells.number_texts import broken
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import NO_FILL, Circle, Image, Rectangle, Scene

LONGER_SIDE = 300.0
"""Of the picture with the padding that is seen, in units."""

EDGE = 12.0
"""Free round the picture, for frames and rings at its side."""

SMALLEST = 14.0
"""A frame smaller than this has a ring round it, so that it is found."""

NARROWEST, RING, LETTERS, LINE = 330.0, 13.0, 11.0, 16.0


class Photo(NamedTuple):
    """A picture file of what the net reads, already cut and scaled to its input; `media` is "png" or "jpeg"."""

    data: bytes
    media: str = "png"


def can_be_marked(seen: Sequence[SeenAxis] | None) -> bool:
    """Whether pixels are known, on an input with rows and columns."""
    return seen is not None and len(seen) == 2


def field_picture(photo: Photo | None, seen: Sequence[SeenAxis]) -> Scene:
    """The input with a frame round what is seen of rows and columns; without a photo an empty sheet of its size."""
    rows, columns = seen
    (top, bottom), (left, right) = (
        (min(0, axis.first), max(axis.size - 1, axis.last)) if axis.pixels else (0, axis.size - 1) for axis in seen
    )
    unit = LONGER_SIDE / max(bottom - top + 1, right - left + 1)
    x, y = EDGE - left * unit, EDGE - top * unit
    width, height = columns.size * unit, rows.size * unit
    words = f"It depends on {seen_words(seen)}."
    drawing = Drawing()
    with drawing.group(words):
        if photo is None:
            drawing.add(Rectangle(x, y, width, height, 0, "input.node", "ink"))
        else:
            drawing.add(Image(x, y, (width, 0), (0, height), photo.data, photo.media, "what the network sees"))
            drawing.add(Rectangle(x, y, width, height, 0, NO_FILL, "ink"))
        _draw_frames(drawing, seen, (x, y), unit)
    whole = (right - left + 1) * unit + 2 * EDGE, (bottom - top + 1) * unit + 2 * EDGE
    lines = broken(words, LETTERS, max(whole[0], NARROWEST))
    for n, line in enumerate(lines):
        drawing.text(0, whole[1] + 8 + LETTERS + n * LINE, line, LETTERS, anchor="start")
    return drawing.scene(max(whole[0], NARROWEST), whole[1] + 12 + len(lines) * LINE, "receptive field", words)


def _draw_frames(drawing: Drawing, seen: Sequence[SeenAxis], corner: tuple[float, float], unit: float) -> None:
    """What is seen with its padding dashed, the pixels of it in a firm frame."""
    rows, columns = seen
    if not rows.pixels or not columns.pixels:
        return
    if any(pad for axis in seen for pad in axis.pads):
        size = (columns.last - columns.first + 1) * unit, (rows.last - rows.first + 1) * unit
        at = corner[0] + columns.first * unit, corner[1] + rows.first * unit
        drawing.add(Rectangle(*at, *size, 0, NO_FILL, "mark", 1.6, "4 3"))
    across, down = len(columns.pixels) * unit, len(rows.pixels) * unit
    x, y = corner[0] + columns.pixels[0] * unit, corner[1] + rows.pixels[0] * unit
    for stroke, line_width in (("paper", 4.2), ("mark", 2.2)):
        drawing.add(Rectangle(x, y, across, down, 0, NO_FILL, stroke, line_width))
    if max(across, down) < SMALLEST:
        drawing.add(Circle(x + across / 2, y + down / 2, RING, NO_FILL, "mark", 1.6))

"""The picture that a net sees, with the exact pixels on it that one number depends on; padding beside it is dashed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from cnncalc.analysis.seen_pixels import SeenAxis, SeenInput, seen_words
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
    """A picture file of what an input reads, already cut and scaled to it; `media` is "png" or "jpeg"."""

    data: bytes
    media: str = "png"
    input: str = ""


def marked_input(photo: Photo, seen: Sequence[SeenInput]) -> SeenInput | None:
    """What is seen of the input that got the photo, where it has rows and columns."""
    return next((one for one in seen if photo.input in ("", one.name) and len(one.axes) == 2), None)


def field_picture(photo: Photo | None, seen: Sequence[SeenAxis], *, at_most: bool = False) -> Scene:
    """The input with a frame round what is seen of rows and columns; without a photo an empty sheet of its size."""
    rows, columns = seen
    (top, bottom), (left, right) = (
        (min(0, axis.first), max(axis.size - 1, axis.last)) if axis.pixels else (0, axis.size - 1) for axis in seen
    )
    unit = LONGER_SIDE / max(bottom - top + 1, right - left + 1)
    x, y = EDGE - left * unit, EDGE - top * unit
    width, height = columns.size * unit, rows.size * unit
    words = f"It depends on {seen_words(seen, at_most=at_most)}."
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
    """What is seen with its padding dashed and what the padding copies dotted, the pixels of it in a firm frame."""
    rows, columns = seen
    if not rows.pixels or not columns.pixels:
        return
    if any(pad for axis in seen for pad in axis.pads):
        size = (columns.last - columns.first + 1) * unit, (rows.last - rows.first + 1) * unit
        at = corner[0] + columns.first * unit, corner[1] + rows.first * unit
        drawing.add(Rectangle(*at, *size, 0, NO_FILL, "mark", 1.6, "4 3"))
    for top, bottom, left, right in _copies(rows, columns):
        size = (right - left + 1) * unit, (bottom - top + 1) * unit
        drawing.add(
            Rectangle(corner[0] + left * unit, corner[1] + top * unit, *size, 0, NO_FILL, "mark", 1.6, "1.5 2.5")
        )
    across, down = len(columns.pixels) * unit, len(rows.pixels) * unit
    x, y = corner[0] + columns.pixels[0] * unit, corner[1] + rows.pixels[0] * unit
    for stroke, line_width in (("paper", 4.2), ("mark", 2.2)):
        drawing.add(Rectangle(x, y, across, down, 0, NO_FILL, stroke, line_width))
    if max(across, down) < SMALLEST:
        drawing.add(Circle(x + across / 2, y + down / 2, RING, NO_FILL, "mark", 1.6))


def _copies(rows: SeenAxis, columns: SeenAxis) -> Iterator[tuple[int, int, int, int]]:
    """Top, bottom, left and right of what is seen because a padding copies it, beside what is seen in its place."""
    own = [(axis.pixels[0], axis.pixels[-1]) for axis in (rows, columns)]
    down, across = (
        [place, *(span for span in axis.copied if span[0] < place[0] or span[1] > place[1])]
        for axis, place in zip((rows, columns), own, strict=True)
    )
    for n, ((top, bottom), (left, right)) in enumerate(product(down, across)):
        if n:
            yield top, bottom, left, right

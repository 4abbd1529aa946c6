"""The sliding window as a moving picture, a GIF, and as a still of all its frames.

Of a frame only what changes is painted, and several on a sheet: a part of what a painter costs it costs for each sheet.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from math import ceil, floor, log

from PIL import Image

from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.pictures.cells.changed_areas import changed_areas, within
from cnncalc.pictures.cells.sliding_frames import on_sheets, sliding_frames
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.pictures.writers.png_note import WRITTEN_BY

FRAME_TIME, LAST_TIME = 700, 2100
"""How long a frame and the last one are seen, in milliseconds."""

COLOURS = 48
UNLIKE = 9
"""How far apart two colours of a palette are: Pillow takes one of two that are closer for the other."""

ON_A_SHEET = 16

GAP = 10.0

Painter = Callable[[Scene], bytes]
"""What makes a PNG of a scene, in the theme and at the scale that it was made for."""


def sliding_window(traced: TracedCell, paint: Painter) -> bytes:
    """The GIF of a window sliding over a small map; raises InputError where none slides or it is too long."""
    images = painted_frames(sliding_frames(traced), paint)
    palette = _palette(images[0])
    stills = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    out = io.BytesIO()
    times = [*[FRAME_TIME] * (len(stills) - 1), LAST_TIME]
    stills[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=stills[1:],
        duration=times,
        loop=0,
        disposal=1,
        optimize=True,
        comment=WRITTEN_BY,
    )
    return out.getvalue()


def painted_frames(frames: list[Scene], paint: Painter) -> list[Image.Image]:
    """The frames as pixels: the first as a whole, of each other one what changes, pasted on the one before."""
    areas = [changed_areas(before, after) for before, after in pairwise(frames)]
    parts = [frames[0], *(within(frame, own) for frame, own in zip(frames[1:], areas, strict=True))]
    sheets = []
    for sheet, count in on_sheets(parts, ON_A_SHEET):
        painted = Image.open(io.BytesIO(paint(sheet))).convert("RGB")
        high = painted.height // count
        sheets += [painted.crop((0, n * high, painted.width, (n + 1) * high)) for n in range(count)]
    images, scale = sheets[:1], sheets[0].width / frames[0].width
    for part, own in zip(sheets[1:], areas, strict=True):
        whole = images[-1].copy()
        for area in own:
            left, top = (max(0, floor(side * scale)) for side in area[:2])
            right, bottom = min(ceil(area.right * scale), whole.width), min(ceil(area.bottom * scale), whole.height)
            whole.paste(part.crop((left, top, right, bottom)), (left, top))
        images.append(whole)
    return images


def _palette(image: Image.Image) -> Image.Image:
    """The most frequent colours as they are: a mean of paper and panels, as Pillow's own choice gives, is neither."""
    chosen: list[tuple[int, ...]] = []
    for _, colour in sorted(image.getcolors(image.width * image.height) or [], reverse=True):
        dot = tuple(colour) if isinstance(colour, tuple) else ()  # an RGB image has no others
        if dot and all(max(abs(a - b) for a, b in zip(dot, other, strict=True)) >= UNLIKE for other in chosen):
            chosen.append(dot)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for dot in chosen[:COLOURS] for part in dot])
    return palette


def _columns(count: int, width: float, height: float) -> int:
    """How many of the frames stand beside each other so that width and height of all are most alike.

    >>> _columns(25, 1340, 850), _columns(9, 300, 200), _columns(2, 300, 200)
    (4, 3, 1)
    """
    return min(range(1, count + 1), key=lambda n: abs(log(n * width / (-(-count // n) * height))))


def sliding_strip(traced: TracedCell) -> Scene:
    """All frames as one still, from left to right in lines: about as wide as high."""
    frames = sliding_frames(traced)
    width, height = frames[0].width, frames[0].height
    across = _columns(len(frames), width + GAP, height + GAP)
    drawing = Drawing()
    for n, frame in enumerate(frames):
        with drawing.group(frame.about):
            drawing.place(frame, n % across * (width + GAP), n // across * (height + GAP))
    lines = -(-len(frames) // across)
    size = across * (width + GAP) - GAP, lines * (height + GAP) - GAP
    return drawing.scene(*size, frames[0].title, "; ".join(frame.about for frame in frames))

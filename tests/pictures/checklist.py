"""What a machine can judge of a picture: texts that touch, texts off the canvas, rows in no group or in two."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Group, Scene, Shape, Text

ASCENT, DESCENT, TOUCH = 0.72, 0.05, 0.5
"""How far letters reach above and below the baseline, in sizes, and by how many units two may meet unseen."""


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str


def faults(scene: Scene, rows: int | None = None) -> list[str]:
    """Each fault in words; `rows`: how many rows the net has, each of which is in exactly one group."""
    boxes = [text_box(shape) for shape in flat(scene.shapes) if isinstance(shape, Text)]
    found = [f"off the canvas: {box.text}" for box in boxes if not _inside(box, scene)]
    found += [f"touch: {a.text} / {b.text}" for n, a in enumerate(boxes) for b in boxes[n + 1 :] if _touch(a, b)]
    if rows is not None:
        times = Counter(row for group in _groups(scene.shapes) if group.rows for row in range_of(group.rows))
        found += [f"row {row} is in {times[row]} groups" for row in range(rows) if times[row] != 1]
        found += [f"row {row} is none of the net's" for row in times if not 0 <= row < rows]
    return found


def text_box(text: Text) -> Box:
    """Where a text's letters are."""
    width = text_width(text.text, text.size, bold=text.bold, fixed=text.fixed)
    left = text.x - width * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    return Box(left, text.y - ASCENT * text.size, left + width, text.y + DESCENT * text.size, text.text)


def range_of(rows: tuple[int, int]) -> range:
    return range(rows[0], rows[1] + 1)


def _inside(box: Box, scene: Scene) -> bool:
    return box.left >= 0 and box.top >= 0 and box.right <= scene.width and box.bottom <= scene.height


def _touch(a: Box, b: Box) -> bool:
    across = min(a.right, b.right) - max(a.left, b.left)
    return across > TOUCH and min(a.bottom, b.bottom) - max(a.top, b.top) > TOUCH


def _groups(shapes: Iterable[Shape]) -> Iterator[Group]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield shape
            yield from _groups(shape.shapes)

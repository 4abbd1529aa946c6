"""What a machine can judge of a picture: texts that touch or are small, lines through texts and boxes, lost rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.row_words import name_of
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Group, Line, Polygon, Rectangle, Scene, Shape, Text
from tests.pictures.overlaps import Corners, length_inside, overlap

ASCENT, DESCENT, TOUCH = 0.72, 0.05, 0.5
"""How far letters reach above and below the baseline, in sizes, and by how many units two may meet unseen."""

SMALLEST = 0.85 * 9
"""No letters are smaller: 0.85 of those of the words below an arrow."""

WAYS = ("line", "skip", "rise")
"""The strokes of lines that lead from one thing to another; grids and axes have others."""

GRAZED, OVER, THROUGH = 1.0, 3.0, 4.0
"""By how much letters may lie beside a line, how much of a text may lie on a box, how far a line may reach into one."""


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    @property
    def corners(self) -> Corners:
        return (self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)

    def shrunk(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by, self.text)


def faults(scene: Scene, rows: int | None = None) -> list[str]:
    """Each fault in words; `rows`: how many rows the net has, each of which is in exactly one group."""
    texts = [shape for shape in flat(scene.shapes) if isinstance(shape, Text)]
    boxes = [text_box(text) for text in texts]
    found = [f"off the canvas: {box.text}" for box in boxes if not _inside(box, scene)]
    found += [f"letters of {text.size:.1f}: {text.text}" for text in texts if text.size < SMALLEST]
    found += [f"touch: {a.text} / {b.text}" for n, a in enumerate(boxes) for b in boxes[n + 1 :] if touch(a, b)]
    found += [*_texts_on_lines(scene), *_texts_on_edges(scene), *_lines_through_boxes(scene)]
    if rows is not None:
        times = Counter(row for group in _groups(scene.shapes) if group.rows for row in range_of(group.rows))
        found += [f"row {row} is in {times[row]} groups" for row in range(rows) if times[row] != 1]
        found += [f"row {row} is none of the net's" for row in times if not 0 <= row < rows]
    return found


def unsaid(scene: Scene, analysis: Analysis) -> list[str]:
    """The rows whose layer no text of the picture names, in a net so short that no two layers are merged."""
    said = {word.strip(",") for text in flat(scene.shapes) if isinstance(text, Text) for word in text.text.split()}
    layers = (row for row in analysis.rows if row.row.word not in ("input", "identity"))
    return [row.row.text for row in layers if not said.issuperset(name_of(row).split())]


def text_box(text: Text) -> Box:
    """Where a text's letters are."""
    width = text_width(text.text, text.size, bold=text.bold, fixed=text.fixed)
    left = text.x - width * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    return Box(left, text.y - ASCENT * text.size, left + width, text.y + DESCENT * text.size, text.text)


def range_of(rows: tuple[int, int]) -> range:
    return range(rows[0], rows[1] + 1)


def _texts_on_lines(scene: Scene) -> Iterator[str]:
    """Texts that a line runs through; a box that is painted over the line hides it."""
    shapes = list(flat(scene.shapes))
    texts = [(n, text_box(shape).shrunk(GRAZED)) for n, shape in enumerate(shapes) if isinstance(shape, Text)]
    for place, line in enumerate(shapes):
        if not (isinstance(line, Line) and line.stroke in WAYS):
            continue
        reach = _reach(line.points)
        for n, box in texts:
            if touch(box, reach, -1) and length_inside(line.points, box.corners) > 0:
                covered = (shape for shape in shapes[place + 1 : n] if isinstance(shape, Rectangle))
                if not any(_holds(shape, box) for shape in covered):
                    yield f"a line through the text {box.text}"


def _texts_on_edges(scene: Scene) -> Iterator[str]:
    """Texts that stand on a volume, or partly on a box or its band."""
    shapes = list(flat(scene.shapes))
    texts = [text_box(shape) for shape in shapes if isinstance(shape, Text)]
    for shape in shapes:
        corners = _body(shape)
        if corners is None:
            continue
        reach = _reach(corners)
        for box in texts:
            if not touch(box, reach, 0):
                continue
            area = (box.right - box.left) * (box.bottom - box.top)
            lying = overlap(box.corners, corners)
            is_whole = isinstance(shape, Rectangle) and shape.fill.endswith(".node") and lying > area - OVER
            if lying > OVER and not is_whole:
                yield f"the text {box.text} is on the edge of a {shape.fill}"


def _lines_through_boxes(scene: Scene) -> Iterator[str]:
    """Lines that run over or below a volume or a box; what a line belongs to is in one group with it."""
    for own, line in _with_owner(scene.shapes):
        if not (isinstance(line, Line) and line.stroke in WAYS):
            continue
        reach = _reach(line.points)
        for other, shape in _with_owner(scene.shapes):
            corners = _body(shape)
            if corners is None or (own is not None and own is other) or not touch(reach, _reach(corners), -1):
                continue
            if length_inside(line.points, corners) > THROUGH:
                yield f"a line through a {shape.fill}"  # type: ignore[union-attr]


def _body(shape: Shape) -> Corners | None:
    """The outline of a side of a volume, or of a box of a panel; None for other shapes."""
    if isinstance(shape, Polygon) and shape.fill.endswith((".face", ".top", ".side")):
        return shape.points
    if isinstance(shape, Rectangle) and shape.fill.endswith((".node", ".face")):
        return around(shape).corners
    return None


def around(shape: Rectangle) -> Box:
    return Box(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)


def _reach(points: Corners) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(down), max(across), max(down))


def _holds(shape: Rectangle, box: Box) -> bool:
    outer = around(shape)
    return outer.left <= box.left and box.right <= outer.right and outer.top <= box.top and box.bottom <= outer.bottom


def _inside(box: Box, scene: Scene) -> bool:
    return box.left >= 0 and box.top >= 0 and box.right <= scene.width and box.bottom <= scene.height


def touch(a: Box, b: Box, by: float = TOUCH) -> bool:
    across = min(a.right, b.right) - max(a.left, b.left)
    return across > by and min(a.bottom, b.bottom) - max(a.top, b.top) > by


def _with_owner(shapes: Iterable[Shape], owner: Group | None = None) -> Iterator[tuple[Group | None, Shape]]:
    """Each shape with the innermost group that it is in."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _with_owner(shape.shapes, shape)
        else:
            yield owner, shape


def _groups(shapes: Iterable[Shape]) -> Iterator[Group]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield shape
            yield from _groups(shape.shapes)

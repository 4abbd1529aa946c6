"""Which outputs of a net hold boxes: those of the lines yolo, region and detection, or boxes that are ready.

A net read from a file of another program may end in boxes that it has worked out itself, as YOLOv5 and YOLOv8 are
exported to ONNX.  They are known by how many there are: one, or three, for each place of maps of 1/8, 1/16 and 1/32 of
the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError, input_error
from cnncalc.geometry import Order, Shape
from cnncalc.layers.base import counted
from cnncalc.layers.detection import BEFORE_CLASSES, AnchoredHead, Detection, classes_text
from cnncalc.layers.input import Input

ANCHORS_A_PLACE = 3
"""Boxes at each place in the nets with ready boxes that have anchors (YOLOv5, YOLOv7)."""

FINAL_NUMBERS, MOST_FINAL = 6, 3000
"""Numbers of each box in a list without overlapping boxes, and how many boxes such a list has at most."""

STRIDES = ((8, 16, 32), (8, 16, 32, 64), (4, 8, 16, 32))
"""Pixels of the input from place to place, for the maps of one net: the usual, those with a coarser or a finer map."""


@dataclass(frozen=True)
class Rows:
    """Boxes that are ready, in pixels of the input: `numbers` for each, x, y, width, height, objectness, classes.

    `numbers_first`: the output is numbers x boxes, not boxes x numbers; without `objectness` classes follow at once.
    """

    numbers: int
    objectness: bool
    numbers_first: bool

    @property
    def class_count(self) -> int:
        """How many of the numbers are of classes."""
        return self.numbers - BEFORE_CLASSES + (not self.objectness)


class FinalList(NamedTuple):
    """Boxes without overlapping ones: left, top, right, bottom in pixels of the input, confidence and class of each.

    YOLOv10 gives `boxes` x 6 numbers of this kind, and so do nets exported with their suppression inside.
    """

    boxes: int


class Head(NamedTuple):
    """One output of the net, by its place among them, and how its numbers are read."""

    output: int
    layer: AnchoredHead | Detection | Rows | FinalList


class Heads(NamedTuple):
    """All outputs with boxes, the input that their pixels are of and its shape, the classes; and what `said` says."""

    heads: tuple[Head, ...]
    input: Input
    size: Shape
    classes: int
    said: str

    @property
    def final(self) -> bool:
        """Whether the net has taken overlapping boxes out itself."""
        return any(isinstance(head.layer, FinalList) for head in self.heads)


def heads_of(analysis: Analysis, names: int = 0) -> Heads:
    """The outputs of the net that hold boxes; `names` is the number of class names that are known, or 0.

    Raises InputError where none does, or they are of different classes.
    """
    found = _heads(analysis, names)
    if names and names != found.classes:
        raise input_error(
            "labels-do-not-fit",
            f"there are {counted(names, 'class name')}, but boxes of {classes_text(found.classes)}",
            help="give as many names as there are classes: --labels FILE",
        )
    return found


def _heads(analysis: Analysis, names: int) -> Heads:
    line, size = _input(analysis)
    nodes = [analysis.nodes[node] for node in analysis.graph.outputs]
    lines = {
        place: node.node.layer
        for place, node in enumerate(nodes)
        if isinstance(node.node.layer, AnchoredHead | Detection)
    }
    if lines:
        heads, layers = tuple(Head(*line) for line in lines.items()), list(lines.values())
        return Heads(heads, line, size, _same_classes(layers), _said_of_lines(layers))
    for place, node in enumerate(nodes):
        rows = ready_rows(node.output, size, names)
        if rows is not None:
            said = _said_of_rows(rows, node.output) + _guessed(rows, node.output, size, names)
            return Heads((Head(place, rows),), line, size, rows.class_count, said)
    for place, node in enumerate(nodes):
        final = final_list(node.output)
        if final is not None:
            return Heads((Head(place, final),), line, size, names, _said_of_list(final))
    raise _no_boxes([node.output for node in nodes], analysis.graph.order)


def final_list(shape: Shape) -> FinalList | None:
    """The boxes of an output of so many rows of 6 numbers; None for another shape."""
    sizes = [number for number in shape.sizes("channels_first") if number > 1]
    fits = len(sizes) == 2 and sizes[1] == FINAL_NUMBERS < sizes[0] <= MOST_FINAL
    return FinalList(sizes[0]) if fits else None


def ready_rows(shape: Shape, size: Shape, names: int = 0) -> Rows | None:
    """How an output of that shape holds ready boxes for an input of that size; None if it does not.

    >>> ready_rows(Shape(84, (8400,)), Shape(3, (640, 640)))  # YOLOv8 of COCO
    Rows(numbers=84, objectness=False, numbers_first=True)
    >>> ready_rows(Shape(25200, (85,)), Shape(3, (640, 640)))  # YOLOv5 of COCO
    Rows(numbers=85, objectness=True, numbers_first=False)
    """
    found = _readings(shape, size, names)
    return next((rows for rows in found if rows.class_count == names), found[0] if found else None)


def _readings(shape: Shape, size: Shape, names: int) -> list[Rows]:
    """The boxes on one axis or on the other, wherever their count is that of the places; the longer axis first."""
    sizes = [number for number in shape.sizes("channels_first") if number > 1]
    if len(sizes) != 2:
        return []
    found = []
    for numbers_first in (True, False) if sizes[0] <= sizes[1] else (False, True):
        numbers, boxes = sizes if numbers_first else sizes[::-1]
        a_place = next((count for strides in STRIDES if (count := _boxes_a_place(boxes, size, strides))), 0)
        if a_place and numbers >= BEFORE_CLASSES:
            objectness = a_place == ANCHORS_A_PLACE or (names > 0 and numbers == BEFORE_CLASSES + names)
            found.append(Rows(numbers, objectness, numbers_first))
    return found


def _boxes_a_place(boxes: int, size: Shape, strides: tuple[int, ...]) -> int:
    """1 or 3 boxes for each place of maps with these strides; 0 if it is another number."""
    places = sum(ceil(size.height / stride) * ceil(size.width / stride) for stride in strides)
    return next((a_place for a_place in (1, ANCHORS_A_PLACE) if boxes == a_place * places), 0)


def _input(analysis: Analysis) -> tuple[Input, Shape]:
    inputs = [(node.node.layer, node.output) for node in analysis.nodes if node.node.is_input]
    line, shape = inputs[0]
    if len(inputs) == 1 and shape.rank == 2 and isinstance(line, Input):
        return line, shape
    found = f"an input of {shape.text()}" if len(inputs) == 1 else counted(len(inputs), "input")
    raise input_error(
        "no-boxes",
        f"boxes lie in one picture, and this net has {found}",
        help="leave --boxes out",
    )


def _same_classes(lines: list[AnchoredHead | Detection]) -> int:
    counts = sorted({line.classes if isinstance(line, Detection) else line.class_count for line in lines})
    if len(counts) > 1:
        raise input_error(
            "no-boxes",
            f"the lines with boxes do not have the same classes: {' and '.join(map(str, counts))}",
            help="write the same `classes=` in each of them",
        )
    return counts[0]


def _said_of_lines(lines: list[AnchoredHead | Detection]) -> str:
    words = [line.word for line in lines]
    return " and ".join(f"{counted(words.count(word), f'{word} line')}" for word in dict.fromkeys(words))


def _said_of_rows(rows: Rows, shape: Shape) -> str:
    kind = "YOLOv5's or YOLOv7's" if rows.objectness else "YOLOv8's or later"
    parts = "x, y, width, height, objectness" if rows.objectness else "x, y, width, height"
    boxes = shape.elements // rows.numbers
    return f"the output taken for {kind} boxes: {boxes:,} of {parts} and {classes_text(rows.class_count)}"


def _guessed(rows: Rows, shape: Shape, size: Shape, names: int) -> str:
    """What is added where the boxes could as well be on the other axis, and no number of names decides."""
    fitting = [one for one in _readings(shape, size, names) if names in (0, one.class_count)]
    if fitting == [rows]:
        return ""
    which = "second" if rows.numbers_first else "first"
    return f"; that its {which} axis is the one of the boxes is a guess, since both axes fit"


def _said_of_list(final: FinalList) -> str:
    parts = "left, top, right, bottom, confidence and class"
    return f"the output taken for boxes from which overlapping ones were taken out: {final.boxes:,} of {parts}"


def _no_boxes(shapes: list[Shape], order: Order) -> InputError:
    outputs = ", ".join(shape.text(order) for shape in shapes)
    return input_error(
        "no-boxes",
        f"nothing says how boxes are read from what comes out of this net ({outputs})",
        notes=("the lines `yolo`, `region` and `detection` say it, each after the last layer of a map",),
        help="write them, with the anchors of the net (`cnncalc explain yolo`), or leave --boxes out",
    )

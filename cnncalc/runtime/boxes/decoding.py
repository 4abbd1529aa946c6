"""The numbers of a detector's outputs read as boxes in the pixels of its input.

Only boxes that are confident enough are worked out, each with its best class.  What is not a number is no box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from cnncalc.geometry import Shape
from cnncalc.layers.detection import BEFORE_CLASSES, AnchoredHead, Detection, Region, Yolo
from cnncalc.runtime.boxes.heads import FINAL_NUMBERS, FinalList, Head, Rows

Array = np.ndarray[Any, Any]

MOST_CANDIDATES = 30_000
"""Boxes that are compared with each other, the most confident of each output: as many as YOLOv5 compares."""

LARGEST = 1e9
"""How far from the corner of the input, in pixels, a side of a box may be: e^w has no end."""


class Candidates(NamedTuple):
    """Boxes `[n, (left, top, right, bottom)]` in pixels of the input, confidences `[n]` and class numbers `[n]`."""

    corners: Array
    scores: Array
    classes: Array

    def of(self, chosen: Array) -> Candidates:
        """Those with these numbers, in their order."""
        return Candidates(self.corners[chosen], self.scores[chosen], self.classes[chosen])


def decoded(head: Head, values: Array, size: Shape, confidence: float) -> Candidates:
    """The boxes of one output `[c, z, y, x]`, in the order of its numbers; `size` is that of the input."""
    read = _READERS[type(head.layer)]
    with np.errstate(all="ignore"):
        found = read(head.layer, values.reshape(values.shape[0], *values.shape[-2:]), size, confidence)
    whole = found.of(np.flatnonzero(~np.isnan(found.corners).any(axis=1)))
    return whole._replace(corners=np.clip(whole.corners, -LARGEST, LARGEST))


def joined(every: Sequence[Candidates]) -> Candidates:
    """The boxes of all outputs, one output after the other."""
    return Candidates(*(np.concatenate(parts) for parts in zip(*every, strict=True)))


def _yolo(head: Yolo, values: Array, size: Shape, confidence: float) -> Candidates:
    """YOLOv3 to YOLOv5: anchors in pixels of the input."""

    def lengths(numbers: Array, anchors: Array) -> Array:
        return anchors * ((2 * numbers) ** 2 if head.style == "v5" else np.exp(numbers))

    return _anchored(head, values, size, confidence, lengths)


def _region(head: Region, values: Array, size: Shape, confidence: float) -> Candidates:
    """YOLOv2: anchors in places of the map."""
    place = np.array([size.width / values.shape[2], size.height / values.shape[1]])
    return _anchored(head, values, size, confidence, lambda numbers, anchors: anchors * np.exp(numbers) * place)


def _anchored(
    head: AnchoredHead, values: Array, size: Shape, confidence: float, lengths: Callable[[Array, Array], Array]
) -> Candidates:
    """`lengths(w and h of each box, its anchor)` gives widths and heights in pixels of the input."""
    rows, columns = values.shape[1:]
    boxes = values.reshape(head.boxes, BEFORE_CLASSES + head.class_count, rows, columns)
    scores, classes = _best(boxes[:, 4], np.moveaxis(boxes[:, BEFORE_CLASSES:], 1, -1))
    chosen = _confident(scores, confidence)
    anchor, row, column = np.unravel_index(chosen, scores.shape)
    numbers = boxes[anchor, :4, row, column].astype(np.float64)
    places = (numbers[:, :2] + np.stack([column, row], 1)) / (columns, rows) * (size.width, size.height)
    sizes = lengths(numbers[:, 2:], np.array(head.anchors).reshape(-1, 2)[anchor])
    return _centred(places, sizes, scores, classes, chosen)


def _detection(head: Detection, values: Array, size: Shape, confidence: float) -> Candidates:
    """YOLOv1: the classes of each cell, then objectness of each box, then its x y w h."""
    numbers = values.reshape(-1)
    classes, objectness, places = np.split(numbers, np.cumsum([head.cells * head.classes, head.cells * head.boxes]))
    each = np.repeat(classes.reshape(head.cells, 1, head.classes), head.boxes, 1)
    scores, best = _best(objectness.reshape(head.cells, head.boxes), each)
    chosen = _confident(scores, confidence)
    cell = chosen // head.boxes
    box = places.reshape(-1, 4)[chosen].astype(np.float64)
    centres = (box[:, :2] + np.stack([cell % head.side, cell // head.side], 1)) / head.side
    whole = np.array([size.width, size.height], np.float64)
    return _centred(centres * whole, box[:, 2:] ** (2 if head.sqrt else 1) * whole, scores, best, chosen)


def _rows(rows: Rows, values: Array, _size: Shape, confidence: float) -> Candidates:
    """A net that has worked its boxes out itself: centre and size in pixels of the input, one box a row."""
    matrix = values.reshape(rows.numbers, -1).T if rows.numbers_first else values.reshape(-1, rows.numbers)
    first = BEFORE_CLASSES if rows.objectness else BEFORE_CLASSES - 1
    sure = matrix[:, 4] if rows.objectness else np.ones(len(matrix), matrix.dtype)
    scores, classes = _best(sure, matrix[:, first:])
    chosen = _confident(scores, confidence)
    numbers = matrix[chosen, :4].astype(np.float64)
    return _centred(numbers[:, :2], numbers[:, 2:], scores, classes, chosen)


def _final(_: FinalList, values: Array, _size: Shape, confidence: float) -> Candidates:
    """Corners in pixels of the input, the confidence and the number of the class; a row of another class is no box."""
    matrix = values.reshape(-1, FINAL_NUMBERS)
    named = (matrix[:, 5] >= 0) & (matrix[:, 5] <= LARGEST)
    scores = np.where(named, matrix[:, 4], np.nan)
    classes = np.where(named, matrix[:, 5], 0).round().astype(np.intp)
    chosen = _confident(scores, confidence)
    return Candidates(matrix[chosen, :4].astype(np.float64), scores[chosen], classes[chosen])


_READERS: Mapping[type[Any], Callable[[Any, Array, Shape, float], Candidates]] = {
    Yolo: _yolo,
    Region: _region,
    Detection: _detection,
    Rows: _rows,
    FinalList: _final,
}


def _best(objectness: Array, classes: Array) -> tuple[Array, Array]:
    """For each box objectness times its best class, and which class that is; classes are on the last axis."""
    best = classes.argmax(axis=-1)
    return objectness * np.take_along_axis(classes, best[..., None], -1)[..., 0], best


def _confident(scores: Array, confidence: float) -> Array:
    """The numbers of the boxes that are confident enough, in their order; of too many the most confident."""
    flat = scores.reshape(-1)
    found = np.flatnonzero(flat >= confidence)
    if len(found) > MOST_CANDIDATES:
        found = np.sort(found[np.argsort(-flat[found], kind="stable")[:MOST_CANDIDATES]])
    return found


def _centred(centres: Array, sizes: Array, scores: Array, classes: Array, chosen: Array) -> Candidates:
    """Boxes by their centres and sizes (x first), with the confidence and the class of each that was chosen."""
    corners = np.concatenate([centres - sizes / 2, centres + sizes / 2], 1)
    return Candidates(corners, scores.reshape(-1)[chosen], classes.reshape(-1)[chosen])

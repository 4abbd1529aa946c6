"""Boxes in a picture, from what comes out of a detector.

`heads` finds the outputs that hold boxes, `decoding` reads them, `suppression` leaves one box of several round one
thing, `placement` brings it into the pixels of the picture, `marking` draws it.  `found_boxes` does all but the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cnncalc.runtime.boxes.decoding import Candidates, decoded, joined
from cnncalc.runtime.boxes.heads import Heads
from cnncalc.runtime.boxes.suppression import kept
from cnncalc.runtime.placement import Placement

__all__ = ["CONFIDENCE", "MOST_BOXES", "OVERLAP", "Box", "Limits", "found_boxes"]

Array = np.ndarray[Any, Any]

CONFIDENCE, OVERLAP = 0.25, 0.45
"""The limits that YOLOv5 and its followers detect with."""

MOST_BOXES = 300
"""Boxes of one picture, at most, as in YOLOv5 and its followers."""


class Limits(NamedTuple):
    """Boxes with a lower confidence are left out, and those that overlap a better one of their class by more."""

    confidence: float = CONFIDENCE
    overlap: float = OVERLAP


class Box(NamedTuple):
    """One box in pixels of the picture: its class, its confidence from 0 to 1, its left upper corner and its size."""

    number: int
    confidence: float
    x: float
    y: float
    width: float
    height: float


def found_boxes(heads: Heads, outputs: Sequence[Array], placement: Placement, limits: Limits) -> tuple[Box, ...]:
    """The boxes of one picture, the most confident first; `outputs` are its arrays `[c, z, y, x]`, in the net's order.

    Boxes are cut at the border of the picture; those that lie beside it are left out, and of those that overlap only
    then, since the net saw more than the picture, one is kept.
    """
    every = [decoded(head, outputs[head.output], heads.size, limits.confidence) for head in heads.heads]
    best: Candidates = kept(joined(every), limits.overlap, MOST_BOXES)
    cut = best._replace(corners=placement.in_picture(best.corners))
    seen = (cut.corners[:, 2:] > cut.corners[:, :2]).all(axis=1)
    shown = kept(cut.of(np.flatnonzero(seen)), limits.overlap, MOST_BOXES)
    sizes = shown.corners[:, 2:] - shown.corners[:, :2]
    return tuple(
        Box(int(number), float(score), *map(float, corner[:2]), *map(float, size))
        for number, score, corner, size in zip(shown.classes, shown.scores, shown.corners, sizes, strict=True)
    )

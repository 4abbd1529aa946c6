"""Non-maximum suppression: of several boxes of one class round one thing the most confident is kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.runtime.boxes.decoding import Candidates

Array = np.ndarray[Any, Any]


def kept(candidates: Candidates, overlap: float, most: int) -> Candidates:
    """The most confident box, then the next that overlaps none before it of its class by more than `overlap`, and on.

    At most `most` are kept.  Of two with the same confidence the one that came first is taken.
    """
    left = np.argsort(-candidates.scores, kind="stable")
    chosen: list[int] = []
    while left.size and len(chosen) < most:
        best, left = int(left[0]), left[1:]
        chosen.append(best)
        others = candidates.corners[left]
        same = candidates.classes[left] == candidates.classes[best]
        left = left[~(same & (intersection_over_union(candidates.corners[best], others) > overlap))]
    return candidates.of(np.array(chosen, np.intp))


def intersection_over_union(box: Array, others: Array) -> Array:
    """The area that the box shares with each of the others, divided by the area that the two cover together.

    Boxes are (left, top, right, bottom).  Two without an area share nothing.

    >>> float(intersection_over_union(np.array([0.0, 0, 4, 2]), np.array([[2.0, 0, 6, 2]]))[0])  # 4 / (8 + 8 - 4)
    0.3333333333333333
    """
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.maximum(high - low, 0.0).prod(axis=1)
    together = np.prod(box[2:] - box[:2]) + (others[:, 2:] - others[:, :2]).prod(axis=1) - shared
    share: Array = np.divide(shared, together, out=np.zeros_like(shared), where=together > 0)
    return share

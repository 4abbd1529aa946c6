"""Anchors that a file of YOLOv5's weights holds win over those of the text; other arrays change nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnncalc.runtime.boxes.file_anchors import with_file_anchors
from cnncalc.runtime.boxes.heads import heads_of

from ..nets import analysed

NET = """input 64x64x3
a: avgpool 16x16
b: avgpool 2x2
conv 6 1x1 from b
x: yolo anchors=30,61 classes=1 v5
conv 6 1x1 from a
y: yolo anchors=10,13 classes=1 v5
output x y
"""


def anchors(tmp_path: Path, text: str = NET, **arrays: np.ndarray) -> list[tuple[float, ...]]:
    np.savez(tmp_path / "w.npz", **arrays)
    analysis = analysed(text)
    heads = with_file_anchors(heads_of(analysis), analysis, tmp_path / "w.npz")
    return [head.layer.anchors for head in heads.heads]


def test_anchors_are_in_places_of_their_map_the_finest_map_first(tmp_path: Path) -> None:
    """The maps have 16 and 32 pixels a place; the text has the coarse one first."""
    given = np.array([[[1.25, 1.5]], [[2.0, 4.0]]], np.float16)
    assert anchors(tmp_path, **{"model.24.anchors": given}) == [(64, 128), (20, 24)]


@pytest.mark.parametrize(
    "arrays",
    [
        {"model.24.bias": np.ones((2, 1, 2))},
        {"anchors": np.ones((3, 1, 2))},
        {"a.anchors": np.ones((2, 1, 2)), "b.anchors": np.ones((2, 1, 2))},
        {"anchors": np.full((2, 1, 2), np.nan)},
        {"anchors": -np.ones((2, 1, 2))},
    ],
)
def test_other_arrays_leave_the_anchors_of_the_text(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    assert anchors(tmp_path, **arrays) == [(30, 61), (10, 13)]


def test_only_yolov5_has_its_anchors_in_such_an_array(tmp_path: Path) -> None:
    assert anchors(tmp_path, NET.replace(" v5", ""), anchors=np.ones((2, 1, 2))) == [(30, 61), (10, 13)]

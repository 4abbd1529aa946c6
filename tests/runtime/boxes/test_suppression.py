"""Of several boxes of one class round one thing the most confident is kept; everything else is left as it is."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.geometry import Shape
from cnncalc.layers.input import Input
from cnncalc.runtime.boxes import Limits, found_boxes
from cnncalc.runtime.boxes.decoding import Candidates
from cnncalc.runtime.boxes.heads import Head, Heads, Rows
from cnncalc.runtime.boxes.suppression import intersection_over_union, kept
from cnncalc.runtime.placement import Placement


def of(*boxes):
    """Candidates from (left, top, right, bottom, score, class)."""
    table = np.array(boxes, np.float64).reshape(-1, 6)
    return Candidates(table[:, :4], table[:, 4], table[:, 5].astype(int))


def scores(candidates, overlap=0.45, most=300):
    return kept(candidates, overlap, most).scores.tolist()


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        ((0, 0, 10, 10), 1.0),
        ((5, 0, 15, 10), 50 / 150),
        ((5, 5, 15, 15), 25 / 175),
        ((2, 2, 4, 4), 4 / 100),
        ((10, 0, 20, 10), 0.0),
        ((20, 20, 30, 30), 0.0),
        ((3, 3, 3, 3), 0.0),
        ((8, 8, 2, 2), 0.0),
    ],
)
def test_the_shared_area_is_divided_by_the_area_of_both(other, wanted):
    found = intersection_over_union(np.array([0.0, 0, 10, 10]), np.array([other], np.float64))
    assert found.tolist() == pytest.approx([wanted])


def test_two_boxes_without_an_area_share_nothing():
    assert intersection_over_union(np.zeros(4), np.zeros((1, 4))).tolist() == [0.0]


def test_the_most_confident_of_overlapping_boxes_is_kept():
    boxes = of((0, 0, 10, 10, 0.6, 0), (1, 0, 11, 10, 0.9, 0), (30, 30, 40, 40, 0.5, 0))
    assert scores(boxes) == [0.9, 0.5]


def test_boxes_of_other_classes_are_left():
    boxes = of((0, 0, 10, 10, 0.6, 0), (0, 0, 10, 10, 0.9, 1))
    assert scores(boxes) == [0.9, 0.6]


def test_a_box_that_a_suppressed_one_overlaps_is_kept():
    """The second overlaps the first (60 / 140 of both), the third only the second: chains do not spread."""
    boxes = of((0, 0, 10, 10, 0.9, 0), (4, 0, 14, 10, 0.8, 0), (8, 0, 18, 10, 0.7, 0))
    assert scores(boxes, overlap=0.4) == [0.9, 0.7]
    assert scores(boxes, overlap=0.45) == [0.9, 0.8, 0.7]


def test_an_overlap_at_the_limit_is_allowed():
    """100 and 50 share 50 of 100."""
    boxes = of((0, 0, 10, 10, 0.9, 0), (0, 0, 10, 5, 0.8, 0))
    assert scores(boxes, overlap=0.5) == [0.9, 0.8]
    assert scores(boxes, overlap=0.49) == [0.9]


def test_of_two_with_one_confidence_the_first_is_kept():
    boxes = of((1, 0, 11, 10, 0.9, 0), (0, 0, 10, 10, 0.9, 0))
    assert kept(boxes, 0.45, 300).corners[:, 0].tolist() == [1]


def test_no_more_boxes_are_kept_than_asked_for():
    boxes = of(*[(20 * n, 0, 20 * n + 10, 10, 0.5 + n / 100, 0) for n in range(8)])
    assert scores(boxes, most=3) == pytest.approx([0.57, 0.56, 0.55])


def test_no_boxes_are_no_boxes():
    assert scores(of()) == []


def test_boxes_that_are_one_box_when_cut_at_the_border_are_listed_once():
    """Three boxes, each the whole of an 8 x 8 picture: as they came they shared 64 / 320 and 64 / 576."""
    rows = np.zeros((3, 6), np.float32)
    rows[:, 4:] = [[0.9, 0], [0.8, 0], [0.7, 0]]
    rows[:, :4] = [[4, 4, 8, 8], [4, 4, 40, 8], [4, 4, 8, 40]]
    heads = Heads((Head(0, Rows(6, False, False)),), Input(size=(8, 8, 3)), Shape(3, (8, 8)), 2, "")
    found = found_boxes(heads, [rows.reshape(3, 1, 1, 6)], Placement(8, 8), Limits())
    assert [box[1:] for box in found] == [(pytest.approx(0.9), 0, 0, 8, 8)]

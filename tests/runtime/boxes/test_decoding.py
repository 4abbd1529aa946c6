"""The numbers of a detector's outputs are read as the boxes that Darknet and Ultralytics read in them.

Every wanted box is worked out by hand from the published formulas: Redmon et al. 2015 to 2018 and Darknet's
get_yolo_box, get_region_box and get_detection_detections; Ultralytics' Detect.forward for v5 and its exports.
"""

from __future__ import annotations

from math import log, nan

import numpy as np
import pytest

from cnncalc.geometry import Shape
from cnncalc.layers.detection import Detection, Region, Yolo
from cnncalc.runtime.boxes.decoding import LARGEST, MOST_CANDIDATES, decoded, joined
from cnncalc.runtime.boxes.heads import FinalList, Head, Rows
from cnncalc.runtime.boxes.suppression import kept

SMALL, USUAL = Shape(3, (416, 416)), Shape(3, (640, 640))
V3 = Yolo(anchors=(81, 82, 135, 169, 344, 319), classes=2)


def found(layer, values, size, confidence=0.25):
    """(left, top, right, bottom, score, class) of every box."""
    boxes = decoded(Head(0, layer), np.asarray(values, np.float32), size, confidence)
    scores, classes = boxes.scores.tolist(), boxes.classes.tolist()
    return [(*corners, *rest) for corners, *rest in zip(boxes.corners.tolist(), scores, classes, strict=True)]


def close(*boxes):
    return [pytest.approx(box, rel=1e-5, abs=1e-4) for box in boxes]


def nothing(channels, rows, columns):
    return np.zeros((channels, 1, rows, columns), np.float32)


def test_a_box_of_yolov3_lies_round_its_place_and_is_its_anchor_times_e_to_w():
    """Column 6, row 5 of 13: (6 + 0.5) * 32 = 208 and (5 + 0.25) * 32 = 168; 135 * 2 = 270 wide, 169 * 1 high."""
    values = nothing(21, 13, 13)
    values[7:14, 0, 5, 6] = [0.5, 0.25, log(2), 0, 0.9, 0.1, 0.8]
    assert found(V3, values, SMALL) == close((73, 83.5, 343, 252.5, 0.72, 1))


def test_boxes_come_anchor_by_anchor_row_by_row():
    values = nothing(21, 13, 13)
    for anchor, row, column in ((2, 0, 0), (0, 12, 12), (0, 3, 4)):
        values[7 * anchor : 7 * anchor + 7, 0, row, column] = [0.5, 0.5, 0, 0, 1, 1, 0]
    centres = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom, *_ in found(V3, values, SMALL)]
    assert centres == [(144, 112), (400, 400), (16, 16)]


def test_a_map_that_is_not_square_has_its_own_rows_and_columns():
    """416 wide, 320 high: 13 columns and 10 rows of 32 pixels."""
    values = nothing(21, 10, 13)
    values[:7, 0, 9, 12] = [0.5, 0.5, 0, 0, 1, 1, 0]
    assert found(V3, values, Shape(3, (320, 416))) == close((359.5, 263, 440.5, 345, 1, 0))


def test_a_box_of_yolov5_is_its_anchor_times_the_square_of_twice_w():
    """x and y are stretched already: (4 + 0.75) * 32 = 152, (3 - 0.25) * 32 = 88; 116 * 1^2 wide, 90 * 2^2 high."""
    layer = Yolo(anchors=(116, 90, 156, 198, 373, 326), classes=1, style="v5")
    values = nothing(18, 20, 20)
    values[:6, 0, 3, 4] = [0.75, -0.25, 0.5, 1.0, 0.5, 0.75]
    assert found(layer, values, USUAL) == close((94, -92, 210, 268, 0.375, 0))


def test_a_box_of_yolov2_has_its_anchor_in_places():
    """(2 + 0.5) * 32 = 80, (1 + 0.5) * 32 = 48; 1.32 * 32 = 42.24 wide, 2 * 1.73 * 32 = 110.72 high."""
    layer = Region(anchors=(3, 4, 1.32, 1.73), classes=3, softmax=True)
    values = nothing(16, 13, 13)
    values[8:16, 0, 1, 2] = [0.5, 0.5, 0, log(2), 0.8, 0.25, 0.25, 0.5]
    assert found(layer, values, SMALL) == close((58.88, -7.36, 101.12, 103.36, 0.4, 2))


@pytest.mark.parametrize(("sqrt", "width", "height"), [(False, 224.0, 112.0), (True, 112.0, 28.0)])
def test_a_box_of_yolov1_is_a_share_of_the_picture(sqrt, width, height):
    """Cell 2 of 2 x 2 is row 1, column 0; box 1 of it: (0 + 0.5) / 2 and (1 + 0.25) / 2 of 448."""
    layer = Detection(side=2, boxes=2, classes=3, sqrt=sqrt)
    values = np.zeros((4 * 3 + 4 * 2 + 4 * 2 * 4, 1, 1, 1), np.float32)
    flat = values.reshape(-1)
    flat[2 * 3 : 2 * 3 + 3] = [0.1, 0.2, 0.7]
    flat[12 + 2 * 2 + 1] = 0.5
    flat[20 + (2 * 2 + 1) * 4 :][:4] = [0.5, 0.25, 0.5, 0.25]
    x, y = 112.0, 280.0
    wanted = (x - width / 2, y - height / 2, x + width / 2, y + height / 2, 0.35, 2)
    assert found(layer, values, Shape(3, (448, 448))) == close(wanted)


def test_ready_boxes_of_yolov5_stand_in_rows_with_objectness():
    """1 x N x (5 + classes) of its ONNX export: pixels of the input already."""
    values = np.zeros((25200, 1, 1, 7), np.float32)
    values[9, 0, 0] = [100, 200, 40, 80, 0.5, 0.2, 0.9]
    rows = Rows(numbers=7, objectness=True, numbers_first=False)
    assert found(rows, values, USUAL) == close((80, 160, 120, 240, 0.45, 1))


def test_ready_boxes_of_yolov8_stand_in_columns_without_objectness():
    """1 x (4 + classes) x N of its ONNX export."""
    values = np.zeros((6, 1, 1, 8400), np.float32)
    values[:, 0, 0, 17] = [100, 200, 40, 80, 0.3, 0.6]
    rows = Rows(numbers=6, objectness=False, numbers_first=True)
    assert found(rows, values, USUAL) == close((80, 160, 120, 240, 0.6, 1))


def test_a_box_at_the_limit_is_kept_and_one_below_it_is_not():
    values = nothing(21, 13, 13)
    values[4:6, 0, 0, 0] = [0.5, 0.5]
    values[4:6, 0, 0, 1] = [0.5, 0.4999]
    assert len(found(V3, values, SMALL, confidence=0.25)) == 1
    assert len(found(V3, values, SMALL, confidence=0.2501)) == 0
    assert len(found(V3, values, SMALL, confidence=0.2)) == 2


@pytest.mark.parametrize("number", range(7))
def test_what_is_not_a_number_is_no_box(number):
    values = nothing(21, 13, 13)
    values[:7, 0, 0, 0] = [0.5, 0.5, 0, 0, 1, 1, 0]
    values[number, 0, 0, 0] = nan
    assert found(V3, values, SMALL) == []


def test_a_width_without_end_is_a_box_that_covers_everything():
    values = nothing(21, 13, 13)
    values[:7, 0, 0, 0] = [0.5, 0.5, 1000, 0, 1, 1, 0]
    values[:7, 0, 0, 1] = [0.5, 0.5, 1000, 0, 0.9, 1, 0]
    first, second = found(V3, values, SMALL)
    assert first == pytest.approx((-LARGEST, -25, LARGEST, 57, 1, 0))
    assert second == pytest.approx((-LARGEST, -25, LARGEST, 57, 0.9, 0))
    assert kept(decoded(Head(0, V3), values, SMALL, 0.25), 0.45, 300).scores.tolist() == [1]


def test_of_too_many_boxes_the_most_confident_are_taken():
    places = 110
    layer = Yolo(anchors=(10, 10, 20, 20, 30, 30), classes=1)
    values = np.ones((18, 1, places, places), np.float32)
    values[4::6, 0] = 0.5
    values[4, 0, 7, 8] = values[16, 0, 109, 109] = 0.75
    boxes = decoded(Head(0, layer), values, Shape(3, (880, 880)), 0.25)
    assert 3 * places**2 > MOST_CANDIDATES == len(boxes.scores)
    assert np.flatnonzero(boxes.scores == 0.75).tolist() == [7 * 110 + 8, MOST_CANDIDATES - 1]


def test_the_boxes_of_several_outputs_come_one_output_after_the_other():
    values = nothing(21, 13, 13)
    values[:7, 0, 5, 6] = [0.5, 0.5, 0, 0, 1, 1, 0]
    finer = np.zeros((21, 1, 26, 26), np.float32)
    finer[:7, 0, 0, 0] = [0.5, 0.5, 0, 0, 0.5, 0, 1]
    heads = (Head(0, V3), Head(1, Yolo(anchors=(10, 14, 23, 27, 37, 58), classes=2)))
    boxes = joined([decoded(head, each, SMALL, 0.25) for head, each in zip(heads, (values, finer), strict=True)])
    assert boxes.classes.tolist() == [0, 1]
    assert boxes.corners[1].tolist() == [3, 1, 13, 15]


def test_a_finished_list_has_corners_and_rows_without_a_class_are_no_boxes():
    rows = [
        [1, 2, 3, 4, 0.9, 7],
        [1, 2, 3, 4, 0.9, 7],
        [1, 2, 3, 4, 0.9, -1],
        [1, 2, 3, 4, 0.9, nan],
        [0, 0, 9, 9, 0.2, 1],
    ]
    values = np.array(rows).reshape(5, 1, 1, 6)
    assert found(FinalList(5), values, SMALL) == close((1, 2, 3, 4, 0.9, 7), (1, 2, 3, 4, 0.9, 7))

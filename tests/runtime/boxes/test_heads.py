"""The outputs that hold boxes are found: those of a detector's lines, and ready boxes, by how many they are."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError
from cnncalc.geometry import Shape
from cnncalc.graph import load_graph
from cnncalc.runtime.boxes.heads import FinalList, Rows, final_list, heads_of, ready_rows
from cnncalc.sources import find

from ..nets import analysed

TWO = "input 64x64x3\na: avgpool 32x32\nconv 7 1x1\nx: yolo anchors=1,2 classes=2\n"
TWO += "conv 16 1x1 from a\ny: region anchors=1,2,3,4 classes=3\noutput x y\n"


def zoo(name):
    graph, faults = load_graph(find(name))
    assert not faults
    return analyse(graph)


def refused(analysis, names=0):
    with pytest.raises(InputError) as error:
        heads_of(analysis, names)
    (diagnostic,) = error.value.diagnostics
    return diagnostic.code, diagnostic.message


@pytest.mark.parametrize(
    ("name", "outputs", "classes", "said"),
    [
        ("yolov3", [0, 1, 2], 80, "3 yolo lines"),
        ("yolov3-tiny", [0, 1], 80, "2 yolo lines"),
        ("yolov5n", [0, 1, 2], 80, "3 yolo lines"),
        ("yolov2", [0], 80, "1 region line"),
        ("yolov1", [0], 20, "1 detection line"),
    ],
)
def test_the_networks_that_ship_have_the_boxes_of_their_papers(name, outputs, classes, said):
    found = heads_of(zoo(name))
    assert ([head.output for head in found.heads], found.classes, found.said) == (outputs, classes, said)


def test_the_order_of_the_outputs_is_that_of_the_output_line():
    found = heads_of(zoo("yolov3"))
    assert [head.layer.anchors[:2] for head in found.heads] == [(116, 90), (30, 61), (10, 13)]


@pytest.mark.parametrize(
    ("channels", "length", "size", "wanted"),
    [
        (84, 8400, 640, Rows(84, objectness=False, numbers_first=True)),
        (25200, 85, 640, Rows(85, objectness=True, numbers_first=False)),
        (22, 2100, 320, Rows(22, objectness=False, numbers_first=True)),
        (5, 8400, 640, Rows(5, objectness=False, numbers_first=True)),
        (102000, 85, 1280, Rows(85, objectness=True, numbers_first=False)),
        (84, 8401, 640, None),
        (4, 8400, 640, None),
        (1000, 1, 640, None),
    ],
)
def test_ready_boxes_are_known_by_how_many_there_are(channels, length, size, wanted):
    """640 / 8, / 16, / 32: 80 * 80 + 40 * 40 + 20 * 20 = 8,400; three anchors 25,200; with / 64 at 1280 102,000."""
    assert ready_rows(Shape(channels, (length,)), Shape(3, (size, size))) == wanted


def test_a_picture_that_is_not_square_has_as_many_boxes_as_its_maps():
    """384 x 640: 48 * 80 + 24 * 40 + 12 * 20 = 5,040."""
    assert ready_rows(Shape(84, (5040,)), Shape(3, (384, 640))) == Rows(84, objectness=False, numbers_first=True)


def test_the_number_of_names_tells_whether_there_is_objectness():
    """8,400 rows of 85 numbers are YOLOX's for 80 classes, and YOLOv8's for 81."""
    shape, size = Shape(8400, (85,)), Shape(3, (640, 640))
    assert ready_rows(shape, size, names=80) == Rows(85, objectness=True, numbers_first=False)
    assert ready_rows(shape, size).class_count == ready_rows(shape, size, names=81).class_count == 81


def test_ready_boxes_are_said_to_be_taken_for_what_they_look_like():
    said = heads_of(analysed("input 64x64x3\nconv 6 1x1\nreshape 4096x6\nslice 0:84 axis=width\n")).said
    assert said == ("the output taken for YOLOv8's or later boxes: 84 of x, y, width, height and 2 classes")


def test_a_net_without_boxes_is_refused_with_what_comes_out_of_it():
    assert refused(zoo("lenet5")) == (
        "no-boxes",
        "nothing says how boxes are read from what comes out of this net (10)",
    )


def test_lines_with_other_classes_are_refused():
    assert refused(analysed(TWO)) == ("no-boxes", "the lines with boxes do not have the same classes: 2 and 3")


def test_boxes_without_a_picture_are_refused():
    text = "input 84 channels 16\nconv 6 1\nreshape 4x21x6\nyolo anchors=1,2 classes=1\n"
    assert refused(analysed(text)) == ("no-boxes", "boxes lie in one picture, and this net has an input of 84x16")


def test_other_names_than_classes_are_refused():
    assert refused(zoo("yolov1"), names=80) == (
        "labels-do-not-fit",
        "there are 80 class names, but boxes of 20 classes",
    )


def test_where_both_axes_fit_the_number_of_names_chooses():
    """A picture of 64 x 64 has 84 places, and 80 classes 84 numbers."""
    square = analysed("input 64x64x3\ngap\ndense 7056\nreshape 84x84\n")
    assert heads_of(square).said.endswith(
        "; that its second axis is the one of the boxes is a guess, since both axes fit"
    )
    assert ready_rows(Shape(84, (252,)), Shape(3, (64, 64)), names=248) == Rows(252, False, numbers_first=False)
    assert ready_rows(Shape(84, (252,)), Shape(3, (64, 64))) == Rows(84, objectness=True, numbers_first=True)


def test_fewer_places_than_numbers_are_boxes_too():
    """A picture of 32 x 32 has 16 + 4 + 1 = 21 places."""
    assert ready_rows(Shape(84, (21,)), Shape(3, (32, 32))) == Rows(84, objectness=False, numbers_first=True)
    assert ready_rows(Shape(21, (84,)), Shape(3, (32, 32))) == Rows(84, objectness=False, numbers_first=False)


def test_rows_of_six_numbers_are_a_list_without_overlapping_boxes():
    shapes = [Shape(300, (6,)), Shape(1, (300, 6)), Shape(6, (300,)), Shape(300, (7,)), Shape(3001, (6,))]
    assert list(map(final_list, shapes)) == [FinalList(300), FinalList(300), None, None, None]


def test_a_shape_that_says_nothing_is_named_in_the_order_of_the_net():
    first = "input 3x64x64 channels_first\ngap\ndense 2000\nreshape 400x5\n"
    last = "input 64x64x3\ngap\ndense 2000\nreshape 400x5\n"
    for text in (first, last):
        assert "(400x5)" in refused(analysed(text))[1]

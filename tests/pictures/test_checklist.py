"""The checklist finds each kind of fault in a drawing that has it, and none in one that has none."""

from __future__ import annotations

import pytest

from cnncalc.pictures.scene.shapes import Group, Line, Polygon, Rectangle, Scene, Shape, Text
from tests.pictures.checklist import faults

BOX = Rectangle(20, 20, 60, 24, fill="conv.node")
INSIDE = Text(50, 36, "conv", 10)
VOLUME = Polygon(((20, 20), (80, 20), (80, 60), (20, 60)), "conv.face")


@pytest.mark.parametrize(
    ("shapes", "fault"),
    [
        ((INSIDE, INSIDE), "touch: conv / conv"),
        ((Text(5, 36, "conv", 10),), "off the canvas: conv"),
        ((INSIDE._replace(size=6),), "letters of 6.0: conv"),
        ((INSIDE, Line(((0, 34), (99, 34)))), "a line through the text conv"),
        ((BOX, Text(82, 36, "conv", 10)), "the text conv is on the edge of a conv.node"),
        ((BOX, INSIDE._replace(text="sepconv 7×7 /2")), "the text sepconv 7×7 /2 is on the edge of a conv.node"),
        ((VOLUME, INSIDE), "the text conv is on the edge of a conv.face"),
        ((BOX, Line(((50, 0), (50, 99)))), "a line through a conv.node"),
        ((Line(((0, 0), (99, 99))), VOLUME), "a line through a conv.face"),
    ],
)
def test_each_kind_of_fault_is_found(shapes: tuple[Shape, ...], fault: str) -> None:
    assert faults(Scene(shapes, 100, 100)) == [fault]


@pytest.mark.parametrize(
    "shapes",
    [
        (BOX, INSIDE, Line(((50, 0), (50, 19)))),
        (Line(((50, 0), (50, 19))), Line(((50, 44), (50, 90))), BOX, INSIDE),
        (Group((VOLUME, Line(((20, 40), (80, 40)), "line", arrow=False)), "conv", (0, 0)),),
        (Line(((0, 70), (99, 70))), Text(50, 66, "conv", 10)),
    ],
)
def test_words_in_boxes_and_lines_that_end_at_them_are_no_fault(shapes: tuple[Shape, ...]) -> None:
    assert faults(Scene(shapes, 100, 100)) == []


def test_a_row_in_no_group_or_in_two_is_found() -> None:
    scene = Scene((Group((), "a", (0, 1)), Group((), "b", (1, 1))), 9, 9)
    assert faults(scene, 3) == ["row 1 is in 2 groups", "row 2 is in 0 groups"]

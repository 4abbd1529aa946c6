"""What is off a main way: heads close to what they read, inputs as large as their like, lines that do not cross."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.net_items import net_items
from cnncalc.pictures.nets.net_picture import PAPER, PHONE, Look, net_picture
from cnncalc.pictures.nets.strip_plan import StripPlan, strip_plan
from cnncalc.pictures.nets.volumes import scale_of
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Circle, Group, Polygon, Scene, Text
from tests.pictures.checklist import faults

TOWERS = "".join(f"{name}: input 64x64x3\nconv 16 3x3 pad=1 relu\nmaxpool 2\n{name}e: conv 32 3x3\n" for name in "ab")
THREE_INPUTS = f"""{TOWERS}c: input 16
ce: dense 32 relu
add ae be
g: gap
concat g ce
dense 10 softmax
"""


def planned(text: str, width: float) -> tuple[tuple[Item, ...], StripPlan]:
    items = net_items(cnncalc.load(text).analysis)
    return items, strip_plan(items, scale_of(items), width)


def height(scene: Scene, text: str) -> float:
    return next(shape.y for shape in flat(scene.shapes) if isinstance(shape, Text) and shape.text == text)


def test_both_auxiliary_heads_of_googlenet_hang_at_one_height_under_what_they_read() -> None:
    scene = net_picture(cnncalc.load("googlenet-aux").analysis, Look(PAPER))
    assert height(scene, "aux1") == height(scene, "aux2")
    assert not any(isinstance(shape, Circle) for shape in flat(scene.shapes))


def test_the_main_way_is_the_one_over_most_rows_whatever_is_folded() -> None:
    items, _ = planned("yolov2", PAPER)
    assert {item.words[0] for item in items if item.aside} == {"conv", "rearrange"}  # its passthrough layer


def test_a_second_input_of_the_same_size_is_drawn_as_large_as_the_first() -> None:
    scene = net_picture(cnncalc.load(THREE_INPUTS).analysis, Look(PAPER))
    faces = [
        shape.shapes[2]
        for shape in scene.shapes
        if isinstance(shape, Group) and shape.label in {"input a: 64×64×3", "input b: 64×64×3"}
    ]
    sizes = [
        (round(face.points[2][0] - face.points[0][0], 3), round(face.points[2][1] - face.points[0][1], 3))
        for face in faces
        if isinstance(face, Polygon)
    ]
    assert len(sizes) == 2
    assert sizes[0] == sizes[1]


def test_inputs_below_a_line_are_tied_to_it_by_lines_that_do_not_cross() -> None:
    for width in (PAPER, 500.0):
        items, plan = planned(THREE_INPUTS, width)
        assert [items[chain.risen_to].words for chain in plan.chains if chain.risen_to] == [("add",), ("concat",)]
        assert not plan.letters
        assert faults(net_picture(cnncalc.load(THREE_INPUTS).analysis, Look(width)), len(items)) == []


def test_a_head_that_has_no_room_to_the_right_begins_at_the_left_of_the_next_line() -> None:
    _, plan = planned("yolov3", PHONE)
    assert all(chain.dropped_from is not None for chain in plan.chains)
    assert any(chain.starts_left for chain in plan.chains)


def test_branches_that_are_cut_by_the_end_of_a_line_hang_below_their_join_and_cost_no_line_of_their_own() -> None:
    analysis = cnncalc.load("googlenet").analysis
    scene = net_picture(analysis, Look(opened=("inception",)))
    assert faults(scene, len(analysis.rows)) == []
    assert scene.height < 1500  # 1857 with a row for each branch that is cut


def test_the_line_up_from_a_chain_runs_through_no_chain_above_it() -> None:
    text = "a: input 5x1x32\nb: adaptavg 7\navg b b\nd: dense 3 from a\ne: dense 3 from a\nmul d e\n"
    scene = net_picture(cnncalc.load(text).analysis, Look())
    assert faults(scene, 8) == []  # each flatten is a row of its own


def test_a_volume_below_a_line_has_room_for_its_size_and_its_name() -> None:
    text = "input 16x13x32\na: conv 32 1x1\nb: conv 32 1x1\ngap\na_name_of_some_length: tanh from b\n"
    for width in (320, 340, 360, 372):
        scene = net_picture(cnncalc.load(text).analysis, Look(float(width), narrow=True))
        assert scene.width <= width


def test_a_chain_of_two_lines_begins_at_the_left_wherever_the_volume_is_that_it_reads() -> None:
    chain = "b: depthtospace 1 hardswish from a\nconv 48 1x1\ndepthtospace 1 hardswish\nconv 48 1x1\n"
    text = "input 20x2x31\na: conv 31 1x1\n" + "conv 30 1x1\nconv 31 1x1\n" * 4 + chain
    analysis = cnncalc.load(text).analysis
    for width in (300, 340, 372):
        assert faults(net_picture(analysis, Look(float(width), narrow=True)), len(analysis.rows)) == []


@pytest.mark.parametrize(
    "text",
    [
        # a shortcut beside a letter, over a narrow volume, ran through the words of the next arrow
        (
            "x1: input 3x9 channels 33\na2: selu\nreshape 3x297 channels_first relu from x1\na3: adaptavg 4 mish\n"
            "a4: maxpool 3 floor silu ln\na5: max a3 a4 a3 relu elu 0.1 prelu\na6: upsample 1 elu\n"
            "a7: max a3 a5 a6 gelu\n"
        ),
        # a line down to the left edge ran through a volume that is tied to nothing
        (
            "x1: input 12x2 channels 31\nregion anchors=1.5,2 classes=26 softmax\nrepeat 2\n"
            "region anchors=1.5,2 classes=26 softplus\nl2norm selu\nend\navg x1 x1 x1 sigmoid relu6\nlearned 31x24\n"
            "a2: softplus from x1\noutput x1 a2\n"
        ),
    ],
)
def test_shortcuts_and_lines_down_run_through_nothing(text: str) -> None:
    analysis = cnncalc.load(text).analysis
    assert faults(net_picture(analysis, Look(PHONE, narrow=True)), len(analysis.rows)) == []

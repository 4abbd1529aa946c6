"""The picture of a net: nothing touches, nothing is off the canvas, every row and every reading is shown once."""

from __future__ import annotations

import re
from itertools import pairwise, permutations

import pytest

import cnncalc
from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.net_items import net_items
from cnncalc.pictures.nets.net_picture import PAPER, PHONE, SLIDE, Look, net_picture
from cnncalc.pictures.nets.strip_plan import strip_plan
from cnncalc.pictures.nets.volumes import Photo, scale_of
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Circle, Image, Scene, Text
from tests.pictures.checklist import faults, text_box

NETS = (
    "lenet5",
    "vgg16",
    "resnet50",
    "googlenet",
    "densenet121",
    "unet",
    "yolov3",
    "nasnet-mobile",
)
TWO_INPUTS = """a: input 64x64x3
conv 8 3x3 relu
left: flatten
b: input 32x32x1
conv 4 3x3 relu
right: flatten
concat left right
dense 10 softmax
"""


def analysis_of(text: str) -> Analysis:
    return cnncalc.load(text).analysis


def texts(scene: Scene) -> list[str]:
    return [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]


@pytest.mark.parametrize("name", NETS)
def test_pictures_have_no_fault_at_any_width_and_keep_to_it(name: str) -> None:
    analysis = analysis_of(name)
    for width in (SLIDE, PAPER, PHONE):
        scene = net_picture(analysis, Look(width, narrow=width == PHONE))
        assert faults(scene, len(analysis.rows)) == []
        assert scene.width <= width


def test_a_picture_gives_title_sizes_and_the_totals_of_the_analysis() -> None:
    shown = texts(net_picture(analysis_of("input 32x32x1\nconv 6 5x5 relu\nmaxpool 2\n")))
    assert {"32×32×1", "28×28×6", "14×14×6", "conv", "5×5", "relu", "max", "pool"} <= set(shown)
    assert any("156 parameters, 117,600 multiply-accumulates" in text for text in shown)  # C1 of LeCun 1998


def test_both_inputs_are_shown_with_their_names_and_an_arrow_leads_up_from_the_second() -> None:
    analysis = analysis_of(TWO_INPUTS)
    items = net_items(analysis)
    plan = strip_plan(items, scale_of(items), PAPER)
    assert [(chain.risen_to is not None, chain.dropped_from) for chain in plan.chains] == [(True, None)]
    scene = net_picture(analysis, Look(PAPER))
    assert faults(scene, 8) == []
    assert {"a", "b", "64×64×3", "32×32×1"} <= set(texts(scene))


@pytest.mark.parametrize("width", [SLIDE, PAPER, PHONE])
@pytest.mark.parametrize("name", ["googlenet", "unet", "yolov3", "densenet121"])
def test_every_reading_is_drawn_as_arrow_shortcut_line_or_pair_of_letters(name: str, width: float) -> None:
    items = net_items(analysis_of(name))
    plan = strip_plan(items, scale_of(items), width)
    main = [place for place, item in enumerate(items) if not item.aside]
    ways = [tuple(main), *(chain.places for chain in plan.chains)]
    drawn = {pair for way in ways for pair in pairwise(way)} | set(plan.shortcuts)
    drawn |= {(chain.dropped_from, chain.places[0]) for chain in plan.chains}
    drawn |= {(chain.places[-1], chain.risen_to) for chain in plan.chains}
    for reader, item in enumerate(items):
        for source in item.sources:
            letters = [{letter for letter, _ in plan.marks.get(place, ())} for place in (source, reader)]
            assert (source, reader) in drawn or letters[0] & letters[1]


def test_letters_over_the_end_of_a_line_stand_at_both_places() -> None:
    scene = net_picture(analysis_of("unet"), Look(PHONE, narrow=True))
    circles = sum(isinstance(shape, Circle) for shape in flat(scene.shapes))
    assert circles == 8  # U-Net has four copies from its left to its right half (Ronneberger 2015, figure 1)


def test_a_thousand_convolutions_are_one_picture_of_few_volumes() -> None:
    analysis = analysis_of("input 32x32x8\n" + "conv 8 3x3 pad=1\n" * 1000)
    scene = net_picture(analysis, Look(PAPER))
    assert faults(scene, 1001) == []
    assert "×1,000" in texts(scene)
    assert scene.height < 400


@pytest.mark.parametrize(
    "text",
    [
        "input 100 channels 2\nconv 4 5\nmaxpool 2\n",
        "input 8x16x16x1\nconv 4 3x3x3\ngap\ndense 2\n",
        "input 5\n",
        "input 9\ndense 3\n",
    ],
)
def test_signals_volumes_vectors_and_single_lines_are_drawn(text: str) -> None:
    analysis = analysis_of(text)
    assert faults(net_picture(analysis, Look(PHONE, narrow=True)), len(analysis.rows)) == []


def test_a_title_of_any_length_is_cut_and_whole_in_what_is_read_out() -> None:
    title = "A title that goes on & on " * 40
    scene = net_picture(analysis_of(f'title "{title}"\ninput 9\ndense 3\n'), Look(PAPER))
    assert faults(scene, 2) == []
    assert scene.width <= PAPER
    assert texts(scene)[0].endswith("…")
    assert len(scene.title) > 300


def test_the_photo_lies_on_the_input_alone() -> None:
    scene = net_picture(analysis_of("lenet5"), Look(photo=Photo(b"png", "png", 0)))
    assert [shape.data for shape in flat(scene.shapes) if isinstance(shape, Image)] == [b"png"]


def test_the_legend_has_what_occurs_and_no_more() -> None:
    shown = texts(net_picture(analysis_of("input 9\ndense 3\n")))
    assert "dense" in shown
    assert not {"convolution", "pooling", "shortcut", "block"} & set(shown)


def test_the_legend_names_no_shortcut_that_is_not_drawn() -> None:
    analysis = analysis_of("resnet50")
    assert "shortcut" in texts(net_picture(analysis))
    assert "block (inside below)" in texts(net_picture(analysis))
    closed = texts(net_picture(analysis, Look(inside=False)))
    assert "block" in closed
    assert "shortcut" not in closed


def test_what_the_numbers_of_a_size_are_is_said_as_the_net_has_them() -> None:
    told = [
        next(text for text in texts(net_picture(analysis_of(net))) if "sizes are" in text)
        for net in ("input 9\ndense 3\n", "input 100 channels 2\nconv 4 5\n", "input 8x16x16x1\nconv 4 3x3x3\n")
    ]
    assert [text.split("sizes are ")[1].split(";")[0] for text in told] == [
        "numbers",
        "length × channels",
        "depth × height × width × channels",
    ]


def test_a_picture_is_told_in_words() -> None:
    about = net_picture(analysis_of("input 32x32x1\nconv 6 5x5 relu\n")).about
    assert about == "From left to right: input: 32×32×1; conv 5×5: 28×28×6."


def test_a_net_that_is_a_little_too_wide_is_drawn_a_little_smaller_in_one_line() -> None:
    items = net_items(analysis_of("lenet5"))
    assert len(strip_plan(items, scale_of(items), 700.0).lines) == 2
    assert net_picture(analysis_of("lenet5"), Look(720.0)).height < 300  # 442 in two lines


def test_a_chain_of_layers_that_would_leave_half_of_a_slide_empty_in_two_lines_lies_in_one_line() -> None:
    scene = net_picture(analysis_of("vgg16"))
    assert scene.height < 300  # 470 in two lines of 700
    assert 1000 < scene.width <= SLIDE


def test_sizes_of_neighbours_are_at_least_14_units_apart() -> None:
    sizes = re.compile(r"[\d×]+×\d+")
    for name in ("resnet50", "mobilenet"):
        scene = net_picture(analysis_of(name), Look(PHONE, narrow=True))
        shown = [
            text_box(shape) for shape in flat(scene.shapes) if isinstance(shape, Text) and sizes.fullmatch(shape.text)
        ]
        level = [
            (one, other) for one, other in permutations(shown, 2) if one.left < other.left and one.bottom > other.top
        ]
        apart = [other.left - one.right for one, other in level if one.top < other.bottom]
        assert min(apart) >= 13.9

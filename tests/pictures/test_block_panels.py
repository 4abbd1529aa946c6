"""The inside of blocks: what is drawn, how often it is used, and that no text lies on another."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError
from cnncalc.pictures.nets.block_bodies import Fork, series_of
from cnncalc.pictures.nets.block_insides import block_insides
from cnncalc.pictures.nets.block_panels import shown_forms
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.net_items import check_opened, net_items
from cnncalc.pictures.nets.net_picture import PHONE, SLIDE, Look, net_picture
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Line, Rectangle, Scene, Text
from tests.pictures.checklist import around, faults, touch
from tests.pictures.decks import analysis_of
from tests.report.nets import analysis_of as shipped_analysis


def texts(scene: Scene) -> list[str]:
    return [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]


def panels(name: str) -> tuple[Scene, ...]:
    return panels_of(shipped_analysis(name))


def panels_of(analysis: Analysis, opened: tuple[str, ...] = ()) -> tuple[Scene, ...]:
    insides = block_insides(analysis, net_items(analysis, opened), opened)
    return insides.panels() if insides is not None else ()


@pytest.mark.parametrize("width", [PHONE, SLIDE])
@pytest.mark.parametrize("name", ["resnet50", "googlenet", "yolov5n", "nasnet-mobile", "mobilenet-v2"])
def test_panels_keep_to_the_width_with_letters_of_full_size_and_no_fault(name: str, width: float) -> None:
    analysis = shipped_analysis(name)
    insides = block_insides(analysis, net_items(analysis))
    assert insides is not None
    scene = insides.within(width)
    assert faults(scene) == []
    assert scene.width <= width
    assert {shape.size for shape in flat(scene.shapes) if isinstance(shape, Text)} == {9, 10, 13}
    panels = [shape for shape in flat(scene.shapes) if isinstance(shape, Rectangle) and shape.fill == "panel"]
    for one, other in combinations([around(panel) for panel in panels], 2):
        assert not touch(one, other)


def test_calls_that_differ_only_in_the_number_of_copies_share_a_panel() -> None:
    (c3,) = [scene for scene in panels("yolov5n") if scene.title == "c3"]
    assert "used 4 times" in texts(c3)
    assert "bottleneck ×1 | 2 | 3 | 1" in texts(c3)


def test_widths_of_few_calls_are_written_in_order() -> None:
    text = (
        "block b n\n  conv $n 3x3 same relu\n  conv $n 1x1\nend\ninput 8x8x4\nb 8\nmaxpool 2\nb 16\nmaxpool 2\nb 32\n"
    )
    (scene,) = panels_of(analysis_of(text))
    assert texts(scene) == ["b", "used 3 times", "conv 3×3 same, 8 | 16 | 32", "relu", "conv 1×1, 8 | 16 | 32"]


def test_repeats_of_a_flat_net_have_a_panel() -> None:
    (scene,) = panels_of(analysis_of("input 8x8x4\n" + "dwconv 3x3 same relu\nconv 4 1x1 relu\n" * 5 + "gap\n"))
    assert texts(scene) == ["dwconv + conv", "used 5 times", "dwconv 3×3 same, 4", "relu", "conv 1×1, 4", "relu"]


BRANCHES = "".join(f"  branch\n    conv {n}{n}{n}{n} 3x3 same bn relu\n" for n in range(1, 8))
WIDE = f"block wide\n  split\n{BRANCHES}  join concat\nend\ninput 8x8x4\nmaxpool 2\nwide\n"


def test_branches_that_have_no_room_side_by_side_are_drawn_one_below_the_other() -> None:
    analysis = analysis_of(WIDE)
    insides = block_insides(analysis, net_items(analysis))
    assert insides is not None
    (wide,), (narrow,) = insides.panels(SLIDE), insides.panels(PHONE)
    assert faults(wide) == faults(narrow) == []
    assert wide.height < narrow.height
    assert narrow.width <= PHONE < wide.width
    for scene in (wide, narrow):
        assert [text for text in texts(scene) if text.startswith("conv")] == [
            f"conv 3×3 same, {n * 1111}" for n in range(1, 8)
        ]


def test_what_only_some_calls_have_is_said_with_their_numbers() -> None:
    first, others = panels("resnet50")[1:]
    assert texts(first).count("/2 in calls 2–4") == 2  # He 2015: stages 3 to 5 halve the size
    assert not any(text.startswith("/2") for text in texts(others))


def test_words_behind_a_layer_that_differ_are_said_once() -> None:
    text = "block b act\n  conv 8 3x3 same bn $act\nend\ninput 8x8x8\nb relu\nmaxpool 2\nb silu\nmaxpool 2\nb silu\n"
    (scene,) = panels_of(analysis_of(text))
    assert texts(scene)[2:] == ["conv 3×3 same, 8", "bn", "relu in call 1, else silu"]


def test_groups_are_shown_and_parts_that_do_nothing_are_not() -> None:
    text = "block b\n  x: identity\n  conv 8 3x3 same groups=4\n  add x\nend\ninput 8x8x8\nmaxpool 2\nb\n"
    (scene,) = panels_of(analysis_of(text))
    assert texts(scene)[2:] == ["conv 3×3 same, 8", "4 groups", "add"]


def test_what_arrives_is_named_as_the_parameter_that_hands_it_in() -> None:
    named = {scene.title: texts(scene) for scene in panels("nasnet-mobile")}
    assert named["normal"][2:4] == ["in", "previous"]
    assert named["keep"][2:4] == ["here", "before"]


def test_lines_between_layers_have_right_angles() -> None:
    (keep,) = [scene for scene in panels("nasnet-mobile") if scene.title == "keep"]
    lines = [shape for shape in flat(keep.shapes) if isinstance(shape, Line)]
    assert sum(line.stroke == "line" and line.arrow for line in lines) >= 18  # Zoph 2018: five sums of two, a concat
    for line in lines:
        assert all(abs(x0 - x1) < 0.5 or y0 == y1 for (x0, y0), (x1, y1) in pairwise(line.points))


def test_blocks_beyond_those_that_are_drawn_are_named_with_the_option_that_draws_them() -> None:
    blocks = "".join(f"block b{n}\n  conv {n + 1} 3x3 same\nend\n" for n in range(43))
    analysis = analysis_of(blocks + "input 8x8x4\n" + "".join(f"b{n}\n" for n in range(43)))
    insides = block_insides(analysis, net_items(analysis))
    assert insides is not None
    said = " ".join(texts(insides.within(SLIDE)))
    assert "3 more forms of blocks" in said
    assert "--open NAME draws the calls of a block: b40, b41, b42" in said


def test_different_blocks_that_are_one_volume_are_named_with_the_option_that_draws_them() -> None:
    blocks = "".join(f"block b{n}\n  conv {n + 1} 3x3 same\n  relu\nend\n" for n in range(60))
    analysis = analysis_of(blocks + "input 8x8x4\n" + "".join(f"b{n}\n" for n in range(60)))
    scene = net_picture(analysis)
    said = " ".join(texts(scene))
    assert faults(scene, len(analysis.rows)) == []
    assert "60 merged forms of blocks each drawn above in one volume with others The option --open NAME draws" in said
    assert "b10, b11 and 48 more" in said
    assert "block (inside below)" not in said
    opened = texts(net_picture(analysis, Look(opened=("b3",))))
    assert {"conv", "b0", "b59"} <= set(opened)


def body(*reads: tuple[int, ...]) -> list[Item]:
    shape = analysis_of("input 8x8x4\n").rows[0].output
    return [Item("conv", ("conv",), (), shape, n, n, sources=read) for n, read in enumerate(reads)]


def test_branches_are_found_from_what_reads_what() -> None:
    assert series_of(body((-1,), (0,), (1, -1))) == (Fork(((0, 1), ()), 2),)
    assert series_of(body((-1,), (-1,), (0,), (2, 1), (3,))) == (Fork(((0, 2), (1,)), 3), 4)


def test_lines_that_cross_or_two_arrivals_are_no_branches() -> None:
    assert series_of(body((-1,), (-1,), (0, 1), (0, 1), (2, 3))) is None
    assert series_of(body((-1,), (-2,), (0, 1))) is None


def test_a_block_that_is_opened_is_drawn_as_its_parts() -> None:
    text = "block b\n  conv 4 3x3 same relu\n  conv 6 1x1\nend\ninput 8x8x4\nb\n"
    analysis = analysis_of(text)
    assert [item.words[:1] for item in net_items(analysis, ("b",))] == [(), ("conv",), ("conv",)]
    assert panels_of(analysis, ("b",)) == ()


def test_a_block_inside_others_is_drawn_out_with_those_around_it_and_its_branches() -> None:
    analysis = shipped_analysis("resnet50")
    items = net_items(analysis, ("bottleneck",))
    assert [item.kind for item in items].count("join") == 16  # He 2015: 3 + 4 + 6 + 3 bottlenecks
    assert not any(item.block for item in items)
    assert shown_forms(analysis, items, ("bottleneck",)) == ()


def test_a_block_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InputError, match="the network has no block `zzz` that could be drawn out") as refused:
        check_opened(shipped_analysis("yolov5n"), ("zzz",))
    assert refused.value.diagnostics[0].help == "the blocks are: c3, bottleneck, sppf, c3_plain"

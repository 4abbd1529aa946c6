"""The inside of blocks: what is drawn, how often it is used, and that no text lies on another."""

from __future__ import annotations

from itertools import combinations

import pytest

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError
from cnncalc.pictures.nets.block_bodies import Fork, series_of
from cnncalc.pictures.nets.block_panels import block_panels, shown_forms
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.net_items import check_opened, net_items
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle, Scene, Text
from tests.pictures.decks import analysis_of
from tests.report.nets import analysis_of as shipped_analysis


def texts(scene: Scene) -> list[str]:
    return [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]


def panels(name: str) -> tuple[Scene, ...]:
    return panels_of(shipped_analysis(name))


def panels_of(analysis: Analysis, opened: tuple[str, ...] = ()) -> tuple[Scene, ...]:
    return block_panels(analysis, shown_forms(analysis, net_items(analysis, opened), opened))


def extent(text: Text) -> tuple[float, float, float, float]:
    wide = text_width(text.text, text.size, bold=text.bold)
    left = text.x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    return left, text.y - 0.72 * text.size, left + wide, text.y + 0.05 * text.size


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "yolov5n", "nasnet-mobile", "mobilenet-v2"])
def test_no_text_or_box_of_a_panel_lies_on_another_or_off_the_paper(name: str) -> None:
    for scene in panels(name):
        found = [extent(shape) for shape in flat(scene.shapes) if isinstance(shape, Text)]
        assert all(a >= 0 and b >= 0 and c <= scene.width and d <= scene.height for a, b, c, d in found)
        for one, other in combinations(found, 2):
            assert min(one[2], other[2]) <= max(one[0], other[0]) or min(one[3], other[3]) <= max(one[1], other[1])
        boxes = [s for s in flat(scene.shapes) if isinstance(s, Rectangle) and s.fill.endswith(".node")]
        for box, other_box in combinations(boxes, 2):
            beside = box.x + box.width <= other_box.x or other_box.x + other_box.width <= box.x
            assert beside or box.y + box.height <= other_box.y or other_box.y + other_box.height <= box.y


def test_calls_that_differ_only_in_the_number_of_copies_share_a_panel() -> None:
    (c3,) = [scene for scene in panels("yolov5n") if scene.title == "c3"]
    assert "used 4 times" in texts(c3)
    assert "bottleneck ×1 | 2 | 3 | 1" in texts(c3)


def test_widths_of_few_calls_are_written_in_order() -> None:
    text = (
        "block b n\n  conv $n 3x3 same relu\n  conv $n 1x1\nend\ninput 8x8x4\nb 8\nmaxpool 2\nb 16\nmaxpool 2\nb 32\n"
    )
    (scene,) = panels_of(analysis_of(text))
    assert texts(scene) == ["b", "used 3 times", "conv 3×3, 8 | 16 | 32", "relu", "conv 1×1, 8 | 16 | 32"]


def test_repeats_of_a_flat_net_have_a_panel() -> None:
    (scene,) = panels_of(analysis_of("input 8x8x4\n" + "dwconv 3x3 same relu\nconv 4 1x1 relu\n" * 5 + "gap\n"))
    assert texts(scene) == ["dwconv + conv", "used 5 times", "dwconv 3×3, 4", "relu", "conv 1×1, 4", "relu"]


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


def test_a_block_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InputError, match="the network has no block `zzz` that could be drawn out") as refused:
        check_opened(shipped_analysis("yolov5n"), ("zzz",))
    assert refused.value.diagnostics[0].help == "the blocks are: c3, bottleneck, sppf, c3_plain"

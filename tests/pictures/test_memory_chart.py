"""The chart of memory: a bar for each layer, its parts in proportion, the peak marked, many layers merged and said."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.api import load
from cnncalc.pictures.charts.memory_chart import memory_chart
from cnncalc.pictures.charts.ticks import power_ticks, round_ticks, tick_labels
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Group, Rectangle, Scene, Text
from tests.pictures.checklist import faults

LONG = "input 32x32x4\n" + "conv 4 3x3 same\n" * 999
HOSTILE = "title </svg><script>alert(1)</script> " + "&" * 3000 + "\ninput 8x8x1\n" + "é" * 60 + ": conv 2 3x3\n"


def texts(scene: Scene) -> list[str]:
    return [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]


def bars(scene: Scene) -> list[Group]:
    return [shape for shape in scene.shapes if isinstance(shape, Group)]


def heights(bar: Group) -> list[float]:
    return [shape.height for shape in bar.shapes if isinstance(shape, Rectangle)]


@pytest.mark.parametrize("width", [372.0, 757.0])
@pytest.mark.parametrize(
    "net",
    ["lenet5", "resnet50", "unet", "densenet121", "input 8x8x1\n", LONG, HOSTILE],
    ids=lambda net: net[:12].strip(),
)
def test_nothing_touches_and_each_layer_is_in_one_bar(net: str, width: float) -> None:
    analysis: Analysis = load(net).analysis
    scene = memory_chart(analysis, width)
    assert faults(scene, len(analysis.rows)) == []
    assert scene.width <= width


def test_the_bars_of_lenet5_are_what_is_kept_read_and_written() -> None:
    """By hand: the average pool reads 28x28x6 = 4,704 numbers and writes 14x14x6 = 1,176, which is the peak."""
    scene = memory_chart(load("lenet5").analysis, 757)
    assert [bar.rows for bar in bars(scene)] == [(row, row) for row in range(9)]
    read, written = heights(bars(scene)[2])
    assert read / written == pytest.approx(4)
    assert "peak: 23.5 kB, 5,880 numbers, at avgpool1: avgpool 2x2" in texts(scene)
    assert bars(scene)[1].label.endswith("5,728 numbers alive: 4,704 written, 1,024 read, 0 kept for later")


def test_the_three_kinds_are_told_apart_without_colours() -> None:
    """A shortcut waits while the branch runs: all three kinds in one bar, one of them hatched, greys far apart."""
    analysis = load("input 8x8x4\nsplit\nbranch\nconv 8 3x3 same\nconv 4 3x3 same\nbranch\njoin add\n").analysis
    kept, read, written = (
        shape for shape in bars(memory_chart(analysis, 400))[2].shapes if isinstance(shape, Rectangle)
    )
    assert (kept.hatch, read.hatch, written.hatch) == ("", "up", "")
    assert kept.fill != written.fill


def test_a_view_writes_nothing() -> None:
    scene = memory_chart(load("input 8x8x4\nflatten\n").analysis, 400)
    assert len(heights(bars(scene)[1])) == 1
    assert "0 written, 256 read" in bars(scene)[1].label


def test_of_a_thousand_layers_neighbours_share_a_bar_and_the_chart_says_so() -> None:
    scene = memory_chart(load(LONG).analysis, 372)
    assert len(bars(scene)) == 100
    assert bars(scene)[1].rows == (10, 19)
    assert "each bar is the fullest of 10 neighbouring layers" in " ".join(texts(scene))


def test_the_memory_of_a_batch_is_said_to_be_of_so_many_images() -> None:
    scene = memory_chart(analyse(load("lenet5").graph, batch=2), 757)
    assert any("for 2 images" in text for text in texts(scene))
    assert "peak: 47.0 kB, 11,760 numbers, at avgpool1: avgpool 2x2" in texts(scene)


def test_ticks_are_round_few_and_within_the_axis() -> None:
    assert round_ticks(0, 1) == (0, 0.2, 0.4, 0.6, 0.8, 1)
    assert round_ticks(0, 9_633_792, 5) == (0, 2_000_000, 4_000_000, 6_000_000, 8_000_000)
    assert round_ticks(7, 7) == (7,)
    assert round_ticks(0.07, 0.093, 5) == (0.07, 0.075, 0.08, 0.085, 0.09)
    assert power_ticks(1, 10**12, 6) == (1, 1000, 10**6, 10**9, 10**12)
    assert tick_labels((0, 2_000_000, 4_000_000), "B") == ("0", "2 MB", "4 MB")

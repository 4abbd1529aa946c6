"""The items of a net's picture: what is one volume, how often, and what it reads."""

from __future__ import annotations

import time

import pytest

from cnncalc.pictures.nets.block_panels import shown_forms
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.net_items import block_names, net_items
from cnncalc.sources import shipped_names
from tests.pictures.decks import analysis_of
from tests.report.nets import analysis_of as shipped_analysis

LIKE_OTHERS = ("resnet101", "resnet152", "densenet169", "densenet201", "nasnet-large", "vgg11", "vgg13", "vgg19")
"""Their smaller sisters are drawn from the same blocks, and loading them takes as long as all the others."""


def told(items: tuple[Item, ...]) -> list[str]:
    return [f"{' '.join(item.words) or 'input'} ×{item.times} {item.shape.text()}" for item in items]


def test_every_row_of_every_shipped_network_is_in_one_item_and_no_picture_is_a_crowd() -> None:
    for name in (name for name in shipped_names() if not name.startswith(LIKE_OTHERS)):
        analysis = shipped_analysis(name)
        items = net_items(analysis)
        assert [row for item in items for row in range(item.first, item.last + 1)] == list(range(len(analysis.rows)))
        assert len(items) <= 48, name
        assert all(source < place for place, item in enumerate(items) for source in item.sources), name


def test_quiet_rows_are_words_below_the_arrow_of_what_they_read() -> None:
    items = net_items(analysis_of("input 8x8x1\nconv 4 3x3 same\nbn\nrelu\ndropout 0.5\nflatten\ndense 2\n"))
    assert items[1].after == ("bn", "relu", "dropout 0.5")
    assert (items[1].first, items[1].last) == (1, 4)


def test_equal_neighbours_are_one_item_with_a_count() -> None:
    text = "input 8x8x4\n" + "conv 4 3x3 same relu\n" * 5 + "maxpool 2x2\n"
    assert told(net_items(analysis_of(text))) == [
        "input ×1 8x8x4",
        "conv 3×3 same ×5 8x8x4",
        "max pool 2×2 /2 ×1 4x4x4",
    ]


def test_pairs_that_repeat_are_one_item_with_the_count_of_the_pairs() -> None:
    text = "input 8x8x4\n" + "dwconv 3x3 same relu\nconv 4 1x1 relu\n" * 5 + "gap\n"
    items = net_items(analysis_of(text))
    assert told(items) == ["input ×1 8x8x4", "dwconv + conv ×5 8x8x4", "global avg ×1 4"]
    assert (items[1].first, items[1].last, items[1].block) == (1, 10, "dwconv + conv")


def test_a_pair_that_a_later_line_reads_into_is_not_folded() -> None:
    pair = "dwconv 3x3 same\nconv 4 1x1\n"
    text = "input 8x8x4\n" + pair + "a: dwconv 3x3 same\nconv 4 1x1\n" + pair * 2 + "add a\n"
    items = net_items(analysis_of(text))
    assert "a" in [item.label for item in items]


def test_a_thousand_lines_are_few_items_in_less_than_a_fifth_of_a_second() -> None:
    widths = "".join(f"conv {4 + n % 7} 3x3 same\nrelu\n" for n in range(500))
    analysis = analysis_of("input 8x8x4\n" + widths)
    start = time.process_time()
    items = net_items(analysis)
    assert time.process_time() - start < 0.2
    assert len(items) == 2
    assert items[1].times == 500


def test_different_layers_that_are_one_item_are_called_layers_and_different_blocks_blocks() -> None:
    layers = "".join(
        f"{'maxpool 3x3 stride=1 same' if n % 2 == 0 else f'conv {4 + n % 7} 3x3 same'}\n" for n in range(99)
    )
    assert told(net_items(analysis_of("input 8x8x4\n" + layers)))[1:] == ["layers ×99 8x8x10"]
    blocks = "".join(f"block b{n}\n  conv {n + 1} 3x3 same\n  relu\nend\n" for n in range(60))
    calls = "".join(f"b{n}\n" for n in range(60))
    assert told(net_items(analysis_of(blocks + "input 8x8x4\n" + calls)))[1:] == ["blocks ×60 8x8x60"]


def test_a_block_that_is_nothing_but_another_one_is_drawn_as_that_one_and_has_no_panel_of_a_name_alone() -> None:
    items = net_items(shipped_analysis("mobilenet-v2"))
    forms = shown_forms(shipped_analysis("mobilenet-v2"), items)
    assert [form.key for form in forms] == ["narrow A", "stage", "narrow B", "bottleneck"]
    assert [item.block for item in items if item.block] == ["narrow A", *["stage"] * 5, "narrow B"]
    analysis = analysis_of("block a\n  conv 4 3x3\nend\nblock b\n  a\nend\ninput 9x9x4\nmaxpool 2\nb\n")
    assert block_names(analysis) == ("b", "a")  # --open takes both


def test_two_inputs_lie_before_their_join_and_one_of_them_aside() -> None:
    text = "a: input 8x8x4\nc: conv 4 3x3 same\nb: input 8x8x4\nadd c b\n"
    items = net_items(analysis_of(text))
    assert [(item.kind, item.sources, item.aside) for item in items] == [
        ("input", (), False),
        ("conv", (0,), False),
        ("input", (), True),
        ("join", (1, 2), False),
    ]


def test_a_net_of_one_input_line_is_one_item() -> None:
    assert told(net_items(analysis_of("input 8x8x4\n"))) == ["input ×1 8x8x4"]


@pytest.mark.parametrize(("size", "shape"), [("16 channels 1", "16x1"), ("8x8x8x2", "8x8x8x2")])
def test_signals_and_volumes_have_items_too(size: str, shape: str) -> None:
    items = net_items(analysis_of(f"input {size}\nconv 4 3 same\n"))
    assert items[0].shape.text() == shape
    assert items[1].words[0] == "conv"


def test_copies_of_different_shape_are_different_items() -> None:
    items = net_items(shipped_analysis("yolov5n"))
    assert [item.block for item in items if item.block.startswith("c3")] == ["c3"] * 4 + ["c3_plain"] * 4

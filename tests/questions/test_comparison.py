"""Two nets laid next to each other: what is the same, what differs, and that the parts add up to the totals."""

from __future__ import annotations

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.net_files import checked
from cnncalc.questions.compared import Comparison, total_difference
from cnncalc.questions.comparison import comparison
from cnncalc.sources import find


def net(text: str) -> Analysis:
    return analyse(checked(find(text) if "\n" not in text else Source("<text>", text)))


def compared(a: str, b: str) -> Comparison:
    return comparison(net(a), net(b))


def signs(found: Comparison) -> list[str]:
    return [row.sign for row in found.rows]


def changes(found: Comparison) -> list[str]:
    return [cause.text for row in found.rows for cause in row.causes if cause.kind != "arrives"]


PAIRS = [
    ("lenet5", "lenet5-1998"),
    ("vgg16", "vgg16-bn"),
    ("resnet50", "resnet50-keras"),
    ("resnet50", "resnet50-v2"),
    ("resnet18", "resnet34"),
    ("resnet18", "resnet50"),
    ("googlenet", "googlenet-aux"),
    ("mobilenet", "mobilenet-v2"),
    ("alexnet", "vgg11"),
    ("unet", "lenet5"),
    ("yolov3-tiny", "yolov2-tiny"),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_lines_and_facts_add_up_to_the_difference_of_the_totals(a: str, b: str) -> None:
    found = compared(a, b)
    assert total_difference(row.difference for row in found.rows) == found.totals
    assert total_difference(one.difference for one in found.findings) == found.totals
    for row in found.rows:
        assert total_difference(cause.difference for cause in row.causes) == row.difference
    assert sorted(one for row in found.rows for one in row.rows_a) == list(range(len(found.a.rows)))
    assert sorted(one for row in found.rows for one in row.rows_b) == list(range(len(found.b.rows)))


def test_the_stride_of_keras_resnet50_is_on_another_convolution_and_the_biases_are_more() -> None:
    """25,557,032 and 25,583,592 params, 4,089,184,256 and 3,857,973,248 MACs: torchvision and Keras print them."""
    stride, bias = compared("resnet50", "resnet50-keras").findings[:2]
    assert (stride.layers, stride.texts, stride.difference.macs) == (3, ("conv 3x3 to conv 1x1",), -231_211_008)
    assert (bias.layers, bias.texts, bias.difference.params) == (53, ("nobias -> bias",), 26_560)


def test_branches_in_another_order_are_the_same() -> None:
    head = "input 8x8x4\nsplit\n"
    long, short = "branch\nconv 4 3x3 same relu\nconv 4 3x3 same\n", "branch\nconv 4 1x1\n"
    assert compared(f"{head}{long}{short}join add\n", f"{head}{short}{long}join add\n").same


def test_branches_that_are_concatenated_in_another_order_are_not_the_same() -> None:
    head = "input 8x8x4\nsplit\n"
    one, other = "branch\nconv 4 3x3 same\n", "branch\nmaxpool 1x1\n"
    assert not compared(f"{head}{one}{other}join concat\n", f"{head}{other}{one}join concat\n").same


def test_a_label_and_another_way_to_write_the_same_padding_make_no_difference() -> None:
    a, b = "input 8x8x1\nconv 4 3x3 same relu\n", 'title "Mine"\ninput 8x8 gray\nfirst: conv 4 3x3 padding=1\nrelu\n'
    found = compared(a, b)
    assert (found.same, signs(found)) == (True, ["same", "same"])
    assert found.rows[1].rows_b == (1, 2)


def test_a_padding_with_the_same_counts_and_other_values_is_a_difference() -> None:
    found = compared("input 8x8x1\nconv 4 3x3 stride=2 same\n", "input 8x8x1\nconv 4 3x3 stride=2 padding=1\n")
    assert (found.totals.is_nothing, found.same) == (True, False)
    assert changes(found) == ["padding same (0,1,0,1) -> 1"]


def test_a_layer_below_a_change_is_the_same_but_for_what_arrives() -> None:
    found = compared("input 8x8x1\nconv 6 3x3\nconv 4 3x3\n", "input 8x8x1\nconv 16 3x3\nconv 4 3x3\n")
    assert signs(found) == ["same", "changed", "arrives"]
    assert [row.difference.params for row in found.rows] == [0, 10 * 10, 10 * 9 * 4]


def test_the_parts_of_two_changes_in_one_line_add_up() -> None:
    """6 filters of 5x5: 156 params; 6 of 3x3 are 60, of which 6 are biases."""
    found = compared("input 9x9x1\nconv 6 5x5\n", "input 9x9x1\nconv 6 3x3 nobias\n")
    assert [(cause.text, cause.difference.params) for cause in found.rows[1].causes] == [
        ("kernel size 5x5 -> 3x3", -96),
        ("bias -> nobias", -6),
    ]


def test_a_layer_that_is_removed_once_and_added_once_has_moved() -> None:
    a = "input 9x9x2\nconv 6 3x3\nconv 7 3x3\nlrn 5\nconv 8 3x3\n"
    b = "input 9x9x2\nconv 6 3x3\nlrn 5\nconv 7 3x3\nconv 8 3x3\n"
    assert signs(compared(a, b)) == ["same", "same", "same", "moved", "same"]


def test_a_shortcut_from_another_line_is_a_difference_though_every_layer_is_the_same() -> None:
    lines = "input 8x8x4\na: conv 4 3x3 same\nb: conv 4 3x3 same\nc: conv 4 3x3 same\n"
    found = compared(f"{lines}add a c\n", f"{lines}add b c\n")
    assert changes(found) == ["works on b and c, not on a and c"] or changes(found) == [
        "works on c and b, not on c and a"
    ]


def test_a_whole_block_is_added_where_blocks_begin() -> None:
    block = "block two n\nconv $n 3x3 same bn relu\nconv $n 3x3 same bn\nend\ninput 8x8x4\n"
    found = compared(f"{block}two 4\ntwo 4\nmaxpool 2x2\n", f"{block}two 4\ntwo 4\ntwo 4\nmaxpool 2x2\n")
    assert [row.rows_b for row in found.rows if row.sign == "added"] == [(5,), (6,)]


def test_a_pad_before_a_convolution_is_the_padding_of_the_convolution() -> None:
    """As Keras' ZeroPadding2D(2) before a Conv2D is PyTorch's padding=2."""
    a, b = "input 8x8x1\nconv 4 5x5 stride=2 padding=2\n", "input 8x8x1\npad 2\nconv 4 5x5 stride=2\n"
    found = compared(a, b)
    assert (found.same, found.rows[1].rows_b) == (True, (1, 2))
    assert not compared(a, b.replace("pad 2", "pad 2 edge")).same
    assert not compared(a, b.replace("pad 2", "pad 1,2,1,2")).same

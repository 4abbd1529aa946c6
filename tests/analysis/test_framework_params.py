"""Parameters as Keras, PyTorch and Caffe count them, and the reasons."""

from __future__ import annotations

import pytest

from cnncalc import load
from cnncalc.analysis.framework_params import counted_as, differences, remarks
from cnncalc.graph.ir import Count


@pytest.mark.parametrize(
    ("net", "framework", "params"),
    [
        ("inception-v3-keras", "keras", 23_851_784),  # keras.applications.InceptionV3
        ("inception-v3-keras", "pytorch", 23_834_568),  # torchvision's inception_v3 without its auxiliary head
        ("resnet50", "pytorch", 25_557_032),  # torchvision's resnet50
        ("resnet50", "keras", 25_557_032 + 53_120),
        ("resnet50", "caffe", 25_557_032 + 53_120 + 53),  # BatchNorm holds mean, variance and one factor
        ("lenet5", "caffe", 61_706),
    ],
)
def test_a_net_has_the_params_that_the_framework_counts(net: str, framework: Count, params: int) -> None:
    analysis = load(net).analysis
    assert analysis.totals.figures.counted_params(framework) == params
    counted = sum(one.amount for one in differences(analysis, framework) if one.counted)
    assert analysis.totals.figures.params + counted == params


@pytest.mark.parametrize(
    ("line", "keras", "torch", "caffe"),
    [
        ("bn", 4 * 8, 2 * 8, 4 * 8 + 1),
        ("bn noscale", 3 * 8, 2 * 8, 3 * 8 + 1),
        ("bn noscale noshift", 2 * 8, 0, 2 * 8 + 1),
        ("ln noshift", 8, 8, 8),
        ("ln noscale", 8, 2 * 8, 8),
        ("gn 4 noshift", 8, 2 * 8, 8),
        ("conv filter=sharpen", 9 * 8, 0, 9 * 8),
        ("prelu", 8, 8, 8),
        ("sepconv 4 3x3", 8 * 9 + 8 * 4 + 4, 8 * 9 + 8 * 4 + 4, 8 * 9 + 8 * 4 + 4),
        ("local 2 3x3", 16 * (72 + 1) * 2, 16 * (72 + 1) * 2, 16 * (72 + 1) * 2),
    ],
)
def test_each_layer_as_each_framework_counts_it(line: str, keras: int, torch: int, caffe: int) -> None:
    figures = load(f"input 6x6x8\n{line}\n").analysis.totals.figures
    assert [figures.counted_params(one) for one in ("keras", "pytorch", "caffe")] == [keras, torch, caffe]


def test_shared_weights_are_counted_once_by_all_of_them() -> None:
    text = "input 6x6x8\na: conv 8 3x3 same bn\nconv 8 3x3 same shared=a bn\n"
    figures = load(text).analysis.totals.figures
    assert figures.counted_params("caffe") == (9 * 8 * 8 + 8) + (4 * 8 + 1)


def test_the_reasons_name_each_kind_once() -> None:
    found = differences(load("inception-v3-keras").analysis, "pytorch")
    assert [(one.amount, one.words, one.counted) for one in found] == [
        (34_432, "running means and variances of 94 batch norms", False),
        (94, "counters (`num_batches_tracked`) of 94 batch norms", False),
        (17_216, "scales of 94 batch norms", True),
    ]


@pytest.mark.parametrize(
    ("line", "framework", "said"),
    [
        ("prelu", "keras", "without it Keras learns one for each number"),
        ("prelu", "pytorch", "`PReLU()` alone learns one slope for all channels"),
        ("local 2 3x3", "pytorch", "PyTorch has no layer `local`: counted as written"),
        ("ln", "caffe", "Caffe has no layer `ln`: counted as written"),
        ("sepconv 4 3x3", "caffe", "`sepconv` is two convolutions there, the first without bias"),
    ],
)
def test_other_defaults_and_layers_that_are_not_there_are_said(line: str, framework: Count, said: str) -> None:
    assert any(said in one for one in remarks(load(f"input 6x6x8\n{line}\n").analysis, framework))


def test_the_files_own_count_gives_way_to_the_one_that_is_asked_for() -> None:
    analysis = load("count keras\ninput 6x6x8\nbn\n").analysis
    assert analysis.graph.count == "keras"
    assert counted_as(analysis, "caffe").graph.count == "caffe"

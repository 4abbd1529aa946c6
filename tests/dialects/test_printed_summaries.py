"""Printed summaries as models: what follows with certainty is read, the rest is said."""

from __future__ import annotations

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.net_files import read

KERAS_3 = """Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                 │ (None, 26, 26, 32)     │           320 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ max_pooling2d (MaxPooling2D)    │ (None, 13, 13, 32)     │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ conv2d_1 (Conv2D)               │ (None, 7, 7, 64)       │        18,496 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ batch_normalization             │ (None, 7, 7, 64)       │           256 │
│ (BatchNormalization)            │                        │               │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ flatten (Flatten)               │ (None, 3136)           │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 10)             │        31,370 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 50,442 (197.04 KB)
"""
KERAS_2 = """Model: "model_1"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
input_1 (InputLayer)         [(None, 28, 28, 1)]       0
_________________________________________________________________
conv2d_1 (Conv2D)            (None, 26, 26, 32)        320
_________________________________________________________________
max_pooling2d_1 (MaxPooling2 (None, 13, 13, 32)        0
_________________________________________________________________
batch_normalization_1 (Batch (None, 13, 13, 32)        128
_________________________________________________________________
flatten_1 (Flatten)          (None, 5408)              0
_________________________________________________________________
dropout_1 (Dropout)          (None, 5408)              0
_________________________________________________________________
dense_1 (Dense)              (None, 10)                54090
=================================================================
Total params: 54,538
"""
TORCHSUMMARY = """----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1           [-1, 16, 16, 16]             448
       BatchNorm2d-2           [-1, 16, 16, 16]              32
              ReLU-3           [-1, 16, 16, 16]               0
         MaxPool2d-4             [-1, 16, 8, 8]               0
            Linear-5                   [-1, 10]          10,250
================================================================
Total params: 10,730
"""


def found(text: str, size: str | None = None) -> Analysis:
    graph, faults = read(Source("model.txt", text), size)
    assert faults == ()
    return analyse(graph)


def test_a_print_of_keras_3_is_a_chain_with_the_printed_total() -> None:
    """Its last line is the total of the net that is read; `same` is the only padding of 3x3 that makes 7 of 13."""
    net = found(KERAS_3, "28x28x1")
    assert net.totals.figures.total_params == 50_442
    assert [node.node.layer.word for node in net.nodes] == [
        "input",
        "conv",
        "maxpool",
        "conv",
        "bn",
        "flatten",
        "dense",
    ]
    second = net.nodes[3].node.layer
    assert (second.stride, second.padding.mode) == ((2,), "same")  # type: ignore[attr-defined]


def test_names_that_a_print_of_keras_2_cuts_off_are_found_again() -> None:
    net = found(KERAS_2)
    assert net.totals.figures.total_params == 54_538
    assert net.totals.inputs[0].text() == "28x28x1"


def test_terminal_colours_do_not_matter() -> None:
    assert found(KERAS_2.replace("(Conv2D)", "\x1b[38;5;33m(Conv2D)\x1b[0m")).totals.figures.total_params == 54_538


def test_a_torchsummary_flattens_before_linear_and_pads_both_sides() -> None:
    net = found(TORCHSUMMARY, "3x32x32")
    assert net.totals.figures.params == 10_730
    first = net.nodes[1].node.layer
    assert (first.stride, first.padding.sides) == ((2,), ((1, 1),))  # type: ignore[attr-defined]
    assert net.nodes[5].node.layer.order == "channels_first"  # type: ignore[attr-defined]


def test_what_a_print_does_not_show_is_said() -> None:
    graph, _ = read(Source("model.txt", KERAS_2))
    assert [one.code for one in graph.warnings] == ["strides-not-shown"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("(None, 26, 26, 32)        320", "(None, 26, 26, 32)        321", "no one square kernel has 321"),
        ("(None, 26, 26, 32)        320", "(None, 25, 25, 32)        320", "0 strides and paddings"),
        (
            "dropout_1 (Dropout)          (None, 5408)",
            "dropout_1 (Dropout)          (None, 5407)",
            "5408 would come out",
        ),
        ("dropout_1 (Dropout)", "add_1 (Add)        ", "says too little"),
        ("54090", "54091", "54,091 parameters"),
    ],
)
def test_what_is_not_certain_is_refused_at_its_row(old: str, new: str, told: str) -> None:
    assert old in KERAS_2
    _, faults = read(Source("model.txt", KERAS_2.replace(old, new)))
    assert [one.code for one in faults] == ["strides-not-shown"]
    assert told in faults[0].message


def test_a_print_without_an_input_asks_for_its_size() -> None:
    _, faults = read(Source("model.txt", KERAS_3))
    assert faults[0].code == "missing-input"

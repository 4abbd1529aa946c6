"""Warnings stand where their argument was written, once a line, and never fail anything."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.sources import shipped_names


def found(analysis) -> list[tuple[str, int, int]]:
    return [(warning.code, warning.span.line, warning.span.column) for warning in analysis.warnings]


def test_a_stride_that_leaves_pixels_points_at_the_stride(analysed):
    analysis = analysed("input 10x10x1\nconv 1 3x3 stride=2\n")
    assert found(analysis) == [("stride-leaves-pixels", 2, 12)]
    assert {warning.severity for warning in analysis.warnings} == {"warning"}


def test_a_repeated_line_warns_once(analysed):
    text = "block b\n maxpool 2x2 stride=1\nend\ninput 99x99x4\nb times 3\nmaxpool 2x2 stride=1 times 50\n"
    assert found(analysed(text)) == [("overlapping-pool", 2, 14), ("overlapping-pool", 6, 13)]


def test_two_lines_with_the_same_fault_both_warn(analysed):
    text = "input 9x9x4\nmaxpool 2x2 stride=1\nmaxpool 2x2 stride=1\n"
    assert [line for _, line, _ in found(analysed(text))] == [2, 3]


def test_a_dense_layer_with_most_of_the_parameters_is_named_with_its_share(analysed):
    """Deck 003, first Keras example: 1,179,776 of 1,199,882 parameters in one dense layer."""
    text = "input 28x28x1\nconv 32 3x3\nconv 64 3x3\nmaxpool 2x2\ndropout 0.25\nflatten\ndense 128\ndense 10\n"
    (warning,) = analysed(text).warnings
    assert (warning.code, warning.span.line, warning.span.column) == ("dense-heavy", 7, 7)
    assert "98 %" in warning.message
    assert warning.notes == ("1,179,776 of 1,199,882 parameters",)


def test_lenet5_spreads_its_parameters_enough(analysed):
    """48,120 of 61,706 are 78 %."""
    text = "input 32x32x1\nconv 6 5x5\navgpool 2x2\nconv 16 5x5\navgpool 2x2\nflatten\ndense 120\ndense 84\ndense 10\n"
    assert found(analysed(text)) == []


def test_the_only_layer_with_parameters_is_not_called_heavy(analysed):
    assert found(analysed("input 8x8x1\nflatten\ndense 10\n")) == []


def test_a_line_called_with_other_sizes_says_how_often_it_warns(analysed):
    text = "block b w\nconv $w 2x2 stride=2\nend\ninput 7x7x4\nb 8\nb 8\n"
    (warning,) = analysed(text).warnings
    assert warning.message == (
        "(7 - 2)/2 is not whole: the stride leaves 1 row and 1 column of the input unused; "
        "the same 1 more time, with other sizes"
    )


@pytest.mark.parametrize(
    "line",
    [
        "conv 64 7x7 stride=2 padding=3",  # ResNet's stem (He et al. 2015)
        "conv 64 1x1 stride=2",  # its shortcut, which passes over every other row by purpose
        "maxpool 3x3 stride=2",  # AlexNet's and ResNet's pool, which overlaps by purpose
        "maxpool 2x2 stride=1 same",  # YOLOv2-tiny's
        "conv 4 4x4 same",  # 1 before and 2 after, in Keras and in PyTorch's padding="same" alike
        "conv 4 3x3 stride=2 same",  # Keras' rule, in a net that pads in no other way
    ],
)
def test_what_nobody_would_change_is_not_warned_about(analysed, line):
    assert found(analysed(f"input 224x224x3\n{line}\n")) == []


def test_same_beside_pads_on_both_sides_is_a_mixture_of_two_sources(analysed):
    text = "input 28x28x1\nconv 4 3x3 stride=2 padding=1\nconv 4 3x3 stride=2 same\nconv 4 4x4 same\n"
    (warning,) = analysed(text).warnings
    assert (warning.code, warning.span.line, warning.span.column) == ("lopsided-padding", 3, 21)
    assert "`same` pads (0,1) here" in warning.message
    assert "`half`" in warning.help


def test_alexnet_on_224_leaves_a_row_over_and_a_larger_stride_was_chosen_for_a_size(analysed):
    assert found(analysed("input 224x224x3\nconv 96 11x11 stride=4\n")) == [("stride-leaves-pixels", 2, 15)]
    assert found(analysed("input 227x227x3\nconv 96 11x11 stride=4\n")) == []


def test_a_tenth_of_the_rows_unused_is_warned_about_and_less_is_not(analysed):
    assert found(analysed("input 10x10x1\nmaxpool 3x3\n")) == [("stride-leaves-pixels", 2, 1)]
    assert found(analysed("input 11x11x1\nmaxpool 2x2\n")) == []


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_network_warns_of_heavy_dense_layers_alone(name):
    assert {warning.code for warning in cnncalc.load(name).analysis.warnings} <= {"dense-heavy"}

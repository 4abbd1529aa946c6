"""Warnings stand where their argument was written, once a line, and never fail anything."""

from __future__ import annotations


def found(analysis) -> list[tuple[str, int, int]]:
    return [(warning.code, warning.span.line, warning.span.column) for warning in analysis.warnings]


def test_a_stride_that_leaves_pixels_points_at_the_stride(analysed):
    analysis = analysed("input 10x10x1\nconv 1 3x3 stride=2\n")
    assert found(analysis) == [("stride-leaves-pixels", 2, 12)]
    assert {warning.severity for warning in analysis.warnings} == {"warning"}


def test_a_repeated_line_warns_once(analysed):
    text = "block b\n conv 4 2x2 same\nend\ninput 9x9x4\nb times 3\nconv 4 2x2 same times 50\n"
    assert found(analysed(text)) == [("lopsided-padding", 2, 13), ("lopsided-padding", 6, 12)]


def test_two_lines_with_the_same_fault_both_warn(analysed):
    text = "input 9x9x4\nconv 4 2x2 same\nconv 4 2x2 same\n"
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
    """ResNet-50's projections leave a row over at 56, 28 and 14."""
    text = "block b w\nconv $w 1x1 stride=2\nend\ninput 56x56x4\nb 8\nb 8\nb 8\n"
    (warning,) = analysed(text).warnings
    assert warning.message == (
        "(56 - 1)/2 is not whole: the stride leaves 1 row and 1 column of the input unused; "
        "likewise 2 more times, with other sizes"
    )


def test_a_net_of_one_dense_layer_holds_all_parameters_there_and_is_not_warned(analysed):
    """There is nowhere else to hold them; with a second one, of 2 in 1,012, the first is worth a word."""
    assert found(analysed("input 100\ndense 10\n")) == []
    assert found(analysed("input 100\ndense 10\ndense 1\n")) == [("dense-heavy", 2, 7)]

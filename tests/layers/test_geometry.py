"""The arithmetic at its edges: where one more or one less, before or after, would be another answer."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import (
    FULL,
    LARGEST_SIZE,
    SAME,
    Padding,
    Shape,
    output_size,
    refuse_too_large,
    resolved_pads,
    same_pads,
    transposed_output_size,
    transposed_pads,
)
from cnncalc.layers.conv import Conv
from cnncalc.layers.pool import MaxPool
from cnncalc.layers.resizing import Pad

from .convolutions import image, per_side


@pytest.mark.parametrize(
    ("sides", "text"),
    [
        (((1, 1), (1, 1)), "1x1"),
        (((0, 1), (0, 1)), "0,1,0,1"),
        (((1, 1), (0, 2)), "1,1,0,2"),
        (((0, 2), (1, 1)), "0,2,1,1"),
    ],
)
def test_a_padding_is_written_side_by_side_unless_every_axis_has_it_alike(sides, text):
    assert Padding("explicit", sides).text == text


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "pads", "outputs"),
    [(7, 3, 2, (0, 0), 3), (8, 3, 2, (0, 0), 4), (6, 2, 3, (0, 0), 2), (4, 2, 4, (0, 1), 1), (4, 1, 4, (0, 1), 1)],
)
def test_with_ceil_a_last_window_must_start_inside_the_image(size, kernel, stride, pads, outputs):
    """torch.nn.MaxPool1d(kernel, stride, ceil_mode=True): the window that would start at the end is dropped."""
    assert output_size(size, kernel, stride, pads, ceil_mode=True) == outputs


def test_the_odd_row_of_same_comes_last():
    """TensorFlow: 5 with kernel 2, and 224 with kernel 3 and stride 2, are padded 0 before and 1 after."""
    assert same_pads(5, 2) == (0, 1)
    assert same_pads(224, 3, 2) == (0, 1)
    assert transposed_pads(SAME, 3, 2) == (0, 1, 0)


def test_full_padding_spans_the_dilated_kernel():
    assert resolved_pads(FULL, (9,), (3,), (1,), (2,)) == ((4, 4),)


def test_output_padding_adds_to_a_transposed_convolution():
    """torch.nn.ConvTranspose2d(1, 1, 3, 2, 1, output_padding=1): 7 -> 14."""
    assert transposed_output_size(7, 3, 2, (1, 1), output_padding=1) == 14


def test_the_largest_size_itself_is_allowed():
    refuse_too_large(Shape(1, (LARGEST_SIZE,)), "it", "size")
    with pytest.raises(Refusal):
        refuse_too_large(Shape(1, (LARGEST_SIZE + 1,)), "it", "size")


@pytest.mark.parametrize(
    ("layer", "size", "unused"),
    [
        (Conv(filters=1, kernel_size=(3,), stride=(2,)), 10, ["1 column"]),
        (Conv(filters=1, kernel_size=(3,), stride=(3,), padding=per_side(1)), 6, ["1 column"]),
        (Conv(filters=1, kernel_size=(3,), stride=(3,), padding=per_side(2)), 6, []),
        (MaxPool(kernel_size=(3,), stride=(2,)), 9, []),
        (MaxPool(kernel_size=(2,), stride=(3,)), 7, ["1 column"]),  # windows pass over 2 and 5; 6 is left
    ],
)
def test_columns_that_no_window_reaches_are_counted_from_the_pad_on(layer, size, unused):
    """6 with a pad of 1 in front: windows of 3 begin at -1 and 2 and end at 4, so column 5 is left."""
    said = [notice.message for notice in layer.notices(image(size, 1)) if notice.code == "stride-leaves-pixels"]
    assert len(said) == len(unused)
    assert all(columns in message for columns, message in zip(unused, said, strict=True))


@pytest.mark.parametrize(("fill", "most"), [("reflect", 3), ("wrap", 4)])
def test_an_image_can_give_its_mirror_image_without_the_edge_and_itself_when_wrapped(fill, most):
    """numpy.pad of 4 numbers: reflect repeats no edge, so it has 3 to give at once; wrap has all 4."""
    assert Pad(padding=per_side(most), fill=fill).output_shape(image(4, 1)) == Shape(1, (4 + 2 * most,))
    with pytest.raises(Refusal):
        Pad(padding=per_side(most + 1), fill=fill).output_shape(image(4, 1))

"""Laws that hold whatever the numbers: same padding, ceil, groups, given weights, the adjoint of a convolution."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.geometry import FULL, SAME, Shape, extent, output_size, same_pads, transposed_output_size, transposed_pads
from cnncalc.layers.adaptive_pool import AdaptiveAvgPool
from cnncalc.layers.base import NamedMatrix, learned
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.depthwise import DepthwiseConv, SeparableConv
from cnncalc.layers.filters import FILTERS
from cnncalc.layers.fixed import FilterConv
from cnncalc.layers.global_pool import GlobalAvgPool
from cnncalc.layers.local import Local
from cnncalc.layers.pool import AvgPool, MaxPool
from cnncalc.layers.rearranging import Digit, Rearrange
from cnncalc.layers.upconv import UpConv
from cnncalc.matrices import matrix

from .convolutions import conv, image

SIZE = st.integers(1, 200)
SMALL = st.integers(1, 9)


@given(SIZE, SMALL, SMALL, SMALL)
def test_same_padding_makes_ceil_of_n_over_s(size: int, kernel: int, stride: int, dilation: int) -> None:
    pads = same_pads(size, kernel, stride, dilation)
    assert output_size(size, kernel, stride, pads, dilation) == -(-size // stride)
    assert pads[1] - pads[0] in (0, 1)


@given(SIZE, SMALL, SMALL, st.integers(0, 4), st.integers(0, 4))
def test_the_output_size_is_the_number_of_places_found_by_sliding(
    size: int, kernel: int, stride: int, before: int, after: int
) -> None:
    places = [start for start in range(0, size + before + after, stride) if start + kernel <= size + before + after]
    assert max(0, output_size(size, kernel, stride, (before, after))) == len(places)


@given(SIZE, SMALL, SMALL, st.integers(0, 4))
def test_last_ceil_window_must_start_inside_the_image(size: int, kernel: int, stride: int, pad: int) -> None:
    assume(size + 2 * pad >= kernel and pad < kernel)
    last_start = (output_size(size, kernel, stride, (pad, pad), ceil_mode=True) - 1) * stride
    assert last_start < size + pad


@given(SIZE, SMALL, SMALL, SMALL)
def test_a_transposed_convolution_takes_back_the_size(size: int, kernel: int, stride: int, dilation: int) -> None:
    """One of the `stride` output paddings gives exactly the size the convolution came from."""
    assume(size >= extent(kernel, dilation))
    made = output_size(size, kernel, stride, (0, 0), dilation)
    rest = (size - extent(kernel, dilation)) % stride
    assert transposed_output_size(made, kernel, stride, (0, 0), dilation, output_padding=rest) == size


@given(SIZE, SMALL, SMALL, SMALL)
def test_same_in_a_transposed_convolution_makes_n_times_s(size: int, kernel: int, stride: int, dilation: int) -> None:
    before, after, extra = transposed_pads(SAME, kernel, stride, dilation)
    assert (
        transposed_output_size(size, kernel, stride, (before, after), dilation, output_padding=extra) == size * stride
    )
    assert min(before, after, extra) >= 0


@given(SIZE, SMALL)
def test_full_padding_makes_m_plus_n_minus_1(size: int, kernel: int) -> None:
    """Deck 004: the length of a full convolution is M + N - 1."""
    assert Conv(filters=1, kernel_size=(kernel,), padding=FULL).output_shape((Shape(1, (size,)),)).width == (
        size + kernel - 1
    )


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_groups_cost_what_their_parts_cost_side_by_side(groups: int, channels: int, filters: int, kernel: int) -> None:
    whole = conv(filters * groups, kernel, groups=groups)
    part = conv(filters, kernel)
    inputs, parts = image(6, 6, channels * groups), image(6, 6, channels)
    assert learned(whole.weights(inputs)) == groups * learned(part.weights(parts))
    assert whole.cost(inputs) == part.cost(parts) * groups


@given(st.integers(1, 8), st.integers(1, 3))
def test_depthwise_is_a_convolution_with_a_group_for_each_channel(channels: int, multiplier: int) -> None:
    shape = image(9, 9, channels)
    depthwise = DepthwiseConv(kernel_size=(3,), multiplier=multiplier)
    grouped = conv(channels * multiplier, 3, groups=channels)
    assert depthwise.output_shape(shape) == grouped.output_shape(shape)
    assert depthwise.cost(shape) == grouped.cost(shape)
    assert learned(depthwise.weights(shape)) == learned(grouped.weights(shape))


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 3))
def test_separable_is_depthwise_then_1x1(channels: int, filters: int, multiplier: int) -> None:
    shape = image(9, 9, channels)
    first, second = DepthwiseConv(kernel_size=(3,), multiplier=multiplier, bias=False), conv(filters, 1)
    middle = (first.output_shape(shape),)
    both = SeparableConv(filters=filters, kernel_size=(3,), multiplier=multiplier)
    assert both.cost(shape) == first.cost(shape) + second.cost(middle)
    assert learned(both.weights(shape)) == learned(first.weights(shape)) + learned(second.weights(middle))


def test_unshared_weights_cost_the_same_work_and_a_weight_for_each_connection() -> None:
    shape = image(9, 9, 3)
    unshared, shared = Local(filters=4, kernel_size=(3,)), conv(4, 3)
    assert unshared.cost(shape) == shared.cost(shape)
    assert learned(unshared.weights(shape)) == unshared.connections(shape) == shared.connections(shape)


def test_a_dense_layer_is_a_convolution_as_large_as_the_image() -> None:
    """CS231n: a 7x7x512 volume into FC 4096."""
    dense, whole = Dense(units=4096), conv(4096, 7)
    assert dense.cost((Shape(7 * 7 * 512),)) == whole.cost(image(7, 7, 512))
    assert learned(dense.weights((Shape(25088),))) == learned(whole.weights(image(7, 7, 512))) == 102764544


def test_a_global_average_is_an_average_pool_as_large_as_the_image() -> None:
    shape = image(7, 7, 64)
    assert GlobalAvgPool().cost(shape) == AvgPool(kernel_size=(7,)).cost(shape)
    assert GlobalAvgPool().cost(shape) == AdaptiveAvgPool(output_size=(1,)).cost(shape)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_pools_and_convolutions_have_every_rank(rank: int) -> None:
    shape = (Shape(2, (8,) * rank),)
    assert MaxPool(kernel_size=(2,)).output_shape(shape).spatial == (4,) * rank
    assert conv(4, 3, padding=SAME).output_shape(shape).spatial == (8,) * rank
    assert UpConv(filters=4, kernel_size=(2,), stride=(2,)).output_shape(shape).spatial == (16,) * rank
    assert conv(4, 3).weights(shape)[0].shape == (4, 2, *(3,) * rank)
    assert conv(4, 3).kernel_call(shape).numbers["kernel"] == (*(1,) * (3 - rank), *(3,) * rank)


def test_given_weights_stand_in_storage_order() -> None:
    stated = NamedMatrix("k", matrix([[1, 2], [3, 4]], [[5, 6], [7, 8]]))
    weight, bias = conv(2, 2, weights_given=stated, bias_given=NamedMatrix("b", matrix([[0, 1]]))).weights(
        image(5, 5, 1)
    )
    assert (weight.shape, weight.initial) == ((2, 1, 2, 2), tuple(map(Fraction, range(1, 9))))
    assert bias.initial == (0, 1)
    assert weight.trainable


def test_a_fixed_filter_is_copied_to_every_channel_and_never_learned() -> None:
    (weight,) = FilterConv(filter=FILTERS["sharpen"].named).weights(image(5, 5, 3))
    assert weight.axes == (("channels", 3), ("height", 3), ("width", 3))
    assert weight.initial == tuple(FILTERS["sharpen"].matrix.values()) * 3
    assert not weight.trainable


def test_a_filter_of_one_row_is_1_by_n_on_an_image() -> None:
    row = FilterConv(filter=NamedMatrix("row", matrix([[1, 2, 1]])))
    assert row.output_shape(image(5, 5, 1)).spatial == (5, 3)
    assert row.output_shape((Shape(1, (5,)),)).spatial == (3,)


def test_the_matrices_of_a_filter_are_its_depth_on_a_volume() -> None:
    stack = FilterConv(filter=NamedMatrix("stack", matrix([[1, 1]], [[2, 2]])))
    assert stack.output_shape((Shape(1, (4, 4, 4)),)).spatial == (3, 4, 3)


def test_a_rearrangement_is_written_from_the_factors_of_its_axes() -> None:
    """PyTorch's view(n, 64, 14, 2, 28).permute(0, 1, 3, 2, 4).reshape(n, 128, 14, 28)."""
    layer = Rearrange.of(Shape(64, (28, 28)), [Digit(0, 1, 64), Digit(1, 1, 2)], [[Digit(1, 2, 14)], [Digit(2, 1, 28)]])
    assert layer.pattern == "f1=64 (f2=14 f3=2) f4=28 -> (f1 f3) f2 f4"
    assert layer.output_shape(image(28, 28, 64)).text() == "14x28x128"


def test_axes_of_size_one_come_and_go_in_a_rearrangement() -> None:
    layer = Rearrange.of(Shape(6, (1, 5)), [Digit(2, 1, 5)], [[Digit(0, 3, 2)], [], [Digit(0, 1, 3)]])
    assert layer.pattern == "(f1=2 f2=3) 1 f3=5 -> f3 f1 1 f2"
    assert layer.output_shape((Shape(6, (1, 5)),)).text() == "2x1x3x5"

"""Kernels that join, cut, reorder and enlarge maps, with whole numbers that can be followed by eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.kernels import KERNELS


def counted(*shape, dtype="float32"):
    return np.arange(np.prod(shape), dtype=dtype).reshape(shape)


def plane(values):
    return np.array(values, np.float64).reshape(1, 1, 1, *np.shape(values))


def test_add_and_mul_take_any_number_of_inputs():
    a, b, c = counted(1, 2, 1, 1, 2), counted(1, 2, 1, 1, 2) + 1, counted(1, 2, 1, 1, 2) + 2
    assert KERNELS["add"]([a, b, c], {}, {"crop": False}).ravel().tolist() == [3, 6, 9, 12]
    assert KERNELS["mul"]([a, b, c], {}, {"crop": False}).ravel().tolist() == [0, 6, 24, 60]
    assert KERNELS["add"]([a, b], {}, {"crop": False}).dtype == np.float32


def test_mul_spreads_a_flat_vector_over_all_places():
    maps, gate = counted(1, 2, 1, 2, 2), np.array([2.0, 10.0], np.float32).reshape(1, 2, 1, 1, 1)
    for order in ([maps, gate], [gate, maps]):
        assert KERNELS["mul"](order, {}, {"crop": False}).ravel().tolist() == [0, 2, 4, 6, 40, 50, 60, 70]


def test_mul_with_crop_cuts_the_maps_and_not_down_to_the_one_place_that_is_spread():
    maps, small, gate = counted(1, 1, 1, 3, 3), np.ones((1, 1, 1, 2, 2), np.float32), np.full((1, 1, 1, 1, 1), 10.0)
    assert KERNELS["mul"]([gate, maps], {}, {"crop": True}).ravel().tolist() == [0, 10, 20, 30, 40, 50, 60, 70, 80]
    assert KERNELS["mul"]([maps, gate, small], {}, {"crop": True}).ravel().tolist() == [0, 10, 30, 40]


def test_add_of_one_input_is_a_copy():
    x = counted(1, 1, 1, 2, 2)
    out = KERNELS["add"]([x], {}, {"crop": False})
    assert out.tolist() == x.tolist()
    assert not np.shares_memory(out, x)


def test_concat_keeps_the_order_of_its_inputs():
    a, b = counted(2, 1, 1, 1, 2), counted(2, 2, 1, 1, 2) + 100
    out = KERNELS["concat"]([b, a], {}, {"crop": False})
    assert out[:, :, 0, 0].tolist() == [[[100, 101], [102, 103], [0, 1]], [[104, 105], [106, 107], [2, 3]]]


@pytest.mark.parametrize("name", ["concat", "add", "mul"])
def test_crop_takes_the_middle_of_the_larger_map(name):
    """Offset = difference // 2: the middle 2 of 5 columns are 1 and 2 (in U-Net 56 of 64 rows are 4 to 59)."""
    large, small = counted(1, 1, 1, 4, 5), np.ones((1, 1, 1, 2, 2), np.float32)
    out = KERNELS[name]([large, small], {}, {"crop": True})
    middle = [[6, 7], [11, 12]]
    wanted = {"concat": middle, "add": [[7, 8], [12, 13]], "mul": middle}[name]
    assert out[0, 0, 0].tolist() == wanted
    assert out.shape[2:] == (1, 2, 2)


def test_crop_of_maps_that_are_each_larger_on_one_axis():
    out = KERNELS["concat"]([counted(1, 1, 1, 3, 1), counted(1, 1, 1, 1, 3)], {}, {"crop": True})
    assert out.ravel().tolist() == [1, 1]


def test_flatten_reads_in_the_order_of_the_file():
    x = counted(1, 2, 1, 2, 2)
    assert KERNELS["flatten"]([x], {}, {"order": "channels_first"}).ravel().tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    last = KERNELS["flatten"]([x], {}, {"order": "channels_last"})
    assert last.shape == (1, 8, 1, 1, 1)
    assert last.ravel().tolist() == [0, 4, 1, 5, 2, 6, 3, 7]


@pytest.mark.parametrize("order", ["channels_first", "channels_last"])
def test_reshape_undoes_flatten(order):
    x = counted(2, 3, 2, 4, 5)
    flat = KERNELS["flatten"]([x], {}, {"order": order})
    back = KERNELS["reshape"]([flat], {}, {"channels": 3, "spatial": (2, 4, 5), "order": order})
    np.testing.assert_array_equal(back, x)
    assert back.flags.c_contiguous


def test_reshape_of_a_volume_follows_numpy_in_either_order():
    x = counted(2, 3, 1, 4, 5)
    first = KERNELS["reshape"]([x], {}, {"channels": 6, "spatial": (1, 2, 5), "order": "channels_first"})
    np.testing.assert_array_equal(first, x.reshape(2, 6, 1, 2, 5))
    last = KERNELS["reshape"]([x], {}, {"channels": 6, "spatial": (1, 2, 5), "order": "channels_last"})
    wanted = x[:, :, 0].transpose(0, 2, 3, 1).reshape(2, 2, 5, 6)
    np.testing.assert_array_equal(last[:, :, 0].transpose(0, 2, 3, 1), wanted)


@pytest.mark.parametrize(
    ("fill", "before", "after", "values"),
    [
        ("zeros", 2, 2, [0, 0, 5, 4, 2, 3, 7, 0, 0]),
        ("edge", 2, 2, [5, 5, 5, 4, 2, 3, 7, 7, 7]),
        ("wrap", 2, 2, [3, 7, 5, 4, 2, 3, 7, 5, 4]),
        ("reflect", 2, 2, [2, 4, 5, 4, 2, 3, 7, 3, 2]),
        ("reflect", 0, 1, [5, 4, 2, 3, 7, 3]),
    ],
)
def test_pads_of_deck_004(fill, before, after, values):
    """[5, 4, 2, 3, 7] with zeros, extended and cyclic, as printed; reflect leaves out the edge itself (PyTorch)."""
    numbers = {"before": (0, 0, before), "after": (0, 0, after), "fill": fill}
    assert KERNELS["pad"]([plane([[5, 4, 2, 3, 7]])], {}, numbers)[0, 0, 0, 0].tolist() == values


def test_crop_undoes_pad():
    x = counted(2, 2, 2, 3, 4)
    sides = {"before": (1, 0, 2), "after": (0, 3, 1)}
    back = KERNELS["crop"]([KERNELS["pad"]([x], {}, {**sides, "fill": "zeros"})], {}, sides)
    np.testing.assert_array_equal(back, x)
    assert back.flags.c_contiguous


def test_nearest_upsampling_repeats():
    out = KERNELS["upsample"]([plane([[1, 2], [3, 4]])], {}, {"factor": (1, 2, 3), "mode": "nearest"})
    assert out[0, 0, 0].tolist() == [[1, 1, 1, 2, 2, 2]] * 2 + [[3, 3, 3, 4, 4, 4]] * 2


def test_bilinear_upsampling_has_half_pixel_centres():
    """PyTorch's interpolate(scale_factor=2, mode="bilinear", align_corners=False) of [[1, 2], [3, 4]]."""
    out = KERNELS["upsample"]([plane([[1, 2], [3, 4]])], {}, {"factor": (1, 2, 2), "mode": "bilinear"})
    assert out[0, 0, 0].tolist() == [
        [1, 1.25, 1.75, 2],
        [1.5, 1.75, 2.25, 2.5],
        [2.5, 2.75, 3.25, 3.5],
        [3, 3.25, 3.75, 4],
    ]


@given(st.integers(1, 6), st.integers(1, 5))
def test_bilinear_upsampling_is_interpolation_between_pixel_centres(n, factor):
    values = np.random.default_rng(n).standard_normal(n)
    out = KERNELS["upsample"]([values.reshape(1, 1, 1, 1, n)], {}, {"factor": (1, 1, factor), "mode": "bilinear"})
    wanted = np.interp((np.arange(n * factor) + 0.5) / factor - 0.5, np.arange(n), values)
    np.testing.assert_allclose(out.ravel(), wanted, rtol=1e-12, atol=1e-12)


def test_slice_takes_channels_without_the_last():
    x = counted(2, 4, 1, 1, 1)
    out = KERNELS["slice"]([x], {}, {"first": 1, "last": 3})
    assert out[:, :, 0, 0, 0].tolist() == [[1, 2], [5, 6]]
    assert out.flags.c_contiguous


def test_padchannels_puts_zeros_ahead_and_behind():
    """The shortcut of ResNet-20 where a stage begins: half as many empty channels on either side."""
    out = KERNELS["padchannels"]([counted(2, 2, 1, 1, 1) + 1], {}, {"ahead": 1, "behind": 2})
    assert out[:, :, 0, 0, 0].tolist() == [[0, 1, 2, 0, 0], [0, 3, 4, 0, 0]]
    assert out.flags.c_contiguous


def test_space_to_depth_has_the_order_of_pixel_unshuffle():
    """torch.pixel_unshuffle of 0..15 as two channels of 2x4: the blocks' places follow their channel."""
    out = KERNELS["space_to_depth"]([counted(1, 2, 1, 2, 4)], {}, {"factor": (1, 2, 2)})
    assert out.shape == (1, 8, 1, 1, 2)
    assert out[0, :, 0, 0].tolist() == [[0, 2], [1, 3], [4, 6], [5, 7], [8, 10], [9, 11], [12, 14], [13, 15]]
    assert out.flags.c_contiguous


@given(st.integers(1, 2), st.integers(1, 3), st.tuples(*[st.integers(1, 3)] * 3), st.tuples(*[st.integers(1, 3)] * 3))
def test_depth_to_space_undoes_space_to_depth(images, channels, factor, sizes):
    x = counted(images, channels, *(size * each for size, each in zip(sizes, factor, strict=True)))
    there = KERNELS["space_to_depth"]([x], {}, {"factor": factor})
    assert there.shape == (images, channels * int(np.prod(factor)), *sizes)
    np.testing.assert_array_equal(KERNELS["depth_to_space"]([there], {}, {"factor": factor}), x)


def test_shuffle_deals_channels_out_anew():
    """ShuffleNet, 3 groups of 2: 0 1 | 2 3 | 4 5 becomes 0 2 4 1 3 5."""
    assert KERNELS["shuffle"]([counted(1, 6, 1, 1, 1)], {}, {"groups": 3}).ravel().tolist() == [0, 2, 4, 1, 3, 5]


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_every_kernel_says_what_it_computes(name):
    assert KERNELS[name].__doc__

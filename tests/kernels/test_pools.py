"""Every pool against its definition: a window sees the places of the input that it covers, and nothing else."""

from __future__ import annotations

from itertools import product
from math import ceil, floor, inf, nan

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.kernels import KERNELS

few = settings(max_examples=60)


@st.composite
def pools(draw):
    """An input and a window with pads smaller than the window, as no more are allowed, lifted to three axes."""
    rank = draw(st.integers(1, 3))
    axes = []
    for axis in range(3):
        if axis < 3 - rank:
            axes.append((1, 1, 1, 1, 0, 0))
            continue
        kernel = draw(st.integers(1, 4))
        n = draw(st.sampled_from([1, 2, 3, 5, 7, 8]))
        stride = draw(st.integers(1, 4))
        before, after = draw(st.integers(0, kernel - 1)), draw(st.integers(0, kernel - 1))
        axes.append((n, kernel, stride, 1, before, after))
    spatial, *others = zip(*axes, strict=True)
    names = ("kernel", "stride", "dilation", "before", "after")
    return spatial, dict(zip(names, others, strict=True), ceil=draw(st.booleans()))


def positions(n, kernel, stride, before, after, ceil_mode):
    """The rows each window covers, relative to the input, by the published formula (PyTorch's for ceil)."""
    free = n + before + after - kernel
    count = (ceil if ceil_mode else floor)(free / stride) + 1
    if ceil_mode and (count - 1) * stride >= n + before:
        count -= 1
    return [range(o * stride - before, o * stride - before + kernel) for o in range(count)]


def define(x, w, summarise):
    """out[n, c, oz, oy, ox] = summarise(values inside the input, how many lie inside the padded input)."""
    axes = zip(x.shape[2:], w["kernel"], w["stride"], w["before"], w["after"], strict=True)
    windows = [positions(*axis, w["ceil"]) for axis in axes]
    out = np.zeros((*x.shape[:2], *map(len, windows)))
    for place in product(*(range(len(axis)) for axis in windows)):
        covered = [windows[axis][o] for axis, o in enumerate(place)]
        inside = [[i for i in rows if 0 <= i < n] for rows, n in zip(covered, x.shape[2:], strict=True)]
        area = 1
        for rows, n, before, after in zip(covered, x.shape[2:], w["before"], w["after"], strict=True):
            area *= len([i for i in rows if -before <= i < n + after])
        for n, c in product(range(x.shape[0]), range(x.shape[1])):
            out[(n, c, *place)] = summarise(np.array([x[(n, c, *index)] for index in product(*inside)]), area)
    return out


SUMMARIES = {
    "maxpool": lambda seen, area: max(seen),
    "sumpool": lambda seen, area: sum(seen),
    "avgpool": lambda seen, area: sum(seen) / len(seen),
    "countpad": lambda seen, area: sum(seen) / area,
    "l2pool": lambda seen, area: sum(v * v for v in seen) ** 0.5,
}


@few
@given(pools(), st.sampled_from(list(SUMMARIES)), st.sampled_from(["float32", "float64"]), st.integers(0, 2**32 - 1))
def test_pool_is_what_its_windows_see(case, name, dtype, seed):
    (spatial, w), rng = case, np.random.default_rng(seed)
    x = rng.integers(-9, 10, (2, 3, *spatial)).astype(dtype)
    wanted_count = [
        len(positions(*axis, w["ceil"]))
        for axis in zip(spatial, *(w[a] for a in ("kernel", "stride", "before", "after")), strict=True)
    ]
    assume(min(wanted_count) > 0)
    kernel = "avgpool" if name == "countpad" else name
    found = KERNELS[kernel]([x], {}, {**w, "countpad": name == "countpad"})
    assert found.dtype == dtype
    assert found.flags.c_contiguous
    np.testing.assert_allclose(found, define(x, w, SUMMARIES[name]), rtol=1e-6 if dtype == "float32" else 1e-14)


@few
@given(pools(), st.integers(0, 2**32 - 1))
def test_subsampling_weighs_the_sum_and_adds_a_bias(case, seed):
    (spatial, w), rng = case, np.random.default_rng(seed)
    x, weight, bias = rng.integers(-9, 10, (1, 3, *spatial)) * 1.0, rng.standard_normal(3), rng.standard_normal(3)
    sums = KERNELS["sumpool"]([x], {}, w)
    assume(sums.size > 0)
    found = KERNELS["subsample"]([x], {"weight": weight, "bias": bias}, w)
    np.testing.assert_allclose(found, sums * weight.reshape(-1, 1, 1, 1) + bias.reshape(-1, 1, 1, 1), rtol=1e-14)


def row(values, kernel, stride, ceil_mode, pads=(0, 0), name="maxpool", **more):
    x = np.array(values, np.float64).reshape(1, 1, 1, 1, -1)
    w = {"kernel": (1, 1, kernel), "stride": (1, 1, stride), "dilation": (1, 1, 1)}
    w |= {"before": (0, 0, pads[0]), "after": (0, 0, pads[1]), "ceil": ceil_mode}
    return KERNELS[name]([x], {}, {**w, **more})[0, 0, 0, 0].tolist()


def test_ceil_keeps_a_last_window_that_sticks_out():
    assert row([1, 2, 3, 4, 5], 2, 2, False) == [2, 4]
    assert row([1, 2, 3, 4, 5], 2, 2, True) == [2, 4, 5]
    assert row([-1, -2, -3, -4, -5], 2, 2, True) == [-1, -3, -5]


def test_last_ceil_window_must_start_inside_the_image():
    """n 5, k 2, s 3, pads 1: ceil((5 + 2 - 2) / 3) + 1 = 3, but the third would start at place 6, the pad behind."""
    assert row([1, 2, 3, 4, 5], 2, 3, True, (1, 1)) == [1, 4]
    assert row([1, 2], 2, 3, True, (1, 1)) == [1]


def test_a_window_larger_than_the_image_pools_what_is_there_with_ceil():
    assert row([4, 6], 3, 2, True, name="avgpool", countpad=False) == [5]
    assert row([4, 6], 3, 2, True, name="avgpool", countpad=True) == [5]
    assert row([4, 6], 3, 2, False) == []


def test_countpad_divides_by_pads_but_never_by_what_sticks_out():
    """PyTorch: avg_pool1d([6, 6, 6, 6], 3, 2, padding=1, ceil_mode=True) = [4, 6, 6 / 2], without pads [6, 6, 6]."""
    assert row([6, 6, 6, 6], 3, 2, True, (1, 1), "avgpool", countpad=True) == [4, 6, 3]
    assert row([6, 6, 6, 6], 3, 2, True, (1, 1), "avgpool", countpad=False) == [6, 6, 6]


def test_pads_are_never_the_largest():
    assert row([-3, -2], 2, 1, False, (1, 1)) == [-3, -2, -2]


def test_pools_of_a_large_map_by_hand():
    """2x2 maximum and mean of 0 .. 15 in a 4x4 map."""
    x = np.arange(16, dtype=np.float32).reshape(1, 1, 1, 4, 4)
    two = (1, 2, 2)
    w = {"kernel": two, "stride": two, "dilation": (1, 1, 1), "before": (0, 0, 0), "after": (0, 0, 0), "ceil": False}
    assert KERNELS["maxpool"]([x], {}, w)[0, 0, 0].tolist() == [[5, 7], [13, 15]]
    assert KERNELS["avgpool"]([x], {}, {**w, "countpad": False})[0, 0, 0].tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert KERNELS["l2pool"]([x], {}, w)[0, 0, 0, 0].tolist() == pytest.approx([42**0.5, 98**0.5], rel=1e-6)


def test_global_pools_make_one_number_a_channel():
    x = np.arange(24, dtype=np.float32).reshape(2, 2, 1, 2, 3)
    assert KERNELS["global_avgpool"]([x], {}, {}).tolist() == [[[[[2.5]]], [[[8.5]]]], [[[[14.5]]], [[[20.5]]]]]
    assert KERNELS["global_maxpool"]([x], {}, {})[:, :, 0, 0, 0].tolist() == [[5, 11], [17, 23]]
    assert KERNELS["global_maxpool"]([x], {}, {}).shape == (2, 2, 1, 1, 1)


@given(st.tuples(*[st.integers(1, 7)] * 3), st.tuples(*[st.integers(1, 8)] * 3), st.integers(0, 2**32 - 1))
def test_adaptive_pools_cut_each_axis_into_nearly_equal_windows(spatial, output, seed):
    """Window o runs from floor(o * n / outputs) to ceil((o + 1) * n / outputs)."""
    x = np.random.default_rng(seed).standard_normal((1, 2, *spatial))
    cuts = [[(floor(o * n / m), ceil((o + 1) * n / m)) for o in range(m)] for n, m in zip(spatial, output, strict=True)]
    for name, summary in (("adaptive_avgpool", np.mean), ("adaptive_maxpool", np.max)):
        found = KERNELS[name]([x], {}, {"output": output})
        assert found.shape == (1, 2, *output)
        for place in product(*map(range, output)):
            part = tuple(slice(*cuts[axis][o]) for axis, o in enumerate(place))
            for c in range(2):
                assert found[(0, c, *place)] == pytest.approx(summary(x[(0, c, *part)]), rel=1e-12)


def test_adaptive_pool_of_seven_to_three():
    """PyTorch's windows overlap: 0-2, 2-4, 4-6."""
    x = np.arange(7.0).reshape(1, 1, 1, 1, 7)
    assert KERNELS["adaptive_avgpool"]([x], {}, {"output": (1, 1, 3)})[0, 0, 0, 0].tolist() == [1, 3, 5]


def test_maximum_of_minus_infinity_and_nan():
    assert row([-inf, -inf], 2, 2, False) == [-inf]
    assert np.isnan(row([1, nan, 3], 1, 1, False)).tolist() == [False, True, False]

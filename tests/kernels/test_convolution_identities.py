"""What must hold between kernels, whatever the numbers: groups, dilation, adjoints, flips, shifts."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.kernels import KERNELS

few = settings(max_examples=25)
sizes = st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 11))
kernels = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 4))
steps = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 3))
pads = st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 3))
seeds = st.integers(0, 2**32 - 1)
ONES, NONE = (1, 1, 1), (0, 0, 0)


def numbers(kernel, stride=ONES, dilation=ONES, before=NONE, after=NONE, **more):
    window = {"kernel": kernel, "stride": stride, "dilation": dilation, "before": before, "after": after}
    return {**window, "groups": 1, "fill": "zeros", "flip": False, "output_padding": NONE, **more}


def fits(spatial, n):
    axes = zip(spatial, n["kernel"], n["dilation"], n["before"], n["after"], strict=True)
    return all(size + before + after > d * (k - 1) for size, k, d, before, after in axes)


def normal(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)


@few
@given(sizes, kernels, steps, steps, pads, pads, st.integers(1, 3), st.integers(1, 12), seeds)
def test_columns_and_loops_agree(spatial, kernel, stride, dilation, before, after, channels, filters, seed):
    n = numbers(kernel, stride, dilation, before, after)
    assume(fits(spatial, n))
    x, weight, bias = normal(seed, (2, channels, *spatial), (filters, channels, *kernel), filters)
    weights = {"weight": weight, "bias": bias}
    close(KERNELS["conv"]([x], weights, n), KERNELS["conv_direct"]([x], weights, n))


@few
@given(sizes, kernels, steps, st.integers(1, 4), st.sampled_from([1, 2, 10]), seeds)
def test_groups_are_convolutions_side_by_side(spatial, kernel, stride, groups, filters, seed):
    n = numbers(kernel, stride)
    assume(fits(spatial, n))
    x, weight = normal(seed, (1, 2 * groups, *spatial), (filters * groups, 2, *kernel))
    parts = [
        KERNELS["conv"]([np.ascontiguousarray(part)], {"weight": own}, n)
        for part, own in zip(np.split(x, groups, axis=1), np.split(weight, groups), strict=True)
    ]
    close(KERNELS["conv"]([x], {"weight": weight}, {**n, "groups": groups}), np.concatenate(parts, axis=1))


@few
@given(sizes, kernels, steps, pads, st.sampled_from([1, 8]), seeds)
def test_dilation_is_a_kernel_stuffed_with_zeros(spatial, kernel, dilation, before, filters, seed):
    n = numbers(kernel, ONES, dilation, before)
    assume(fits(spatial, n))
    x, weight = normal(seed, (1, 2, *spatial), (filters, 2, *kernel))
    wide = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    stuffed = np.zeros((filters, 2, *wide))
    stuffed[(..., *(slice(None, None, d) for d in dilation))] = weight
    whole = KERNELS["conv"]([x], {"weight": stuffed}, numbers(wide, before=before))
    close(KERNELS["conv"]([x], {"weight": weight}, n), whole)


@few
@given(sizes, kernels, steps, steps, pads, pads, st.integers(1, 2), st.booleans(), seeds)
def test_transposed_convolution_is_the_adjoint(spatial, kernel, stride, dilation, before, after, groups, flip, seed):
    """The inner product <conv x, y> = <x, upconv y>; output padding gives back the rows that the stride left over."""
    n = numbers(kernel, stride, dilation, before, after, groups=groups, flip=flip)
    assume(fits(spatial, n))
    x, weight = normal(seed, (1, 2 * groups, *spatial), (3 * groups, 2, *kernel))
    forward = KERNELS["conv"]([x], {"weight": weight}, n)
    (y,) = normal(seed + 1, forward.shape)
    free = [
        size + first + last - d * (k - 1) - 1
        for size, k, d, first, last in zip(spatial, kernel, dilation, before, after, strict=True)
    ]
    left = tuple(rows % s for rows, s in zip(free, stride, strict=True))
    back = KERNELS["upconv"]([y], {"weight": weight}, {**n, "output_padding": left})
    assert back.shape == x.shape
    np.testing.assert_allclose((forward * y).sum(), (x * back).sum(), rtol=1e-9, atol=1e-9)


@few
@given(sizes, kernels, st.sampled_from(["conv", "conv_direct"]), st.sampled_from([1, 8]), seeds)
def test_flip_is_the_reversed_kernel(spatial, kernel, name, filters, seed):
    n = numbers(kernel)
    assume(fits(spatial, n))
    x, weight = normal(seed, (1, 2, *spatial), (filters, 2, *kernel))
    reverse = np.ascontiguousarray(weight[..., ::-1, ::-1, ::-1])
    close(KERNELS[name]([x], {"weight": weight}, {**n, "flip": True}), KERNELS[name]([x], {"weight": reverse}, n))


@few
@given(st.integers(1, 6), st.integers(1, 3), seeds)
def test_true_convolution_commutes_and_correlation_does_not(n, k, seed):
    """Full convolution with the kernel flipped: x * h = h * x (deck 004)."""
    x, h = normal(seed, (1, 1, 1, 1, n), (1, 1, 1, 1, k))

    def full(a, b):
        size = b.shape[-1]
        ends = (0, 0, size - 1)
        return KERNELS["conv"]([a], {"weight": b}, numbers((1, 1, size), before=ends, after=ends, flip=True))

    close(full(x, h), full(h, x))
    close(full(x, h)[0, 0, 0, 0], np.convolve(x.ravel(), h.ravel()))


@few
@given(kernels, st.sampled_from([1, 8]), seeds)
def test_convolution_moves_with_its_input(kernel, filters, seed):
    """Shift equivariance (deck 001), exactly so where the pads wrap around."""
    n = numbers(kernel, before=tuple(k - 1 for k in kernel), fill="wrap")
    x, weight = normal(seed, (1, 2, 3, 6, 7), (filters, 2, *kernel))
    moved = np.roll(x, (1, 2, 3), axis=(2, 3, 4))
    out, out_moved = (KERNELS["conv"]([v], {"weight": weight}, n) for v in (x, moved))
    close(np.roll(out, (1, 2, 3), axis=(2, 3, 4)), out_moved)


@few
@given(sizes, kernels, steps, pads, seeds)
def test_depthwise_is_a_convolution_with_one_group_a_channel(spatial, kernel, stride, before, seed):
    n = numbers(kernel, stride, before=before, multiplier=2)
    assume(fits(spatial, n))
    x, weight = normal(seed, (1, 3, *spatial), (6, *kernel))
    plain = KERNELS["conv"]([x], {"weight": weight[:, None]}, {**n, "groups": 3})
    close(KERNELS["dwconv"]([x], {"weight": weight}, n), plain)


@few
@given(sizes, kernels, steps, pads, seeds)
def test_local_layer_with_the_same_weights_everywhere_is_a_convolution(spatial, kernel, stride, before, seed):
    n = numbers(kernel, stride, before=before)
    assume(fits(spatial, n))
    x, weight, bias = normal(seed, (2, 2, *spatial), (3, 2, *kernel), 3)
    shared = KERNELS["conv"]([x], {"weight": weight, "bias": bias}, n)
    places = shared.shape[2:]
    own = {
        "weight": np.broadcast_to(weight, (*places, *weight.shape)).copy(),
        "bias": np.broadcast_to(bias, (*places, 3)).copy(),
    }
    close(KERNELS["local"]([x], own, n), shared)

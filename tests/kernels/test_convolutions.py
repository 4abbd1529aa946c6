"""Every convolution against its definition, written out here as loops over one output at a time.

The definition never pads an array and never slides: it asks for the value at an index, inside or outside, and takes
its output sizes from the floor formula.  Values are small whole numbers, so both types must agree to the last bit.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.kernels import KERNELS, conv, threads
from cnncalc.kernels.sliding import blocks

AXES = ("kernel", "stride", "dilation", "before", "after")
FILLS = {
    "zeros": lambda i, n: i,
    "edge": lambda i, n: min(max(i, 0), n - 1),
    "wrap": lambda i, n: i % n,
    "reflect": lambda i, n: 0 if n == 1 else (n - 1) - abs((n - 1) - i % (2 * n - 2)),
}
"""Which of n inputs stands at place i."""


def at(plane, index, fill):
    """The value of plane[n, z, y, x] at a place that may lie outside."""
    sizes = plane.shape[1:]
    if fill == "zeros" and not all(0 <= i < n for i, n in zip(index, sizes, strict=True)):
        return np.zeros(plane.shape[0])
    return plane[:, *(FILLS[fill](i, n) for i, n in zip(index, sizes, strict=True))]


def output_sizes(spatial, w):
    return tuple(
        (n + before + after - d * (k - 1) - 1) // s + 1
        for n, (k, s, d, before, after) in zip(spatial, zip(*(w[a] for a in AXES), strict=True), strict=True)
    )


def taps_at(place, w):
    """For one output place, each tap of the kernel and the index of the input that it meets."""
    for tap in product(*map(range, w["kernel"])):
        steps = zip(place, tap, w["stride"], w["dilation"], w["before"], strict=True)
        yield tap, tuple(o * s + k * d - before for o, k, s, d, before in steps)


def define(x, w, filters, weight_of):
    """Sum over ci and taps of weight_of(co, ci, place)[tap] * x; weight_of gives None where nothing is connected."""
    sizes = output_sizes(x.shape[2:], w)
    out = np.zeros((x.shape[0], filters, *sizes))
    for co, place in product(range(filters), product(*map(range, sizes))):
        for ci in range(x.shape[1]):
            kernel = weight_of(co, ci, place)
            if kernel is None:
                continue
            for tap, index in taps_at(place, w):
                out[:, co, *place] += kernel[tap] * at(x[:, ci], index, w.get("fill", "zeros"))
    return out


def grouped(weight, groups, channels):
    per_filters, per_channels = weight.shape[0] // groups, channels // groups

    def weight_of(co, ci, place):
        same = co // per_filters == ci // per_channels
        return weight[co, ci % per_channels] if same else None

    return weight_of


def whole(rng, shape, dtype):
    return rng.integers(-4, 5, shape).astype(dtype)


@st.composite
def windows(draw, largest=(4, 6, 7)):
    """Sizes of an input and a window that fits it, of any rank, lifted to three axes."""
    rank = draw(st.integers(1, 3))
    axes = []
    for axis in range(3):
        if axis < 3 - rank:
            axes.append((1, 1, 1, 1, 0, 0))
            continue
        n = draw(st.sampled_from([1, 2, 3, 5, 7]).filter(lambda v, most=largest[axis]: v <= most))
        kernel, stride, dilation = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
        before, after = draw(st.integers(0, 2)), draw(st.integers(0, 2))
        assume(n + before + after >= dilation * (kernel - 1) + 1)
        axes.append((n, kernel, stride, dilation, before, after))
    spatial, *others = zip(*axes, strict=True)
    return spatial, dict(zip(AXES, others, strict=True))


common = {
    "images": st.integers(1, 2),
    "dtype": st.sampled_from(["float32", "float64"]),
    "fill": st.sampled_from(sorted(FILLS)),
    "seed": st.integers(0, 2**32 - 1),
}
few = settings(max_examples=40)


@few
@given(
    windows(),
    st.sampled_from(["conv", "conv_direct"]),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from([1, 2, 9]),
    st.booleans(),
    st.booleans(),
    st.fixed_dictionaries(common),
)
def test_convolution_is_the_sum_of_weight_times_input(case, name, groups, per_channels, per_filters, flip, bias, rest):
    (spatial, w), rng = case, np.random.default_rng(rest["seed"])
    x = whole(rng, (rest["images"], groups * per_channels, *spatial), rest["dtype"])
    weights = {"weight": whole(rng, (groups * per_filters, per_channels, *w["kernel"]), rest["dtype"])}
    if bias:
        weights["bias"] = whole(rng, groups * per_filters, rest["dtype"])
    numbers = {**w, "groups": groups, "fill": rest["fill"], "flip": flip}
    found = KERNELS[name]([x], weights, numbers)
    weight = weights["weight"][..., ::-1, ::-1, ::-1] if flip else weights["weight"]
    wanted = define(x, numbers, groups * per_filters, grouped(weight, groups, groups * per_channels))
    wanted += weights["bias"].reshape(-1, 1, 1, 1) if bias else 0
    assert found.dtype == rest["dtype"]
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, wanted)


@few
@given(windows(), st.integers(1, 3), st.integers(1, 2), st.booleans(), st.fixed_dictionaries(common))
def test_depthwise_convolution_keeps_channels_apart(case, channels, multiplier, flip, rest):
    (spatial, w), rng = case, np.random.default_rng(rest["seed"])
    x = whole(rng, (rest["images"], channels, *spatial), rest["dtype"])
    weight, bias = (whole(rng, (channels * multiplier, *more), rest["dtype"]) for more in (w["kernel"], ()))
    numbers = {**w, "fill": rest["fill"], "multiplier": multiplier, "flip": flip}
    found = KERNELS["dwconv"]([x], {"weight": weight, "bias": bias}, numbers)
    turned = weight[:, ::-1, ::-1, ::-1] if flip else weight
    wanted = define(
        x, numbers, channels * multiplier, lambda co, ci, place: turned[co] if co // multiplier == ci else None
    )
    np.testing.assert_array_equal(found, wanted + bias.reshape(-1, 1, 1, 1))
    assert found.dtype == rest["dtype"]


@few
@given(windows(), st.integers(1, 3), st.integers(1, 2), st.integers(1, 4), st.fixed_dictionaries(common))
def test_separable_convolution_is_depthwise_then_pointwise(case, channels, multiplier, filters, rest):
    (spatial, w), rng = case, np.random.default_rng(rest["seed"])
    x = whole(rng, (rest["images"], channels, *spatial), rest["dtype"])
    depthwise = whole(rng, (channels * multiplier, *w["kernel"]), rest["dtype"])
    pointwise, bias = (whole(rng, shape, rest["dtype"]) for shape in ((filters, channels * multiplier), filters))
    numbers = {**w, "fill": rest["fill"], "multiplier": multiplier}
    given_weights = {"depthwise_weight": depthwise, "pointwise_weight": pointwise, "bias": bias}
    found = KERNELS["sepconv"]([x], given_weights, numbers)
    middle = define(
        x, numbers, channels * multiplier, lambda co, ci, place: depthwise[co] if co // multiplier == ci else None
    )
    wanted = np.einsum("fm,nmzyx->nfzyx", pointwise, middle) + bias.reshape(-1, 1, 1, 1)
    np.testing.assert_array_equal(found, wanted)


TABLE = ((0, 1, 2), (1, 3), (0, 2, 3), (3,))


@few
@given(windows(), st.fixed_dictionaries(common))
def test_connection_table_says_which_channels_a_filter_sees(case, rest):
    (spatial, w), rng = case, np.random.default_rng(rest["seed"])
    x = whole(rng, (rest["images"], 4, *spatial), rest["dtype"])
    weight, bias = whole(rng, (9, *w["kernel"]), rest["dtype"]), whole(rng, 4, rest["dtype"])
    kernels = {}
    for connection, (co, ci) in enumerate((co, ci) for co, channels in enumerate(TABLE) for ci in channels):
        kernels[co, ci] = weight[connection]
    numbers = {**w, "fill": rest["fill"], "table": TABLE}
    found = KERNELS["connected_conv"]([x], {"weight": weight, "bias": bias}, numbers)
    wanted = define(x, numbers, 4, lambda co, ci, place: kernels.get((co, ci)))
    np.testing.assert_array_equal(found, wanted + bias.reshape(-1, 1, 1, 1))


@few
@given(windows(), st.integers(1, 2), st.integers(1, 3), st.fixed_dictionaries(common))
def test_local_layer_has_weights_of_its_own_at_every_place(case, channels, filters, rest):
    (spatial, w), rng = case, np.random.default_rng(rest["seed"])
    x = whole(rng, (rest["images"], channels, *spatial), rest["dtype"])
    places = output_sizes(spatial, w)
    weight = whole(rng, (*places, filters, channels, *w["kernel"]), rest["dtype"])
    bias = whole(rng, (*places, filters), rest["dtype"])
    numbers = {**w, "fill": rest["fill"]}
    found = KERNELS["local"]([x], {"weight": weight, "bias": bias}, numbers)
    wanted = define(x, numbers, filters, lambda co, ci, place: weight[(*place, co, ci)]) + np.moveaxis(bias, -1, 0)
    np.testing.assert_array_equal(found, wanted)
    assert found.flags.c_contiguous


def stamped(x, weight, w, groups):
    """The transposed convolution by its definition: out[i * s + k * d - before] += x[i] * weight[k]."""
    made, per_channels = weight.shape[1], x.shape[1] // groups
    sizes = tuple(
        (n - 1) * s + d * (k - 1) + 1 - before - after + extra
        for n, k, s, d, before, after, extra in zip(
            x.shape[2:], *(w[a] for a in AXES), w["output_padding"], strict=True
        )
    )
    out = np.zeros((x.shape[0], made * groups, *sizes))
    for ci, place in product(range(x.shape[1]), product(*map(range, x.shape[2:]))):
        for m, (tap, index) in product(range(made), list(taps_at(place, w))):
            if all(0 <= i < n for i, n in zip(index, sizes, strict=True)):
                out[:, ci // per_channels * made + m, *index] += x[:, ci, *place] * weight[(ci, m, *tap)]
    return out


@few
@given(
    windows(),
    st.tuples(*[st.integers(0, 2)] * 3),
    st.integers(1, 2),
    st.integers(1, 2),
    st.integers(1, 3),
    st.booleans(),
    st.fixed_dictionaries(common),
)
def test_transposed_convolution_stamps_the_kernel(case, extra, groups, per_channels, made, flip, rest):
    (spatial, w), rng = case, np.random.default_rng(rest["seed"])
    x = whole(rng, (rest["images"], groups * per_channels, *spatial), rest["dtype"])
    weight = whole(rng, (groups * per_channels, made, *w["kernel"]), rest["dtype"])
    bias = whole(rng, groups * made, rest["dtype"])
    numbers = {**w, "output_padding": extra, "groups": groups, "flip": flip}
    wanted = (
        stamped(x, weight[..., ::-1, ::-1, ::-1] if flip else weight, numbers, groups)
        if all(
            (n - 1) * s + d * (k - 1) + 1 - before - after + more > 0
            for n, k, s, d, before, after, more in zip(spatial, *(w[a] for a in AXES), extra, strict=True)
        )
        else None
    )
    assume(wanted is not None)
    found = KERNELS["upconv"]([x], {"weight": weight, "bias": bias}, numbers)
    np.testing.assert_array_equal(found, wanted + bias.reshape(-1, 1, 1, 1))
    assert found.dtype == rest["dtype"]


def test_upconv_same_padding_of_a_small_kernel_adds_rows():
    """Keras: stride 3, kernel 2, `same` makes 3 * 3 outputs; no kernel reaches the last one."""
    x = np.ones((1, 1, 1, 1, 3))
    numbers = {"kernel": (1, 1, 2), "stride": (1, 1, 3), "dilation": (1, 1, 1), "before": (0, 0, 0)}
    for end in ({"after": (0, 0, 0), "output_padding": (0, 0, 1)}, {"after": (0, 0, -1), "output_padding": (0, 0, 0)}):
        out = KERNELS["upconv"](
            [x], {"weight": np.ones((1, 1, 1, 1, 2))}, {**numbers, **end, "groups": 1, "flip": False}
        )
        assert out[0, 0, 0, 0].tolist() == [1, 1, 0, 1, 1, 0, 1, 1, 0]


PICTURE = [[0, 1, 1, 0, 0], [0, 1, 1, 0, 0], [1, 0, 0, 1, 1], [0, 1, 1, 0, 1], [1, 1, 1, 1, 1]]
SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
COUNT = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


@pytest.mark.parametrize(
    ("matrix", "pad", "stride", "flip", "values"),
    [
        (SHARPEN, 0, 1, False, [[3, 3, -2], [-3, -3, 4], [3, 3, -4]]),
        (SHARPEN, 1, 2, False, [[-1, 3, 0], [5, -3, 3], [4, 2, 3]]),
        (COUNT, 0, 1, False, [[23, 21, 22], [26, 24, 28], [36, 36, 39]]),
        (COUNT, 0, 1, True, [[27, 29, 18], [24, 26, 22], [24, 24, 31]]),
    ],
)
@pytest.mark.parametrize("name", ["conv", "conv_direct", "dwconv"])
def test_filters_of_deck_001(name, matrix, pad, stride, flip, values):
    x = np.array(PICTURE, np.float64).reshape(1, 1, 1, 5, 5)
    weight = np.array(matrix, np.float64).reshape((1, 1, 3, 3) if name == "dwconv" else (1, 1, 1, 3, 3))
    pads = (0, pad, pad)
    numbers = {"kernel": (1, 3, 3), "stride": (1, stride, stride), "dilation": (1, 1, 1), "before": pads, "after": pads}
    more = {"groups": 1, "multiplier": 1, "fill": "zeros", "flip": flip}
    assert KERNELS[name]([x], {"weight": weight}, {**numbers, **more})[0, 0, 0].tolist() == values


def test_full_convolution_of_deck_004():
    """x = [-2, 0, -3], h = 1/3 [1, 1, 1]: y = [-0.667, -0.667, -1.667, -1, -1], 3 + 3 - 1 values."""
    x = np.array([-2.0, 0, -3]).reshape(1, 1, 1, 1, 3)
    ones = (1, 1, 1)
    numbers = {"kernel": (1, 1, 3), "stride": ones, "dilation": ones, "before": (0, 0, 2), "after": (0, 0, 2)}
    out = KERNELS["conv"](
        [x], {"weight": np.full((1, 1, 1, 1, 3), 1 / 3)}, {**numbers, "groups": 1, "fill": "zeros", "flip": True}
    )
    np.testing.assert_allclose(out[0, 0, 0, 0], [-2 / 3, -2 / 3, -5 / 3, -1, -1], rtol=1e-15)


@pytest.mark.parametrize("shared", ["places", "filters"])
@pytest.mark.parametrize("workers", [1, 3])
def test_columns_in_any_blocks_and_threads_make_the_same_numbers(monkeypatch, shared, workers):
    """A block of a few columns takes pieces of a row, one of more takes whole rows: every cut gives the same result."""
    rng = np.random.default_rng(3)
    x, weight = whole(rng, (2, 4, 3, 5, 7), "float64"), whole(rng, (18, 2, 2, 3, 3), "float64")
    ones = (1, 1, 1)
    numbers = {"kernel": (2, 3, 3), "stride": (1, 1, 2), "dilation": ones, "before": ones, "after": ones}
    numbers |= {"groups": 2, "fill": "zeros", "flip": False}
    wanted = KERNELS["conv_direct"]([x], {"weight": weight}, numbers)
    monkeypatch.setattr(threads, "SMALLEST_SHARE", 1)
    monkeypatch.setattr(threads, "thread_count", lambda: workers)
    monkeypatch.setattr(conv, "FEWEST_PLACES", 0 if shared == "places" else 10**9)
    for columns in (1, 3, 4, 8, 20, 45, 1000):
        monkeypatch.setattr(conv, "BLOCK_BYTES", columns * 36 * 8)
        monkeypatch.setattr(conv, "SHARED_BLOCK_BYTES", columns * 36 * 8)
        np.testing.assert_array_equal(KERNELS["conv"]([x], {"weight": weight}, numbers), wanted)


def test_other_products_are_the_same_in_many_threads(monkeypatch):
    rng = np.random.default_rng(4)
    ones, none = (1, 1, 1), (0, 0, 0)
    numbers = {"kernel": (1, 3, 3), "stride": (1, 2, 1), "dilation": ones, "before": (0, 1, 1), "after": none}
    numbers |= {"groups": 2, "fill": "zeros", "flip": False, "output_padding": none}
    x = whole(rng, (2, 4, 1, 5, 7), "float64")
    calls = {
        "upconv": (x, {"weight": whole(rng, (4, 5, 1, 3, 3), "float64")}),
        "local": (x, {"weight": whole(rng, (1, 2, 6, 3, 4, 1, 3, 3), "float64")}),
        "dense": (x.reshape(2, -1, 1, 1, 1), {"weight": whole(rng, (11, 140), "float64")}),
    }
    alone = {name: KERNELS[name]([x], weights, numbers) for name, (x, weights) in calls.items()}
    monkeypatch.setattr(threads, "SMALLEST_SHARE", 1)
    monkeypatch.setattr(threads, "thread_count", lambda: 3)
    for name, (x, weights) in calls.items():
        np.testing.assert_array_equal(KERNELS[name]([x], weights, numbers), alone[name])


@given(st.tuples(*[st.integers(1, 5)] * 3), st.integers(1, 150))
def test_blocks_cover_every_place_once_and_stay_small(outputs, largest):
    seen = np.zeros(outputs, int)
    order = np.arange(seen.size).reshape(outputs)
    for block, flat in blocks(outputs, largest):
        seen[block] += 1
        assert order[block].ravel().tolist() == list(range(flat.start, flat.stop))
        assert flat.stop - flat.start <= largest
    assert (seen == 1).all()

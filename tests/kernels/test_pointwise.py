"""Activations, normalisations and dense layers against their formulas, number by number in Python's own floats."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.kernels import KERNELS


def clip6(v):
    return min(max(v, 0.0), 6.0)


def sigmoid(v):
    return 1 / (1 + math.exp(-v))


FORMULAS = {
    "relu": lambda v: max(v, 0.0),
    "relu6": clip6,
    "leaky": lambda v: v if v >= 0 else 0.3 * v,
    "elu": lambda v: v if v >= 0 else 0.3 * (math.exp(v) - 1),
    "selu": lambda v: 1.0507009873554805 * (v if v >= 0 else 1.6732632423543772 * (math.exp(v) - 1)),
    "gelu": lambda v: v * (1 + math.erf(v / math.sqrt(2))) / 2,
    "silu": lambda v: v * sigmoid(v),
    "hardswish": lambda v: v * clip6(v + 3) / 6,
    "hardsigmoid": lambda v: clip6(v + 3) / 6,
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "softplus": lambda v: math.log(1 + math.exp(v)),
    "mish": lambda v: v * math.tanh(math.log(1 + math.exp(v))),
    "identity": lambda v: v,
}
KNOWN = {
    "gelu": (1.0, 0.8413447460685429),
    "silu": (1.0, 0.7310585786300049),
    "mish": (1.0, 0.8650983882673103),
    "softplus": (0.0, 0.6931471805599453),
    "selu": (-1.0, -1.1113307378125625),
    "hardswish": (1.0, 2 / 3),
    "hardsigmoid": (0.0, 0.5),
}
"""Published values: PyTorch's functions at these points."""


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_activation_is_its_formula(name, dtype):
    values = [-20.0, -6.5, -3.0, -1.0, -0.1, 0.0, 0.1, 0.5, 1.0, 2.9, 3.1, 5.9, 6.1, 20.0]
    x = np.array(values * 6, dtype).reshape(2, 3, 2, 1, -1)
    found = KERNELS[name]([x], {}, {"slope": 0.3})
    assert found.dtype == dtype
    assert found.shape == x.shape
    tolerance = 2e-6 if dtype == "float32" else 1e-12
    wanted = [FORMULAS[name](v) for v in np.asarray(x, np.float64).ravel().tolist()]
    np.testing.assert_allclose(found.ravel(), wanted, rtol=tolerance, atol=tolerance / 10)


@pytest.mark.parametrize("name", KNOWN)
def test_activation_at_a_known_point(name):
    place, value = KNOWN[name]
    assert KERNELS[name]([np.full((1, 1, 1, 1, 1), place)], {}, {}).item() == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("name", sorted(FORMULAS))
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_activation_of_huge_values_has_no_warning_and_no_nan(name, dtype):
    x = np.array([-1e30, 1e30], dtype).reshape(1, 2, 1, 1, 1)
    assert not np.isnan(KERNELS[name]([x], {}, {"slope": 0.3})).any()


def test_activations_leave_their_input_alone():
    for name in sorted({*FORMULAS, "softmax"} - {"identity"}):
        x = np.linspace(-3, 3, 12).reshape(1, 3, 1, 2, 2)
        before = x.copy()
        KERNELS[name]([x], {}, {"slope": 0.3})
        np.testing.assert_array_equal(x, before)


def test_gelu_is_the_same_in_one_thread_and_in_many(monkeypatch):
    x = np.linspace(-4, 4, 70_001).reshape(1, 1, 1, 1, -1)
    alone = KERNELS["gelu"]([x], {}, {})
    monkeypatch.setattr("cnncalc.kernels.threads.SMALLEST_SHARE", 1000)
    monkeypatch.setattr("cnncalc.kernels.threads.thread_count", lambda: 7)
    np.testing.assert_array_equal(KERNELS["gelu"]([x], {}, {}), alone)


def test_prelu_and_scale_have_a_factor_for_each_channel():
    x = np.array([-2.0, 3.0, -2.0, 3.0]).reshape(1, 2, 1, 1, 2)
    weight = np.array([0.5, -1.0])
    assert KERNELS["prelu"]([x], {"weight": weight}, {}).ravel().tolist() == [-1, 3, 2, 3]
    assert KERNELS["scale"]([x], {"weight": weight}, {}).ravel().tolist() == [-1, 1.5, 2, -3]


def test_times_is_a_constant_for_all_numbers_and_keeps_their_kind():
    """Inception-ResNet's residuals: 0.17 in float32 is 0.17000000178813934."""
    out = KERNELS["times"]([np.array([1.0, -2.0], np.float32).reshape(1, 2, 1, 1, 1)], {}, {"factor": 0.17})
    assert out.dtype == np.float32
    assert out.ravel().tolist() == [0.17000000178813934, -0.3400000035762787]


@given(st.integers(0, 2**32 - 1), st.floats(-500, 500))
def test_softmax_sums_to_one_at_each_place_and_ignores_a_shift(seed, shift):
    x = np.random.default_rng(seed).standard_normal((2, 5, 1, 2, 3)) * 5
    found = KERNELS["softmax"]([x], {}, {})
    wanted = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    np.testing.assert_allclose(KERNELS["softmax"]([x + shift], {}, {}), found, rtol=1e-9)


def normal(seed, *shape, dtype="float64"):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def spread(weight):
    return weight.reshape(-1, 1, 1, 1)


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.sampled_from(["float32", "float64"]), st.floats(1e-6, 1.0))
def test_batch_norm_uses_the_running_statistics(seed, dtype, epsilon):
    x = normal(seed, 2, 3, 1, 4, 5, dtype=dtype)
    weight, bias, mean = (normal(seed + i, 3, dtype=dtype) for i in (1, 2, 3))
    var = np.abs(normal(seed + 4, 3, dtype=dtype)) + 0.1
    weights = {"weight": weight, "bias": bias, "running_mean": mean, "running_var": var}
    found = KERNELS["bn"]([x], weights, {"epsilon": epsilon})
    wanted = (x - spread(mean)) / np.sqrt(spread(var) + epsilon) * spread(weight) + spread(bias)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)


def test_batch_norm_without_scale_or_shift_only_standardises():
    x = np.array([1.0, 5.0]).reshape(1, 2, 1, 1, 1)
    running = {"running_mean": np.array([0.0, 1.0]), "running_var": np.array([3.0, 15.0])}
    for learned, wanted in (
        ({}, [0.5, 1.0]),
        ({"weight": np.array([4.0, 3.0])}, [2.0, 3.0]),
        ({"bias": np.array([1.0, 2.0])}, [1.5, 3.0]),
    ):
        assert KERNELS["bn"]([x], {**learned, **running}, {"epsilon": 1.0}).ravel().tolist() == wanted


def standardised(values, epsilon):
    mean = sum(values) / len(values)
    variance = sum((v - mean) ** 2 for v in values) / len(values)
    return [(v - mean) / math.sqrt(variance + epsilon) for v in values]


def test_layer_norm_over_the_channels_of_each_place():
    x, weight, bias = normal(1, 2, 5, 1, 2, 3), normal(2, 5), normal(3, 5)
    found = KERNELS["ln"]([x], {"weight": weight, "bias": bias}, {"axes": "channels", "epsilon": 0.01})
    for n, y, column in np.ndindex(2, 2, 3):
        wanted = np.array(standardised(x[n, :, 0, y, column].tolist(), 0.01)) * weight + bias
        np.testing.assert_allclose(found[n, :, 0, y, column], wanted, rtol=1e-12)


def test_layer_norm_over_the_whole_image():
    x, weight, bias = normal(1, 2, 5, 1, 2, 3), normal(2, 5, 1, 2, 3), normal(3, 5, 1, 2, 3)
    found = KERNELS["ln"]([x], {"weight": weight, "bias": bias}, {"axes": "all", "epsilon": 0.01})
    for n in range(2):
        wanted = np.array(standardised(x[n].ravel().tolist(), 0.01)) * weight.ravel() + bias.ravel()
        np.testing.assert_allclose(found[n].ravel(), wanted, rtol=1e-12)


def test_group_norm_over_the_channels_and_places_of_each_group():
    x, weight, bias = normal(1, 2, 6, 1, 2, 3), normal(2, 6), normal(3, 6)
    found = KERNELS["gn"]([x], {"weight": weight, "bias": bias}, {"groups": 3, "epsilon": 0.01})
    for n, g in np.ndindex(2, 3):
        part = np.array(standardised(x[n, 2 * g : 2 * g + 2].ravel().tolist(), 0.01)).reshape(2, 1, 2, 3)
        wanted = part * spread(weight[2 * g : 2 * g + 2]) + spread(bias[2 * g : 2 * g + 2])
        np.testing.assert_allclose(found[n, 2 * g : 2 * g + 2], wanted, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 30])
def test_local_response_normalisation_looks_at_neighbouring_channels(size):
    """PyTorch's window: size // 2 channels before, (size - 1) // 2 after; alpha divided by size."""
    x = normal(4, 1, 7, 1, 1, 2)
    found = KERNELS["lrn"]([x], {}, {"size": size, "alpha": 0.5, "beta": 0.75, "bias": 2.0})
    for c, column in np.ndindex(7, 2):
        near = [x[0, i, 0, 0, column] ** 2 for i in range(c - size // 2, c + (size - 1) // 2 + 1) if 0 <= i < 7]
        wanted = x[0, c, 0, 0, column] / (2.0 + 0.5 / size * sum(near)) ** 0.75
        assert found[0, c, 0, 0, column] == pytest.approx(wanted, rel=1e-12)


@given(st.integers(1, 3), st.integers(1, 13), st.integers(1, 7), st.booleans(), st.integers(0, 2**31))
def test_dense_is_a_weighted_sum_for_each_unit(images, n, units, with_bias, seed):
    rng = np.random.default_rng(seed)
    x, weight, bias = (rng.integers(-4, 5, shape) * 1.0 for shape in ((images, n, 1, 1, 1), (units, n), units))
    found = KERNELS["dense"]([x], {"weight": weight, **({"bias": bias} if with_bias else {})}, {})
    assert found.shape == (images, units, 1, 1, 1)
    for i, unit in np.ndindex(images, units):
        wanted = sum(weight[unit, c] * x[i, c, 0, 0, 0] for c in range(n)) + (bias[unit] if with_bias else 0)
        assert found[i, unit, 0, 0, 0] == wanted

"""Functions of each number written as vectors, beside the readable ones in float64, at every width of vector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from cnncalc.kernels import KERNELS
from cnncalc.kernels.engine import fields
from cnncalc.kernels.engine.functions import FUNCTIONS
from cnncalc.kernels.engine.machine_code import callable_at, kernel_address
from cnncalc.kernels.engine.pointwise import pointwise
from cnncalc.kernels.engine.simd import ACTIVATIONS

Array = np.ndarray[Any, Any]

OWN: Mapping[str, Mapping[str, float]] = {
    "pow": {"exponent": -3.0},
    "softplus_beta": {"beta": 2.0},
    "celu": {"slope": 1.5},
    "softshrink": {"limit": 0.5},
    "hardshrink": {"limit": 0.5},
    "hardsigmoid_sloped": {"slope": 0.2},
    "threshold": {"limit": 0.25, "value": -2.0},
}
"""Numbers of their own, in the order of the kernel's limits."""

EDGES = (0.0, -0.0, 1.0, -1.0, 1e-40, -1e-40, 88.5, -95.0, 1e10, -1e10, 2e38, np.inf, -np.inf, np.nan)


def numbers() -> Array:
    random = np.random.default_rng(0)
    drawn = [random.standard_normal(320) * size for size in (1e-6, 1e-3, 0.1, 1, 3, 30)]
    return np.append(np.concatenate(drawn), [*EDGES, 0.5, 2.0]).astype(np.float32)


def by_vectors(name: str, lanes: int, x: Array, low: float, high: float) -> Array:
    out, row = np.zeros_like(x), np.zeros(fields.COUNT, np.int64)
    there, no_offset = np.ones(16, np.float32), np.zeros(16, np.float32)
    memory = {"INPUT": x, "OUTPUT": out, "WEIGHTS": there, "BIAS": no_offset}
    sizes = {"OUT_PIXEL": 16, "HEIGHT": 1, "WIDTH": x.size // 16, "BLOCKS": 1, "SEGMENT": 1}
    for field, value in ({field: array.ctypes.data for field, array in memory.items()} | sizes).items():
        row[fields.PLACES[field]] = value
    for field, limit in (("LOW", low), ("HIGH", high)):
        row.view(np.float64)[fields.PLACES[field]] = limit
    callable_at(kernel_address(pointwise, lanes, ACTIVATIONS.index(name), 0), 4)(row.ctypes.data, 0, 1, 0)
    return out


@pytest.mark.parametrize(
    ("name", "lanes"), [*((name, 8) for name in FUNCTIONS if name != "root"), ("expm1", 16), ("erf", 16), ("log", 4)]
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_function_is_right_up_to_the_edges_of_its_range(name: str, lanes: int) -> None:
    x, own = numbers(), OWN.get(name, {})
    kernel, told = (name, own) if name in KERNELS else ("function", {"name": name, **own})
    wanted = KERNELS[kernel]([x.astype(np.float64)], {}, told).astype(np.float32)
    found = by_vectors(name, lanes, x, *(*own.values(), 0.0, 0.0)[:2])
    sane = np.abs(x) < 1e9 if name in ("gelu_approximate", "softplus_beta") else np.full(x.shape, True)
    np.testing.assert_array_equal(np.isnan(found[sane]), np.isnan(wanted[sane]))
    finite = np.isfinite(wanted) & sane
    np.testing.assert_array_equal(np.isinf(found[sane]), np.isinf(wanted[sane]))
    np.testing.assert_allclose(found[finite], wanted[finite], rtol=5e-6, atol=1e-7)


@pytest.mark.parametrize("name", ["silu", "mish", "gelu_approximate"])
def test_a_gate_that_closes_lets_no_large_number_through(name: str) -> None:
    x = np.resize(np.array([-1e10, -3e38, -np.inf, np.nan, 3e38, np.inf, -1.5, 0], np.float32), 16)
    found = by_vectors(name, 8, x, 0.0, 0.0)[:8]
    assert (np.abs(found[:3]) < 1e-30).all()
    assert np.isnan(found[3])
    assert found[4:6].tolist() == x[4:6].tolist()
    wanted = KERNELS[name]([x[6:8].astype(np.float64)], {}, {})
    np.testing.assert_allclose(found[6:8], wanted, rtol=5e-6)


def test_a_root_is_a_power_between_nothing_and_one() -> None:
    x = np.abs(numbers())[:1600]
    np.testing.assert_allclose(by_vectors("root", 16, x, 1 / 3, 0.0), np.cbrt(x), rtol=5e-6)

"""Functions of each number, limits, gates and short norms, against numbers worked out by hand or published."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import KERNELS
from cnncalc.kernels.functions import FUNCTIONS, OPTIONS
from cnncalc.layers.functions import FUNCTIONS as NAMES

OWN = {"exponent": 3.0, "slope": 0.5, "limit": 0.5, "value": -20.0}

AT = {
    "exp": (1.0, 2.718281828459045),
    "expm1": (1.0, 1.718281828459045),
    "log": (2.718281828459045, 1.0),
    "log1p": (1.718281828459045, 1.0),
    "log2": (8.0, 3.0),
    "log10": (1000.0, 3.0),
    "sqrt": (6.25, 2.5),
    "rsqrt": (6.25, 0.4),
    "square": (-3.0, 9.0),
    "pow": (-2.0, -8.0),
    "abs": (-3.0, 3.0),
    "neg": (-3.0, 3.0),
    "sign": (-3.0, -1.0),
    "reciprocal": (-4.0, -0.25),
    "sin": (0.5235987755982988, 0.5),
    "cos": (1.0471975511965976, 0.5),
    "tan": (0.7853981633974483, 1.0),
    "atan": (1.0, 0.7853981633974483),
    "asin": (0.5, 0.5235987755982988),
    "acos": (0.5, 1.0471975511965976),
    "sinh": (0.6931471805599453, 0.75),
    "cosh": (0.6931471805599453, 1.25),
    "asinh": (0.75, 0.6931471805599453),
    "acosh": (1.25, 0.6931471805599453),
    "atanh": (0.6, 0.6931471805599453),
    "floor": (-2.5, -3.0),
    "ceil": (-2.5, -2.0),
    "round": (2.5, 2.0),
    "erf": (0.5, 0.5204998778130465),
    "softsign": (-3.0, -0.75),
    "logsigmoid": (0.0, -0.6931471805599453),
    "celu": (-0.5, -0.3160602794142788),
    "squareplus": (1.0, 1.618033988749895),
    "tanhshrink": (1.0, 0.2384058440442351),
    "softshrink": (-3.0, -2.5),
    "hardshrink": (0.4, 0.0),
    "threshold": (0.4, -20.0),
}
"""Name -> a number and what becomes of it: thirds and quarters of pi, e, the golden ratio, tables of erf and tanh."""


def column(*values):
    return np.array(values).reshape(1, -1, 1, 1, 1)


def of(kernel, x, weights=None, **numbers):
    return KERNELS[kernel]([x], weights or {}, numbers).ravel().tolist()


@pytest.mark.parametrize("name", NAMES)
def test_a_function_of_a_number_has_its_known_value(name):
    x, wanted = AT[name]
    assert of("function", column(x), name=name, **OWN) == pytest.approx([wanted], rel=1e-12, abs=1e-15)


def test_kernel_and_layer_know_the_same_functions_with_the_same_numbers():
    assert set(FUNCTIONS) == set(NAMES)
    assert {name: known.options for name, known in NAMES.items() if known.options} == OPTIONS


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_a_function_keeps_the_kind_of_its_numbers_and_leaves_its_input_alone(name, dtype):
    x = np.linspace(0.1, 2, 12, dtype=dtype).reshape(1, 3, 1, 2, 2)
    before = x.copy()
    assert KERNELS["function"]([x], {}, {"name": name, **OWN}).dtype == dtype
    np.testing.assert_array_equal(x, before)


def test_what_has_no_value_is_not_a_number_and_warns_nobody():
    assert np.isnan(of("function", column(-1.0), name="sqrt")).all()
    assert of("function", column(0.0), name="log") == [-np.inf]


def test_the_square_of_a_large_number_does_not_overflow_on_the_way():
    x = np.array([1e30, -1e30, 3e38, -np.inf], np.float32).reshape(1, -1, 1, 1, 1)
    assert of("function", x, name="squareplus") == pytest.approx([1e30, 1e-30, 3e38, 0], rel=1e-6)
    assert of("function", column(-1e9), name="squareplus") == pytest.approx([1e-9], rel=1e-12)
    assert np.isnan(of("function", column(np.nan), name="squareplus")).all()


def test_a_threshold_keeps_what_is_above_and_shrinking_what_is_outside():
    x = column(-2.0, -0.5, 0.5, 0.75)
    assert of("function", x, name="threshold", limit=0.5, value=9.0) == [9, 9, 9, 0.75]
    assert of("function", x, name="hardshrink", limit=0.5) == [-2, 0, 0, 0.75]
    assert of("function", x, name="softshrink", limit=0.5) == [-1.5, 0, 0, 0.25]


def test_clip_has_two_limits_or_one():
    assert of("clip", column(-3.0, 0.5, 3.0), low=-1.0, high=2.0) == [-1, 0.5, 2]
    assert of("clip", column(-3.0, 0.5, 3.0), low=-1.0, high=np.inf) == [-1, 0.5, 3]


def test_affine_multiplies_first_and_adds_then():
    assert of("affine", column(1.0, 2.0), factor=(-1.0,), offset=(1.0,)) == [0, -1]
    assert of("affine", column(1.0, 2.0), factor=(2.0, 3.0), offset=(0.5, -1.0)) == [2.5, 5]


def test_learned_numbers_are_for_a_channel_for_all_or_for_each_number():
    x = np.array([-2.0, 3.0, -4.0, 5.0]).reshape(1, 2, 1, 1, 2)
    one, two, four = np.array([0.5]), np.array([0.5, 2.0]), np.array([1.0, 2.0, 3.0, 4.0]).reshape(2, 1, 1, 2)
    assert of("prelu", x, {"weight": one}) == [-1, 3, -2, 5]
    assert of("prelu_all", x, {"weight": four}) == [-2, 3, -12, 5]
    assert of("scale", x, {"weight": one}) == [-1, 1.5, -2, 2.5]
    assert of("scale_all", x, {"weight": four}) == [-2, 6, -12, 20]
    assert of("shift", x, {"bias": two}) == [-1.5, 3.5, -2, 7]
    assert of("shift_all", x, {"bias": four}) == [-1, 5, -1, 9]


def test_log_softmax_of_one_two_three():
    """PyTorch's documentation of NLLLoss uses these: log(e^3 / (e + e^2 + e^3)) = -0.4076."""
    assert of("logsoftmax", column(1.0, 2.0, 3.0)) == pytest.approx(
        [-2.40760596444438, -1.40760596444438, -0.40760596444438]
    )
    assert of("logsoftmax", column(1000.0, 0.0)) == [0, -1000]


def test_glu_halves_the_channels():
    assert of("glu", column(4.0, 6.0, 0.0, 1.0986122886681098)) == pytest.approx([2.0, 4.5])


def test_other_forms_of_gelu_hard_sigmoid_and_softplus():
    assert of("gelu_approximate", column(1.0)) == pytest.approx([0.8411919906082768], rel=1e-12)
    assert of("hardsigmoid_sloped", column(-3.0, 1.0, 3.0), slope=0.2) == pytest.approx([0, 0.7, 1])
    assert of("softplus_beta", column(0.0, 500.0), beta=2.0) == pytest.approx([0.34657359027997264, 500.0])


def test_rms_norm_and_the_norm_of_length_one_of_three_and_four():
    """The mean square of 3 and 4 is 12.5, their length 5."""
    x = column(3.0, 4.0)
    assert of("l2norm", x, epsilon=1e-12) == pytest.approx([0.6, 0.8], rel=1e-15)
    assert of("l2norm", column(0.0, 0.0), epsilon=1e-12) == [0, 0]
    found = of("rmsnorm", x, {"weight": np.array([1.0, 2.0])}, epsilon=0.0, axes="channels")
    assert found == pytest.approx([0.848528137423857, 2.262741699796952])


def test_instance_norm_is_group_norm_with_a_group_for_each_channel():
    """Channel 0 has mean 2 and variance 1, channel 1 mean 5 and variance 9."""
    x = np.array([1.0, 3.0, 2.0, 8.0]).reshape(1, 2, 1, 1, 2)
    assert of("gn", x, groups=2, epsilon=0.0) == [-1, 1, -1, 1]
    assert of("gn", x, {"bias": np.array([0.5, 2.0])}, groups=2, epsilon=0.0) == [-0.5, 1.5, 1, 3]


def test_a_gate_of_one_channel_and_a_column_are_spread():
    maps = np.arange(1.0, 9.0).reshape(1, 2, 1, 2, 2)
    gate, row = np.array([1.0, 0.0, 0.5, 2.0]).reshape(1, 1, 1, 2, 2), np.array([1.0, 2.0]).reshape(1, 1, 1, 1, 2)
    run = lambda name, *inputs: KERNELS[name](inputs, {}, {"crop": False}).ravel().tolist()  # noqa: E731
    assert run("mul", maps, gate) == [1, 0, 1.5, 8, 5, 0, 3.5, 16]
    assert run("div", maps, row) == [1, 1, 3, 2, 5, 3, 7, 4]
    assert run("min", maps, 4 * gate) == [1, 0, 2, 4, 4, 0, 2, 8]
    assert run("sub", row, maps)[:4] == [0, 0, -2, -2]

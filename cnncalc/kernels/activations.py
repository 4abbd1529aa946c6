"""Activation functions, element by element (softmax: over the channels of each place).

numpy's own loops use the CPU's vector instructions and let NaN pass, so nothing here is compiled but GELU, for which
numpy has no error function.  Every formula is written so that a NaN comes out as NaN.
"""

from __future__ import annotations

import math

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.jit import jit
from cnncalc.kernels.sliding import writable
from cnncalc.kernels.threads import over_planes

SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772
"""Klambauer et al. 2017, rounded to float64."""

WORK_OF_ERF = 20
"""An error function takes about as long as so many multiplications."""


@kernel("relu")
def relu(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """0 where x < 0, else x."""
    return np.maximum(inputs[0], 0)


@kernel("relu6")
def relu6(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """min(max(x, 0), 6)."""
    return _clipped(inputs[0])


@kernel("leaky")
def leaky(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """slope * x where x < 0, else x."""
    return _sloped(inputs[0], numbers["slope"])


@kernel("prelu")
def prelu(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """weight * x where x < 0, else x; the weight is one for each channel, one for all, or one for each number."""
    return _sloped(inputs[0], spread(weights["weight"]))


kernel("prelu_all")(prelu)


@kernel("elu")
def elu(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """slope * (exp(x) - 1) where x < 0, else x."""
    return _elu(inputs[0], numbers["slope"])


@kernel("selu")
def selu(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """SELU_SCALE * (SELU_ALPHA * (exp(x) - 1) where x < 0, else x)."""
    return SELU_SCALE * _elu(inputs[0], SELU_ALPHA)


@kernel("gelu")
def gelu(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x / 2 * (1 + erf(x / sqrt(2))): the exact one, the default of PyTorch and Keras."""
    x = writable(inputs[0])
    out = np.empty_like(x)
    over_planes(write_gelu, x.size, WORK_OF_ERF * x.size, x.reshape(-1), out.reshape(-1))
    return out


@jit
def write_gelu(start: int, stop: int, x: Array, out: Array) -> None:
    """GELU of the flat x[start:stop] into out."""
    for i in range(start, stop):
        out[i] = x[i] * 0.5 * (1.0 + math.erf(x[i] * math.sqrt(0.5)))


@kernel("gelu_approximate")
def gelu_approximate(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))): PyTorch's approximate="tanh"."""
    x = inputs[0]
    bend = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))
    out: Array = 0.5 * x * (1 + bend)
    return out


@kernel("sigmoid")
def sigmoid(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """1 / (1 + exp(-x))."""
    return sigmoid_of(inputs[0])


@kernel("silu")
def silu(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x * sigmoid(x)."""
    return inputs[0] * sigmoid_of(inputs[0])


@kernel("hardsigmoid")
def hardsigmoid(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """relu6(x + 3) / 6, as in PyTorch and Keras 3."""
    return _clipped(inputs[0] + 3) / 6


@kernel("hardsigmoid_sloped")
def hardsigmoid_sloped(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """min(max(slope * x + 0.5, 0), 1), as in Keras 2."""
    out: Array = np.maximum(numbers["slope"] * inputs[0] + 0.5, 0)
    return np.minimum(out, 1, out=out)


@kernel("hardswish")
def hardswish(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x * relu6(x + 3) / 6."""
    return inputs[0] * _clipped(inputs[0] + 3) / 6


@kernel("tanh")
def tanh(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """tanh(x)."""
    return np.tanh(inputs[0])


@kernel("softplus")
def softplus(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """log(1 + exp(x)), without overflow."""
    return _softplus(inputs[0])


@kernel("softplus_beta")
def softplus_beta(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """log(1 + exp(beta * x)) / beta, as in PyTorch."""
    beta = numbers["beta"]
    out: Array = _softplus(beta * inputs[0]) / beta
    return out


@kernel("mish")
def mish(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x * tanh(softplus(x))."""
    return inputs[0] * np.tanh(_softplus(inputs[0]))


@kernel("softmax")
def softmax(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """exp(x) / (sum of exp(x)) over the channels of each place; the largest is subtracted first, against overflow."""
    return softmax_of(inputs[0], 1)


@kernel("logsoftmax")
def logsoftmax(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x - log(sum of exp(x)) over the channels of each place; the largest is subtracted first, against overflow."""
    x = inputs[0]
    out: Array = x - x.max(axis=1, keepdims=True)
    out -= np.log(np.exp(out).sum(axis=1, keepdims=True, dtype=np.float64)).astype(x.dtype)
    return out


@kernel("glu")
def glu(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The first half of the channels times the sigmoid of the second half."""
    first, second = np.split(inputs[0], 2, axis=1)
    return first * sigmoid_of(second)


def spread(weight: Array) -> Array:
    """A weight for each channel, or for all, as it meets x[n, c, z, y, x]; one for each number is as it should be."""
    return weight.reshape(-1, 1, 1, 1) if weight.ndim == 1 else weight


def _clipped(x: Array) -> Array:
    out = np.maximum(x, 0)
    return np.minimum(out, 6, out=out)


def _sloped(x: Array, slope: float | Array) -> Array:
    return np.where(x < 0, slope * x, x)


def _elu(x: Array, slope: float) -> Array:
    return np.where(x < 0, slope * np.expm1(np.minimum(x, 0)), x)


def softmax_of(x: Array, axis: int) -> Array:
    """exp(x) / (sum of exp(x)) along this axis."""
    out: Array = np.exp(x - x.max(axis=axis, keepdims=True))
    out /= out.sum(axis=axis, keepdims=True, dtype=np.float64).astype(x.dtype)
    return out


def sigmoid_of(x: Array) -> Array:
    """1 / (1 + exp(-x)) of every number."""
    out = np.exp(-x)
    out += 1
    return np.divide(1, out, out=out)


def _softplus(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

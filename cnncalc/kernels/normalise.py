"""Normalisations at inference, and factors and offsets: learned ones (LayerScale) and constants.

Sources: Ioffe and Szegedy 2015 (bn); Ba et al. 2016 (ln); Wu and He 2018 (gn);
Zhang and Sennrich 2019 (rmsnorm); Krizhevsky et al. 2012 (lrn);
Touvron et al. 2021 (LayerScale).
"""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.activations import spread
from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("bn")
def bn(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """(x - running_mean) / sqrt(running_var + epsilon) * weight + bias, by channel: one multiply and one add.

    Without a weight it is 1, without a bias 0.
    """
    factor = weights.get("weight", 1) / np.sqrt(weights["running_var"] + numbers["epsilon"])
    offset = weights.get("bias", 0) - weights["running_mean"] * factor
    x = inputs[0]
    out: Array = x * factor.astype(x.dtype).reshape(-1, 1, 1, 1)
    out += offset.astype(x.dtype).reshape(-1, 1, 1, 1)
    return out


@kernel("ln")
def ln(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Layer normalisation.  `axes` "channels": over the channels at each place, weight[C], as Keras does by default.

    `axes` "all": over channels and places together, weight[C, z, y, x], as PyTorch's LayerNorm of the whole shape.
    """
    x = inputs[0]
    out = _standardised(x, _together(numbers), numbers["epsilon"])
    return _scaled_and_shifted(out, weights, (-1, 1, 1, 1) if numbers["axes"] == "channels" else x.shape[1:])


@kernel("rmsnorm")
def rmsnorm(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x / sqrt(mean of x * x + epsilon) * weight, the mean over the same axes as `ln`."""
    x = inputs[0]
    squares = np.square(x).mean(axis=_together(numbers), keepdims=True, dtype=np.float64)
    out = x / np.sqrt(squares + numbers["epsilon"]).astype(x.dtype)
    return _scaled_and_shifted(out, weights, (-1, 1, 1, 1) if numbers["axes"] == "channels" else x.shape[1:])


@kernel("l2norm")
def l2norm(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x / max(length, epsilon), the length being the root of the sum of squares over the channels of each place."""
    x = inputs[0]
    length = np.sqrt(np.square(x).sum(axis=1, keepdims=True, dtype=np.float64))
    out: Array = x / np.maximum(length, numbers["epsilon"]).astype(x.dtype)
    return out


@kernel("gn")
def gn(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Group normalisation: each of `groups` groups of channels standardised over its channels and places; weight[C].

    With as many groups as channels it is instance normalisation (Ulyanov et al. 2016).
    """
    x = inputs[0]
    grouped = x.reshape(x.shape[0], numbers["groups"], -1)
    out = _standardised(grouped, (2,), numbers["epsilon"]).reshape(x.shape)
    return _scaled_and_shifted(out, weights, (-1, 1, 1, 1))


@kernel("lrn")
def lrn(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x / (bias + alpha / size * (sum of squares over `size` neighbouring channels)) ** beta, as in PyTorch.

    The neighbours of channel c are c - size // 2 .. c + (size - 1) // 2, as far as they exist.
    """
    x, size = inputs[0], numbers["size"]
    squares, sums = np.square(x), np.zeros_like(x)
    channels = x.shape[1]
    for shift in range(-(size // 2), (size - 1) // 2 + 1):
        first, last = max(0, -shift), min(channels, channels - shift)
        if first < last:
            sums[:, first:last] += squares[:, first + shift : last + shift]
    out: Array = x / (numbers["bias"] + numbers["alpha"] / size * sums) ** numbers["beta"]
    return out


@kernel("scale")
def scale(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """weight * x; the weight is one for each channel, one for all, or one for each number."""
    return inputs[0] * spread(weights["weight"])


kernel("scale_all")(scale)


@kernel("shift")
def shift(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x + bias; the bias is one for each channel, one for all, or one for each number."""
    return inputs[0] + spread(weights["bias"])


kernel("shift_all")(shift)


@kernel("times")
def times(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """factor * x, the same factor everywhere (Inception-ResNet's residuals, Szegedy et al. 2016)."""
    x = inputs[0]
    return x * x.dtype.type(numbers["factor"])


@kernel("affine")
def affine(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """factor * x + offset, constants for each channel or for all."""
    x = inputs[0]
    factor, offset = (spread(np.array(numbers[name], x.dtype)) for name in ("factor", "offset"))
    out = x * factor
    out += offset
    return out


def _together(numbers: Numbers) -> tuple[int, ...]:
    return (1,) if numbers["axes"] == "channels" else (1, 2, 3, 4)


def _scaled_and_shifted(out: Array, weights: Weights, shape: tuple[int, ...]) -> Array:
    """The array times the weight and plus the bias, as far as there are any, in this shape."""
    if "weight" in weights:
        out *= weights["weight"].reshape(shape)
    if "bias" in weights:
        out += weights["bias"].reshape(shape)
    return out


def _standardised(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    """x minus its mean, divided by sqrt(variance + epsilon), both taken over the axes."""
    centred = x - x.mean(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)
    variance = np.square(centred).mean(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)
    centred /= np.sqrt(variance + epsilon)
    return np.asarray(centred)

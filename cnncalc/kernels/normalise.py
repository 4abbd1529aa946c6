"""Normalisations at inference, and factors: learned ones (LayerScale) and a constant.

Sources: Ioffe and Szegedy 2015 (bn); Ba et al. 2016 (ln); Wu and He 2018 (gn); Krizhevsky et al. 2012 (lrn);
Touvron et al. 2021 (LayerScale).
"""

from __future__ import annotations

import numpy as np

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
    over_channels = numbers["axes"] == "channels"
    out = _standardised(x, (1,) if over_channels else (1, 2, 3, 4), numbers["epsilon"])
    shape = (-1, 1, 1, 1) if over_channels else x.shape[1:]
    out *= weights["weight"].reshape(shape)
    out += weights["bias"].reshape(shape)
    return out


@kernel("gn")
def gn(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Group normalisation: each of `groups` groups of channels standardised over its channels and places; weight[C]."""
    x = inputs[0]
    grouped = x.reshape(x.shape[0], numbers["groups"], -1)
    out = _standardised(grouped, (2,), numbers["epsilon"]).reshape(x.shape)
    out *= weights["weight"].reshape(-1, 1, 1, 1)
    out += weights["bias"].reshape(-1, 1, 1, 1)
    return out


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
    """weight[c] * x[n, c, ...]."""
    return inputs[0] * weights["weight"].reshape(-1, 1, 1, 1)


@kernel("times")
def times(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """factor * x, the same factor everywhere (Inception-ResNet's residuals, Szegedy et al. 2016)."""
    x = inputs[0]
    return x * x.dtype.type(numbers["factor"])


def _standardised(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    """x minus its mean, divided by sqrt(variance + epsilon), both taken over the axes."""
    centred = x - x.mean(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)
    variance = np.square(centred).mean(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)
    centred /= np.sqrt(variance + epsilon)
    return np.asarray(centred)

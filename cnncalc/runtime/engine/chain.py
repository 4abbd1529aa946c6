"""Which layers may be computed together, as words and records: what a chain is, and what may follow its first layer.

A chain grows from its first node as long as the next one is the only reader of the last (`passes.fuse`).  What is
folded into weights (batch norms, factors) must come before anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from math import inf

from cnncalc.runtime.engine.ir import NO_EPILOGUE, Activation, Epilogue
from cnncalc.runtime.planning import Step as LayerStep

FOLDED = ("bn", "scale", "shift", "times", "affine")
"""A factor and an offset for each channel: they go into the weights of a convolution."""

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""Klambauer et al. 2017, rounded to float64."""

ACTIVATIONS: Mapping[str, tuple[Activation, float, float]] = {
    "relu": (Activation.CLAMP, 0.0, inf),
    "relu6": (Activation.CLAMP, 0.0, 6.0),
    "leaky": (Activation.LEAKY, 0.0, inf),
    "silu": (Activation.SILU, 0.0, inf),
    "sigmoid": (Activation.SIGMOID, 0.0, inf),
    "tanh": (Activation.TANH, 0.0, inf),
    "hardswish": (Activation.HARDSWISH, 0.0, inf),
    "hardsigmoid": (Activation.HARDSIGMOID, 0.0, inf),
    "gelu": (Activation.GELU, 0.0, inf),
    "mish": (Activation.MISH, 0.0, inf),
    "elu": (Activation.ELU, 0.0, 1.0),
    "selu": (Activation.ELU, SELU_SCALE * SELU_ALPHA, SELU_SCALE),
    "clip": (Activation.CLAMP, -inf, inf),
    "softplus": (Activation.SOFTPLUS, 0.0, inf),
    "softplus_beta": (Activation.SOFTPLUS_BETA, 1.0, inf),
    "gelu_approximate": (Activation.GELU_APPROXIMATE, 0.0, inf),
    "hardsigmoid_sloped": (Activation.HARDSIGMOID_SLOPED, 0.0, inf),
}
"""Word -> what a kernel applies before it stores, with its limits; `leaky` and others have a slope for the
first, and `clip` has both from its line."""

NOTHING = ("identity",)
"""Their result is what they get."""

SUMS = ("add",)
"""Of two maps: the second can wait until the first is there."""


class Takes(Flag):
    """What a step can do with its result before it stores it."""

    NOTHING = 0
    AFFINE = auto()
    """A factor and an offset by channel, folded into its weights."""
    RESIDUAL = auto()
    """A second map, added."""
    ACTIVATION = auto()


ALL = Takes.AFFINE | Takes.RESIDUAL | Takes.ACTIVATION


@dataclass(frozen=True, slots=True)
class Chain:
    """Nodes computed together; `residual` is the node that is added, `folded` whether affine layers are among them."""

    nodes: tuple[int, ...]
    folded: bool = False
    epilogue: Epilogue = NO_EPILOGUE
    residual: int | None = None

    @property
    def last(self) -> int:
        return self.nodes[-1]

    @property
    def is_plain(self) -> bool:
        """Whether its first layer is all that it does."""
        return not self.folded and self.epilogue == NO_EPILOGUE


def activation_of(layer: LayerStep) -> tuple[Activation, float, float]:
    """What an activation is in a kernel, and its limits."""
    activation, low, high = ACTIVATIONS[layer.kernel]
    low = next((layer.numbers[name] for name in ("slope", "low", "beta") if name in layer.numbers), low)
    return activation, float(low), float(layer.numbers.get("high", high))


def adds_map(layer: LayerStep, layers: Sequence[LayerStep]) -> bool:
    """Whether a layer is the sum of two maps of one size."""
    if layer.kernel not in SUMS or len(layer.reads) != 2 or layer.numbers["crop"]:
        return False
    return len({layers[read].output for read in layer.reads}) == 1


def adds_two(layer: LayerStep, layers: Sequence[LayerStep]) -> bool:
    """Whether these are two different maps."""
    return adds_map(layer, layers) and len(set(layer.reads)) == 2

"""Which operations are computed together: a convolution with its batch norm, its residual sum and its activation.

A chain grows from its first node as long as the next one is the only reader of the last.  What is folded into weights
(batch norms, factors) must come before anything else.  A result with one reader only is never seen by anybody, so
nothing is lost by not storing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Flag, auto
from math import inf

from cnncalc.runtime.planning import INPUT, Step

FOLDED = ("bn", "scale", "shift", "times", "affine")
"""A factor and an offset for each channel: they go into the weights of a convolution."""

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""Klambauer et al. 2017, rounded to float64."""

ACTIVATIONS: Mapping[str, tuple[str, float, float]] = {
    "relu": ("clamp", 0.0, inf),
    "relu6": ("clamp", 0.0, 6.0),
    "leaky": ("leaky", 0.0, inf),
    **{word: (word, 0.0, inf) for word in ("silu", "sigmoid", "tanh", "hardswish", "hardsigmoid", "gelu", "mish")},
    "elu": ("elu", 0.0, 1.0),
    "selu": ("elu", SELU_SCALE * SELU_ALPHA, SELU_SCALE),
    "clip": ("clamp", -inf, inf),
}
"""Word -> what a kernel applies before it stores, with its limits; `leaky` and `elu` have a slope for the first,
and `clip` has both from its line."""

NEVER_NEGATIVE = ("relu", "relu6", "sigmoid", "hardsigmoid", "softmax")

NOTHING = ("identity",)
"""Their result is what they get."""

BORDERS = ("pad", "crop")
"""They put a map elsewhere, number by number, and can do more with each on the way."""


class Takes(Flag):
    """What a layer's kernel can do with its result before it stores it."""

    NOTHING = 0
    AFFINE = auto()
    """A factor and an offset by channel, folded into its weights."""
    RESIDUAL = auto()
    """A second map, added."""
    ACTIVATION = auto()


ALL = Takes.AFFINE | Takes.RESIDUAL | Takes.ACTIVATION

TAKES: Mapping[str, Takes] = {
    **dict.fromkeys(("conv", "connected_conv", "sepconv", *FOLDED, *ACTIVATIONS, *BORDERS, *NOTHING), ALL),
    **dict.fromkeys(("upconv", "dwconv", "subsample"), Takes.AFFINE | Takes.ACTIVATION),
    "add": Takes.RESIDUAL | Takes.ACTIVATION,
    "dense": Takes.ACTIVATION,
}
"""First layer of a chain -> what may follow in it; nothing after a layer that is not named.  A dense layer's weights
stay where the caller has them, so nothing can be folded into them.  What the engine's kernels take in turn stands in
`cnncalc.runtime.engine.consumed`."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Nodes computed together.  `residual` is the node that is added: before the activation (1) or after it (2)."""

    nodes: tuple[int, ...]
    folded: tuple[int, ...] = ()
    activation: str = "clamp"
    low: float = -inf
    high: float = inf
    residual: int | None = None
    mode: int = 0

    @property
    def last(self) -> int:
        return self.nodes[-1]


def chains(steps: Sequence[Step], outputs: Sequence[int]) -> tuple[Chain, ...]:
    """All nodes but inputs, in chains; ordered so that each chain comes after what it reads."""
    readers: dict[int, list[int]] = {step.node: [] for step in steps}
    for step in steps:
        for read in step.reads:
            readers[read].append(step.node)
    taken: set[int] = set()
    found = []
    for step in steps:
        if step.kernel != INPUT and step.node not in taken:
            chain = _grown(steps, readers, outputs, step, taken)
            taken.update(chain.nodes)
            found.append(chain)
    return tuple(sorted(found, key=lambda chain: chain.last))


def _grown(
    steps: Sequence[Step], readers: Mapping[int, list[int]], outputs: Sequence[int], first: Step, taken: set[int]
) -> Chain:
    chain = _seed(first, steps)
    while True:
        following = readers[chain.last]
        if chain.last in outputs or len(following) != 1 or following[0] in taken:
            return chain
        longer = _joined(chain, steps[following[0]], steps, first.kernel)
        if longer is None:
            return chain
        chain = longer


def _seed(step: Step, steps: Sequence[Step]) -> Chain:
    if step.kernel in ACTIVATIONS:
        return Chain((step.node,), (), *activation_of(step))
    if step.kernel in FOLDED:
        return Chain((step.node,), (step.node,))
    if adds_two(step, steps):
        return Chain((step.node,), residual=step.reads[1], mode=1)
    return Chain((step.node,))


def _joined(chain: Chain, step: Step, steps: Sequence[Step], first: str) -> Chain | None:
    """The chain with one more node; None where that node must begin a chain of its own."""
    nodes, active = (*chain.nodes, step.node), (chain.activation, chain.low, chain.high) != ("clamp", -inf, inf)
    takes = TAKES.get(first, Takes.NOTHING)
    if step.kernel in NOTHING:
        return replace(chain, nodes=nodes)
    if step.kernel in FOLDED and Takes.AFFINE in takes and not active and chain.residual is None:
        return replace(chain, nodes=nodes, folded=(*chain.folded, step.node))
    if step.kernel in ACTIVATIONS and Takes.ACTIVATION in takes and not active and chain.mode != 2:
        name, low, high = activation_of(step)
        return replace(chain, nodes=nodes, activation=name, low=low, high=high)
    if _adds_map(step, steps) and Takes.RESIDUAL in takes and chain.residual is None:
        other = next((read for read in step.reads if read != chain.last), None)
        return None if other is None else replace(chain, nodes=nodes, residual=other, mode=2 if active else 1)
    return None


def adds_two(step: Step, steps: Sequence[Step]) -> bool:
    """Whether a sum is one of two different maps of the same size: the second can wait until the first is there."""
    return _adds_map(step, steps) and len(set(step.reads)) == 2


def _adds_map(step: Step, steps: Sequence[Step]) -> bool:
    same = len({steps[read].output for read in step.reads}) == 1
    return step.kernel == "add" and len(step.reads) == 2 and not step.numbers["crop"] and same


def activation_of(step: Step) -> tuple[str, float, float]:
    """What an activation is called in a kernel, and its limits."""
    name, low, high = ACTIVATIONS[step.kernel]
    low = step.numbers.get("slope", step.numbers.get("low", low))
    return name, float(low), float(step.numbers.get("high", high))

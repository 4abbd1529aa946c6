"""How large numbers become in a net with drawn weights: mean and variance at every node, by formula, without a run.

Normal numbers are assumed everywhere, which is near enough to give a batch norm the statistics of what will reach it.
Otherwise each residual sum doubles the squares, and after fifty of them a softmax answers with certainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, pi, prod, sqrt

from cnncalc.analysis.model import Analysis, NodeAnalysis


@dataclass(frozen=True)
class Scale:
    """Of the numbers at one place of the net."""

    mean: float
    variance: float

    @property
    def square(self) -> float:
        """The mean of the squares."""
        return self.mean**2 + self.variance


PICTURE = Scale(0.5, 1 / 12)
"""Numbers evenly from 0 to 1."""

ALWAYS = {
    **dict.fromkeys(("bn", "ln", "gn", "instancenorm", "rmsnorm"), Scale(0.0, 1.0)),
    **dict.fromkeys(("sigmoid", "hardsigmoid", "softmax"), Scale(0.5, 0.05)),
    "tanh": Scale(0.0, 0.4),
}
"""Layers whose results are about as large whatever arrives."""

RECTIFYING = ("relu", "relu6", "leaky", "elu", "selu", "gelu", "silu", "hardswish", "softplus", "mish", "prelu", "clip")
"""Near enough to ReLU."""


def expected_scales(analysis: Analysis) -> tuple[Scale, ...]:
    """The scale of every node's result, in the order of the nodes."""
    found: list[Scale] = []
    for node in analysis.nodes:
        found.append(_scale(node, [found[read] for read in node.node.inputs]))
    return tuple(found)


def _scale(node: NodeAnalysis, arriving: Sequence[Scale]) -> Scale:
    word = node.node.layer.word
    drawn = sum(weight.initial == "he" for weight in node.weights)
    if not arriving:
        return PICTURE
    if drawn:
        return Scale(0.0, 2**drawn * arriving[0].square)
    if word in ALWAYS:
        return ALWAYS[word]
    if word in RECTIFYING:
        return rectified(arriving[0])
    return _joined(word, node, arriving) if len(arriving) > 1 else arriving[0]


def _joined(word: str, node: NodeAnalysis, arriving: Sequence[Scale]) -> Scale:
    if word == "mul":
        mean = prod(scale.mean for scale in arriving)
        return Scale(mean, max(0.0, prod(scale.square for scale in arriving) - mean**2))
    if word == "div":
        return arriving[0]
    if word != "concat":
        return Scale(sum(scale.mean for scale in arriving), sum(scale.variance for scale in arriving))
    total = sum(shape.channels for shape in node.inputs)
    shares = [(shape.channels / total, scale) for shape, scale in zip(node.inputs, arriving, strict=True)]
    mean = sum(share * scale.mean for share, scale in shares)
    return Scale(mean, sum(share * scale.square for share, scale in shares) - mean**2)


def rectified(scale: Scale) -> Scale:
    """Of max(0, x) for normal x.

    >>> rectified(Scale(0.0, 1.0)).square
    0.5
    """
    if scale.variance <= 0:
        return Scale(max(0.0, scale.mean), 0.0)
    deviation = sqrt(scale.variance)
    ratio = scale.mean / deviation
    share, density = (1 + erf(ratio / sqrt(2))) / 2, exp(-(ratio**2) / 2) / sqrt(2 * pi)
    mean = scale.mean * share + deviation * density
    square = scale.square * share + scale.mean * deviation * density
    return Scale(mean, max(0.0, square - mean**2))

"""Zeros that a layer of their own puts around a map, and a convolution that works on it: one convolution with padding.

Keras' programs write `ZeroPadding2D(3)` and a convolution without padding where others write `padding=3`; both compute
the same.
"""

from __future__ import annotations

import dataclasses

from cnncalc.analysis.model import NodeAnalysis
from cnncalc.geometry import Padding
from cnncalc.layers.resizing import Pad
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.questions.layer_changes import changed_arguments, plainly


def is_pad(one: NodeAnalysis | None) -> bool:
    """Whether an operation puts zeros around a map."""
    layer = one.node.layer if one is not None else None
    return isinstance(layer, Pad) and layer.fill == "zeros" and not layer.value


def takes_pads(one: NodeAnalysis) -> bool:
    """Whether an operation may do what a pad before it does: zeros are what it pads with, as a convolution does."""
    layer = one.node.layer
    return isinstance(layer, SlidingWindow) and bool(one.weights) and getattr(layer, "fill", "") == "zeros"


def with_pad(pad: NodeAnalysis, one: NodeAnalysis) -> NodeAnalysis:
    """The operation with the zeros of the pad before it as its own padding."""
    layer = one.node.layer
    assert isinstance(pad.node.layer, Pad)
    assert isinstance(layer, SlidingWindow)
    around = pad.node.layer.sides(pad.inputs[0])
    sides = tuple(
        (before + axis.before, after + axis.after)
        for (before, after), axis in zip(around, layer.axes(one.inputs[0]), strict=True)
    )
    padded = dataclasses.replace(layer, padding=Padding("explicit", sides))  # type: ignore[type-var]
    return one._replace(node=one.node._replace(layer=padded), inputs=pad.inputs)


def have_the_same_pads(one: NodeAnalysis, other: NodeAnalysis) -> bool:
    """Whether two operations, one of them with the zeros of a pad, pad alike."""
    a, b = plainly(one.node.layer, one.inputs), plainly(other.node.layer, other.inputs)
    return type(a) is type(b) and "padding" not in changed_arguments(a, b, one.inputs, other.inputs)

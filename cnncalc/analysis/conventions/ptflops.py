"""ptflops with its usual backend: hooks on modules, and functions of torch.nn.functional that it replaces.

A module whose function is replaced too (ReLU, pools) is counted twice; a function that is called by itself once.
A function or method that it does not replace, and an operator, count nothing.  Source: ptflops 0.7.5, pytorch_ops.py
and pytorch_engine.py.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, cast

from cnncalc.analysis.conventions.counted_layer import (
    CONVOLUTIONS,
    JOINED,
    MOVES,
    SMOOTH,
    CountedLayer,
    Part,
    Rule,
    Rules,
    bias,
    both,
    macs,
    norm,
    nothing,
    of_plain,
    per_element,
    replaced,
    words,
)

if TYPE_CHECKING:
    from cnncalc.layers.sliding import SlidingWindow


def _module(rule: Rule, function: Rule = nothing) -> Rule:
    """One rule for a module and one for the function alone."""
    return lambda layer: function(layer) if layer.function else rule(layer)


def lrn(layer: CountedLayer) -> tuple[Part, ...]:
    """Made of functions that are counted: two multiplications, an addition, and a pool over the channels."""
    size, channels = getattr(layer.layer, "size", 1), layer.node.inputs[0].channels
    padded = layer.read // channels * (channels + size - 1)
    return (Part("lrn", "3 x elements + elements with pads", 3 * layer.read + padded),)


def pool(factor: int) -> Rule:
    """So many for each number that a pool reads; pads that differ on two sides are laid around the map before it."""

    def rule(layer: CountedLayer) -> tuple[Part, ...]:
        return (Part(layer.word, f"{factor} x elements", factor * _with_uneven_pads(layer)),)

    return rule


def _with_uneven_pads(layer: CountedLayer) -> int:
    shape, pool = layer.node.inputs[0], cast("SlidingWindow", layer.layer)
    axes = pool.axes(shape)
    if all(axis.before == axis.after for axis in axes):
        return layer.read
    return shape.channels * prod(axis.size + axis.before + axis.after for axis in axes) * layer.batch


def number_by_number(layer: CountedLayer) -> tuple[Part, ...]:
    """Functions alone: a sum or product in a net that is no program is an operator, which nobody replaces."""
    name = layer.called.rpartition(".")[2]
    return (Part(name, "1 x outputs", layer.made),) if name in ("add", "mul") else ()


JOINED_OTHERWISE = " ".join(word for word in JOINED.split() if word not in ("add", "mul"))


def _resized(layer: CountedLayer) -> int:
    """What the function that resizes counts: of a size its outputs, of a factor what the factor makes, unrounded."""
    factor = getattr(layer.layer, "factor", ())
    if not factor:
        return layer.made
    each = factor * layer.rank if len(factor) == 1 else factor
    return int(layer.read * (each[0] ** layer.rank if len(set(each)) == 1 else int(prod(each))))


def _upsample_function(layer: CountedLayer) -> tuple[Part, ...]:
    """F.upsample calls F.interpolate, and both are replaced."""
    if layer.called == "F.upsample":
        return (Part("upsample", "2 x outputs", 2 * _resized(layer)),)
    return (Part("upsample", "1 x outputs", _resized(layer)),)


def _upsample(layer: CountedLayer) -> tuple[Part, ...]:
    """There is a hook on nn.Upsample, and none on nn.UpsamplingBilinear2d."""
    if layer.called.startswith("Upsampling"):
        return _upsample_function(layer)
    return (Part("upsample", "2 x outputs", layer.made + _resized(layer)),)


_CONVOLUTION = _module(both(macs, bias))
_TWICE = _module(per_element(2), per_element(1))

_IMAGES = ("1d", "2d", "3d")
REPLACED = frozenset(
    (
        *(f"F.{name}" for name in ("relu", "prelu", "elu", "relu6", "gelu", "silu", "softmax")),
        *(f"F.{kind}_pool{rank}" for kind in ("avg", "max", "adaptive_avg", "adaptive_max") for rank in _IMAGES),
        *(
            "F.upsample",
            "F.interpolate",
            "torch.add",
            ".add",
            "torch.mul",
            ".mul",
            "torch.matmul",
            ".matmul",
            "F.local_response_norm",
        ),
    )
)
"""The functions that ptflops and calflops both replace; a local response norm calls such functions."""

RULES: Rules = replaced(
    REPLACED | {"torch.mm", ".mm", "torch.bmm", ".bmm"},
    {
        "conv": of_plain(_CONVOLUTION),
        **words(f"{CONVOLUTIONS} dense", _CONVOLUTION),
        "matmul": macs,
        **words("bn gn instancenorm", _module(norm(2, 1))),
        "ln": _module(per_element(1)),
        **words("relu prelu elu gelu gap gmp adaptavg adaptmax", _TWICE),
        **words("maxpool avgpool", _module(pool(2), pool(1))),
        "relu6": per_element(1),
        "leaky": _module(per_element(1)),
        **words("add mul scale shift affine", number_by_number),
        **words("silu softmax", per_element(1)),
        "upsample": _module(_upsample, _upsample_function),
        "lrn": lrn,
        **words(f"{MOVES} {JOINED_OTHERWISE} {SMOOTH} logsoftmax reduce rmsnorm l2norm layerscale learned", nothing),
    },
)

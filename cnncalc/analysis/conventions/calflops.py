"""calflops' FLOPs: it replaces functions of torch.nn.functional, which modules call too.

A function or method that it does not replace, and an operator, count nothing.  Source: calflops 0.3.2, pytorch_ops.py.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, cast

from cnncalc.analysis.conventions.counted_layer import (
    MOVES,
    SMOOTH,
    CountedLayer,
    Part,
    Rules,
    bias,
    both,
    norm,
    nothing,
    of_plain,
    per_element,
    replaced,
    twice_macs,
    words,
)
from cnncalc.analysis.conventions.ptflops import JOINED_OTHERWISE, REPLACED, lrn, number_by_number, pool

if TYPE_CHECKING:
    from cnncalc.layers.upconv import UpConv


def _transposed(layer: CountedLayer) -> tuple[Part, ...] | None:
    """Groups divide the filters twice; biases are counted on the output that a plain convolution would have."""
    if not hasattr(layer.layer, "groups"):
        return None
    made = cast("UpConv", layer.layer)
    axes = made.axes(layer.node.inputs[0])
    filters, groups = made.filters // made.groups, made.groups
    places, channels = prod(layer.node.inputs[0].spatial), layer.node.inputs[0].channels
    found = prod(axis.kernel for axis in axes) * channels * (filters // groups) * places * layer.batch
    if not layer.has_bias:
        return (Part("macs", "2 x MACs", 2 * found),)
    if any(axis.before != axis.after for axis in axes):
        return None
    sizes = ((a.size + 2 * a.before - a.dilation * (a.kernel - 1) - 1) // a.stride + 1 for a in axes)
    return (
        Part("macs", "2 x MACs", 2 * found),
        Part("bias", "1 x outputs of a plain convolution", filters * prod(sizes) * layer.batch),
    )


def _upsample(layer: CountedLayer) -> tuple[Part, ...] | None:
    """By a factor the numbers that arrive; to a size the places of one channel; it fails where axes differ.

    F.upsample calls F.interpolate, and both are replaced.
    """
    times = 2 if layer.called == "F.upsample" else 1
    size, factor = getattr(layer.layer, "size", None), getattr(layer.layer, "factor", ())
    if size is not None:
        return (Part("upsample", f"{times} x places", times * prod(layer.node.output.spatial)),)
    return per_element(times)(layer) if len(set(factor)) == 1 else None


def _relu6(layer: CountedLayer) -> tuple[Part, ...]:
    """nn.ReLU6 calls F.hardtanh, which is not replaced."""
    return per_element(1)(layer) or () if layer.called == "F.relu6" else ()


def _convolution(layer: CountedLayer) -> tuple[Part, ...] | None:
    """A dense layer at each place of a map is F.linear, whose biases are not counted."""
    return twice_macs(layer) if layer.called in ("Linear", "F.linear") else both(twice_macs, bias)(layer)


RULES: Rules = replaced(
    REPLACED
    | {"F.linear", "F.leaky_relu", "torch.einsum"}
    | {f"F.{name}_norm" for name in ("batch", "layer", "instance", "group")}
    | {f"F.conv{kind}{rank}d" for kind in ("", "_transpose") for rank in (1, 2, 3)},
    {
        "conv": of_plain(_convolution),
        **words("dwconv sepconv", both(twice_macs, bias)),
        "dense": twice_macs,
        "matmul": lambda layer: None if layer.called == "torch.einsum" else twice_macs(layer),
        **words("add mul scale shift affine", number_by_number),
        "relu6": _relu6,
        "upconv": _transposed,
        "bn": norm(2, 1),
        **words("ln gn instancenorm", norm(5, 4)),
        **words("relu prelu elu leaky silu gelu softmax gap gmp adaptavg adaptmax", per_element(1)),
        **words("maxpool avgpool", pool(1)),
        "upsample": _upsample,
        "lrn": lrn,
        **words(f"{MOVES} {JOINED_OTHERWISE} {SMOOTH} logsoftmax reduce rmsnorm l2norm layerscale learned", nothing),
    },
)

"""calflops' FLOPs: it replaces functions of torch.nn.functional, which modules call too.

Source: calflops 0.3.2, pytorch_ops.py.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, cast

from cnncalc.analysis.conventions.counted_layer import (
    JOINED,
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
    twice_macs,
    words,
)
from cnncalc.analysis.conventions.ptflops import lrn, pool

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
    """By a factor the numbers that arrive; to a size the places of one channel; it fails where axes differ."""
    size, factor = getattr(layer.layer, "size", None), getattr(layer.layer, "factor", ())
    if size is not None:
        return (Part("upsample", "1 x places", prod(layer.node.output.spatial)),)
    return per_element(1)(layer) if len(set(factor)) == 1 else None


RULES: Rules = {
    "conv": of_plain(both(twice_macs, bias)),
    **words("dwconv sepconv", both(twice_macs, bias)),
    **words("dense matmul", twice_macs),
    "upconv": _transposed,
    "bn": norm(2, 1),
    **words("ln gn instancenorm", norm(5, 4)),
    **words("relu prelu elu leaky silu gelu softmax gap gmp adaptavg adaptmax", per_element(1)),
    **words("maxpool avgpool", pool(1)),
    "upsample": _upsample,
    "lrn": lrn,
    **words(f"{MOVES} {JOINED} {SMOOTH} relu6 logsoftmax reduce rmsnorm l2norm scale shift affine", nothing),
    **words("layerscale learned", nothing),
}

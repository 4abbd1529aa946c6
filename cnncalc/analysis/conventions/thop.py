"""thop, also called pytorch-OpCounter: a hook on each module whose class it knows; all others count nothing.

A function (F.adaptive_avg_pool2d) is no module, so it counts nothing either.  Source: thop 0.1.1, profile.py and
vision/calc_func.py.
"""

from __future__ import annotations

from math import prod

from cnncalc.analysis.conventions.counted_layer import (
    JOINED,
    MOVES,
    SMOOTH,
    CountedLayer,
    Part,
    Rule,
    Rules,
    macs,
    norm,
    nothing,
    of_plain,
    per_element,
    per_output,
    words,
)

UPSAMPLED = {"nearest": 1, "linear": 5, "bilinear": 11, "bicubic": 259}
"""How many it counts for one output, by how it is made; a trilinear one counts nothing."""


def _module(rule: Rule) -> Rule:
    return lambda layer: () if layer.function else rule(layer)


def _transposed(layer: CountedLayer) -> tuple[Part, ...]:
    """As if the kernel were moved over the result: too much by the stride on each axis."""
    shape = layer.node.inputs[0]
    area = layer.macs // (layer.batch * prod(shape.spatial) * layer.node.output.channels)
    return (Part("macs", "1 x MACs", area * layer.made),)


def _adaptive(layer: CountedLayer) -> tuple[Part, ...]:
    """The numbers of a window, and a division, for each output; in floating point, and what is left over is dropped."""
    sizes = zip(layer.node.inputs[0].spatial, layer.node.output.spatial or (1,) * layer.rank, strict=True)
    window = prod(read / made for read, made in sizes)
    return (Part(layer.word, "(window + 1) x outputs", int((window + 1) * layer.made)),)


def _softmax(layer: CountedLayer) -> tuple[Part, ...]:
    """Over n numbers: n exponentials, n - 1 additions, n divisions; of nn.Softmax2d it knows nothing."""
    if layer.called not in ("", "Softmax"):
        return ()
    shape, axis = layer.node.inputs[0], getattr(layer.layer, "axis", "channels")
    count = shape.channels if axis == "channels" else _along(layer)
    return (Part("softmax", "3 x elements - 1 for each vector", (3 * count - 1) * (layer.read // count)),)


def _along(layer: CountedLayer) -> int:
    place = layer.layer.place(layer.node.inputs[0])  # type: ignore[attr-defined]
    return layer.node.inputs[0].channels if place is None else layer.node.inputs[0].spatial[place]


def _upsample(layer: CountedLayer) -> tuple[Part, ...] | None:
    mode = getattr(layer.layer, "mode", "")
    if mode == "bilinear" and layer.rank != 2:
        mode = {1: "linear", 3: "trilinear"}[layer.rank]
    factor = UPSAMPLED.get(mode, 0)
    return (Part("upsample", f"{factor} x outputs", factor * layer.made),) if factor else ()


RULES: Rules = {
    "conv": of_plain(_module(macs)),
    **words("dwconv sepconv dense", _module(macs)),
    "upconv": _module(_transposed),
    **words("bn ln instancenorm", _module(norm(4, 2))),
    "prelu": _module(per_element(1)),
    "softmax": _module(_softmax),
    "avgpool": _module(per_output(1)),
    **words("gap adaptavg", _module(_adaptive)),
    "upsample": _module(_upsample),
    **words(f"{MOVES} {JOINED} {SMOOTH} relu relu6 leaky elu gelu silu logsoftmax", nothing),
    **words("maxpool gmp adaptmax reduce gn rmsnorm l2norm lrn matmul", nothing),
    **words("scale shift affine layerscale learned yolo region detection", nothing),
}

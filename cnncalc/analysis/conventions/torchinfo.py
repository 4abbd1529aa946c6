"""torchinfo's "total mult-adds": the learned numbers of each module, a convolution's at each place of its output.

Source: torchinfo 1.8, layer_info.py, calculate_macs.
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
    bias,
    both,
    macs,
    nothing,
    of_plain,
    words,
)


def _module(rule: Rule) -> Rule:
    """A function counts nothing; weights that the program hands to one are those of a module that is not known here."""
    return lambda layer: (None if layer.learned else ()) if layer.function else rule(layer)


def _of_operator(layer: CountedLayer) -> tuple[Part, ...] | None:
    """An operator is no module; the learned numbers that one is given may be those of a module."""
    return None if layer.learned else ()


def _learned(layer: CountedLayer) -> tuple[Part, ...]:
    """Its learned numbers, once an image."""
    return (Part(layer.word, "1 x parameters", layer.learned * layer.batch),)


def _transposed(layer: CountedLayer) -> tuple[Part, ...]:
    """The weights at each place of what comes out, though they are used at each place of what arrives."""
    weights = next(weight.count for weight in layer.node.weights if weight.name == "weight")
    return (Part("macs", "1 x MACs", weights * prod(layer.node.output.spatial) * layer.batch),)


def _convolution(layer: CountedLayer) -> tuple[Part, ...] | None:
    """A dense layer counts once, also where it is put to each place of a map."""
    if layer.called == "Linear":
        return (Part("macs", "1 x parameters", layer.learned * layer.batch),)
    return both(macs, bias)(layer)


_CONVOLUTION = _module(_convolution)

RULES: Rules = {
    "conv": of_plain(_CONVOLUTION),
    **words("dwconv sepconv dense", _CONVOLUTION),
    "upconv": _module(both(_transposed, bias)),
    **words("scale shift affine", _of_operator),
    **words("bn ln gn instancenorm rmsnorm prelu", _module(_learned)),
    **words(f"{MOVES} {JOINED} {SMOOTH} relu relu6 leaky elu gelu silu softmax logsoftmax matmul", nothing),
    **words("maxpool avgpool sumpool l2pool gap gmp adaptavg adaptmax reduce l2norm lrn upsample", nothing),
    **words("yolo region detection", nothing),
}

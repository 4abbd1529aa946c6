"""ptflops with its usual backend: hooks on modules, and functions of torch.nn.functional that it replaces.

A module whose function is replaced too (ReLU, pools) is counted twice; a function that is called by itself once.
Source: ptflops 0.7.5, pytorch_ops.py and pytorch_engine.py.
"""

from __future__ import annotations

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
    per_output,
    words,
)


def _module(rule: Rule, function: Rule = nothing) -> Rule:
    """One rule for a module and one for the function alone."""
    return lambda layer: function(layer) if layer.function else rule(layer)


def lrn(layer: CountedLayer) -> tuple[Part, ...]:
    """Made of functions that are counted: two multiplications, an addition, and a pool over the channels."""
    size, channels = getattr(layer.layer, "size", 1), layer.node.inputs[0].channels
    padded = layer.read // channels * (channels + size - 1)
    return (Part("lrn", "3 x elements + elements with pads", 3 * layer.read + padded),)


_CONVOLUTION = _module(both(macs, bias))
_TWICE = _module(per_element(2), per_element(1))

RULES: Rules = {
    "conv": of_plain(_CONVOLUTION),
    **words(f"{CONVOLUTIONS} dense", _CONVOLUTION),
    "matmul": macs,
    **words("bn gn instancenorm", _module(norm(2, 1))),
    "ln": _module(per_element(1)),
    **words("relu prelu elu gelu maxpool avgpool gap gmp adaptavg adaptmax", _TWICE),
    **words("relu6 leaky", _module(per_element(1))),
    **words("silu softmax", per_element(1)),
    "upsample": _module(per_output(2), per_output(1)),
    "lrn": lrn,
    **words(
        f"{MOVES} {JOINED} {SMOOTH} logsoftmax reduce rmsnorm l2norm scale shift affine layerscale learned", nothing
    ),
}

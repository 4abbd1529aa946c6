"""onnx-tool's MACs, of the net as PyTorch exports it for inference: a batch norm is folded into the convolution before.

Source: onnx-tool 1.0.1, node.py: what each operator of ONNX costs, an exponential 32, a division 4, a root 24.
"""

from __future__ import annotations

from cnncalc.analysis.conventions.counted_layer import (
    MOVES,
    CountedLayer,
    Part,
    Rules,
    bias,
    both,
    macs,
    nothing,
    of_plain,
    per_element,
    words,
)
from cnncalc.analysis.conventions.tf_profiler import joined, window_area

FOLDING = ("conv", "dwconv", "sepconv")
"""The words of convolutions that take up the batch norm after them."""


def _norm(layer: CountedLayer) -> tuple[Part, ...]:
    """The biases that a convolution without them gets; by itself it is an addition, a root, a division and both."""
    before = layer.before
    if before is None or not layer.alone or before.node.layer.word not in FOLDING:
        return (Part("bn", "31 x elements", 31 * layer.read),)
    if any(weight.name == "bias" for weight in before.weights):
        return ()
    return (Part("bias", "1 x outputs", layer.made),)


def _pool(layer: CountedLayer) -> tuple[Part, ...]:
    return (Part(layer.word, "window x outputs", window_area(layer) * layer.made),)


def _global(layer: CountedLayer) -> tuple[Part, ...]:
    """An addition for each number and a division for each output."""
    return (Part("gap", "1 x elements + 4 x outputs", layer.read + 4 * layer.made),)


def _adaptive(layer: CountedLayer) -> tuple[Part, ...] | None:
    """As PyTorch exports it: a global pool, else a pool of windows that fit the map; others cannot be exported."""
    made, read = layer.node.output.spatial, layer.node.inputs[0].spatial
    if set(made) <= {1}:
        return _global(layer)
    if any(n % m for n, m in zip(read, made, strict=True)):
        return None
    return (Part(layer.word, "window x outputs", layer.read),)


def _divided(layer: CountedLayer) -> tuple[Part, ...]:
    return (Part("div", "4 x outputs", 4 * layer.made),)


RULES: Rules = {
    "conv": of_plain(both(macs, bias)),
    **words("dwconv sepconv dense", both(macs, bias)),
    "matmul": macs,
    "bn": _norm,
    "relu": per_element(1),
    **words("relu6 clip leaky", per_element(2)),
    "elu": per_element(35),
    "sigmoid": per_element(32),
    "tanh": per_element(38),
    "softmax": per_element(36),
    **words("maxpool avgpool", _pool),
    "gap": _global,
    "adaptavg": _adaptive,
    **words("add sub mul max min", joined),
    "div": _divided,
    **words(MOVES, nothing),
}

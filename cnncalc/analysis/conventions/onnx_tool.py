"""onnx-tool's MACs, of the net as PyTorch exports it for inference: a batch norm is folded into the convolution before.

Source: onnx-tool 1.0.1, node.py: what each operator of ONNX costs, an exponential 32, a division 4, a root 24.
It counts a tanh twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

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
from cnncalc.analysis.conventions.tf_profiler import joined

UPSAMPLED = {"nearest": 0, "bilinear": 4, "bicubic": 8}
"""How many it counts for one output, by how it is made."""

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


def _window(layer: CountedLayer, sizes: Sequence[int]) -> tuple[Part, ...]:
    """The window for each output; of a volume's window it takes the first side alone."""
    area = sizes[0] if len(sizes) == 3 else prod(sizes)
    return (Part(layer.word, "window x outputs", area * layer.made),)


def _pool(layer: CountedLayer) -> tuple[Part, ...]:
    return _window(layer, layer.layer.kernels(layer.rank))  # type: ignore[attr-defined]


def _global(layer: CountedLayer) -> tuple[Part, ...]:
    """An addition for each number and a division for each output; a mean of the program has no division."""
    if _is_reduction(layer):
        return (Part(layer.word, "1 x elements", layer.read),)
    return (Part(layer.word, "1 x elements + 4 x outputs", layer.read + 4 * layer.made),)


def _is_reduction(layer: CountedLayer) -> bool:
    """Whether the program writes `x.mean(...)` or `x.amax(...)`, which PyTorch exports as reductions."""
    return layer.called.rpartition(".")[2] in ("mean", "max", "min", "amax", "amin")


def _adaptive(layer: CountedLayer) -> tuple[Part, ...] | None:
    """PyTorch exports a pool whose windows fit the map side by side, and no other."""
    if _is_reduction(layer):
        return (Part(layer.word, "1 x elements", layer.read),)
    sizes = layer.node.inputs[0].spatial
    made = layer.node.output.spatial or (1,) * layer.rank
    if any(read % size for read, size in zip(sizes, made, strict=True)):
        return None
    return _window(layer, [read // size for read, size in zip(sizes, made, strict=True)])


def _adaptive_average(layer: CountedLayer) -> tuple[Part, ...] | None:
    """One to a single place is a global pool."""
    return _global(layer) if set(layer.node.output.spatial) <= {1} else _adaptive(layer)


def _transposed(layer: CountedLayer) -> tuple[Part, ...] | None:
    """As a plain convolution whose weights lie the other way round: kernel x filters for each output."""
    weight = next((weight for weight in layer.node.weights if weight.name == "weight"), None)
    if weight is None or not weight.trainable:
        return None
    return (Part("macs", "kernel x filters x outputs", weight.count // layer.node.inputs[0].channels * layer.made),)


def _upsample(layer: CountedLayer) -> tuple[Part, ...] | None:
    mode = "" if layer.called == ".expand" else getattr(layer.layer, "mode", "")
    factor = UPSAMPLED.get(mode)
    if factor is None:
        return None
    return (Part("upsample", f"{factor} x outputs", factor * layer.made),) if factor else ()


def _divided(layer: CountedLayer) -> tuple[Part, ...]:
    return (Part("div", "4 x outputs", 4 * layer.made),)


RULES: Rules = {
    "conv": of_plain(both(macs, bias)),
    **words("dwconv sepconv dense", both(macs, bias)),
    "upconv": both(_transposed, bias),
    "matmul": macs,
    "bn": _norm,
    "instancenorm": per_element(7),
    "gn": per_element(9),
    "relu": per_element(1),
    **words("relu6 clip leaky prelu", per_element(2)),
    "hardsigmoid": per_element(4),
    "hardswish": per_element(5),
    "sigmoid": per_element(32),
    "silu": per_element(33),
    "gelu": per_element(34),
    "elu": per_element(35),
    "softmax": per_element(36),
    **words("tanh softplus", per_element(76)),
    "logsoftmax": per_element(80),
    "mish": per_element(153),
    **words("maxpool avgpool", _pool),
    "gap": _global,
    "adaptavg": _adaptive_average,
    **words("gmp adaptmax", _adaptive),
    "upsample": _upsample,
    **words("add sub mul max min", joined),
    "div": _divided,
    **words(MOVES, nothing),
}

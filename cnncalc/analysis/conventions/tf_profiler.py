"""`keras`: the floating point operations that TensorFlow's profiler gives for a Keras network at inference.

It has a rule for each of some operations of TensorFlow; one without a rule counts nothing, and a grouped convolution is
scored 0.  Source: TensorFlow 2, python/profiler/internal/flops_registry.py; batch norms as Keras 3 writes them.
"""

from __future__ import annotations

from math import prod

from cnncalc.analysis.conventions.counted_layer import (
    MOVES,
    CountedLayer,
    Part,
    Rules,
    bias,
    both,
    nothing,
    of_plain,
    per_element,
    twice_macs,
    words,
)


def _convolution(layer: CountedLayer) -> tuple[Part, ...]:
    """Nothing for a grouped one, and nothing for a volume: Conv3D has no rule."""
    if layer.rank == 3 or getattr(layer.layer, "groups", 1) > 1:
        return ()
    return twice_macs(layer)


def _transposed(layer: CountedLayer) -> tuple[Part, ...] | None:
    """As if from the output: its numbers x kernel x channels / stride, the same where no window goes over the edge."""
    if not layer.rank or layer.rank == 3:
        return ()
    kernel = next((weight for weight in layer.node.weights if weight.name == "weight"), None)
    if kernel is None or getattr(layer.layer, "groups", 1) > 1:
        return None
    axes = layer.layer.axes(layer.node.inputs[0])  # type: ignore[attr-defined]
    work, stride = 2 * prod(layer.node.output.spatial) * kernel.count * layer.batch, prod(axis.stride for axis in axes)
    return (Part("macs", "2 x MACs", work // stride),) if work % stride == 0 else None


def _norm(layer: CountedLayer) -> tuple[Part, ...] | None:
    """A multiplication and an addition a number; what each channel is multiplied by is made anew: 6 a channel."""
    if not (getattr(layer.layer, "scale", True) and getattr(layer.layer, "shift", True)):
        return None
    channels = layer.node.inputs[0].channels
    return Part("bn", "2 x elements", 2 * layer.read), Part("bn", "6 x channels", 6 * channels)


def window_area(layer: CountedLayer) -> int:
    """How many numbers a pool's window has."""
    return prod(layer.layer.kernels(layer.rank))  # type: ignore[attr-defined]


def _pool(layer: CountedLayer) -> tuple[Part, ...]:
    """The window's area for each output; a pool of a volume has no rule."""
    if layer.rank == 3:
        return ()
    return (Part(layer.word, "window x outputs", window_area(layer) * layer.made),)


def joined(layer: CountedLayer) -> tuple[Part, ...]:
    """One for each number that comes out, for each input after the first."""
    return (Part(layer.word, "1 x outputs an input more", (len(layer.node.inputs) - 1) * layer.made),)


RULES: Rules = {
    "conv": of_plain(both(_convolution, bias)),
    **words("dwconv sepconv", both(_convolution, bias)),
    "dense": both(twice_macs, bias),
    "upconv": both(_transposed, bias),
    "bn": _norm,
    "softmax": per_element(5),
    **words("maxpool avgpool", _pool),
    "gap": per_element(1),
    **words("add sub mul div max min", joined),
    **words(f"{MOVES} relu relu6 sigmoid tanh gmp", nothing),
}

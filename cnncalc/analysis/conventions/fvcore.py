"""fvcore's FlopCountAnalysis: it traces the net and has a handle for a few operators; all others count nothing.

Source: fvcore 0.1.5, nn/flop_count.py and nn/jit_handles.py.
"""

from __future__ import annotations

from cnncalc.analysis.conventions.counted_layer import (
    CONVOLUTIONS,
    JOINED,
    MOVES,
    SMOOTH,
    CountedLayer,
    Part,
    Rules,
    macs,
    norm,
    nothing,
    of_plain,
    per_element,
    words,
)

UPSAMPLED = {"nearest": 1, "bilinear": 4}


def _upsample(layer: CountedLayer) -> tuple[Part, ...]:
    """Of images alone, and of two ways of making pixels; `expand` makes none."""
    if layer.function and layer.called not in ("", "F.interpolate", "F.upsample"):
        return ()
    factor = UPSAMPLED.get(getattr(layer.layer, "mode", ""), 0) if layer.rank == 2 else 0
    return (Part("upsample", f"{factor} x outputs", factor * layer.made),) if factor else ()


def _adaptive(layer: CountedLayer) -> tuple[Part, ...]:
    """Of images alone: there is a handle for adaptive_avg_pool2d and none for 1d, 3d and a mean."""
    if layer.function and layer.called not in ("", "F.adaptive_avg_pool2d"):
        return ()
    return per_element(1)(layer) or () if layer.rank == 2 else ()


RULES: Rules = {
    "conv": of_plain(macs),
    **words(f"{CONVOLUTIONS} dense matmul", macs),
    "bn": norm(2, 1),
    **words("ln gn instancenorm", norm(5, 4)),
    **words("gap adaptavg", _adaptive),
    "upsample": _upsample,
    **words(f"{MOVES} {JOINED} {SMOOTH} relu relu6 leaky elu gelu silu prelu softmax logsoftmax", nothing),
    **words("maxpool avgpool sumpool l2pool subsample gmp adaptmax reduce rmsnorm l2norm lrn", nothing),
    **words("scale shift affine layerscale learned yolo region detection", nothing),
}

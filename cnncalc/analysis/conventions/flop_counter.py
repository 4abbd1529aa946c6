"""PyTorch's own FlopCounterMode: twice the multiply-accumulates of convolutions and matrix products.

Source: torch 2.13, torch/utils/flop_counter.py.
"""

from __future__ import annotations

from cnncalc.analysis.conventions.counted_layer import (
    CONVOLUTIONS,
    JOINED,
    MOVES,
    SMOOTH,
    Rules,
    nothing,
    of_plain,
    twice_macs,
    words,
)

WITHOUT_MACS = (
    f"{MOVES} {JOINED} {SMOOTH} relu relu6 leaky elu gelu silu prelu softmax logsoftmax bn ln gn instancenorm rmsnorm"
    " l2norm lrn maxpool avgpool sumpool l2pool subsample gap gmp adaptavg adaptmax reduce upsample scale shift affine"
    " layerscale learned yolo region detection"
)
"""The words of which no operator is a convolution or a matrix product, however they are written."""

RULES: Rules = {
    "conv": of_plain(twice_macs),
    **words(f"{CONVOLUTIONS} dense matmul", twice_macs),
    **words(WITHOUT_MACS, nothing),
}

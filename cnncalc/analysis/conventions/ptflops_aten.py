"""ptflops with backend="aten": multiply-accumulates and the additions of biases, of what reaches PyTorch's core.

Source: ptflops 0.7.5, aten_ops.py.
"""

from __future__ import annotations

from cnncalc.analysis.conventions.counted_layer import (
    CONVOLUTIONS,
    Rules,
    bias,
    both,
    macs,
    nothing,
    of_plain,
    words,
)
from cnncalc.analysis.conventions.flop_counter import WITHOUT_MACS

RULES: Rules = {
    "conv": of_plain(both(macs, bias)),
    **words(f"{CONVOLUTIONS} dense", both(macs, bias)),
    "matmul": macs,
    **words(WITHOUT_MACS, nothing),
}

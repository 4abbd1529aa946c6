"""Which function reads which operator of ONNX: the tables of all kinds as one, and what is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cnncalc.dialects.onnx import (
    activation_operators,
    axis_operators,
    block_operators,
    border_operators,
    image_norm_operators,
    norm_operators,
    number_operators,
    part_operators,
    reduction_operators,
    resizing_operators,
    sloped_operators,
    window_operators,
)
from cnncalc.dialects.onnx.node_call import NodeCall, Value

Result = Value | Sequence[Value]
"""What a node gives; several in the order of its outputs."""

OPERATORS: Mapping[str, Callable[[NodeCall], Result]] = {
    **window_operators.OPERATORS,
    **number_operators.OPERATORS,
    **activation_operators.OPERATORS,
    **norm_operators.OPERATORS,
    **axis_operators.OPERATORS,
    **part_operators.OPERATORS,
    **sloped_operators.OPERATORS,
    **image_norm_operators.OPERATORS,
    **reduction_operators.OPERATORS,
    **resizing_operators.OPERATORS,
    **block_operators.OPERATORS,
    **border_operators.OPERATORS,
}
"""Operator of ONNX' own domain -> what reads it where an image reaches it."""

REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("LSTM", "GRU", "RNN"), "a recurrent layer reads its own last result; nets here go forward"),
    **dict.fromkeys(("Loop", "Scan", "If", "SequenceMap"), "which nodes are worked out depends on numbers"),
    **dict.fromkeys(
        ("QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "QuantizeLinear", "DynamicQuantizeLinear"),
        "the network is quantised: export it again before that step, as float32",
    ),
    "DequantizeLinear": "the network is quantised: export it again before that step, as float32",
    **dict.fromkeys(("NonMaxSuppression", "TopK", "NonZero"), "how many numbers come out depends on the image"),
}
"""Operators that are refused whatever reaches them, and why."""

"""Small ONNX models made of short texts: `Conv x w -> y pads=1,1,1,1`, and constants by their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from onnx import TensorProto, helper, numpy_helper


class Case(NamedTuple):
    """Nodes as `Operator x y -> z key=1 axes=2,`, what arrives at `x`, and the constants by name."""

    opset: int
    shape: tuple[int, ...]
    nodes: Sequence[str]
    arrays: dict[str, Any] | None = None


def floats(*shape: int, seed: int = 1) -> Any:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def wholes(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


def _node(text: str) -> Any:
    """A node: its operator and inputs, `->`, its outputs, then attributes; `_` is an input that is left out."""
    left, _, right = text.partition("->")
    op, *inputs = left.split()
    outputs = [word for word in right.split() if "=" not in word]
    pairs = [word.partition("=") for word in right.split() if "=" in word]
    return helper.make_node(
        op,
        ["" if name == "_" else name for name in inputs],
        outputs,
        **{key: _value(text) for key, _, text in pairs},
    )


def _value(text: str) -> Any:
    if "," in text and "->" not in text:
        return [_value(one) for one in text.split(",") if one]
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def model(case: Case) -> bytes:
    nodes = [_node(text) for text in case.nodes]
    made = [name for one in nodes for name in one.output]
    read = {name for one in nodes for name in one.input}
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in made if name not in read]
    graph = helper.make_graph(
        nodes,
        "case",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, case.shape)],
        outputs,
        [numpy_helper.from_array(np.asarray(array), name) for name, array in (case.arrays or {}).items()],
    )
    opsets = [helper.make_opsetid("", case.opset)]
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString())

"""Small ONNX files made by hand: nodes as they are written, arrays that are drawn, and the values that a file gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper, save
from onnx.reference import ReferenceEvaluator

Array = np.ndarray[Any, Any]
Size = Sequence[int | str | None] | None


def node(op: str, reads: str, makes: str, name: str = "", **attributes: Any) -> NodeProto:
    """`node("Conv", "x w b", "y")`; `-` leaves an input out."""
    inputs = ["" if one == "-" else one for one in reads.split()]
    return helper.make_node(op, inputs, makes.split(), name, **attributes)


def drawn(*sizes: int, seed: int = 0) -> Array:
    """Numbers around 0."""
    return np.random.default_rng(seed).standard_normal(sizes).astype(np.float32)


def written(
    path: Path,
    nodes: Sequence[NodeProto],
    arrays: Mapping[str, Any],
    inputs: Mapping[str, Size],
    *,
    outputs: Sequence[str] = ("y",),
    opset: int = 17,
) -> Path:
    """Saves a file with these nodes; arrays of Python's whole numbers are int64."""
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    starts = [helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes) for name, sizes in inputs.items()]
    held = [numpy_helper.from_array(np.asarray(value), name) for name, value in arrays.items()]
    graph = helper.make_graph(list(nodes), "net", starts, ends, held)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8), str(path))
    return path


def reference(path: Path, given: Mapping[str, Array]) -> list[Array]:
    """What ONNX' own reference gives for these inputs."""
    return [np.asarray(one) for one in ReferenceEvaluator(str(path)).run(None, dict(given))]

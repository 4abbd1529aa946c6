"""ONNX' own test cases of operators, as models that a network could be: numbers of images, everything else constant.

The `onnx` package makes them when the module of an operator is imported; it has no files of them.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
import onnx.backend.test.case.node as cases_of_nodes
from onnx import numpy_helper

ALL_MAPS = frozenset(("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Concat", "MatMul", "Einsum", "Where"))
"""Operators that take several maps; all others have one, and constants."""


class NodeCase(NamedTuple):
    """A model with one node, the images that it is given by name, and what ONNX says comes out."""

    name: str
    model: onnx.ModelProto
    images: dict[str, np.ndarray[Any, Any]]
    outputs: tuple[np.ndarray[Any, Any], ...]
    rtol: float
    atol: float


@cache
def _modules() -> dict[str, str]:
    """`reducel1` -> the module that has the cases of ReduceL1."""
    folder = cases_of_nodes.__path__
    return {found.name.replace("_", "").lower(): found.name for found in pkgutil.iter_modules(folder)}


def cases_of(op: str) -> list[NodeCase]:
    """The cases of one operator whose first input is float32, as one node."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs overflow and divide by zero on purpose
        importlib.import_module(f"{cases_of_nodes.__name__}.{_modules()[op.lower()]}")
    found = [
        one
        for one in cases_of_nodes._NodeTestCases
        if one.model.graph.node[0].op_type == op and "_expanded" not in one.name
    ]
    return [_case(one) for one in found if _is_float(one)]


def _is_float(case: Any) -> bool:
    first = case.model.graph.input[0].type
    return bool(first.tensor_type.elem_type == onnx.TensorProto.FLOAT)


def _keep_inputs(model: onnx.ModelProto, given: dict[str, Any], images: dict[str, Any]) -> None:
    """Make initializers of all inputs but the images."""
    kept = [one for one in model.graph.input if one.name in images]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    model.graph.initializer.extend(
        numpy_helper.from_array(np.asarray(array), name) for name, array in given.items() if name not in images
    )


def _has_the_same_images(array: Any, first: Any) -> bool:
    return bool(array.ndim == first.ndim and array.shape[:1] == first.shape[:1])


def _case(case: Any) -> NodeCase:
    """With all inputs but those that may be maps made constants of the file."""
    graph = case.model.graph
    ((arrays, outputs),) = case.data_sets
    given = dict(zip((one.name for one in graph.input), arrays, strict=True))
    first = graph.input[0].name
    several = graph.node[0].op_type in ALL_MAPS
    images = {
        name: array
        for name, array in given.items()
        if name == first or (several and array.dtype == np.float32 and _has_the_same_images(array, given[first]))
    }
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    _keep_inputs(model, given, images)
    return NodeCase(case.name, model, images, tuple(map(np.asarray, outputs)), case.rtol, case.atol)


def cases_in(folder: str) -> list[NodeCase]:
    """The models that the package holds as files, with their arrays: `pytorch-operator`, `pytorch-converted`.

    Only those that read floats of 32 bits; whatever they read after the first input is a constant, unless it is as
    large as the first one.
    """
    found = []
    for path in sorted((Path(onnx.backend.test.__file__).parent / "data" / folder).glob("*/model.onnx")):
        model = onnx.load(path)
        held = {one.name for one in model.graph.initializer}
        names = [one.name for one in model.graph.input if one.name not in held]
        arrays = dict(zip(names, _arrays(path.parent, "input"), strict=False))
        first = next(iter(arrays.values()), None)
        if first is None or first.dtype != np.float32:
            continue
        images = {name: one for name, one in arrays.items() if one is first or one.shape == first.shape}
        _keep_inputs(model, arrays, images)
        outputs = tuple(_arrays(path.parent, "output"))
        found.append(NodeCase(path.parent.name, model, images, outputs, rtol=1e-3, atol=1e-5))
    return found


def _arrays(folder: Path, kind: str) -> list[Any]:
    """`input_0.pb`, `input_1.pb` ... of the first set of data."""
    paths = folder.glob(f"test_data_set_0/{kind}_*.pb")
    ordered = sorted(paths, key=lambda path: int(path.stem.rpartition("_")[2]))
    return [numpy_helper.to_array(onnx.load_tensor(path)) for path in ordered]

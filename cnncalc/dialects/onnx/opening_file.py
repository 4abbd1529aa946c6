"""Opening an .onnx file: bounds, damage, and the records of what it holds.

The `onnx` package reads the bytes; what it lets through is checked here: types of fields, names, sizes, depth.
External data is not loaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from math import prod
from typing import Any

from cnncalc.diagnostics import Diagnostic, InputError, input_error
from cnncalc.diagnostics.extras import missing_extra
from cnncalc.dialects.onnx.named_classes import named_classes
from cnncalc.dialects.onnx.onnx_records import (
    FLOATS,
    KINDS,
    PRODUCER,
    WHOLES,
    ModelRecord,
    NodeRecord,
    TensorRecord,
    ValueRecord,
)
from cnncalc.dialects.onnx.shortest_numbers import shortest
from cnncalc.file_kinds import LONGEST_HEAD, ONNX, kind_of

LARGEST_FILE = 2**31
"""Bytes; protobuf has no larger message."""

MOST_NODES = 50_000
MOST_VALUES = 200_000
"""Names of values in one file."""

LONGEST_NAME = 1_000
MOST_AXES = 12
LARGEST_SIZE = 2**40
"""Numbers in one tensor."""

OLDEST, NEWEST = 6, 28
"""Opsets that are read."""

_STANDARD = frozenset(("", "ai.onnx"))


def opened(path: str) -> ModelRecord:
    """What the file holds; raises InputError for what is no ONNX file, is damaged, or is out of bounds."""
    try:
        import onnx  # noqa: PLC0415 (an extra, and slow to import)
    except ImportError:
        raise missing_extra(path, "onnx") from None
    if os.path.getsize(path) > LARGEST_FILE:
        raise damaged(path, "it is larger than any ONNX file may be, 2 GB")
    try:
        model = onnx.load(path, load_external_data=False)
        return _model(path, model)
    except (InputError, MemoryError):
        raise
    except OSError as fault:
        raise damaged(path, str(fault.strerror or "it cannot be read")) from None
    except Exception:  # noqa: BLE001 - the parser of protobuf raises what its own version has
        raise _other_kind(path) or damaged(path, "its parts do not fit together") from None


def _other_kind(path: str) -> InputError | None:
    """The error of a file of another kind that is called .onnx; None where its first bytes tell no kind."""
    with open(path, "rb") as file:
        kind = kind_of(file.read(LONGEST_HEAD), path)
    if kind is None or kind is ONNX:
        return None
    return input_error(
        "binary-file", f"{path} is {kind.what}, not an ONNX model", help=kind.model.replace("{file}", path)
    )


def damaged(path: str, reason: str) -> InputError:
    """The error of a file that is no ONNX model, or is broken off."""
    return input_error("onnx-damaged", f"`{path}` is no whole ONNX file: {reason}", help="export or copy it again")


def _model(path: str, model: Any) -> ModelRecord:
    graph = model.graph
    if not graph.node or not graph.output:
        raise damaged(path, "there is no network in it")
    if len(graph.node) > MOST_NODES or len(graph.initializer) + len(graph.node) > MOST_VALUES:
        raise damaged(path, f"it has {len(graph.node):,} nodes, and {MOST_NODES:,} are read")
    if graph.sparse_initializer or model.functions:
        what = "functions of its own" if model.functions else "sparse arrays"
        raise InputError((_unread(f"`{path}` has {what}, which are not read here"),))
    initializers = {_name(path, one.name): _tensor(path, one) for one in graph.initializer}
    _refuse_twice(path, [one.name for one in graph.initializer], "arrays")
    inputs = tuple(_value(path, one) for one in graph.input if one.name not in initializers)
    is_own = model.producer_name == PRODUCER
    nodes = tuple(_node(path, place, one, is_own=is_own) for place, one in enumerate(graph.node, 1))
    made = [name for node in nodes for name in node.outputs if name]
    _refuse_twice(path, [*made, *(one.name for one in inputs), *initializers], "values")
    outputs = tuple(_value(path, one) for one in graph.output)
    classes = named_classes(model.metadata_props)
    return ModelRecord(_opset(path, model), _text(model.producer_name), nodes, initializers, inputs, outputs, classes)


def _unread(message: str) -> Diagnostic:
    return Diagnostic("onnx-not-read", message, help="export the network again as float32, without them")


def _opset(path: str, model: Any) -> int:
    found = [int(one.version) for one in model.opset_import if one.domain in _STANDARD]
    opset = found[0] if found else 1
    if not OLDEST <= opset <= NEWEST:
        message = f"`{path}` is written in opset {opset}, and {OLDEST} to {NEWEST} are read"
        raise input_error("onnx-not-read", message, help="export it again with opset_version=17")
    return opset


def _refuse_twice(path: str, names: list[str], what: str) -> None:
    if len(set(names)) != len(names):
        seen: set[str] = set()
        twice = next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise damaged(path, f"two of its {what} are called `{twice[:80]}`")


def _text(text: Any) -> str:
    return str(text)[:LONGEST_NAME]


def _name(path: str, name: Any) -> str:
    if type(name) is not str:  # what is no UTF-8 comes as bytes
        raise damaged(path, "a name in it is no text")
    if len(name) > LONGEST_NAME:
        raise damaged(path, f"a name in it has {len(name):,} letters")
    return name


def _value(path: str, value: Any) -> ValueRecord:
    kind = value.type.WhichOneof("value")
    if kind != "tensor_type":
        raise InputError((_unread(f"`{value.name[:80]}` of `{path}` is no tensor"),))
    tensor = value.type.tensor_type
    dims = tuple(_size(path, one) for one in tensor.shape.dim) if tensor.HasField("shape") else None
    return ValueRecord(_name(path, value.name), tensor.elem_type, dims)


def _size(path: str, dim: Any) -> int | str:
    """A size; an open one is its name: Paddle writes -1, others 0."""
    if dim.HasField("dim_value"):
        if dim.dim_value > LARGEST_SIZE:
            raise damaged(path, f"an axis in it has {dim.dim_value:,} numbers")
        return int(dim.dim_value) if dim.dim_value > 0 else ""
    return _name(path, dim.dim_param)


def _tensor(path: str, tensor: Any) -> TensorRecord:
    dims = tuple(map(int, tensor.dims))
    if len(dims) > MOST_AXES or min(dims, default=0) < 0 or prod(dims) > LARGEST_SIZE:
        raise damaged(path, f"the sizes of its array `{tensor.name[:80]}` are none of an array")
    if tensor.data_type not in (*FLOATS, *WHOLES):
        kind = KINDS.get(tensor.data_type, f"type {tensor.data_type}")
        raise InputError((_unread(f"the array `{tensor.name[:80]}` of `{path}` holds numbers of {kind}"),))
    return TensorRecord(_name(path, tensor.name), dims, tensor.data_type, tensor)


def _node(path: str, place: int, node: Any, *, is_own: bool) -> NodeRecord:
    attributes = {_name(path, one.name): _attribute(path, one) for one in node.attribute}
    if len(attributes) != len(node.attribute):
        raise damaged(path, f"node {place} has two attributes of the same name")
    inputs, outputs = (tuple(_name(path, one) for one in names) for names in (node.input, node.output))
    domain = "" if node.domain in _STANDARD else _name(path, node.domain)
    name = _name(path, node.name)
    scope, said = tuple(_scope(node)), str(node.doc_string) if is_own else ""
    return NodeRecord(place, _name(path, node.op_type), domain, name, inputs, outputs, attributes, scope, said)


def _attribute(path: str, attribute: Any) -> Any:
    """The value of an attribute; None for one that nothing here reads: a graph, a type."""
    readers: dict[int, Callable[[], Any]] = {
        1: lambda: shortest(float(attribute.f)),
        2: lambda: int(attribute.i),
        3: attribute.s.decode,
        4: lambda: _tensor(path, attribute.t),
        6: lambda: tuple(map(float, attribute.floats)),
        7: lambda: tuple(map(int, attribute.ints)),
        8: lambda: tuple(one.decode() for one in attribute.strings),
    }
    reader = readers.get(attribute.type)
    return reader() if reader is not None else None


_SCOPES, _CLASSES = "pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy"


def _scope(node: Any) -> Iterator[tuple[str, str]]:
    """The modules around a node and their classes, which PyTorch writes as lists of texts."""
    said = {one.key: one.value for one in node.metadata_props} if hasattr(node, "metadata_props") else {}
    names, classes = (_listed(said.get(key, "")) for key in (_SCOPES, _CLASSES))
    if len(names) == len(classes):
        yield from zip(names, classes, strict=True)


def _listed(text: str) -> list[str]:
    """The texts of `['', 'layer1', 'layer1.0']`."""
    inside = text.strip()[1:-1] if len(text) < 20 * LONGEST_NAME else ""
    return [one.strip().strip("'\"") for one in inside.split(",")] if inside else []

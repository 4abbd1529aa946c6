"""An ONNX file as plain records: what is read of it is checked once, here, and nothing of protobuf is met after that.

Numbers of tensors stay where they are until somebody asks for them.  What a graph means is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

PRODUCER = "cnncalc"
"""What files that are written here name as their producer."""


class TensorRecord(NamedTuple):
    """An array that the file holds: its sizes, ONNX' number of its type, and the message that holds its numbers."""

    name: str
    dims: tuple[int, ...]
    kind: int
    message: Any


class NodeRecord(NamedTuple):
    """One node: its operator, what it reads and what it gives by names ("" where an optional one is left out).

    `place` counts the nodes of the file from 1.  An attribute is a whole number, a float, a text, a tuple of these, or
    a TensorRecord; one of another kind (a graph) is None.  `scope` are the modules around it with their classes, as
    PyTorch's newer exporter writes them, outermost first.
    """

    place: int
    op: str
    domain: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    scope: tuple[tuple[str, str], ...] = ()
    said: str = ""
    """What stands beside it as a text; only that of files written here is kept."""


class ValueRecord(NamedTuple):
    """An input or an output of the graph; an open size is its name, or "" without one; dims None: not stated."""

    name: str
    kind: int
    dims: tuple[int | str, ...] | None


class ModelRecord(NamedTuple):
    """A whole file; `inputs` are those that no initializer fills, `classes` the names that the exporter wrote."""

    opset: int
    producer: str
    nodes: tuple[NodeRecord, ...]
    initializers: Mapping[str, TensorRecord]
    inputs: tuple[ValueRecord, ...]
    outputs: tuple[ValueRecord, ...]
    classes: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether this program has written it: channels first, and an array that two nodes read is shared."""
        return self.producer == PRODUCER


FLOATS = {1: 4, 10: 2, 11: 8, 16: 2}
"""ONNX' numbers of the types of floats -> bytes of one: float32, float16, float64, bfloat16."""

WHOLES = {2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 12: 4, 13: 8}
"""The same of whole numbers and truth values."""

KINDS = {
    **{1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "text", 9: "bool"},
    **{10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16"},
}
"""What the types are called."""

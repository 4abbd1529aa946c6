"""One node of an ONNX graph at work: what an operator's function here sees of it.

A value is a `Tensor` (what the images decide: sizes, roles of axes, the operation that made it) or an `Array` (what
they do not).  An operator's function asks for its inputs and attributes by kind, puts layers to tensors, and gives
back its results; every fault is at the node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NoReturn, cast

from cnncalc.diagnostics import Span
from cnncalc.dialects.onnx.constant_arrays import Array
from cnncalc.dialects.onnx.node_names import NodeModules
from cnncalc.dialects.onnx.onnx_records import NodeRecord
from cnncalc.dialects.onnx.shortest_numbers import shortest
from cnncalc.dialects.traced.trace import Constant, Module, Tensor, Trace
from cnncalc.graph.stored import Step, Stored
from cnncalc.layers.base import Layer
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading

Value = Tensor | Array

FEW = 4
"""Numbers of a constant that are part of the formula: a mean of each colour.  More of them are weights."""


class NodePlace:
    """The place of a node in the text of its graph, as the rules for tensors ask for it."""

    trail: tuple[Span, ...] = ()

    def __init__(self, span: Span) -> None:
        self.span = span

    def charge(self, steps: int) -> None:
        """Nodes are bounded by their number."""


class Weights:
    """Which array of the file each weight is: by the operation's number, and by the constant that a join reads."""

    def __init__(self, *, shares_all: bool = False) -> None:
        self.shares_all = shares_all
        """Whether nodes that read the same arrays share them also where these are vectors, which exporters merge."""
        self.of_operations: dict[int, dict[str, Stored]] = {}
        self.of_constants: dict[int, Array] = {}
        self.parameters: dict[int, Tensor] = {}
        """The tensor of each array that was read as one, by the array's identity: it is one parameter."""
        self.owners: dict[tuple[Any, ...], Module] = {}
        """The kernels that a layer has used -> the module that did so first: nodes with the same ones share them."""
        self._kept: list[Array] = []

    def parameter(self, array: Array, trace: Trace, place: Reading) -> Tensor:
        """The array as a tensor that joins and views can read."""
        if id(array) not in self.parameters:
            constant = Constant(f"`{array.name}`", is_parameter=True)
            self._kept.append(array)
            self.of_constants[id(constant)] = array
            self.parameters[id(array)] = trace.constant(array.dims, constant, place)
        return self.parameters[id(array)]


@dataclass
class FileRead:
    """What the nodes of one file have together.

    `images` is how many images the file states; one of them is followed.  `folder` is where external data may be.
    """

    opset: int
    folder: str
    trace: Trace
    weights: Weights
    modules: NodeModules
    images: int = 1


class NodeCall:
    """A node, its inputs as values, and what it may do."""

    def __init__(self, node: NodeRecord, inputs: Sequence[Value | None], file: FileRead, place: NodePlace) -> None:
        self.node = node
        self.inputs = inputs
        self.here = cast("Reading", place)
        self.opset, self.folder, self.images = file.opset, file.folder, file.images
        self.trace, self.weights, self.modules = file.trace, file.weights, file.modules

    # ------------------------------------------------------------------ inputs
    def input(self, at: int) -> Value | None:
        """The input at that place; None where it is left out."""
        return self.inputs[at] if at < len(self.inputs) else None

    def tensor(self, at: int = 0) -> Tensor:
        """An input as a tensor: an array is one number of a formula, or a parameter."""
        value = self.input(at)
        if isinstance(value, Tensor):
            return value
        if value is None:
            raise self.fault(f"{self.node.op} needs an input at place {at + 1}")
        if value.count <= FEW and not value.is_whole and value.numbers is not None:
            numbers = tuple(map(shortest, value.numbers))
            held = numbers[0] if value.count == 1 else numbers
            return self.trace.constant(value.dims, Constant(f"`{value.name}`", values=held), self.here)
        if value.stored is None:
            numbers = tuple(shortest(float(one)) for one in self.known(value))
            held = numbers[0] if len(set(numbers)) == 1 else numbers
            return self.trace.constant(value.dims, Constant(f"`{value.name}`", values=held), self.here)
        return self.weights.parameter(value, self.trace, self.here)

    def map(self, at: int = 0) -> Tensor:
        """An input that the images decide."""
        value = self.input(at)
        if not isinstance(value, Tensor):
            self.refuse(f"input {at + 1} of {self.node.op} is not made of an image")
        return value

    def array(self, at: int) -> Array | None:
        """An input that no image decides; None where it is left out."""
        value = self.input(at)
        if isinstance(value, Tensor):
            self.refuse(f"input {at + 1} of {self.node.op} depends on the image, and constants are read there")
        return value

    def weight(self, at: int, *ranks: int) -> Array:
        """An array of weights with as many axes as one of `ranks` says."""
        array = self.array(at)
        if array is None:
            raise self.fault(f"{self.node.op} has no weights at input {at + 1}")
        if ranks and len(array.dims) not in ranks:
            self.refuse(f"the weights of this {self.node.op} are {array.text}")
        return array

    # ------------------------------------------------------------------ attributes, and inputs that later opsets have
    def wholes(self, name: str, at: int | None = None) -> tuple[int, ...] | None:
        """Whole numbers: the attribute, or the input at that place; None where neither is given."""
        value = self.node.attributes.get(name)
        if value is None and at is not None:
            array = self.array(at)
            if array is None or (array.count == 0 and len(array.dims) == 1):
                return None
            value = self.known(array)
        if value is None:
            return None
        numbers = value if isinstance(value, tuple) else (value,)
        if any(type(one) not in (int, bool) for one in numbers):
            raise self.fault(f"`{name}` of {self.node.op} should be whole numbers")
        return tuple(map(int, numbers))

    def whole(self, name: str, otherwise: int, at: int | None = None) -> int:
        """One whole number."""
        found = self.wholes(name, at)
        if found is not None and len(found) != 1:
            raise self.fault(f"`{name}` of {self.node.op} should be one whole number")
        return otherwise if found is None else found[0]

    def numbers(self, name: str, at: int | None = None) -> tuple[float, ...] | None:
        """Numbers: the attribute, or the input at that place; None where neither is given."""
        value = self.node.attributes.get(name)
        if value is None and at is not None:
            array = self.array(at)
            value = None if array is None or (array.count == 0 and array.dims) else self.known(array)
        if value is None:
            return None
        numbers = value if isinstance(value, tuple) else (value,)
        if any(type(one) not in (int, bool, float) for one in numbers):
            raise self.fault(f"`{name}` of {self.node.op} should be numbers")
        return tuple(map(float, numbers))

    def number(self, name: str, otherwise: float, at: int | None = None) -> float:
        """One number."""
        found = self.numbers(name, at)
        if found is not None and len(found) != 1:
            raise self.fault(f"`{name}` of {self.node.op} should be one number")
        return otherwise if found is None else shortest(found[0])

    def text(self, name: str, otherwise: str = "") -> str:
        """A text."""
        found = self.node.attributes.get(name, otherwise)
        if not isinstance(found, str):
            raise self.fault(f"`{name}` of {self.node.op} should be a text")
        return found

    def known(self, array: Array) -> tuple[Any, ...]:
        """The numbers of an array, which must be known."""
        if array.numbers is None:
            self.refuse(f"{self.node.op} needs the numbers of `{array.name}` ({array.text}), which are not known here")
        return array.numbers

    def axis(self, rank: int, name: str = "axis", otherwise: int | None = None, at: int | None = None) -> int:
        """An axis of a tensor with so many, counted from 0."""
        found = self.wholes(name, at)
        axis = otherwise if found is None else found[0]
        if axis is None or not -rank <= axis < rank:
            raise self.fault(f"there is no axis {axis} in a tensor with {rank}")
        return axis % rank

    def axes(self, rank: int, at: int | None = None, name: str = "axes") -> tuple[int, ...] | None:
        """Several axes of a tensor with so many, counted from 0, none twice; None where none are given."""
        found = self.wholes(name, at)
        if found is None:
            return None
        if any(not -rank <= one < rank for one in found) or len({one % rank for one in found}) != len(found):
            raise self.fault(f"there are no axes {', '.join(map(str, found))} in a tensor with {rank}")
        return tuple(one % rank for one in found)

    # ------------------------------------------------------------------ layers
    def layer(
        self,
        layer: Layer,
        *tensors: Tensor,
        weights: Mapping[str, Array | None] | None = None,
        like: Tensor | None = None,
    ) -> Tensor:
        """The layer put to tensors; `weights` says which array each of its weights is.

        An array with as many numbers as the weight has, in the same order, is given the weight's own sizes.
        """
        given = {name: array for name, array in (weights or {}).items() if array is not None}
        owner = self._owner(layer, given)
        made = self.trace.layer(layer, tensors, self.here, owner, like)
        operation = self.trace.operations[made.operation]
        shapes = tuple(self.trace.operations[one].output for one in operation.inputs)
        needed = {one.name: one.shape for one in layer.weights(shapes)}
        for name, array in given.items():
            if prod(needed.get(name, ())) != array.count or name not in needed:
                wanted = "x".join(map(str, needed.get(name, ())))
                message = f"{self.node.op} reads {array.text} numbers of `{array.name}`, and needs {wanted}"
                raise self.fault(message, code="shapes-differ")
        if given:
            stored = {name: self._stored(array, needed[name]) for name, array in given.items()}
            self.weights.of_operations[made.operation] = stored
        return made

    def own_numbers(self, layer: Layer, weights: Mapping[str, Array]) -> Tensor:
        """A layer that reads nothing: numbers that no image decides."""
        at = self.trace.own_numbers(layer, self.modules.module(self.node, []), self.here)
        shape = self.trace.operations[at].output
        needed = {one.name: one.shape for one in layer.weights(())}
        self.weights.of_operations[at] = {name: self._stored(array, needed[name]) for name, array in weights.items()}
        return Tensor(self.trace, (1, shape.channels, *shape.spatial), 0, 1, at)

    def _owner(self, layer: Layer, given: Mapping[str, Array]) -> Module:
        own = self.modules.module(self.node, [array.name for array in given.values()])
        kernels = [(name, array.stored) for name, array in given.items()]
        if not given or not (self.weights.shares_all or any(len(array.dims) > 1 for array in given.values())):
            return own
        return self.weights.owners.setdefault((layer, *kernels), own)

    def _stored(self, array: Array, shape: tuple[int, ...]) -> Stored:
        if array.stored is None:
            self.refuse(f"the weights `{array.name}` are worked out by other nodes, which is not read here")
        steps = array.stored.steps
        return array.stored._replace(steps=steps if array.dims == shape else (*steps, Step("reshape", shape)))

    # ------------------------------------------------------------------ faults
    def fault(self, message: str, *, code: str = "onnx-damaged", help: str = "") -> PythonFault:
        """What is wrong with the file at this node."""
        return PythonFault(code, message, self.here.span, help=help)

    def refuse(self, message: str, help: str = "") -> NoReturn:
        """Raise the fault that no layer here does what the node does."""
        raise PythonFault("onnx-not-read", message, self.here.span, help=help)

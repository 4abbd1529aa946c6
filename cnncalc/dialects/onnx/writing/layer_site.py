"""One layer of a net where it is written: what arrives, its numbers and weights, and the operators put there."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple, NoReturn

from cnncalc.geometry import Shape, Sizes
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import Weight


class NotInOnnxError(Exception):
    """What ONNX, or the opset that is asked for, has no operators for; `opset` is one that has them."""

    def __init__(self, why: str, opset: int | None = None) -> None:
        super().__init__(why)
        self.opset = opset


class Operator(NamedTuple):
    """One node of the model: its operator, its own name, what it reads and makes, its attributes."""

    op: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    said: str = ""
    """The layer as a text, where it is one of several operators of a layer."""


class Numbers(NamedTuple):
    """An attribute that is an array, little-endian: float32, or int64 where `is_whole`."""

    dims: Sizes
    raw: bytes
    is_whole: bool = False

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers in order."""
        width, letter = (8, "q") if self.is_whole else (4, "f")
        return struct.unpack(f"<{len(self.raw) // width}{letter}", self.raw)


@dataclass
class Sheet:
    """What is written so far: operators in order, weights by name with the sizes that the model has them in."""

    opset: int
    inputs: tuple[str, ...]
    operators: list[Operator] = field(default_factory=list)
    weights: dict[str, Sizes] = field(default_factory=dict)


class LayerSite:
    """A layer, and where its operators go."""

    def __init__(self, graph: Graph, node: Node, reads: Sequence[str], sheet: Sheet) -> None:
        self.graph, self.node, self.layer, self.sheet = graph, node, node.layer, sheet
        self.reads = tuple(reads)
        self.inputs: tuple[Shape, ...] = tuple(graph.nodes[one].output for one in node.inputs)
        self.output = node.output
        call = node.layer.kernel_call(self.inputs)
        self.kernel, self.numbers = call.kernel, call.numbers
        self.opset = sheet.opset
        self._weights = {one.name: one for one in node.layer.weights(self.inputs)}
        self._first = len(sheet.operators)

    # ------------------------------------------------------------------ what is known
    @property
    def x(self) -> str:
        """The value that arrives first."""
        return self.reads[0]

    @property
    def shape(self) -> Shape:
        """The shape that arrives first."""
        return self.inputs[0]

    @property
    def rank(self) -> int:
        """How many axes the map has that arrives first."""
        return self.shape.rank

    def axes(self, name: str) -> Sizes:
        """A number for each axis of the map that arrives."""
        return tuple(self.numbers[name][3 - self.rank :])

    def dims(self, shape: Shape) -> list[int]:
        """The sizes of a value as Reshape has them: the images as they are, channels, then the map."""
        return [0, shape.channels, *shape.spatial]

    # ------------------------------------------------------------------ weights and constants
    def has(self, name: str) -> bool:
        """Whether the layer has that weight."""
        return name in self._weights

    def shape_of(self, name: str) -> Sizes:
        """The sizes of a weight as the net has them."""
        return self._weights[name].shape

    def owned(self, weight: Weight) -> str:
        """The name under which a weight is stored."""
        owner = self.node if self.node.shares is None else self.graph.nodes[self.node.shares]
        return f"{owner.name}.{weight.name}"

    def weight(self, name: str, dims: Sequence[int] | None = None) -> str:
        """A weight by its own name, in the order in which it is stored, as an array of these sizes."""
        weight = self._weights[name]
        wanted = tuple(weight.shape if dims is None else dims)
        assert prod(wanted) == weight.count, (self.node.name, name, wanted)
        stored = self.owned(weight)
        held = self.sheet.weights.setdefault(stored, wanted)
        return stored if held == wanted else self.put("Reshape", stored, self.wholes(wanted))

    def bias(self) -> list[str]:
        """The bias as one further input, where the layer has one."""
        return [self.weight("bias")] if self.has("bias") else []

    def by_channel(self, name: str) -> str:
        """A weight of each channel, or of all, or of each number, as it meets a map."""
        weight = self._weights[name]
        if len(weight.shape) == 1:
            return self.weight(name, (weight.count, *(1,) * self.rank))
        return self.weight(name, (self.shape.channels, *self.shape.spatial))

    def constant(self, numbers: Numbers) -> str:
        """An array of numbers that are no weights."""
        return self.put("Constant", value=numbers)

    def wholes(self, numbers: Sequence[int]) -> str:
        """Whole numbers: sizes, axes."""
        return self.constant(Numbers((len(numbers),), struct.pack(f"<{len(numbers)}q", *numbers), is_whole=True))

    def number(self, number: float) -> str:
        """One number."""
        return self.constant(Numbers((), struct.pack("<f", number)))

    def floats(self, numbers: Sequence[float], dims: Sequence[int] | None = None) -> str:
        """Several numbers."""
        sizes = (len(numbers),) if dims is None else tuple(dims)
        return self.constant(Numbers(sizes, struct.pack(f"<{len(numbers)}f", *numbers)))

    def alike(self, number: float, sizes: Sequence[int]) -> str:
        """An array of one number, which no weight of the net is: ones where there is no scale."""
        value = Numbers((1,), struct.pack("<f", number))
        return self.put("ConstantOfShape", self.wholes(sizes), value=value)

    # ------------------------------------------------------------------ operators
    def put(self, op: str, *inputs: str, **attributes: Any) -> str:
        """One operator with one result; attributes that are None are left out."""
        return self.puts(op, inputs, 1, **attributes)[0]

    def puts(self, op: str, inputs: Sequence[str], results: int, **attributes: Any) -> tuple[str, ...]:
        """One operator with several results."""
        count = len(self.sheet.operators) - self._first
        outputs = tuple(f"{self.node.name}/{op}_{count}_{at}" for at in range(results))
        given = {key: value for key, value in attributes.items() if value is not None}
        path = self.node.name.replace(".", "/")
        name = f"/{path}/{op}" if not count else f"/{path}/{op}_{count}"
        self.sheet.operators.append(Operator(op, name, tuple(inputs), outputs, given))
        return outputs

    def reshaped(self, x: str, dims: Sequence[int]) -> str:
        """The same numbers in other sizes."""
        return self.put("Reshape", x, self.wholes(dims))

    def turned(self, x: str, order: Sequence[int]) -> str:
        """The axes in another order."""
        return x if list(order) == sorted(order) else self.put("Transpose", x, perm=list(order))

    def sliced(self, x: str, axes: Sequence[int], starts: Sequence[int], ends: Sequence[int]) -> str:
        """A stretch of some axes."""
        return self.put("Slice", x, self.wholes(starts), self.wholes(ends), self.wholes(axes))

    def reduced(self, op: str, x: str, axes: Sequence[int], *, keep: bool = True) -> str:
        """One number of all along some axes; the axes are an attribute before opset 18, of a sum before 13."""
        if self.opset >= (13 if op == "ReduceSum" else 18):
            return self.put(op, x, self.wholes(axes), keepdims=int(keep))
        return self.put(op, x, axes=list(axes), keepdims=int(keep))

    def is_told_by(self, most: int) -> bool:
        """Whether the layer has taken at most so many operators, none of them for weights that it lacks."""
        taken = [one.op for one in self.sheet.operators[self._first :] if one.op != "Constant"]
        return len(taken) <= most and "ConstantOfShape" not in taken

    def say(self, text: str) -> None:
        """Write the layer as a text beside each of its operators."""
        for at in range(self._first, len(self.sheet.operators)):
            self.sheet.operators[at] = self.sheet.operators[at]._replace(said=text)

    def result(self, value: str) -> None:
        """Let the value carry the name of the node."""
        made = self.sheet.operators[self._first :]
        if not made or value not in made[-1].outputs:
            value = self.put("Identity", value)
        last = self.sheet.operators[-1]
        named = tuple(self.node.name if one == value else one for one in last.outputs)
        self.sheet.operators[-1] = last._replace(outputs=named)

    def refuse(self, why: str) -> NoReturn:
        """Raise that ONNX cannot say it."""
        raise NotInOnnxError(why)

    def needs(self, opset: int, what: str) -> None:
        """Refuse an older opset than the one that has it."""
        if self.opset < opset:
            raise NotInOnnxError(f"opset {opset} is the first that has {what}; the model is in {self.opset}", opset)

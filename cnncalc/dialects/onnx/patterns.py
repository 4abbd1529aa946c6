"""Several nodes that are one layer, made one node before the graph is read: `x * sigmoid(x)` is Swish.

Exporters take functions apart that older opsets lack; read one by one they would be right, and a table of them could
not be read.  A pattern is looked for at its last node; the nodes before it go where nothing else reads them.  To add
one: a function `_name(last, graph) -> NodeRecord | None` and a row in `PATTERNS`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from cnncalc.dialects.onnx.constant_arrays import held_array
from cnncalc.dialects.onnx.onnx_records import ModelRecord, NodeRecord, TensorRecord
from cnncalc.dialects.onnx.shortest_numbers import shortest

_TWO = frozenset(("Add", "Sub", "Mul", "Div", "Pow", "MatMul"))
"""Operators that read two values; the others of patterns read one, a Conv also its weights."""

CLOSE = 1e-4
"""How far a constant of a formula may be from its number, as a part of it: exporters round."""


class NodeGraph:
    """The nodes of a file, who makes what, who reads it, and constants of one number."""

    def __init__(self, model: ModelRecord, nodes: Sequence[NodeRecord], folder: str) -> None:
        self._folder = folder
        self._held: dict[str, TensorRecord] = dict(model.initializers)
        for node in nodes:
            value = node.attributes.get("value")
            if node.op == "Constant" and isinstance(value, TensorRecord) and node.outputs:
                self._held[node.outputs[0]] = value
            if node.op == "Identity" and node.outputs and (same := self._held.get(node.inputs[0])) is not None:
                self._held[node.outputs[0]] = same
        self._single = {
            node.outputs[0]: value
            for node in nodes
            if node.op == "Constant" and node.outputs and type(value := node.attributes.get("value_float")) is float
        }
        self.nodes = {node.place: node for node in nodes}
        self.makers = {name: node.place for node in nodes for name in node.outputs if name}
        self.readers = Counter(name for node in nodes for name in node.inputs)
        self.readers.update(one.name for one in model.outputs)

    def maker(self, name: str, op: str, *, alone: bool = True) -> NodeRecord | None:
        """The node of that operator that makes a value; `alone`: nothing but one node reads it."""
        node = self.nodes.get(self.makers.get(name, 0))
        is_read_once = not alone or self.readers[name] == 1
        return node if node is not None and node.op == op and is_read_once and is_whole(node) else None

    def number(self, name: str) -> float | None:
        """The number of a constant that is one; None for others."""
        if name in self._single:
            return self._single[name]
        tensor = self._held.get(name)
        if tensor is None:
            return None
        array = held_array(tensor, name, self._folder)
        return shortest(float(array.numbers[0])) if array.count == 1 and array.numbers is not None else None

    def is_number(self, name: str, wanted: float) -> bool:
        """Whether a constant is that number."""
        found = self.number(name)
        return found is not None and math.isclose(found, wanted, rel_tol=CLOSE)

    def dims(self, name: str) -> tuple[int, ...] | None:
        """The sizes of a constant; None for what is none."""
        tensor = self._held.get(name)
        return tensor.dims if tensor is not None else None

    def with_number(self, node: NodeRecord, wanted: float | None = None) -> str | None:
        """The other input of a node of which one is a constant of one number; None where there is no such one."""
        for name, other in (node.inputs[::-1], node.inputs):
            if self.number(name) is not None and (wanted is None or self.is_number(name, wanted)):
                return other
        return None


def is_whole(node: NodeRecord) -> bool:
    """Whether a node of a pattern has as many inputs as its operator reads, and one result."""
    least = 2 if node.op in _TWO or node.op == "Conv" else 1
    is_enough = len(node.inputs) == least if node.op in _TWO else len(node.inputs) >= least
    return not node.domain and is_enough and len(node.outputs) == 1


def simplified(model: ModelRecord, nodes: Sequence[NodeRecord], folder: str) -> tuple[NodeRecord, ...]:
    """The nodes with each pattern as one node; what nothing needs any more is left out."""
    graph = NodeGraph(model, nodes, folder)
    for place in sorted(graph.nodes):
        while True:
            node = graph.nodes[place]
            patterns = PATTERNS.get(node.op, ()) if is_whole(node) else ()
            made = next((one for pattern in patterns if (one := pattern(node, graph))), None)
            if made is None or made == node:
                break
            graph.nodes[place] = made
            graph.readers.update(made.inputs)
            graph.readers.subtract(node.inputs)
    return _needed(graph, [one.name for one in model.outputs])


def _needed(graph: NodeGraph, outputs: Iterable[str]) -> tuple[NodeRecord, ...]:
    found: set[int] = set()
    waiting = list(outputs)
    while waiting:
        place = graph.makers.get(waiting.pop())
        if place is not None and place not in found:
            found.add(place)
            waiting += [name for name in graph.nodes[place].inputs if name]
    return tuple(graph.nodes[place] for place in sorted(found))


def _one(last: NodeRecord, op: str, inputs: Sequence[str], **attributes: object) -> NodeRecord:
    """The last node of a pattern as another one."""
    return last._replace(op=op, inputs=tuple(inputs), attributes=attributes)


# ---------------------------------------------------------------------- a matrix or a convolution, then its bias
def _matmul_bias(last: NodeRecord, graph: NodeGraph) -> NodeRecord | None:
    """`MatMul` by a constant, then `Add` of a vector: MatMul with a third input, which ONNX does not have."""
    for made, bias in (last.inputs, last.inputs[::-1]):
        product = graph.maker(made, "MatMul")
        matrix = graph.dims(product.inputs[1]) if product is not None else None
        dims = graph.dims(bias)
        if product is None or matrix is None or len(matrix) != 2 or dims is None:
            continue
        if dims[-1:] == matrix[-1:] and math.prod(dims) == matrix[-1]:
            return product._replace(inputs=(*product.inputs, bias), outputs=last.outputs)
    return None


def _conv_bias(last: NodeRecord, graph: NodeGraph) -> NodeRecord | None:
    """`Conv` without a bias, then `Add` of one number a filter."""
    for made, bias in (last.inputs, last.inputs[::-1]):
        conv = graph.maker(made, "Conv")
        kernel = graph.dims(conv.inputs[1]) if conv is not None and len(conv.inputs) == 2 else None
        dims = graph.dims(bias)
        if conv is None or kernel is None or dims is None or len(kernel) < 3:
            continue
        places = (1,) * (len(kernel) - 2)
        if dims in ((kernel[0], *places), (1, kernel[0], *places)):
            return conv._replace(inputs=(*conv.inputs, bias), outputs=last.outputs)
    return None


# ---------------------------------------------------------------------- activations
def _gate(last: NodeRecord, graph: NodeGraph) -> NodeRecord | None:
    """`x * gate(x)`: Swish, Mish, HardSwish."""
    for x, made in (last.inputs, last.inputs[::-1]):
        sigmoid = graph.maker(made, "Sigmoid")
        if sigmoid is not None and sigmoid.inputs == (x,):
            return _one(last, "Swish", [x])
        tanh = graph.maker(made, "Tanh")
        soft = graph.maker(tanh.inputs[0], "Softplus") if tanh is not None else None
        if soft is not None and soft.inputs == (x,):
            return _one(last, "Mish", [x])
        hard = graph.maker(made, "HardSigmoid")
        if hard is not None and hard.inputs == (x,) and _is_sixth(hard):
            return _one(last, "HardSwish", [x])
    return None


def _is_sixth(node: NodeRecord) -> bool:
    slope, shift = node.attributes.get("alpha", 0.2), node.attributes.get("beta", 0.5)
    return all(type(one) is float for one in (slope, shift)) and (
        math.isclose(slope, 1 / 6, rel_tol=CLOSE) and math.isclose(shift, 0.5, rel_tol=CLOSE)
    )


def _hard_sigmoid(last: NodeRecord, graph: NodeGraph) -> NodeRecord | None:
    """`clip(x + 3, 0, 6) / 6`; with x before the division it is HardSwish."""
    made = graph.with_number(last, 6.0 if last.op == "Div" else 1 / 6)
    if made is None or (last.op == "Div" and last.inputs[0] != made):
        return None
    x = _clipped(made, graph)
    if x is not None:
        return _one(last, "HardSigmoid", [x], alpha=1 / 6, beta=0.5)
    product = graph.maker(made, "Mul")
    for x, one in (product.inputs, product.inputs[::-1]) if product is not None else ():
        if _clipped(one, graph) == x:
            return _one(last, "HardSwish", [x])
    return None


def _clipped(name: str, graph: NodeGraph) -> str | None:
    """x of `clip(x + 3, 0, 6)`."""
    clip = graph.maker(name, "Clip")
    if clip is None:
        return None
    limits = [clip.attributes.get(key) for key in ("min", "max")]
    if len(clip.inputs) == 3:
        limits = [graph.number(one) for one in clip.inputs[1:]]
    added = graph.maker(clip.inputs[0], "Add") if limits == [0.0, 6.0] else None
    return graph.with_number(added, 3.0) if added is not None else None


def _gelu(last: NodeRecord, graph: NodeGraph) -> NodeRecord | None:
    """`x * (1 + erf(x / sqrt 2)) * 0.5`, its factors in any order."""
    factors = _factors(last, graph)
    half = next((one for one in factors if graph.is_number(one, 0.5)), None)
    bracket = next((one for one in factors if _erf_of(one, graph) is not None), None)
    if len(factors) != 3 or half is None or bracket is None:
        return None
    x = next(one for one in factors if one not in (half, bracket))
    return _one(last, "Gelu", [x]) if _erf_of(bracket, graph) == x else None


def _factors(last: NodeRecord, graph: NodeGraph) -> list[str]:
    """What a product of products multiplies, two levels of it."""
    found: list[str] = []
    for name in last.inputs:
        inner = graph.maker(name, "Mul")
        found += inner.inputs if inner is not None and len(found) < 3 else [name]
    return found


def _erf_of(name: str, graph: NodeGraph) -> str | None:
    """x of `1 + erf(x / sqrt 2)`."""
    added = graph.maker(name, "Add")
    made = graph.with_number(added, 1.0) if added is not None else None
    erf = graph.maker(made, "Erf") if made is not None else None
    if erf is None:
        return None
    divided, scaled = graph.maker(erf.inputs[0], "Div"), graph.maker(erf.inputs[0], "Mul")
    if divided is not None and graph.is_number(divided.inputs[1], math.sqrt(2)):
        return divided.inputs[0]
    return graph.with_number(scaled, math.sqrt(0.5)) if scaled is not None else None


# ---------------------------------------------------------------------- layer norm
def _layer_norm(last: NodeRecord, graph: NodeGraph) -> NodeRecord | None:
    """`(x - mean) / sqrt(var + epsilon)` along the last axis, with or without `* scale + shift` behind."""
    if last.op == "Div":
        return _normalised(last, graph)
    for made, other in (last.inputs, last.inputs[::-1]):
        norm = graph.maker(made, "LayerNormalization")
        dims = graph.dims(other)
        if norm is None or dims is None or len(dims) != 1:
            continue
        if last.op == "Mul" and len(norm.inputs) == 1:
            return norm._replace(inputs=(*norm.inputs, other), outputs=last.outputs, place=last.place)
        if last.op == "Add" and len(norm.inputs) == 2:
            return norm._replace(inputs=(*norm.inputs, other), outputs=last.outputs, place=last.place)
    return None


def _normalised(last: NodeRecord, graph: NodeGraph) -> NodeRecord | None:
    centred, root = graph.maker(last.inputs[0], "Sub", alone=False), graph.maker(last.inputs[1], "Sqrt")
    added = graph.maker(root.inputs[0], "Add") if root is not None else None
    if centred is None or added is None:
        return None
    variance = graph.with_number(added)
    mean, spread = graph.maker(centred.inputs[1], "ReduceMean"), graph.maker(variance or "", "ReduceMean")
    power = graph.maker(spread.inputs[0], "Pow") if spread is not None else None
    if mean is None or spread is None or power is None or graph.readers[centred.outputs[0]] != 2:
        return None
    x, epsilon = centred.inputs[0], graph.number(next(one for one in added.inputs if one != variance))
    is_squared = power.inputs[0] == centred.outputs[0] and graph.is_number(power.inputs[1], 2.0)
    along = [one.attributes.get("axes") for one in (mean, spread)]
    if not is_squared or mean.inputs[0] != x or along != [(-1,), (-1,)] or epsilon is None:
        return None
    return _one(last, "LayerNormalization", [x], axis=-1, epsilon=epsilon)


Pattern = Callable[[NodeRecord, NodeGraph], NodeRecord | None]

PATTERNS: Mapping[str, tuple[Pattern, ...]] = {
    "Add": (_matmul_bias, _conv_bias, _layer_norm),
    "Mul": (_gelu, _gate, _hard_sigmoid, _layer_norm),
    "Div": (_hard_sigmoid, _layer_norm),
}
"""The operator of the last node -> what it may be the end of."""

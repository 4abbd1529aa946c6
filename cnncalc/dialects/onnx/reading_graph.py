"""An .onnx file as a net: its nodes in order, each by its operator's function, then rows, names and weights.

All operators that are not read are named at once; else the first fault ends the reading, at its node.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span
from cnncalc.dialects.net_rows import chosen
from cnncalc.dialects.onnx.constant_arrays import Array, held_array
from cnncalc.dialects.onnx.folding import FOLDERS, folded
from cnncalc.dialects.onnx.graph_inputs import Image, as_one_image, images_of, shape_of_image
from cnncalc.dialects.onnx.graph_text import text_of
from cnncalc.dialects.onnx.node_call import FileRead, NodeCall, NodePlace, Value, Weights
from cnncalc.dialects.onnx.node_names import NodeModules
from cnncalc.dialects.onnx.onnx_package import OnnxPackage
from cnncalc.dialects.onnx.onnx_records import ModelRecord, NodeRecord
from cnncalc.dialects.onnx.opening_file import opened
from cnncalc.dialects.onnx.operator_table import OPERATORS, REFUSED
from cnncalc.dialects.onnx.own_layers import DOMAIN as OWN
from cnncalc.dialects.onnx.own_layers import read_own_layer, with_own_layers
from cnncalc.dialects.onnx.patterns import simplified
from cnncalc.dialects.traced.model_inputs import input_layer, wanted
from cnncalc.dialects.traced.modules import framework_of
from cnncalc.dialects.traced.to_graph import graph_of, needed
from cnncalc.dialects.traced.trace import Operation, Tensor
from cnncalc.dialects.traced.views import as_output
from cnncalc.graph.ir import Graph, Node
from cnncalc.graph.stored import Step, Stored
from cnncalc.layers.base import Weight
from cnncalc.python.program_error import PythonFault

MOST_LISTED = 8
"""Kinds of operators that are named where they are not read."""

_ASKING_SIZES = frozenset(("Shape", "Size"))
"""Operators whose results no number of an image decides."""

NOWHERE = Span(0, 1)
"""The place of the call of the whole graph, which no node makes."""


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of the file `source.file`; raises InputError for the first fault, or for all operators not read.

    `input_size` gives sizes that the file leaves open, as `--input` has them.
    """
    chosen(settings, {})
    return read_with_outputs(source, input_size)[0], ()


def read_with_outputs(source: Source, input_size: str | None = None) -> tuple[Graph, tuple[Tensor, ...]]:
    """The net, and its outputs as tensors: they tell which axis of an output ONNX gives the images and the channels."""
    model = opened(source.file)
    source = replace(source, text=text_of(model))
    option = wanted(input_size)
    folder = os.path.dirname(os.path.abspath(source.file))
    nodes = simplified(model, with_own_layers(model, _needed(model, source), folder), folder)
    _refuse_unread(nodes, model, source)
    images = images_of(model, option, source)
    try:
        return _Reader(model, nodes, source).graph(images)
    except PythonFault as fault:
        whole = as_one_image(images)
        if whole is not None:
            with contextlib.suppress(PythonFault):
                return _Reader(model, nodes, source).graph(whole)
        raise InputError((fault.diagnostic(),), source) from None


def _needed(model: ModelRecord, source: Source) -> tuple[NodeRecord, ...]:
    """The nodes that an output needs, in the file's order; raises InputError where one reads what comes later."""
    makers = {name: node for node in model.nodes for name in node.outputs if name}
    known = model.initializers.keys() | {one.name for one in model.inputs}
    waiting = [one.name for one in model.outputs]
    found: dict[int, NodeRecord] = {}
    while waiting:
        name = waiting.pop()
        node = makers.get(name)
        if node is not None and node.place not in found:
            found[node.place] = node
            waiting += [one for one in node.inputs if one]
    made = set(known)
    for place in sorted(found):
        missing = next((name for name in found[place].inputs if name and name not in made), None)
        if missing is not None:
            what = "a later node makes" if missing in makers else "nothing makes"
            message = f"node {place}, {found[place].op}, reads `{missing[:80]}`, which {what}"
            raise InputError((Diagnostic("onnx-damaged", message, _span(source, place)),), source)
        made |= {name for name in found[place].outputs if name}
    lost = next((one.name for one in model.outputs if one.name not in made), None)
    if lost is not None:
        raise InputError((Diagnostic("onnx-damaged", f"nothing makes the output `{lost[:80]}`"),), source)
    return tuple(found[place] for place in sorted(found))


def _span(source: Source, place: int) -> Span:
    """The operator of a node, at the beginning of its line."""
    line = source.lines[place - 1]
    return Span(place, 1, max(1, len(line.partition("(")[0])))


def _refuse_unread(nodes: Sequence[NodeRecord], model: ModelRecord, source: Source) -> None:
    """Name every kind of operator that an image reaches and that is not read."""
    reached = {one.name for one in model.inputs}
    lost: set[str] = set()
    """Results of nodes that are not read: what works on them is not to blame."""
    unread: dict[str, list[NodeRecord]] = {}
    for node in nodes:
        is_reached = node.domain == OWN or any(name in reached for name in node.inputs)
        reached |= set(node.outputs) if is_reached and node.op not in _ASKING_SIZES else set()
        follows = any(name in lost for name in node.inputs)
        known = OPERATORS.keys() | FOLDERS.keys() if follows else OPERATORS if is_reached else FOLDERS
        is_unread = node.domain != OWN and (bool(node.domain) or node.op not in known)
        lost |= set(node.outputs) if is_unread or follows else set()
        if is_unread:
            unread.setdefault(f"{node.domain}.{node.op}" if node.domain else node.op, []).append(node)
    if not unread:
        return
    faults = [_unread(op, found, source) for op, found in list(unread.items())[:MOST_LISTED]]
    if len(unread) > MOST_LISTED:
        rest = ", ".join(list(unread)[MOST_LISTED : 4 * MOST_LISTED])
        faults[-1] = faults[-1]._replace(notes=(*faults[-1].notes, f"and {len(unread) - MOST_LISTED} more: {rest}"))
    raise InputError(tuple(faults), source)


def _unread(op: str, nodes: Sequence[NodeRecord], source: Source) -> Diagnostic:
    others = f" and {len(nodes) - 1} more" if len(nodes) > 1 else ""
    message = f"node {nodes[0].place}{others}: the operator {op} is not read here"
    why = REFUSED.get(op, "")
    return Diagnostic("onnx-not-read", message, _span(source, nodes[0].place), notes=(why,) if why else ())


class _Reader:
    """Reads one file whose operators are all known."""

    def __init__(self, model: ModelRecord, nodes: Sequence[NodeRecord], source: Source) -> None:
        self.model = model
        self.nodes = nodes
        self.source = source
        self.package = OnnxPackage()
        self.trace = self.package.trace
        self.modules = NodeModules(nodes, self.package)
        folder = os.path.dirname(os.path.abspath(source.file))
        weights = Weights(shares_all=model.is_own)
        self.file = FileRead(model.opset, folder, self.trace, weights, self.modules)
        self.values: dict[str, Value] = {}

    def graph(self, images: Sequence[Image]) -> tuple[Graph, tuple[Tensor, ...]]:
        for tensor in self.model.initializers.values():
            self.values[tensor.name] = held_array(tensor, tensor.name, self.file.folder)
        names = self._inputs(images)
        for node in self.nodes:
            self._node(node)
        self.trace.entered, self.trace.calls = [], []
        outputs = [self._output(one.name) for one in self.model.outputs]
        graph = graph_of(self.modules.root, outputs, names, self.source, NOWHERE)
        operations = needed(framework_of(self.modules.root), outputs)
        stored = _stored(graph, operations, self.file.weights)
        title = self.modules.root.library
        weights_in = self.source.file if stored else ""
        classes = self.model.classes
        graph = replace(graph, title=title, count=None, weights_in=weights_in, stored=stored, class_names=classes)
        return graph, tuple(outputs)

    def _inputs(self, images: Sequence[Image]) -> dict[int, str]:
        names: dict[int, str] = {}
        self.package.order = images[0].order
        self.file.images = max(one.images for one in images)
        for one in images:
            place: Any = NodePlace(Span(one.line, 1))
            channels = one.channels
            layer = input_layer(shape_of_image(one), one.order)
            tensor = self.trace.input(layer, one.dims, channels, place)
            tensor.batch = one.batch
            self.values[one.name] = tensor
            names[tensor.operation] = one.name if len(images) > 1 else "input"
        return names

    def _node(self, node: NodeRecord) -> None:
        place = NodePlace(_span(self.source, node.place))
        inputs = [self.values[name] if name else None for name in node.inputs]
        call = NodeCall(node, inputs, self.file, place)
        if node.domain == OWN or any(isinstance(one, Tensor) for one in inputs):
            self.modules.enter(node, self.trace, place.span)
            made = read_own_layer(call) if node.domain == OWN else OPERATORS[node.op](call)
        else:
            found = folded(call)
            if found is None:
                call.refuse(f"{node.op} of what depends on no image is not worked out here")
            made = found
        results = made if isinstance(made, Sequence) else (made,)
        self.values |= {name: one for name, one in zip(node.outputs, results, strict=False) if name}
        lost = [name for name in node.outputs[len(results) :] if name and name in self._read]
        if lost:
            call.refuse(f"result `{lost[0]}` of {node.op}, which is no number of a map, is read by no layer here")

    @property
    def _read(self) -> set[str]:
        return {name for node in self.nodes for name in node.inputs} | {one.name for one in self.model.outputs}

    def _output(self, name: str) -> Tensor:
        value = self.values.get(name)
        if not isinstance(value, Tensor):
            message = f"the output `{name[:80]}` does not depend on the image"
            raise PythonFault("onnx-not-read", message, None)
        place: Any = NodePlace(Span(len(self.nodes), 1))
        return as_output(value, self.package.order, place)


def _stored(graph: Graph, operations: Sequence[Operation], weights: Weights) -> dict[str, Stored]:
    """`node.weight` -> where the file has it."""
    found: dict[str, Stored] = {}
    for node, operation in zip(graph.nodes, operations, strict=True):
        if node.shares is not None:
            continue
        given = weights.of_operations.get(operation.index)
        constant = weights.of_constants.get(id(operation.owner))
        if given is None and constant is not None:
            given = _of_constant(constant, _needed_by(graph, node))
        found |= {f"{node.name}.{name}": stored for name, stored in (given or {}).items()}
    return found


def _needed_by(graph: Graph, node: Node) -> tuple[Weight, ...]:
    return node.layer.weights(tuple(graph.nodes[one].output for one in node.inputs))


def _of_constant(array: Array, needed_weights: Sequence[Weight]) -> dict[str, Stored]:
    """A constant that a join or a factor reads has the numbers of its only weight, in the same order."""
    assert array.stored is not None
    return {
        one.name: array.stored._replace(steps=(*array.stored.steps, Step("reshape", one.shape)))
        for one in needed_weights
    }

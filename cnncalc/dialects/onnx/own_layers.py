"""Layers that this program has written as several operators, found again as the layers that they are.

A model that was written here says in the `doc_string` of such operators which layer they are.  That is a proposal and
no more: the layer is written once more, and only where every operator, number and connection is the same is it put in
their place.  What another program has changed is read operator by operator.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from cnncalc.dialects.onnx.constant_arrays import held_array
from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.onnx.onnx_records import PRODUCER, ModelRecord, NodeRecord, TensorRecord
from cnncalc.dialects.onnx.shortest_numbers import shortest
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import seen_as
from cnncalc.layers.base import Layer

DOMAIN = PRODUCER
"""The domain of the one node that stands for a layer while a file is read; no file has it."""


class OwnLayer(NamedTuple):
    """What the node knows of its layer: how many maps it reads before its weights, which these are."""

    layer: Layer
    reads: int
    weights: tuple[str, ...]


def with_own_layers(model: ModelRecord, nodes: Sequence[NodeRecord], folder: str) -> tuple[NodeRecord, ...]:
    """The nodes, those of each layer that is found again as one."""
    if not any(node.said for node in nodes):
        return tuple(nodes)
    found: list[NodeRecord] = []
    for (said, _), run in groupby(nodes, lambda node: (node.said, node.name.rpartition("/")[0])):
        group = list(run)
        made = _one_node(model, said, group, folder) if said else None
        found += [made] if made is not None else group
    return tuple(found)


def _one_node(model: ModelRecord, said: str, group: Sequence[NodeRecord], folder: str) -> NodeRecord | None:
    from cnncalc.dialects.onnx.writing.layer_site import LayerSite, NotInOnnxError, Sheet  # noqa: PLC0415
    from cnncalc.dialects.onnx.writing.layer_texts import layer_said  # noqa: PLC0415 (few files need them)
    from cnncalc.dialects.onnx.writing.rule_table import RULES  # noqa: PLC0415

    net = layer_said(said)
    if net is None:
        return None
    sheet = Sheet(model.opset, ("the first input",))
    reads = [node.name for node in net.nodes[:-1]]
    try:
        site = LayerSite(net, net.nodes[-1], reads, sheet)
        site.result(RULES[site.kernel](site))
    except NotInOnnxError:
        return None
    names = _Names(model, folder)
    written = sheet.operators
    if len(written) != len(group) or not all(map(names.are_one, written, group)):
        return None
    if not names.fit(sheet.weights):
        return None
    owned = {site.owned(weight): weight.name for weight in site.layer.weights(site.inputs)}
    inputs = [names.of.get(one) for one in (*reads, *owned)]
    if None in inputs:
        return None
    own = OwnLayer(net.nodes[-1].layer, len(reads), tuple(owned.values()))
    last = group[-1]
    return last._replace(op="Layer", domain=DOMAIN, inputs=tuple(map(str, inputs)), attributes={"own": own})


class _Names:
    """Which value of the file each value of what is written anew is."""

    def __init__(self, model: ModelRecord, folder: str) -> None:
        self._model, self._folder = model, folder
        self.of: dict[str, str] = {}

    def are_one(self, written: Any, node: NodeRecord) -> bool:
        """Whether an operator is that node of the file."""
        return (
            (written.op, "") == (node.op, node.domain)
            and len(written.inputs) == len(node.inputs)
            and len(written.outputs) == len(node.outputs)
            and all(map(self._match, (*written.inputs, *written.outputs), (*node.inputs, *node.outputs)))
            and self._same_attributes(written.attributes, node.attributes)
        )

    def _match(self, ours: str, theirs: str) -> bool:
        if not ours or not theirs:
            return ours == theirs
        return self.of.setdefault(ours, theirs) == theirs

    def _same_attributes(self, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
        return ours.keys() == theirs.keys() and all(self._same(value, theirs[key]) for key, value in ours.items())

    def _same(self, ours: Any, theirs: Any) -> bool:
        if isinstance(theirs, TensorRecord):
            array = held_array(theirs, theirs.name, self._folder)
            return bool(ours.dims == theirs.dims and ours.numbers == array.numbers)
        if isinstance(ours, float):
            return bool(shortest(_as_held(ours)) == theirs)
        return bool((tuple(ours) if isinstance(ours, list) else ours) == theirs)

    def fit(self, weights: Mapping[str, tuple[int, ...]]) -> bool:
        """Whether all weights are arrays of the file with the sizes that the layer has."""
        held = self._model.initializers
        return all(
            (name := self.of.get(ours)) is not None and name in held and held[name].dims == tuple(dims)
            for ours, dims in weights.items()
        )


def _as_held(number: float) -> float:
    """The number as a float of 32 bits has it."""
    return float(struct.unpack("<f", struct.pack("<f", number))[0])


def read_own_layer(call: NodeCall) -> Tensor:
    """The layer put to what arrives, images and channels first."""
    own: OwnLayer = call.node.attributes["own"]
    tensors = [seen_as(call.map(at), 0, 1, call.here) for at in range(own.reads)]
    weights = {name: call.weight(at) for at, name in enumerate(own.weights, own.reads)}
    if not tensors:
        return call.own_numbers(own.layer, weights)
    return call.layer(own.layer, *tensors, weights=weights)

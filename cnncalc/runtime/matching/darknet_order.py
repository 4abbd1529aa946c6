"""The order in which Darknet's files hold the weights of a net: layer after layer, each array in its own layout.

A convolution has its biases, then its weights; with a batch norm the biases are the norm's, and its factors, means and
variances come before the weights.  A dense layer has its weights right behind the biases, and reads a map with its
channels first.  Source: load_weights_upto of Darknet's parser.c (f6afaab).  Pure: names and shapes, no array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics import Diagnostic, InputError
from cnncalc.graph.stored import Step
from cnncalc.runtime.matching.flat_order import arriving_maps, reordering
from cnncalc.runtime.matching.match_records import Flattened


class FileArray(NamedTuple):
    """One weight in the file: the net's name of it, its shape there, and the steps that make the net's array of it."""

    name: str
    shape: tuple[int, ...]
    steps: tuple[Step, ...] = ()

    @property
    def numbers(self) -> int:
        return prod(self.shape)


class FileLayer(NamedTuple):
    """A layer that has weights: the net's name of it, its line, and its arrays in the order of the file."""

    name: str
    line: int
    arrays: tuple[FileArray, ...]

    @property
    def numbers(self) -> int:
        return sum(array.numbers for array in self.arrays)


class DarknetOrder:
    """The layers of a net with weights, in the order of the file; raises InputError for one that Darknet has not.

    `norm_biases`: whether a batch norm that is a section of its own has its biases in the file.  Those of
    AlexeyAB/darknet have them, those of pjreddie/darknet leave them out.
    """

    def __init__(self, analysis: Analysis, *, norm_biases: bool = True, turned: bool = False) -> None:
        self._analysis = analysis
        self._norm_biases = norm_biases
        self._turned = turned
        self._reads = Counter(index for node in analysis.nodes for index in node.node.inputs)
        self._arriving = arriving_maps(analysis)
        self.left_out: list[str] = []
        """Weights that a file does not have where `norm_biases` is off."""
        self.layers = tuple(self._layers())

    @property
    def numbers(self) -> int:
        return sum(layer.numbers for layer in self.layers)

    # ------------------------------------------------------------------ one layer
    def _layers(self) -> Iterator[FileLayer]:
        nodes, taken = self._analysis.nodes, set()
        for node in nodes:
            if not node.weights or node.lender is not None or node.node.index in taken:
                continue
            word, index = node.node.layer.word, node.node.index
            if word == "bn":
                yield self._layer(node, self._lone_norm(node))
                continue
            if word not in _LAYERS:
                raise self._refused(node, "Darknet has no layer with such weights")
            names = {weight.name for weight in node.weights}
            if "bias" in names:
                yield self._layer(node, (self._bias(node), self._weight(node)))
                continue
            norm = nodes[index + 1] if index + 1 < len(nodes) else None
            if norm is None or norm.node.layer.word != "bn" or norm.node.inputs != (index,) or self._reads[index] > 1:
                raise self._refused(node, "in Darknet such a layer has a bias, or a batch norm right after it")
            taken.add(norm.node.index)
            bias, *others = self._norm(norm)
            weight = self._weight(node)
            arrays = (bias, weight, *others) if word == "dense" else (bias, *others, weight)
            yield self._layer(node, arrays)

    def _layer(self, node: NodeAnalysis, arrays: tuple[FileArray, ...]) -> FileLayer:
        return FileLayer(node.node.name, node.node.origin.span.line, arrays)

    def _norm(self, norm: NodeAnalysis) -> tuple[FileArray, ...]:
        shapes = {weight.name: weight.shape for weight in norm.weights}
        order = ("bias", "weight", "running_mean", "running_var")
        if any(name not in shapes for name in order):
            raise self._refused(norm, "Darknet's batch norms have factors and shifts")
        return tuple(FileArray(f"{norm.node.name}.{name}", shapes[name]) for name in order)

    def _lone_norm(self, norm: NodeAnalysis) -> tuple[FileArray, ...]:
        bias, *others = self._norm(norm)
        if self._norm_biases:
            return (bias, *others)
        self.left_out.append(bias.name)
        return tuple(others)

    def _bias(self, node: NodeAnalysis) -> FileArray:
        """In a layer without shared weights filter after filter, with us place after place."""
        name, shape = f"{node.node.name}.bias", next(one.shape for one in node.weights if one.name == "bias")
        if node.node.layer.word != "local":
            return FileArray(name, shape)
        spatial, filters = shape[:-1], shape[-1]
        return FileArray(name, (filters, *spatial), (Step("transpose", (*range(1, len(shape)), 0)),))

    def _weight(self, node: NodeAnalysis) -> FileArray:
        name, shape = f"{node.node.name}.weight", next(one.shape for one in node.weights if one.name == "weight")
        if node.node.layer.word != "dense":
            return FileArray(name, shape)
        units, inputs = shape
        steps: tuple[Step, ...] = (Step("transpose", (1, 0)),) if self._turned else ()
        flattened = self._arriving[node.node.index]
        if isinstance(flattened, Flattened):
            steps += reordering((units,), flattened, "channels_first")
        return FileArray(name, (inputs, units) if self._turned else shape, steps)

    def _refused(self, node: NodeAnalysis, reason: str) -> InputError:
        message = f"{node.node.name} cannot be in a file of Darknet's weights: {reason}"
        advice = "save the weights as .safetensors, or give a file that other programs write"
        diagnostic = Diagnostic("weights-mismatch", message, node.node.origin.span, help=advice)
        return InputError((diagnostic,), self._analysis.graph.source)


_LAYERS = frozenset(("conv", "dwconv", "upconv", "dense", "local"))

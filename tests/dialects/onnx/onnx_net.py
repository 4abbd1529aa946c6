"""An ONNX model read and run by the readable kernels, on arrays with ONNX' axes; so are the results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.dialects.onnx.reading_graph import read_with_outputs
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import load, seeded
from cnncalc.sources import find

Array = np.ndarray[Any, Any]


class Net:
    """A file that was read; raises InputError where it is not."""

    def __init__(self, path: Path, input_size: str | None = None) -> None:
        graph, self.outputs = read_with_outputs(find(str(path)), input_size)
        self.analysis: Analysis = analyse(graph)

    def words(self) -> list[str]:
        """The layers' words, without the inputs."""
        return [node.layer.word for node in self.analysis.graph.nodes if not node.is_input]

    def run(self, given: Mapping[str, Array]) -> list[Array]:
        """The outputs for these arrays, which are in the order of the net's inputs."""
        analysis = self.analysis
        nodes = [one for one in analysis.nodes if one.node.is_input]
        inputs = {node.node.name: _volume(array, node) for node, array in zip(nodes, given.values(), strict=True)}
        images = len(next(iter(inputs.values())))
        stored = analysis.graph.weights_in if analysis.graph.stored else None
        weights = load(Path(stored), analysis) if stored else seeded(analysis)
        made = execute(plan(analysis, images, "float32"), weights, inputs)
        return [_as_shown(one, tensor) for one, tensor in zip(made.values(), self.outputs, strict=True)]


def _volume(array: Array, node: Any) -> Array:
    """`[n, c, z, y, x]` of an array with the axes that the input's line has."""
    shape, order = node.output, node.node.layer.order
    whole = np.asarray(array, np.float32).reshape(-1, *shape.sizes(order))
    first = whole if order == "channels_first" else np.moveaxis(whole, -1, 1)
    return np.ascontiguousarray(first).reshape(len(whole), shape.channels, *(1,) * (3 - shape.rank), *shape.spatial)


def _as_shown(volume: Array, tensor: Any) -> Array:
    """`[n, c, z, y, x]` with the axes in the order in which ONNX has them; images first where it shows none."""
    dims = tensor.dims
    channels = () if tensor.channels is None else (tensor.channels,)
    held = (*channels, *tensor.spatial)
    whole = volume.reshape(len(volume), *(dims[axis] for axis in held))
    if tensor.batch is None:
        return whole.transpose(0, *(1 + held.index(axis) for axis in range(len(dims))))
    return whole.transpose([0 if axis == tensor.batch else 1 + held.index(axis) for axis in range(len(dims))])

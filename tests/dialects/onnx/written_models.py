"""Models as they are written, read again from a folder, and run by the package's own evaluator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.dialects.onnx.writing.model_bytes import write
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.sources import find


def bytes_of(arrays: Mapping[str, Any]) -> Callable[[str], bytes]:
    """Arrays as a writer asks for them."""
    return lambda name: np.ascontiguousarray(arrays[name], "<f4").tobytes()


def zeros_of(graph: Graph) -> Callable[[str], bytes]:
    """All weights 0."""
    sizes = {
        f"{node.name}.{weight.name}": 4 * weight.count
        for node in graph.nodes
        for weight in node.layer.weights(tuple(graph.nodes[one].output for one in node.inputs))
    }
    return lambda name: bytes(sizes[name])


def read_again(graph: Graph, folder: Path, opset: int | None = None) -> Graph:
    """The net as it is read from the model of it; the weights are all 0, in a file beside it."""
    written = write(graph, zeros_of(graph), opset=opset, external="net.data")
    (folder / "net.onnx").write_bytes(written.model)
    assert written.data is not None
    (folder / "net.data").write_bytes(b"".join(written.data))
    return checked(find(str(folder / "net.onnx")))


PLACES = ("upsample size=9x30 start=0.25 step=1.5,0.5", "upsample size=20x30 bilinear start=-0.5,1")
DILATED = "avgpool 3x3 padding=2 dilation=2"

NOT_WRITTEN = {11: (*PLACES, DILATED), 17: (*PLACES, DILATED), 23: PLACES}
"""The lines of `tests.written` that an opset cannot say."""

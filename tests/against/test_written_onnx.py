"""Nets written as ONNX, run by ONNX Runtime with the weights of our run: the same outputs.

The opsets are the oldest that is written, the one that is written where none is asked for, and the newest that ONNX
Runtime 1.32 runs.
"""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError
from cnncalc.sources import shipped_names

from ..dialects.onnx.written_models import NOT_WRITTEN, bytes_of
from ..written import INPUT, LINES
from .comparing import Array, agree, ready, shipped, written
from .sizes_of_nets import SIZES

pytest.importorskip("onnx", reason="onnx is not installed (pip install onnx)")
onnxruntime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed (pip install onnxruntime)")

from cnncalc.dialects.onnx.writing.model_bytes import write  # noqa: E402

OPSETS = (11, 17, 23)


def run(analysis: Analysis, given: Any, opset: int | None = None) -> list[Array]:
    """What ONNX Runtime makes of the model."""
    model = write(analysis.graph, bytes_of(given.weights.arrays), opset=opset).model
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=["Pad_Fusion"]
    )
    shapes = {node.node.name: node.output for node in analysis.nodes}
    inputs = {
        one.name: given.inputs[one.name].reshape(-1, shapes[one.name].channels, *shapes[one.name].spatial)
        for one in session.get_inputs()
    }
    return list(session.run(None, inputs))


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_network_gives_what_onnx_runtime_gives(name: str) -> None:
    analysis = shipped(name, SIZES.get(name))
    given, ours = ready(analysis)
    agree(name, "ONNX as written", ours, run(analysis, given))


@pytest.mark.parametrize("opset", OPSETS)
@pytest.mark.parametrize("line", [line for lines in LINES.values() for line in lines])
def test_every_layer_gives_what_onnx_runtime_gives(line: str, opset: int) -> None:
    analysis = written(f"{INPUT}\n{line}\n")
    given, ours = ready(analysis, batch=2, shift=-0.5)
    if line in NOT_WRITTEN.get(opset, ()):
        with pytest.raises(InputError):
            run(analysis, given, opset)
        return
    theirs = run(analysis, given, opset)
    agree(line, f"ONNX as written, opset {opset}", ours, theirs)

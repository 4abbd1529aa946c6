"""The same net in ONNX Runtime: written as ONNX into memory, a session with as many threads runs it.

PyTorch writes it, with all sizes in it; what its exporter cannot say is written as `convert` writes it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
import torch

from cnncalc.analysis.model import Analysis
from cnncalc.dialects.onnx.writing.model_bytes import IMAGES, write
from cnncalc.runtime.peers.torch_net import TorchNet
from cnncalc.runtime.peers.torch_operations import EXPORTABLE
from cnncalc.runtime.weights import Weights

OPSET = 17

NOT_EXPORTED = ("attention",)
"""Layers that PyTorch's exporter refuses, after it has printed the whole net."""


def session(analysis: Analysis, weights: Weights, inputs: tuple[Any, ...], threads: int) -> Callable[[], list[Any]]:
    """A function that runs the net on these inputs in ONNX Runtime and gives its outputs.

    Threads stop spinning when a run ends, so that they take nothing from whoever runs next.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    options.add_free_dimension_override_by_name(IMAGES, len(inputs[0]))
    prepared = onnxruntime.InferenceSession(
        _exported(analysis, weights, inputs),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["Pad_Fusion"] if _pools_pads(analysis) else None,
    )
    given = {entry.name: tensor.numpy() for entry, tensor in zip(prepared.get_inputs(), inputs, strict=True)}
    return lambda: list(prepared.run(None, given))


def _pools_pads(analysis: Analysis) -> bool:
    """Whether a max pool reads rows of zeros: ONNX Runtime 1.31 makes them pads of its own, which are minus infinity.

    So it computes ResNet-50 V2 wrong by 5e-3.  Everywhere else that fusion is right and makes it faster.
    """
    nodes = [node.node for node in analysis.nodes]
    return any(node.layer.word == "maxpool" and nodes[node.inputs[0]].layer.word == "pad" for node in nodes)


def _exported(analysis: Analysis, weights: Weights, inputs: tuple[Any, ...]) -> bytes:
    if any(node.node.layer.word in NOT_EXPORTED for node in analysis.nodes):
        return _written(analysis, weights)
    net = TorchNet(analysis, weights, EXPORTABLE).eval()
    written = io.BytesIO()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # this exporter is called deprecated; the new one needs yet another package
        torch.onnx.export(net, inputs, written, dynamo=False, opset_version=OPSET)
    return written.getvalue()


def _written(analysis: Analysis, weights: Weights) -> bytes:
    def stored(name: str) -> bytes:
        return np.ascontiguousarray(weights.arrays[name], np.dtype("<f4")).tobytes()

    return write(analysis.graph, stored, opset=OPSET).model

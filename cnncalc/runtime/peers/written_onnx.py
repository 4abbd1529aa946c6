"""ONNX Runtime runs a model that was written here, whose weights are in it or next to it."""

from __future__ import annotations

import os
import sys

import onnxruntime

from cnncalc.runtime.peers.written_program import given_inputs, write_outputs


def main(folder: str, name: str, _entry: str, _weights: str) -> None:
    """Runs the model as it is, on one image; its first axis may be open."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    )  # 1.31 moves zeros into max pools
    session = onnxruntime.InferenceSession(os.path.join(folder, name), options, providers=["CPUExecutionProvider"])
    given = {one.name: array for one, array in zip(session.get_inputs(), given_inputs(folder), strict=True)}
    write_outputs(folder, onnxruntime.__version__, session.run(None, given))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Other programs that run the same net with the same weights: PyTorch and ONNX Runtime, where they are installed.

They are no part of cnncalc's own runs: the benchmark runs beside them, and tests hold our results against theirs.
Nothing outside this folder imports them, and nothing imports a module of this folder before `missing` said that it can.
"""

from __future__ import annotations

from importlib.util import find_spec

PEERS = {"torch": "PyTorch", "onnxruntime": "ONNX Runtime"}
"""The module of each peer and its name."""


def missing(module: str) -> str:
    """Why this peer cannot run, in words; empty when it can."""
    needed = ("onnxruntime", "onnx", "torch") if module == "onnxruntime" else (module,)
    absent = [name for name in needed if find_spec(name) is None]
    if not absent:
        return ""
    if absent[0] == module:
        return f"{PEERS[module]} is not installed (pip install {' '.join(absent)})"
    return f"{PEERS[module]} gets the net through {' and '.join(absent)} (pip install {' '.join(absent)})"

"""A program that was written here, run by the framework that it is for, in a process of its own with a time limit.

`python -m cnncalc.runtime.peers.written_torch FOLDER NAME ENTRY WEIGHTS` reads `inputs.npz` in the folder and writes
`outputs.npz` there; so do `written_keras` and `written_onnx`.  The folder was made for this, and all that is run in it
was written by the same call.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

LONGEST = 900
"""Seconds for a framework to start and to run a net once."""

MODULES = {"torch": "written_torch", "keras": "written_keras", "onnxruntime": "written_onnx"}
NAMES = {"torch": "PyTorch", "keras": "Keras", "onnxruntime": "ONNX Runtime"}
BACKENDS = ("tensorflow", "jax", "torch")
"""What Keras can run on, in the order in which it is looked for."""


class PeerFailedError(Exception):
    """What was written could not be run; the text says what the framework said."""

    def __init__(self, by: str, said: str) -> None:
        super().__init__(said)
        self.by = by


def install_hint(package: str) -> str:
    """What is not installed, and the command that installs it; empty where everything is."""
    if find_spec(package) is None:
        more = " torch" if package == "keras" and backend() is None else ""
        return f"{NAMES[package]} is not installed (pip install {package}{more})"
    if package == "keras" and backend() is None:
        return "Keras has nothing to run on (pip install torch)"
    return ""


def backend() -> str | None:
    """What Keras runs on here: what its environment says, else what is installed; None where nothing is."""
    stated = os.environ.get("KERAS_BACKEND")
    if stated in BACKENDS:
        return stated if find_spec(stated) is not None else None
    return next((one for one in BACKENDS if find_spec(one) is not None), None)


def run_written(package: str, folder: str, name: str, entry: str, weights: str) -> tuple[str, list[Array]]:
    """Who ran it, with the version, and its outputs.  Raises PeerFailedError."""
    called = [sys.executable, "-P", "-m", f"cnncalc.runtime.peers.{MODULES[package]}", folder, name, entry, weights]
    surroundings = dict(os.environ)
    if package == "keras":
        surroundings["KERAS_BACKEND"] = backend() or ""
    try:
        done = subprocess.run(
            called, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        raise PeerFailedError(NAMES[package], f"it was not finished after {LONGEST} seconds") from None
    if done.returncode:
        raise PeerFailedError(NAMES[package], _last_words(done.stderr))
    with np.load(os.path.join(folder, "outputs.npz"), allow_pickle=False) as found:
        outputs = [found[f"y{n}"] for n in range(len(found.files) - 1)]
        return f"{NAMES[package]} {found['version']}", outputs


def _last_words(said: bytes) -> str:
    """The last line of an error, in plain letters."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return re.sub(r"\s+", " ", lines[-1])[:300] if lines else "it failed without a word"

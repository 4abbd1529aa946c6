"""What a process that runs a written net reads and writes in its folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def loaded_program(folder: str, name: str) -> ModuleType:
    """The program as a module; it was written into this folder by the call that started this process."""
    spec = spec_from_file_location("net_as_written", os.path.join(folder, name))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def given_inputs(folder: str) -> list[Array]:
    """The arrays that go in, in the order of the net's inputs."""
    with np.load(os.path.join(folder, "inputs.npz"), allow_pickle=False) as found:
        return [found[f"x{n}"] for n in range(len(found.files))]


def write_outputs(folder: str, version: str, outputs: Sequence[Array]) -> None:
    """What came out, and the version of what ran it."""
    arrays = {f"y{n}": np.asarray(one) for n, one in enumerate(outputs)}
    np.savez(os.path.join(folder, "outputs.npz"), allow_pickle=False, version=np.array(version), **arrays)

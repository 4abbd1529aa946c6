"""PyTorch runs a module that was written here, with the weights that were written for it, strictly by their names."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from cnncalc.runtime.peers.written_program import given_inputs, loaded_program, write_outputs


def main(folder: str, name: str, entry: str, weights: str) -> None:
    """Runs the class `entry` of the program."""
    model = getattr(loaded_program(folder, name), entry)()
    model.load_state_dict(load_file(os.path.join(folder, weights)), strict=True)
    model.eval()
    with torch.inference_mode():
        found = model(*map(torch.from_numpy, given_inputs(folder)))
    write_outputs(folder, torch.__version__, list(_arrays(found)))


def _arrays(found: Any) -> list[np.ndarray[Any, Any]]:
    if isinstance(found, torch.Tensor):
        return [found.numpy()]
    parts = found.values() if isinstance(found, dict) else found
    return [array for part in parts for array in _arrays(part)]


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Keras runs a model that was written here, with the weights that were written for it."""

from __future__ import annotations

import os
import sys
from typing import Any

import keras
import numpy as np

from cnncalc.runtime.peers.written_program import given_inputs, loaded_program, write_outputs


def main(folder: str, name: str, entry: str, weights: str) -> None:
    """Runs the model that the function `entry` of the program makes."""
    model = getattr(loaded_program(folder, name), entry)()
    model.load_weights(os.path.join(folder, weights))
    inputs = given_inputs(folder)
    found = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    write_outputs(folder, f"{keras.__version__} ({keras.backend.backend()})", list(_arrays(found)))


def _arrays(found: Any) -> list[np.ndarray[Any, Any]]:
    if isinstance(found, (list, tuple)):
        return [array for part in found for array in _arrays(part)]
    if isinstance(found, dict):
        return [array for part in found.values() for array in _arrays(part)]
    return [np.asarray(keras.ops.convert_to_numpy(found))]


if __name__ == "__main__":
    main(*sys.argv[1:])

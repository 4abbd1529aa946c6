"""Files as Keras saves them, written with h5py alone: both ways of naming weights, and the zip around one of them.

The names of groups and attributes are those that Keras 3.15 and TensorFlow's Keras 2.12 write.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Array = np.ndarray[Any, Any]
Layers = Mapping[str, Mapping[str, Array]]
"""The name of a layer -> its weights in order, under the names that Keras writes (`conv/kernel:0`)."""


def write_h5(path: Path, layers: Layers, config: object = None) -> Path:
    """A .h5: with a configuration the whole model, else weights alone."""
    with h5py.File(path, "w") as file:
        if config is not None:
            file.attrs["model_config"] = json.dumps(config)
        top = file if config is None else file.create_group("model_weights")
        top.attrs["layer_names"] = list(layers)
        top.attrs["keras_version"] = "3.15.1"
        for layer, weights in layers.items():
            group = top.create_group(layer)
            group.attrs["weight_names"] = list(weights)
            for name, array in weights.items():
                group[name] = array
    return path


def write_numbered(target: Any, groups: Mapping[str, tuple[str, list[Array]]]) -> None:
    """A .weights.h5: `layers/conv2d` -> the layer's own name ("": none is written) and its variables in order."""
    with h5py.File(target, "w") as file:
        for path, (name, arrays) in groups.items():
            group = file.create_group(f"{path}/vars")
            if name:
                group.attrs["name"] = name
            for number, array in enumerate(arrays):
                group[str(number)] = array


def write_keras(
    path: Path, config: object, groups: Mapping[str, tuple[str, list[Array]]], packing: int = zipfile.ZIP_STORED
) -> Path:
    """A .keras: the configuration and the numbered weights in a zip."""
    weights = io.BytesIO()
    write_numbered(weights, groups)
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights.getvalue())
    return path


def layer(kind: str, name: str, **settings: object) -> dict[str, object]:
    """A layer of a Sequential, as a configuration has it."""
    return {"module": "keras.layers", "class_name": kind, "config": {"name": name, **settings}}


def sequential(*layers: dict[str, object], name: str = "net") -> dict[str, object]:
    """A Sequential's configuration."""
    return {"module": "keras", "class_name": "Sequential", "config": {"name": name, "layers": list(layers)}}


def numbers(*shape: int, first: int = 0) -> Array:
    """Different small numbers, so that an array can be told from another."""
    return (np.arange(np.prod(shape), dtype=np.float32) + first).reshape(shape)

"""Files of Keras' that are damaged or nearly right: HDF5 of each version, and the zip around one.

Bytes that are 0 in the whole file are mostly room that nothing reads; most changes are made to the others.
"""

from __future__ import annotations

import functools
import io
import json
import zipfile
from typing import Any

import h5py
import numpy as np

from .chance import ODD_NUMBERS, Chance, damaged

KERNEL, BIAS = np.arange(18, dtype=np.float32).reshape(3, 3, 1, 2), np.ones(2, np.float32)
CONFIG = {
    "class_name": "Sequential",
    "config": {
        "name": "net",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "picture", "batch_shape": [None, 4, 4, 1]}},
            {
                "class_name": "Conv2D",
                "config": {"name": "conv1", "filters": 2, "kernel_size": [3, 3], "use_bias": True},
            },
        ],
    },
}  # fmt: skip


def h5(chance: Chance) -> bytes:
    """A model or weights alone, in an HDF5 file of one of its versions."""
    return _changed(chance, chance.choice(_files()))


def keras(chance: Chance) -> bytes:
    """A .keras: its configuration, its weights or the zip changed."""
    config, weights = json.dumps(CONFIG).encode(), _files()[2]
    kind = chance.randrange(4)
    if kind == 0:
        config = damaged(chance, config)
    elif kind == 1:
        weights = _changed(chance, weights)
    elif kind == 2:
        weights = chance.one(_files()[0], b"", bytes(100_000), weights[:600])
    packing = zipfile.ZIP_STORED if chance.some(0.7) else zipfile.ZIP_DEFLATED
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        for name, content in (("config.json", config), ("model.weights.h5", weights)):
            if chance.some(0.97):
                archive.writestr(name, content)
    content = whole.getvalue()
    return damaged(chance, content) if kind == 3 else content


def _changed(chance: Chance, content: bytes) -> bytes:
    """A few numbers of 1 to 8 bytes replaced, stretches copied to another place, or the end cut off."""
    found = bytearray(content)
    for _ in range(chance.one(1, 1, 2, 4, 10)):
        place = _written(chance, found)
        size = chance.one(1, 1, 1, 2, 4, 8)
        number = chance.one(*ODD_NUMBERS, len(found), len(found) // 2, chance.randrange(len(found)))
        change = chance.made(
            lambda: bytes([found[place] ^ 1 << chance.randrange(8)]),
            lambda: (number % 256**size).to_bytes(size, "little"),
            lambda: (number % 256**size).to_bytes(size, "little"),
            lambda: bytes(found[(start := chance.randrange(len(found))) : start + chance.one(8, 16, 40, 96, 512)]),
        )
        found[place : place + len(change)] = change
    if chance.some(0.05):
        del found[chance.randrange(len(found)) :]
    return bytes(found)


def _written(chance: Chance, content: bytearray) -> int:
    """A place, mostly one whose byte is not 0."""
    place = chance.randrange(len(content))
    while not content[place] and chance.some(0.85):
        place = chance.randrange(len(content))
    return place


@functools.cache
def _files() -> tuple[bytes, ...]:
    return (
        _made(_listed, config=True),
        _made(_listed, packed=True),
        _made(_numbered),
        _made(_listed, config=True, libver="latest"),
        _made(_numbered, packed=True, libver="latest"),
    )


def _made(write: Any, *, libver: str | None = None, config: bool = False, packed: bool = False) -> bytes:
    content = io.BytesIO()
    with h5py.File(content, "w", libver=libver) as file:
        if config:
            file.attrs["model_config"] = json.dumps(CONFIG)
        write(file, {"compression": "gzip", "shuffle": True, "fletcher32": True, "chunks": True} if packed else {})
    return content.getvalue()


def _listed(file: Any, options: dict[str, Any]) -> None:
    top = file.create_group("model_weights") if "model_config" in file.attrs else file
    top.attrs["layer_names"] = ["picture", "conv1"]
    top.create_group("picture").attrs["weight_names"] = []
    group = top.create_group("conv1")
    group.attrs["weight_names"] = np.array([b"conv1/kernel:0", b"conv1/bias:0"])
    group.create_dataset("conv1/kernel:0", data=KERNEL, **options)
    group.create_dataset("conv1/bias:0", data=BIAS, **options)


def _numbered(file: Any, options: dict[str, Any]) -> None:
    group = file.create_group("layers/conv2d/vars")
    group.attrs["name"] = "conv1"
    group.create_dataset("0", data=KERNEL, **options)
    group.create_dataset("1", data=BIAS, **options)

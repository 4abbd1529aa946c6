"""The arrays of an .onnx file: initializers, what its Constant nodes hold, the number that a ConstantOfShape spreads.

External data may be beside the file only.
The file is opened and checked by `dialects.onnx.opening_file`; an array's numbers are looked at when it is read.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.diagnostics import InputError
from cnncalc.dialects.onnx.external_data import external_of
from cnncalc.dialects.onnx.onnx_records import FLOATS, KINDS, TensorRecord
from cnncalc.dialects.onnx.opening_file import damaged, opened
from cnncalc.runtime.file_arrays import About, Array, Entry, WeightFile

BFLOAT16 = 16
"""ONNX' number of the type that numpy does not have: the upper half of a float32."""

_TYPES = {1: "<f4", 10: "<f2", 11: "<f8", BFLOAT16: "<u2"}
_FIELDS = {1: "float_data", 11: "double_data"}
"""Where numbers stand that are not raw; those of 16 bits stand in int32_data."""


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[WeightFile]:
    """The float arrays of the file; anything wrong with it is an InputError that names the file."""
    yield _OnnxFile(path)


class _OnnxFile:
    """An .onnx file with its arrays by the names that its graph has for them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        model = opened(str(path))
        held = list(model.initializers.items())
        for node in model.nodes:
            value = node.attributes.get("value")
            is_made = node.op in ("Constant", "ConstantOfShape")
            if is_made and isinstance(value, TensorRecord) and value.dims and node.outputs:
                held.append((node.outputs[0], value))
        self._tensors = {name: tensor for name, tensor in held if tensor.kind in FLOATS}
        self.entries = tuple(Entry(name, one.dims, KINDS[one.kind]) for name, one in self._tensors.items())
        program = "PyTorch" if model.producer == "pytorch" else "ONNX"
        self.about = About(program, "an ONNX file")  # type: ignore[arg-type]

    def read(self, name: str) -> Array:
        tensor = self._tensors[name]
        try:
            flat = _flat(tensor, os.path.dirname(os.path.abspath(self._path)))
        except (InputError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - numpy and protobuf raise what their versions have
            raise damaged(str(self._path), f"the array `{name[:80]}` cannot be read") from None
        if flat.size != prod(tensor.dims):
            reason = f"the array `{name[:80]}` holds {flat.size:,} numbers, not {prod(tensor.dims):,}"
            raise damaged(str(self._path), reason)
        if tensor.kind == BFLOAT16:
            flat = (flat.astype("<u4") << 16).view("<f4")
        return np.ascontiguousarray(flat.reshape(tensor.dims))


def _flat(tensor: TensorRecord, folder: str) -> Array:
    """The numbers in a row."""
    message: Any = tensor.message
    kind = np.dtype(_TYPES[tensor.kind])
    if message.data_location == 1:
        where = external_of(message, folder, prod(tensor.dims) * kind.itemsize)
        return np.fromfile(where.path, kind, prod(tensor.dims), offset=where.offset)
    if message.HasField("raw_data"):
        return np.frombuffer(message.raw_data, kind)
    numbers = getattr(message, _FIELDS.get(tensor.kind, "int32_data"))
    if tensor.kind in _FIELDS:
        return np.fromiter(numbers, kind, len(numbers))
    return np.fromiter(numbers, "<i4", len(numbers)).astype("<u2").view(kind)

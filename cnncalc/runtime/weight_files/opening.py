"""Which reader a file of weights is for: by its first bytes, else by the end of its name.

A reader's module is imported when a file is of its kind; it has `open_file(path)`, a context manager that gives a
`WeightFile` and refuses what is damaged or dangerous with one InputError.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from cnncalc.file_kinds import DARKNET, HDF5, KERAS, LONGEST_HEAD, ONNX, PICKLE, TORCH, FileKind, kind_of
from cnncalc.runtime.file_arrays import WeightFile
from cnncalc.runtime.files import refuse_unreadable
from cnncalc.runtime.weight_files import numpy_files

READERS: dict[FileKind, str] = {
    DARKNET: "darknet_files",
    HDF5: "keras_files",
    KERAS: "keras_files",
    ONNX: "onnx_files",
    PICKLE: "torch_files",
    TORCH: "torch_files",
}
"""A kind of file -> the module here that reads it; the others are numpy_files' business, or refused there."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[WeightFile]:
    """The arrays of a file of weights; anything wrong with it is an InputError that names the file."""
    refuse_unreadable(path, "weights file", "give a weights file, such as net.pth, net.h5, net.safetensors or net.npz")
    with path.open("rb") as start:
        head = start.read(LONGEST_HEAD)
    reader = READERS.get(kind) if (kind := kind_of(head, path.name)) is not None else None
    if reader is None:
        with numpy_files.opened(path, "weights file") as file:
            yield file
    else:
        with import_module(f"cnncalc.runtime.weight_files.{reader}").open_file(path) as file:
            yield file

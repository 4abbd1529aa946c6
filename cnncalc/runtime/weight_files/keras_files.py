"""Weights in Keras' files: .h5 and .hdf5 of Keras 2 and 3, .weights.h5, and .keras, a zip with the last one inside.

Arrays keep Keras' own order of axes ([*kernel, in, out]); what layer and role each is says `weight_names`.  HDF5 is
read by h5py, from the zip where it lies: nothing is unpacked that the zip's listing did not announce.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cnncalc.diagnostics import input_error
from cnncalc.dialects.keras.keras_archive import Saved, saved
from cnncalc.dialects.keras.weight_names import named_arrays
from cnncalc.runtime.file_arrays import About, Array, Entry, WeightFile
from cnncalc.runtime.weight_files.keras_attention import with_joined


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[WeightFile]:
    """The weights of a file that Keras has saved; raises InputError for what is damaged, dangerous or holds none."""
    with saved(path, str(path)) as found:
        file = _KerasFile(found)
        if not file.entries and not found.config:
            raise input_error(
                "keras-part-missing",
                f"`{path}` is an HDF5 file without the weights of a Keras model",
                help="save the weights again: model.save('net.keras'), or model.save_weights('net.weights.h5')",
            )
        yield file


class _KerasFile:
    """The arrays of a file by the names of their layers and roles."""

    def __init__(self, found: Saved) -> None:
        self._file = found.file
        self._paths = {one.name: one.path for one in named_arrays(found.file, found.places)}
        listed = [Entry(name, *found.file.array(path)) for name, path in self._paths.items()]
        self._joined = {one.entry.name: one for one in with_joined(listed)}
        self.entries = tuple(one.entry for one in self._joined.values())
        self.about = About("Keras", found.form, ordered=found.ordered)

    def read(self, name: str) -> Array:
        joined = self._joined[name]
        return joined.array([self._read(part.name) for part in joined.parts])

    def _read(self, name: str) -> Array:
        path = self._paths[name]
        shape, kind = self._file.array(path)
        array: Array = np.empty(shape, kind)
        self._file.read(path, array.reshape(-1).view(np.uint8).data)
        return array

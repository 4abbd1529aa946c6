"""Darknet's .weights: a header and nothing but float32 numbers; only a net can say which of them are which.

The header: major, minor and revision (int32), then how many images the training has seen: int64 from version 0.2 on,
int32 before, and where major or minor is above 1000, a mark for dense weights that are turned.  A file may be broken
off where a layer ends (`darknet53.conv.74`, from which a training begins); such a file is not the whole net's.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError, input_error
from cnncalc.graph.stored import Step, Stored
from cnncalc.runtime.file_arrays import About, Entry
from cnncalc.runtime.matching.darknet_order import DarknetOrder, FileArray
from cnncalc.runtime.matching.match_records import Match
from cnncalc.runtime.taking import shape_after
from cnncalc.runtime.weight_files.damage import damaged, guarded

Array = np.ndarray[Any, Any]

NUMBER = np.dtype("<f4")
_TURNED = 1000
"""A major or minor number above it marks dense weights that stand input after input."""

_LARGEST_VERSION = 100_000
_VERSION = (0, 2, 0)
"""What Darknet writes itself (f6afaab)."""


class Header(NamedTuple):
    """What a file begins with: whether dense weights are turned, and the bytes before the first number."""

    turned: bool
    size: int


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[DarknetFile]:
    """A .weights file; raises InputError for one that has no header of Darknet's, or is cut off within a number."""
    with guarded(path), path.open("rb") as stream:
        yield DarknetFile(path, stream)


class DarknetFile:
    """The numbers of a file; they have names after `laid_out` has met a net."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path, self._stream = path, stream
        self._header = _header(path, stream.read(16))
        self._size = path.stat().st_size
        self._count, rest = divmod(self._size - self._header.size, NUMBER.itemsize)
        if self._count < 0 or rest:
            raise damaged(path, "it ends within a number")
        self._places: dict[str, tuple[int, FileArray]] = {}
        self.entries: tuple[Entry, ...] = (Entry("all numbers", (self._count,), NUMBER.str),)
        self.about = About("Darknet", "Darknet's weights", "the file has no names; a net says which numbers are which")

    def read(self, name: str) -> Array:
        """The array of that name, as it stands in the file; before a net was met all numbers."""
        start, placed = self._places.get(name, (0, FileArray(name, (self._count,))))
        with guarded(self._path):
            self._stream.seek(self._header.size + start * NUMBER.itemsize)
            numbers = np.fromfile(self._stream, NUMBER, placed.numbers)
        if numbers.size != placed.numbers:
            raise damaged(self._path, "it ends too early")
        return numbers.astype(np.float32, copy=False).reshape(placed.shape)

    def laid_out(self, analysis: Analysis) -> Match:
        """The net's weights one after the other; raises InputError where the file has more or fewer numbers."""
        order = self._fitting(analysis)
        at = 0
        for layer in order.layers:
            for placed in layer.arrays:
                self._places[placed.name] = (at, placed)
                at += placed.numbers
        self.entries = tuple(Entry(name, placed.shape, NUMBER.str) for name, (_, placed) in self._places.items())
        found = {name: Stored(name, placed.steps) for name, (_, placed) in self._places.items()}
        turned = [name for name, stored in found.items() if _moves_columns(stored.steps)]
        remarks = (f"columns of {', '.join(turned[:8])} put in this net's order",) if turned else ()
        return Match(found, tuple(order.left_out), "in the order of the layers", remarks=remarks)

    def _fitting(self, analysis: Analysis) -> DarknetOrder:
        """The order of layers that has as many numbers as the file."""
        order = DarknetOrder(analysis, turned=self._header.turned)
        if order.numbers == self._count:
            return order
        shorter = DarknetOrder(analysis, norm_biases=False, turned=self._header.turned)
        if shorter.numbers == self._count:
            return shorter
        raise self._mismatch(analysis, order)

    def _mismatch(self, analysis: Analysis, order: DarknetOrder) -> InputError:
        """Another count: a file that was broken off where a layer ends, or one of another net."""
        read, whole = 0, len(order.layers)
        for number, layer in enumerate(order.layers):
            if read == self._count and number:
                first = analysis.graph.source.line_words(layer.line)
                return input_error(
                    "weights-mismatch",
                    f"`{self._path}` ends before {layer.name} ({first})",
                    notes=(f"it has the weights of the first {number} of {whole} layers that have any",),
                    help="from such a file a training begins; give the file of the whole net",
                )
            read += layer.numbers
        return input_error(
            "weights-mismatch",
            f"{analysis.graph.source.name} has {order.numbers:,} weights, the file {self._count:,}",
            notes=("a file of Darknet has no names: only the count can show whose weights they are",),
            help="give the file of this net; its batch norms' means and variances are among these numbers",
        )


def _header(path: Path, head: bytes) -> Header:
    if len(head) < 16:
        raise damaged(path, "it is too short for the header of Darknet's weights")
    version = struct.unpack("<3i", head[:12])
    if any(not 0 <= number <= _LARGEST_VERSION for number in version):
        raise damaged(path, "it does not begin with the version of Darknet's weights")
    major, minor, _ = version
    turned = major > _TURNED or minor > _TURNED
    return Header(turned, 20 if major * 10 + minor >= 2 and major < _TURNED and minor < _TURNED else 16)


def _moves_columns(steps: tuple[Step, ...]) -> bool:
    return [step.kind for step in steps[-3:]] == ["reshape", "transpose", "reshape"]


def write_darknet(analysis: Analysis, arrays: Mapping[str, Array], stream: BinaryIO) -> None:
    """The weights of a net as Darknet reads them; raises InputError for a layer that Darknet does not have.

    A batch norm that is a section of its own is written with its biases, as AlexeyAB/darknet reads it.
    """
    order = DarknetOrder(analysis)
    stream.write(struct.pack("<3iq", *_VERSION, 0))
    for layer in order.layers:
        stream.writelines(
            _as_stored(arrays[placed.name], placed).astype(NUMBER, copy=False).tobytes() for placed in layer.arrays
        )


def _as_stored(array: Array, placed: FileArray) -> Array:
    """The array of the file that `placed.steps` would make this one of."""
    shapes = [placed.shape]
    for step in placed.steps:
        shape = shape_after(shapes[-1], (step,))
        assert shape is not None
        shapes.append(shape)
    for step, before in zip(reversed(placed.steps), reversed(shapes[:-1]), strict=True):
        array = array.transpose(np.argsort(step.numbers)) if step.kind == "transpose" else array.reshape(before)
    return np.ascontiguousarray(array)

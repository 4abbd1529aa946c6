"""Arrays in .npy, .npz and .safetensors files, looked at before they are read.

Every entry's shape and type come from the file's own headers; they are checked against the size that the file
declares for the data before one number is allocated or unpacked.  Python objects (pickles) are never loaded.  Whatever
else the libraries meet in a damaged file is one InputError in our own words, and their warnings are not passed on.
What the arrays mean (weights, inputs) is not known here.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import zipfile
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy_format
from safetensors import SafetensorError, safe_open

from cnncalc.diagnostics import input_error
from cnncalc.file_kinds import ARCHIVE, LONGEST_HEAD, NUMPY, SAFETENSORS, kind_of
from cnncalc.runtime.file_arrays import (
    MOST_ENTRIES,
    About,
    Entry,
    Program,
    WeightFile,
    from_bfloat16,
    program_of,
)
from cnncalc.runtime.files import refuse_unreadable, shown_name, shown_shape
from cnncalc.runtime.weight_files.damage import damaged, guarded
from cnncalc.runtime.weight_files.foreign_files import foreign_file
from cnncalc.zip_listing import LONGEST_LISTING, listing_size

Array = np.ndarray[Any, Any]

LARGEST_SIZE = 2**48
"""Of an axis, and of a whole array: no machine's memory has more bytes."""

LONGEST_START = 65_536
"""Bytes of an entry that may belong to its .npy header with all its padding."""

LONGEST_HEADER = 1000
"""Of them without the padding; the time that Python's tokenizer may take grows with their square."""

CHUNK = 1 << 24
"""Bytes unpacked at a time."""

NUMBER_KINDS = "fiub"
"""numpy's letters for floats, signed and unsigned integers, truth values."""

_KINDS = {"O": "Python objects", "U": "texts", "S": "texts", "M": "dates", "m": "times", "c": "complex numbers"}
"""numpy's letters for what else an array may hold."""

SAFETENSORS_TYPES = {"BF16", "F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"}


@contextlib.contextmanager
def opened(path: Path, noun: str) -> Iterator[WeightFile]:
    """The arrays of a .npy, .npz or .safetensors file; anything wrong with it is an InputError that names the file."""
    refuse_unreadable(path, noun, f"give a {noun} that numpy.savez or safetensors has written")
    with path.open("rb") as start:
        head = start.read(LONGEST_HEAD)
    kind = kind_of(head, path.name)
    with guarded(path, SafetensorError):
        if kind is not None and kind not in (NUMPY, SAFETENSORS, ARCHIVE):
            raise foreign_file(path, noun, kind)
        if kind == SAFETENSORS:
            file: contextlib.AbstractContextManager[WeightFile] = _safetensors(path)
        elif head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            file = _zipped(path, noun)
        elif head[:6] == b"\x93NUMPY":
            file = contextlib.nullcontext(_Single(path))
        elif path.suffix.lower() == ".safetensors":
            file = _safetensors(path)
        else:
            raise foreign_file(path, noun, kind)
    with file as arrays:
        yield arrays


@contextlib.contextmanager
def _zipped(path: Path, noun: str) -> Iterator[WeightFile]:
    with guarded(path):
        if listing_size(path) > LONGEST_LISTING:
            raise damaged(path, "its table of contents is longer than that of any net")
        archive = zipfile.ZipFile(path)
        names = archive.namelist()
    if names and not any(name.endswith(".npy") for name in names):
        raise foreign_file(path, noun, ARCHIVE)
    with archive:
        yield _Zipped(path, archive)


@contextlib.contextmanager
def _safetensors(path: Path) -> Iterator[WeightFile]:
    with guarded(path, SafetensorError):
        tensors = safe_open(path, framework="np")
    with tensors as file:
        yield _Tensors(path, file)


class _Zipped:
    """An .npz file: a zip of .npy files."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        members = archive.infolist()
        if len(members) > MOST_ENTRIES:
            raise damaged(path, f"its table of contents lists {len(members):,} arrays")
        self._members = {info.filename.removesuffix(".npy"): info for info in members}
        if len(self._members) != len(members):
            raise damaged(path, "two of its arrays have the same name")
        with guarded(path):
            self._headers = {name: self._header(info) for name, info in self._members.items()}
        self.entries = tuple(Entry(name, shape, dtype.str) for name, (_, shape, _, dtype) in self._headers.items())
        self.about = About(program_of(self._headers), "NumPy arrays")

    def _header(self, info: zipfile.ZipInfo) -> _Header:
        self._refuse_foreign(info)
        with self._archive.open(info) as member:
            return _npy_header(self._path, info.filename, member.read(LONGEST_START), info.file_size)

    def _refuse_foreign(self, info: zipfile.ZipInfo) -> None:
        """What other programs do with the parts of a zip: encrypt them, or pack them in ways of their own."""
        foreign = "encrypted" if info.flag_bits & 1 else "packed in another way than numpy packs it"
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise input_error(
                "arrays-unknown-format",
                f"`{shown_name(info.filename)}` in `{self._path}` is {foreign}",
                help="unpack the file, or save the arrays again with numpy.savez",
            )

    def read(self, name: str) -> Array:
        with guarded(self._path), self._archive.open(self._members[name]) as member:
            return _npy_data(self._path, member, self._headers[name])


class _Single:
    """An .npy file: one array, called by the file's stem."""

    about = About(form="a NumPy array")

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._header = _npy_header(path, path.name, file.read(LONGEST_START), path.stat().st_size)
        _, shape, _, dtype = self._header
        self.entries: tuple[Entry, ...] = (Entry(path.stem, shape, dtype.str),)

    def read(self, name: str) -> Array:
        del name  # the file holds one array, whatever it is called
        with guarded(self._path), self._path.open("rb") as file:
            return _npy_data(self._path, file, self._header)


_HEADER_READERS = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
    (3, 0): npy_format.read_array_header_2_0,  # its letters are UTF-8, in the names of fields alone
}
"""By the version of the format."""

_Header = tuple[int, tuple[int, ...], bool, "np.dtype[Any]"]
"""Bytes of the header, shape, whether the first axis runs fastest, type."""


def _npy_header(path: Path, name: str, start: bytes, size: int) -> _Header:
    shown = shown_name(name)
    no_array = damaged(path, f"`{shown}` does not begin with the header of a numpy array")
    begins = 10 if start[6:7] == b"\x01" else 12
    ends = begins + int.from_bytes(start[8:begins], "little")
    text = b" ".join(start[begins:ends].split())
    if ends > len(start) or len(text) > LONGEST_HEADER:
        raise no_array
    stream = io.BytesIO(start[:8] + len(text).to_bytes(begins - 8, "little") + text)
    try:
        shape, fortran, dtype = _HEADER_READERS[npy_format.read_magic(stream)](stream)
    except Exception:  # noqa: BLE001 - it is read as Python: whatever Python's own parser raises, and then numpy
        raise no_array from None
    if any(type(size) is not int for size in shape):
        raise damaged(path, f"`{shown}` has a shape whose sizes are not all whole numbers")
    if dtype.kind not in NUMBER_KINDS or dtype.hasobject:
        raise input_error(
            "arrays-not-numbers",
            f"`{shown}` in `{path}` holds {_KINDS.get(dtype.kind, 'records')}, not numbers",
            help="save plain float32 arrays; Python objects are never loaded",
        )
    if any(not 0 <= size <= LARGEST_SIZE for size in shape) or prod(shape) > LARGEST_SIZE:
        raise damaged(path, f"`{shown}` has a shape that no array can have")
    declared = ends + prod(shape) * dtype.itemsize
    if declared != size:
        sizes = shown_shape(shape)
        raise damaged(path, f"`{shown}` says it holds {sizes} numbers, {declared:,} bytes, but has {size:,}")
    return ends, shape, fortran, dtype


def _npy_data(path: Path, stream: Any, header: _Header) -> Array:
    skipped, shape, fortran, dtype = header
    stream.read(skipped)
    flat = np.empty(prod(shape), dtype)
    _fill(path, stream, flat.view(np.uint8).data)
    return np.ascontiguousarray(flat.reshape(shape, order="F" if fortran else "C"))


def _fill(path: Path, stream: BinaryIO, view: memoryview) -> None:
    done = 0
    while done < len(view):
        got = stream.readinto(view[done : done + CHUNK])  # type: ignore[attr-defined]
        if not got:
            raise damaged(path, "it ends too early")
        done += got


class _Tensors:
    """A .safetensors file; the library checks every offset of the header against the file before it opens."""

    def __init__(self, path: Path, file: Any) -> None:
        self._path, self._file = path, file
        with guarded(path, SafetensorError):
            names: list[str] = file.keys()
            if len(names) > MOST_ENTRIES:
                raise damaged(path, f"its header lists {len(names):,} arrays")
            slices = {name: file.get_slice(name) for name in names}
            described = {name: (tuple(part.get_shape()), part.get_dtype()) for name, part in slices.items()}
            metadata: dict[str, str] = file.metadata() or {}
        self.entries = tuple(Entry(name, *described[name]) for name in names)
        self._kinds = {entry.name: entry.kind for entry in self.entries}
        program: Program = "PyTorch" if metadata.get("format") == "pt" else program_of(names)
        self.about = About(program, "safetensors", ordered=names != sorted(names))
        strange = next((entry for entry in self.entries if entry.kind not in SAFETENSORS_TYPES), None)
        if strange is not None:
            raise input_error(
                "arrays-not-numbers",
                f"`{shown_name(strange.name)}` in `{path}` holds {strange.kind} numbers, which are not read",
                help="save the weights as float32 first: model.float()",
            )

    def read(self, name: str) -> Array:
        with guarded(self._path, SafetensorError):
            if self._kinds[name] == "BF16":
                return self._bfloat16(name)
            return np.ascontiguousarray(self._file.get_tensor(name))

    def _bfloat16(self, name: str) -> Array:
        """Straight from the file, as numpy has no such type; the library has checked the header's offsets."""
        data, header = self._header
        first, last = header[name]["data_offsets"]
        with self._path.open("rb") as stream:
            stream.seek(data + first)
            bits = np.frombuffer(stream.read(last - first), "<u2").reshape(header[name]["shape"])
        return from_bfloat16(bits)

    @functools.cached_property
    def _header(self) -> tuple[int, dict[str, Any]]:
        """Where the numbers begin, and the header: a length of 8 bytes, then JSON."""
        with self._path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            return 8 + length, json.loads(stream.read(length))

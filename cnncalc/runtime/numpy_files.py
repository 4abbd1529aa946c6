"""Arrays in .npy, .npz and .safetensors files, looked at before they are read.

Every entry's shape and type come from the file's own headers; they are checked against the size that the file
declares for the data before one number is allocated or unpacked.  Python objects (pickles) are never loaded.  What the
arrays mean (weights, inputs) is not known here.
"""

from __future__ import annotations

import contextlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.lib import format as npy_format
from safetensors import SafetensorError, safe_open

from cnncalc.diagnostics import InputError, input_error
from cnncalc.runtime.files import refuse_unreadable

Array = np.ndarray[Any, Any]

MOST_ENTRIES = 100_000
"""A zip directory with more arrays is refused: the deepest published nets have a few thousand."""

LONGEST_HEADER = 65_536
"""Bytes of an entry that may belong to its .npy header."""

CHUNK = 1 << 24
"""Bytes unpacked at a time."""

NUMBER_KINDS = "fiub"
"""numpy's letters for floats, signed and unsigned integers, truth values."""

SAFETENSORS_TYPES = {"F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One array of a file, as its header describes it."""

    name: str
    shape: tuple[int, ...]
    kind: str

    @property
    def count(self) -> int:
        return prod(self.shape)


class ArrayFile(Protocol):
    """An open file of named arrays."""

    entries: tuple[Entry, ...]

    def read(self, name: str) -> Array:
        """The array of that name, in C order."""


@contextlib.contextmanager
def opened(path: Path, noun: str) -> Iterator[ArrayFile]:
    """The arrays of a .npy, .npz or .safetensors file; anything wrong with it is an InputError that names the file."""
    refuse_unreadable(path, noun, f"give a {noun} that numpy.savez or safetensors has written")
    with path.open("rb") as start:
        first = start.read(8)
    with _guarded(path):
        if first[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            file: contextlib.AbstractContextManager[ArrayFile] = _zipped(path)
        elif first[:6] == b"\x93NUMPY":
            file = contextlib.nullcontext(_Single(path))
        elif path.suffix.lower() == ".safetensors":
            file = _safetensors(path)
        else:
            raise _unknown(path, noun, first)
    with file as arrays:
        yield arrays


@contextlib.contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """Whatever a damaged file makes the readers raise, as one InputError."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        SafetensorError,
    ) as error:
        raise damaged(path, str(error)) from None


def damaged(path: Path, reason: str) -> InputError:
    """The error of a file that is broken off, or holds something else than its headers say."""
    said = reason.strip().rstrip(".") or "it ends too early"
    return input_error("arrays-damaged", f"`{path}` is damaged: {said}", help="copy or save the file again")


def _unknown(path: Path, noun: str, first: bytes) -> InputError:
    pickled = first[:1] == b"\x80" or path.suffix.lower() in {".pt", ".pth", ".pkl"}
    torch = "in Python: numpy.savez('weights.npz', **{k: v.numpy() for k, v in model.state_dict().items()})"
    reason = "a pickle, which may run programs when it is opened" if pickled else "neither .npz, .npy nor .safetensors"
    return input_error("arrays-unknown-format", f"{noun} `{path}` is {reason}", help=torch)


@contextlib.contextmanager
def _zipped(path: Path) -> Iterator[ArrayFile]:
    with _guarded(path):
        archive = zipfile.ZipFile(path)
    with archive:
        yield _Zipped(path, archive)


@contextlib.contextmanager
def _safetensors(path: Path) -> Iterator[ArrayFile]:
    with _guarded(path):
        tensors = safe_open(path, framework="np")
    with tensors as file:
        yield _Tensors(path, file)


class _Zipped:
    """An .npz file: a zip of .npy files."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        members = archive.infolist()
        if len(members) > MOST_ENTRIES:
            raise damaged(path, f"its directory lists {len(members):,} entries")
        self._members = {info.filename.removesuffix(".npy"): info for info in members}
        if len(self._members) != len(members):
            raise damaged(path, "two of its arrays have the same name")
        with _guarded(path):
            self._headers = {name: self._header(info) for name, info in self._members.items()}
        self.entries = tuple(Entry(name, shape, dtype.str) for name, (_, shape, _, dtype) in self._headers.items())

    def _header(self, info: zipfile.ZipInfo) -> _Header:
        with self._archive.open(info) as member:
            return _npy_header(self._path, info.filename, member.read(LONGEST_HEADER), info.file_size)

    def read(self, name: str) -> Array:
        with _guarded(self._path), self._archive.open(self._members[name]) as member:
            return _npy_data(self._path, member, self._headers[name])


class _Single:
    """An .npy file: one array, called by the file's stem."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._header = _npy_header(path, path.name, file.read(LONGEST_HEADER), path.stat().st_size)
        _, shape, _, dtype = self._header
        self.entries: tuple[Entry, ...] = (Entry(path.stem, shape, dtype.str),)

    def read(self, name: str) -> Array:
        del name  # the file holds one array, whatever it is called
        with _guarded(self._path), self._path.open("rb") as file:
            return _npy_data(self._path, file, self._header)


_Header = tuple[int, tuple[int, ...], bool, "np.dtype[Any]"]
"""Bytes of the header, shape, whether the first axis runs fastest, type."""


def _npy_header(path: Path, name: str, start: bytes, size: int) -> _Header:
    stream = io.BytesIO(start)
    try:
        version = npy_format.read_magic(stream)
        read = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
        shape, fortran, dtype = read(stream)
    except (ValueError, SyntaxError, TypeError) as error:
        raise damaged(path, f"`{name}` is no numpy array ({str(error).splitlines()[0]})") from None
    if any(type(size) is not int for size in shape):
        raise damaged(path, f"`{name}` has the shape {shape}, which are not all whole numbers")
    if dtype.kind not in NUMBER_KINDS or dtype.hasobject:
        raise input_error(
            "arrays-not-numbers",
            f"`{name}` in `{path}` holds {dtype}, not numbers",
            help="save plain float32 arrays; Python objects are never loaded",
        )
    declared = stream.tell() + prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or declared != size:
        raise damaged(
            path, f"`{name}` says it holds {_shape_text(shape)} numbers, {declared:,} bytes, but has {size:,}"
        )
    return stream.tell(), shape, fortran, dtype


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
        names: list[str] = file.keys()
        slices = {name: file.get_slice(name) for name in names}
        self.entries = tuple(Entry(name, tuple(part.get_shape()), part.get_dtype()) for name, part in slices.items())
        strange = next((entry for entry in self.entries if entry.kind not in SAFETENSORS_TYPES), None)
        if strange is not None:
            raise input_error(
                "arrays-not-numbers",
                f"`{strange.name}` in `{path}` holds {strange.kind} numbers, which numpy does not have",
                help="save the weights as float32 first: model.float()",
            )

    def read(self, name: str) -> Array:
        with _guarded(self._path):
            return np.ascontiguousarray(self._file.get_tensor(name))


def _shape_text(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "single"

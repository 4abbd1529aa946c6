"""Arrays in files that `torch.save` and TorchScript have written, read without PyTorch: nothing in them is carried out.

Two containers: a zip with the pickle and one stored entry for each storage (since PyTorch 1.6), and before it a stream
of five pickles and the storages (magic number, version, machine, values, keys; then for each key its count and its
numbers, little-endian on every machine).  What the pickle names is `torch_values`' business.  Every array is checked
against its storage, and every storage against the file, before a number is read; then only the array asked for is.
"""

from __future__ import annotations

import contextlib
import mmap
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

import numpy as np

from cnncalc.diagnostics import InputError, input_error
from cnncalc.file_kinds import ARCHIVE
from cnncalc.runtime.file_arrays import MOST_ENTRIES, About, Array, Entry, WeightFile, from_bfloat16
from cnncalc.runtime.files import shown_name
from cnncalc.runtime.weight_files.damage import damaged, guarded
from cnncalc.runtime.weight_files.foreign_files import foreign_file
from cnncalc.runtime.weight_files.pickles import BadPickle, read_pickle
from cnncalc.runtime.weight_files.torch_values import Found, NotWeights, Storage, View, found_in, storages
from cnncalc.zip_listing import LONGEST_LISTING, listing_size

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
"""The first two values of a legacy file."""

LARGEST_PICKLE = 1 << 26
"""Bytes of a zip's data.pkl."""

LOCAL_HEADER = 30
"""Bytes of a zip entry's own header before its name (PKWARE's APPNOTE 4.3.7)."""

CHUNK = 1 << 24
"""Bytes read at a time."""

_ADVICE = {
    "arrays-damaged": "copy or save the file again",
    "arrays-not-numbers": "save plain numbers: torch.save(model.float().state_dict(), 'new.pth')",
    "arrays-unknown-format": "save the weights alone: torch.save(model.state_dict(), 'new.pth')",
}


class _Place(NamedTuple):
    """Where the bytes of a storage are; `checksum` is a zip's CRC-32 of them, 0 where torch.save left it out."""

    at: int
    size: int
    checksum: int = 0


class _Content(NamedTuple):
    """What a container holds: what its pickle names, where the storages are, in which order the bytes of a number."""

    found: Found
    places: Mapping[str, _Place]
    order: Literal["<", ">"] = "<"


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[WeightFile]:
    """The arrays of a file of PyTorch; raises InputError where it is damaged, or holds none."""
    with path.open("rb") as stream:
        with guarded(path):
            content = _opened(path, stream)
            file = _TorchFile(path, stream, content)
        yield file


def _opened(path: Path, stream: BinaryIO) -> _Content:
    start = stream.read(2)
    try:
        if start == b"PK":
            return _zipped(path, stream)
        if start[:1] == b"\x80":
            return _legacy(path, stream)
    except BadPickle as error:
        raise damaged(path, str(error)) from None
    except NotWeights as error:
        if error.code == "arrays-damaged":
            raise damaged(path, str(error)) from None
        raise input_error(error.code, f"`{path}` {error}", help=_ADVICE[error.code]) from None
    raise _no_torch_file(path)


def _no_torch_file(path: Path, what: str = "nothing that torch.save has written") -> InputError:
    return input_error("arrays-unknown-format", f"`{path}` is {what}", help=_ADVICE["arrays-unknown-format"])


# ---------------------------------------------------------------------- the zip
def _zipped(path: Path, stream: BinaryIO) -> _Content:
    if listing_size(path) > LONGEST_LISTING:
        raise damaged(path, "its table of contents is longer than that of any net")
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    members = {info.filename: info for info in entries}
    if len(members) != len(entries):
        raise damaged(path, "two of its parts have the same name")
    pickles = [name for name in members if name.count("/") == 1 and name.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise (
            foreign_file(path, "weights file", ARCHIVE)
            if not pickles
            else damaged(path, "it has two tables of its arrays (data.pkl)")
        )
    folder = pickles[0].removesuffix("data.pkl")
    top, _ = read_pickle(memoryview(_part(path, stream, members[pickles[0]])))
    order = f"{folder}byteorder"
    is_big = order in members and _part(path, stream, members[order]).startswith(b"big")
    found = found_in(top, script=f"{folder}constants.pkl" in members)
    needed = {f"{folder}data/{view.storage.key}": view.storage.key for view in found.views.values()}
    places = {key: _place(path, stream, members[name]) for name, key in needed.items() if name in members}
    return _Content(found, places, ">" if is_big else "<")


def _part(path: Path, stream: BinaryIO, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > LARGEST_PICKLE:
        raise damaged(path, f"its part {shown_name(info.filename)} has {info.file_size:,} bytes")
    place = _place(path, stream, info)
    stream.seek(place.at)
    content = stream.read(place.size)
    if len(content) < place.size:
        raise damaged(path, "it ends too early")
    _refuse_changed(path, place, zlib.crc32(content), info.filename)
    return content


def _place(path: Path, stream: BinaryIO, info: zipfile.ZipInfo) -> _Place:
    """Where a stored entry's bytes begin: behind its own header, whose name and padding may be longer than listed."""
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size or info.flag_bits & 1:
        raise damaged(path, f"its part {shown_name(info.filename)} is compressed, which torch.save never does")
    stream.seek(info.header_offset)
    header = stream.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise damaged(path, f"its part {shown_name(info.filename)} is not where its table of contents says")
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return _Place(info.header_offset + LOCAL_HEADER + lengths, info.file_size, info.CRC)


def _refuse_changed(path: Path, place: _Place, checksum: int, name: str) -> None:
    if place.checksum and checksum != place.checksum:
        raise damaged(path, f"its part {shown_name(name)} has another checksum than its table of contents says")


# ---------------------------------------------------------------------- the stream before it
def _legacy(path: Path, stream: BinaryIO) -> _Content:
    data = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    magic, at = read_pickle(data)
    if magic != MAGIC:
        raise _no_torch_file(path, "a Python pickle that torch.save has not written")
    version, at = read_pickle(data, at)
    if version != VERSION:
        raise damaged(path, "its version is not known")
    _, at = read_pickle(data, at)
    top, at = read_pickle(data, at)
    keys, at = read_pickle(data, at)
    return _Content(found_in(top), _streamed(path, data, at, keys, {one.key: one for one in storages(top)}))


def _streamed(path: Path, data: memoryview, at: int, keys: object, known: Mapping[str, Storage]) -> dict[str, _Place]:
    """The storages one after the other, each behind its count."""
    if not isinstance(keys, list):
        raise damaged(path, "it has no list of its storages")
    places: dict[str, _Place] = {}
    for key in keys:
        if not isinstance(key, str) or key not in known or key in places:
            raise damaged(path, "its list of storages is not that of its arrays")
        count = int.from_bytes(data[at : at + 8], "little", signed=True)
        at += 8
        size = count * known[key].size
        if count < 0 or at + size > len(data):
            raise damaged(path, "it ends too early")
        places[key] = _Place(at, size)
        at += size
    return places


# ---------------------------------------------------------------------- the numbers
class _TorchFile:
    """An open file: its arrays are looked at, and read one by one."""

    def __init__(self, path: Path, stream: BinaryIO, content: _Content) -> None:
        self._path, self._stream, self._content = path, stream, content
        self._size = stream.seek(0, 2)
        found = content.found
        if len(found.views) > MOST_ENTRIES:
            raise damaged(path, f"it names {len(found.views):,} arrays")
        for name, view in found.views.items():
            self._refuse_outside(name, view)
        self.entries = tuple(Entry(name, view.shape, view.storage.kind) for name, view in found.views.items())
        self.about = About("PyTorch", found.form, found.remark)

    def _refuse_outside(self, name: str, view: View) -> None:
        """What reaches out of its storage, or whose storage is not what it is said to be."""
        place, storage = self._content.places.get(view.storage.key), view.storage
        if place is None:
            raise damaged(self._path, f"the numbers of `{shown_name(name)}` are missing")
        if place.size != storage.total * storage.size or place.at + place.size > self._size:
            words = f"`{shown_name(name)}` is in a storage of {storage.total:,} numbers, but has {place.size:,} bytes"
            raise damaged(self._path, words)
        if view.offset + view.span > storage.total:
            raise damaged(self._path, f"`{shown_name(name)}` reaches out of its storage")

    def read(self, name: str) -> Array:
        view = self._content.found.views[name]
        is_bfloat16 = view.storage.kind == "bfloat16"
        dtype = np.dtype("uint16" if is_bfloat16 else view.storage.kind).newbyteorder(self._content.order)
        with guarded(self._path):
            flat = np.empty(view.span, dtype)
            self._fill(view, flat.view(np.uint8).data)
            steps = [step * dtype.itemsize for step in view.steps]
            array = np.lib.stride_tricks.as_strided(flat, view.shape, steps) if flat.size else flat.reshape(view.shape)
            array = np.ascontiguousarray(array).reshape(view.shape).astype(dtype.newbyteorder("="), copy=False)
            return from_bfloat16(array) if is_bfloat16 else array

    def _fill(self, view: View, target: memoryview) -> None:
        """Reads the bytes of a view; where they are a whole storage, its checksum holds."""
        place = self._content.places[view.storage.key]
        self._stream.seek(place.at + view.offset * view.storage.size)
        checksum = 0
        for begin in range(0, len(target), CHUNK):
            part = target[begin : begin + CHUNK]
            if self._stream.readinto(part) != len(part):  # type: ignore[attr-defined]
                raise damaged(self._path, "it ends too early")
            if place.checksum:
                checksum = zlib.crc32(part, checksum)
        if len(target) == place.size:
            _refuse_changed(self._path, place, checksum, view.storage.key)

"""The program that reads HDF5 for cnncalc, in a process of its own: `hdf5` starts it, asks it and ends it.

HDF5 is a C library that a damaged file can crash or keep busy for ever; here that ends this process alone, whose time
and memory are limited.  Only groups and arrays that are in the file itself are walked, to a bounded depth and number:
a link is looked at and never followed, and an array is refused unread where its numbers are elsewhere, packed by a
plugin or far more than the bytes that are there.  What groups and attributes mean is not known here.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from math import prod
from typing import Any, BinaryIO

import h5py
import numpy as np

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.reasons import plain_reason
from cnncalc.dialects.keras.hdf5 import Answer, Request, damaged

DEEPEST = 12
"""Groups inside each other; a model in a model takes two."""

MOST_OBJECTS = 20_000
"""Groups and arrays in a file; the deepest published nets have about 6,000."""

MOST_TEXTS = 20_000
"""Texts in one attribute: the names of a model's layers."""

LONGEST_TEXT = 5_000_000
"""Bytes of an attribute: a model's configuration."""

DENSEST = 2000
"""Bytes unpacked for each byte that is stored; zlib reaches 1032."""

LONGEST_SHOWN = 60
"""Characters of a name in a message."""

SECONDS, BYTES_A_SECOND = 10, 20_000_000
"""Of processor time for one request, and for each so many bytes of the file."""

ROOM = 1_000_000_000
"""Bytes of memory for one request, on top of four times the file."""

ATTRIBUTES = ("layer_names", "weight_names", "name", "model_config")
"""Attributes of groups that Keras writes; the first two may be cut into `layer_names0`, `layer_names1` and so on."""

_TOO_SHORT = "truncated file"
"""HDF5's words for a file that has fewer bytes than it says."""

_FILTERS = {1: "gzip", 2: "shuffle", 3: "fletcher32"}
"""HDF5's own filters whose work is bounded by what they are given."""

_NUMBERS = "fiub"
"""numpy's letters for floats, signed and unsigned whole numbers, truth values."""


class Walked:
    """The groups and arrays of an open file by path (`layers/conv2d/vars/0`), and the texts in attributes."""

    def __init__(self, name: str, file: Any, size: int) -> None:
        self.name = name
        self.size = size
        self.groups: dict[str, Any] = {"": file}
        self.arrays: dict[str, Any] = {}
        self._seen = {h5py.h5o.get_info(file.id).addr}
        waiting = [("", 1)]
        while waiting:
            path, depth = waiting.pop()
            if depth > DEEPEST:
                raise self._refused(f"its groups are nested more than {DEEPEST} deep")
            waiting += [(inner, depth + 1) for inner in self._entered(path)]

    def listing(self) -> Answer:
        """Every array with its shape and type, or with why it is not read, and every text."""
        arrays = {path: self._described(path) for path in self.arrays}
        texts = {path: found for path in self.groups if (found := self._texts_of(path))}
        return {"arrays": arrays, "groups": list(self.groups), "texts": texts}

    def _entered(self, path: str) -> list[str]:
        """Takes note of what a group holds; the paths of the groups among it."""
        group, found = self.groups[path], []
        if len(self.groups) + len(self.arrays) + len(group) > MOST_OBJECTS:
            raise self._refused(f"it holds more than {MOST_OBJECTS:,} groups and arrays")
        for name in group:
            inner = f"{path}/{name}" if path else name
            self._refuse_link(group.get(name, getlink=True), inner)
            value = group[name]
            if isinstance(value, h5py.Group):
                self._refuse_circle(value, inner)
                self.groups[inner] = value
                found.append(inner)
            elif isinstance(value, h5py.Dataset):
                self.arrays[inner] = value
        return found

    def _refuse_link(self, link: object, path: str) -> None:
        if not isinstance(link, h5py.HardLink):
            where = "another file" if isinstance(link, h5py.ExternalLink) else "another place"
            raise self._refused(f"`{_shown(path)}` is a link to {where}; only what is in the file itself is read")

    def _refuse_circle(self, group: Any, path: str) -> None:
        address = h5py.h5o.get_info(group.id).addr
        if address in self._seen:
            raise self._refused(f"the group `{_shown(path)}` is in it twice")
        self._seen.add(address)

    # ------------------------------------------------------------------ arrays
    def _described(self, path: str) -> Answer:
        try:
            data = self.arrays[path]
            self._refuse_elsewhere(path, data)
            dtype, shape = data.dtype, tuple(int(size) for size in data.shape or ())
            if dtype.kind not in _NUMBERS or dtype.subdtype is not None:
                raise input_error(
                    "arrays-not-numbers",
                    f"`{_shown(path)}` in `{self.name}` holds no plain numbers ({str(dtype)[:LONGEST_SHOWN]})",
                    help="save the weights again with Keras; only plain numbers are read",
                )
            self._refuse_bomb(path, data, prod(shape) * dtype.itemsize)
        except InputError as error:
            return _refusal(error)
        except (TypeError, ValueError, OSError, RuntimeError) as error:
            return _refusal(damaged(self.name, f"HDF5 says of `{_shown(path)}`: {plain_reason(error)}"))
        return {"shape": list(shape), "kind": dtype.str}

    def _refuse_elsewhere(self, path: str, data: Any) -> None:
        """Raise where the numbers are in another file: looked at before the sizes, which may be there as well."""
        made = data.id.get_create_plist()
        if made.get_layout() == h5py.h5d.VIRTUAL or made.get_external_count():
            raise self._refused(f"the numbers of `{_shown(path)}` are in another file")
        codes = {made.get_filter(place)[0] for place in range(made.get_nfilters())}
        if codes - _FILTERS.keys():
            raise self._refused(f"`{_shown(path)}` is packed in a way that only a plugin can unpack")

    def _refuse_bomb(self, path: str, data: Any, needed: int) -> None:
        stored = data.id.get_storage_size()
        packed = data.id.get_create_plist().get_nfilters() > 0
        chunk = prod(data.chunks or ()) * data.dtype.itemsize
        if needed > stored * (DENSEST if packed else 1) or chunk > DENSEST * self.size:
            raise self._refused(f"`{_shown(path)}` says it holds {needed:,} bytes, but only {stored:,} are stored")
        if stored > self.size:
            raise damaged(self.name, f"`{_shown(path)}` says it has more bytes than the file")

    # ------------------------------------------------------------------ attributes
    def _texts_of(self, path: str) -> dict[str, list[str]]:
        """The attributes of a group that are read, by name; what was cut into several is put together."""
        found: dict[str, list[str]] = {}
        for attribute in ATTRIBUTES:
            texts = self._texts(path, attribute)
            number = 0
            while texts is None and attribute in ATTRIBUTES[:2]:
                part = self._texts(path, f"{attribute}{number}")
                if part is None:
                    break
                found[attribute] = [*found.get(attribute, ()), *part]
                number += 1
            if texts is not None:
                found[attribute] = texts
        return found

    def _texts(self, path: str, attribute: str) -> list[str] | None:
        group = self.groups[path]
        if not h5py.h5a.exists(group.id, attribute.encode()):
            return None
        held = h5py.h5a.open(group.id, attribute.encode())
        count = held.get_space().get_simple_extent_npoints()
        if count == 0:
            return []
        if count > MOST_TEXTS or held.get_storage_size() > LONGEST_TEXT:
            raise self._refused(f"its attribute `{attribute}` is longer than that of any model")
        if h5py.check_string_dtype(held.dtype) is None:
            return None
        value = group.attrs[attribute]
        values = value.ravel().tolist() if hasattr(value, "ravel") else [value]
        return [one.decode() if isinstance(one, bytes) else str(one) for one in values]

    def _refused(self, what: str) -> InputError:
        return input_error(
            "hdf5-not-read",
            f"`{self.name}` is not read: {what}",
            help="save it again with Keras, and do not open files from people you do not know",
        )


class Stretch(io.RawIOBase):
    """A stretch of a file as a file of its own, closed with it."""

    def __init__(self, path: str, first: int, size: int) -> None:
        super().__init__()
        self._file = open(path, "rb")  # noqa: SIM115 (closed with the stretch)
        self._first, self._size = first, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = max(0, min(len(buffer), self._size - self._at))
        self._file.seek(self._first + self._at)
        got = self._file.read(wanted)
        buffer[: len(got)] = got
        self._at += len(got)
        return len(got)

    def close(self) -> None:
        self._file.close()
        super().close()


def _refusal(error: InputError) -> Answer:
    one = error.diagnostics[0]
    return {"refused": [one.code, one.message, one.help]}


def _shown(path: str) -> str:
    return path if len(path) <= LONGEST_SHOWN else f"{path[: LONGEST_SHOWN - 3]}..."


class _Server:
    """Answers requests about one file after the other, until there are no more."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self.requests, self.answers = requests, answers
        self.file: Any = None
        self.walked: Any = None

    def serve(self) -> None:
        for line in self.requests:
            request: Request = json.loads(line)
            packed = self.requests.read(request["content"])
            _limit(request["size"])
            answer, content = self._answered(request, packed)
            self.answers.write(json.dumps(answer).encode() + b"\n")
            self.answers.write(content)
            self.answers.flush()
            _limit(None)

    def _answered(self, request: Request, packed: bytes) -> tuple[Answer, Any]:
        """Whatever h5py makes of damaged bytes, in too many kinds of errors to list, is one refusal."""
        name = request["name"]
        try:
            return self._open(request, packed) if request["do"] == "open" else self._read(request)
        except InputError as error:
            return _refusal(error), b""
        except MemoryError:
            return _refusal(damaged(name, "reading it takes more memory than the whole file")), b""
        except OSError as error:
            said = plain_reason(error)
            return _refusal(damaged(name, "it ends too early" if _TOO_SHORT in said else f"HDF5 says: {said}")), b""
        except Exception:  # noqa: BLE001 - likewise of other kinds
            return _refusal(damaged(name, "its parts do not fit together")), b""

    def _open(self, request: Request, packed: bytes) -> tuple[Answer, Any]:
        self.walked = None
        if self.file is not None:
            self.file.close()
        path, first, size = request["path"], request["first"], request["size"]
        content = io.BytesIO(packed) if packed else Stretch(path, first, size) if first else path
        self.file = h5py.File(content, "r", locking=False)
        self.walked = Walked(request["name"], self.file, size)
        return self.walked.listing(), b""

    def _read(self, request: Request) -> tuple[Answer, Any]:
        array = np.ascontiguousarray(self.walked.arrays[request["array"]][()])
        return {"bytes": array.nbytes}, array.data.cast("B") if array.size else b""


def _limit(size: int | None) -> None:
    """Bounds the processor time and the memory of one request about a file of so many bytes; None: no request."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (not on Windows)

    signal.setitimer(signal.ITIMER_PROF, 0 if size is None else SECONDS + size / BYTES_A_SECOND)
    if size is not None and os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm", encoding="ascii") as counts:
            used = int(counts.read().split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = used + ROOM + 4 * size
        resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


if __name__ == "__main__":
    _Server(sys.stdin.buffer, sys.stdout.buffer).serve()

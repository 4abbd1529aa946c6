"""An HDF5 file, looked at before anything in it is followed or unpacked: Keras keeps weights in such files.

Only groups and arrays that are in the file itself are walked, to a bounded depth and number: a link is looked at and
never followed, and an array is refused unread where its numbers are elsewhere, packed by a plugin or far more than the
bytes that are there.  h5py is imported when a file is opened.  What groups and attributes mean is not known here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.extras import missing_extra
from cnncalc.diagnostics.reasons import plain_reason

DEEPEST = 12
"""Groups inside each other; a model in a model takes two."""

MOST_OBJECTS = 50_000
"""Groups and arrays in a file; the deepest published nets have 10,000."""

MOST_TEXTS = 20_000
"""Texts in one attribute: the names of a model's layers."""

LONGEST_TEXT = 5_000_000
"""Bytes of an attribute: a model's configuration."""

DENSEST = 2000
"""Bytes unpacked for each byte that is stored; zlib reaches 1032."""

LONGEST_SHOWN = 60
"""Characters of a name in a message."""

_FILTERS = {1: "gzip", 2: "shuffle", 3: "fletcher32"}
"""HDF5's own filters whose work is bounded by what they are given."""

_NUMBERS = "fiub"
"""numpy's letters for floats, signed and unsigned whole numbers, truth values."""


class Hdf5Array(NamedTuple):
    """An array: its sizes, the type of its numbers in numpy's letters, and h5py's own object, which reads it."""

    shape: tuple[int, ...]
    kind: str
    data: Any


class Hdf5File:
    """The groups and arrays of an open file by path (`layers/conv2d/vars/0`), and the texts in attributes."""

    def __init__(self, name: str, file: Any, size: int) -> None:
        self.name = name
        self.size = size
        self.groups: dict[str, Any] = {"": file}
        self._arrays: dict[str, Any] = {}
        self._seen = {_address(file)}
        waiting = [("", 1)]
        while waiting:
            path, depth = waiting.pop()
            if depth > DEEPEST:
                raise self.refused(f"its groups are nested more than {DEEPEST} deep")
            waiting += [(inner, depth + 1) for inner in self._entered(path)]

    @property
    def arrays(self) -> tuple[str, ...]:
        """The paths of all arrays, in the order of letters in each group."""
        return tuple(self._arrays)

    def _entered(self, path: str) -> list[str]:
        """Takes note of what a group holds; the paths of the groups among it."""
        group, found = self.groups[path], []
        if len(self.groups) + len(self._arrays) + len(group) > MOST_OBJECTS:
            raise self.refused(f"it holds more than {MOST_OBJECTS:,} groups and arrays")
        for name in group:
            inner = f"{path}/{name}" if path else name
            self._refuse_link(group.get(name, getlink=True), inner)
            value = group[name]
            kind = type(value).__name__
            if kind == "Group":
                self._refuse_circle(value, inner)
                self.groups[inner] = value
                found.append(inner)
            elif kind == "Dataset":
                self._arrays[inner] = value
        return found

    def _refuse_link(self, link: Any, path: str) -> None:
        kind = type(link).__name__
        if kind == "HardLink":
            return
        where = "a file" if kind == "ExternalLink" else "another place"
        raise self.refused(f"`{_shown(path)}` is a link to {where}; only what is in the file itself is read")

    def _refuse_circle(self, group: Any, path: str) -> None:
        address = _address(group)
        if address in self._seen:
            raise self.refused(f"the group `{_shown(path)}` is in it twice")
        self._seen.add(address)

    # ------------------------------------------------------------------ arrays
    def array(self, path: str) -> Hdf5Array:
        """What the file says about an array; raises InputError where it is not there, or may not be read."""
        data = self._arrays.get(path)
        if data is None:
            raise damaged(self.name, f"the array `{_shown(path)}` is named, but is not there")
        with guarded(self.name):
            self._refuse_elsewhere(path, data)
            dtype, shape = data.dtype, tuple(int(size) for size in data.shape or ())
            if dtype.kind not in _NUMBERS or dtype.subdtype is not None:
                raise input_error(
                    "arrays-not-numbers",
                    f"`{_shown(path)}` in `{self.name}` holds no plain numbers ({str(dtype)[:LONGEST_SHOWN]})",
                    help="save the weights again with Keras; only plain numbers are read",
                )
            self._refuse_bomb(path, data, prod(shape) * dtype.itemsize)
            return Hdf5Array(shape, dtype.str, data)

    def _refuse_elsewhere(self, path: str, data: Any) -> None:
        """Raise where the numbers are in another file: looked at before the sizes, which may be there as well."""
        made = data.id.get_create_plist()
        layout = made.get_layout()
        if layout == _virtual() or made.get_external_count():
            raise self.refused(f"the numbers of `{_shown(path)}` are in another file")
        codes = {made.get_filter(place)[0] for place in range(made.get_nfilters())}
        if codes - _FILTERS.keys():
            raise self.refused(f"`{_shown(path)}` is packed in a way that only a plugin can unpack")

    def _refuse_bomb(self, path: str, data: Any, needed: int) -> None:
        stored = data.id.get_storage_size()
        packed = data.id.get_create_plist().get_nfilters() > 0
        chunk = prod(data.chunks or ()) * data.dtype.itemsize
        if needed > stored * (DENSEST if packed else 1) or chunk > DENSEST * self.size:
            raise self.refused(f"`{_shown(path)}` says it holds {needed:,} bytes, but only {stored:,} are stored")
        if stored > self.size:
            raise damaged(self.name, f"`{_shown(path)}` says it has more bytes than the file")

    # ------------------------------------------------------------------ attributes
    def text(self, path: str, attribute: str) -> str:
        """A text that is an attribute of a group; empty where there is none."""
        found = self._texts(path, attribute)
        if found is not None and len(found) != 1:
            raise damaged(self.name, f"the attribute `{attribute}` is no single text")
        return found[0] if found else ""

    def texts(self, path: str, attribute: str) -> tuple[str, ...] | None:
        """The texts of an attribute, None where there is none; Keras puts many into `name0`, `name1` and so on."""
        whole = self._texts(path, attribute)
        if whole is not None:
            return whole
        parts: list[str] = []
        number = 0
        while (part := self._texts(path, f"{attribute}{number}")) is not None and len(parts) <= MOST_TEXTS:
            parts += part
            number += 1
        return tuple(parts) if number else None

    def _texts(self, path: str, attribute: str) -> tuple[str, ...] | None:
        import h5py  # noqa: PLC0415 (an extra)

        group = self.groups[path]
        with guarded(self.name):
            if not h5py.h5a.exists(group.id, attribute.encode()):
                return None
            found = h5py.h5a.open(group.id, attribute.encode())
            count = found.get_space().get_simple_extent_npoints()
            if count == 0:
                return ()
            if count > MOST_TEXTS or found.get_storage_size() > LONGEST_TEXT:
                raise self.refused(f"its attribute `{attribute}` is longer than that of any model")
            if h5py.check_string_dtype(found.dtype) is None:
                raise damaged(self.name, f"the attribute `{attribute}` holds no texts")
            value = group.attrs[attribute]
        values = value.ravel().tolist() if hasattr(value, "ravel") else [value]
        return tuple(self._decoded(one, attribute) for one in values)

    def _decoded(self, value: Any, attribute: str) -> str:
        try:
            return value.decode() if isinstance(value, bytes) else str(value)
        except UnicodeDecodeError:
            raise damaged(self.name, f"the attribute `{attribute}` is no UTF-8 text") from None

    def refused(self, what: str) -> InputError:
        """The error of a part that is never read, whatever it is."""
        return input_error(
            "hdf5-not-read",
            f"`{self.name}` is not read: {what}",
            help="save it again with Keras, and do not open files from people you do not know",
        )


def damaged(name: str, reason: str) -> InputError:
    """The error of a file that is broken off, or holds something else than it says."""
    return input_error("arrays-damaged", f"`{name}` is damaged: {reason}", help="copy or save the file again")


@contextlib.contextmanager
def guarded(name: str) -> Iterator[None]:
    """Whatever h5py makes of damaged bytes, in too many kinds of errors to list, as one InputError."""
    try:
        yield
    except (InputError, MemoryError):
        raise
    except OSError as error:
        raise damaged(name, f"HDF5 says: {plain_reason(error)}") from None
    except Exception:
        raise damaged(name, "its parts do not fit together") from None


@contextlib.contextmanager
def opened(name: str, content: Any, size: int) -> Iterator[Hdf5File]:
    """The file of that name, walked; `content` is its path, or a stream of the bytes (`size` of them).

    Raises InputError for what is damaged, or has a part that is never read.
    """
    try:
        import h5py  # noqa: PLC0415 (an extra)
    except ImportError:
        raise missing_extra(name, "h5py") from None
    with contextlib.ExitStack() as stack:
        with guarded(name):
            file = stack.enter_context(h5py.File(content, "r", locking=False))
            found = Hdf5File(name, file, size)
        yield found


def _address(group: Any) -> int:
    import h5py  # noqa: PLC0415 (an extra)

    return int(h5py.h5o.get_info(group.id).addr)


def _virtual() -> int:
    import h5py  # noqa: PLC0415 (an extra)

    return int(h5py.h5d.VIRTUAL)


def _shown(path: str) -> str:
    return path if len(path) <= LONGEST_SHOWN else f"{path[: LONGEST_SHOWN - 3]}..."

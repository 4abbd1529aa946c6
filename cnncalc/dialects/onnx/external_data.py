"""Numbers that an ONNX file keeps in another file: only one beside it, never a path elsewhere, never a link.

Used by the graph's reader for small arrays and by the reader of weights for all.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from cnncalc.diagnostics import InputError, input_error

LONGEST_PATH = 1_000


class External(NamedTuple):
    """A file, and the bytes of it that are an array."""

    path: str
    offset: int
    length: int


def external_of(tensor: Any, folder: str, length: int) -> External:
    """Where the `length` bytes of a tensor stand; raises InputError for what is not beside the file."""
    said = {one.key: one.value for one in tensor.external_data}
    location = said.get("location", "")
    path = _beside(folder, location, tensor.name)
    offset, stated = _number(said, "offset", 0, tensor.name), _number(said, "length", length, tensor.name)
    size = os.path.getsize(path)
    if stated != length or offset + length > size:
        raise input_error(
            "onnx-damaged",
            f"the array `{tensor.name[:80]}` should have {length:,} bytes from byte {offset:,} of `{path}`, which has "
            f"{size:,}",
            help="copy the .onnx file and its data file again, from the same export",
        )
    return External(path, offset, length)


def external_bytes(tensor: Any, folder: str, length: int) -> bytes:
    """The numbers of a tensor as bytes."""
    where = external_of(tensor, folder, length)
    with open(where.path, "rb") as file:
        file.seek(where.offset)
        return file.read(where.length)


def _beside(folder: str, location: str, name: str) -> str:
    parts = location.replace("\\", "/").split("/")
    if not location or len(location) > LONGEST_PATH or "\0" in location or "" in parts or ".." in parts:
        raise _elsewhere(location, name)
    path = os.path.join(folder, *(part for part in parts if part != "."))
    inside = folder
    for part in parts:
        inside = os.path.join(inside, part)
        if os.path.islink(inside):
            raise _elsewhere(location, name)
    if os.path.isabs(location) or ":" in parts[0]:
        raise _elsewhere(location, name)
    if not os.path.isfile(path):
        message = (
            f"the numbers of `{name[:80]}` are in the file `{location}`, which is not in the folder of the .onnx file"
        )
        raise input_error("onnx-external", message, help="copy both files into the same folder")
    return path


def _elsewhere(location: str, name: str) -> InputError:
    return input_error(
        "onnx-external",
        f"the numbers of `{name[:80]}` should be read from `{location[:100]}`, and only a plain file in the folder of "
        "the .onnx file is read",
        help="save it again with all its numbers in one file: onnx.save(model, 'net.onnx')",
    )


def _number(said: dict[str, str], key: str, otherwise: int, name: str) -> int:
    text = said.get(key, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise input_error(
            "onnx-damaged", f"the {key} of the array `{name[:80]}` is `{text[:40]}`", help="export it again"
        )
    return int(text)

"""What a file of weights holds, before a number of it is read: its arrays, how large they are, and their modules.

Hundreds of arrays are put together by the beginnings of their names, so that a reader sees the parts of the net.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cnncalc.runtime.file_arrays import About, Entry

DEEPEST = 12
"""Dots and slashes of a name at which parts of it end."""

_SAFETENSORS = {"BF16": ("bfloat16", 2), "BOOL": ("bool", 1)}
_LETTERS = {"F": "float", "I": "int", "U": "uint"}


class Portion(NamedTuple):
    """Arrays whose names begin alike; `name` is an array's own where there is but one."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def numbers(self) -> int:
        return sum(entry.count for entry in self.entries)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of the numbers, each once."""
        return tuple(dict.fromkeys(type_of(entry)[0] for entry in self.entries))


class Contents(NamedTuple):
    """A whole file: `size` is its own, in bytes; `data` is what its numbers take."""

    name: str
    size: int
    about: About
    entries: tuple[Entry, ...]

    @property
    def numbers(self) -> int:
        return sum(entry.count for entry in self.entries)

    @property
    def data(self) -> int:
        return sum(entry.count * type_of(entry)[1] for entry in self.entries)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of the numbers, each once."""
        return Portion("", self.entries).kinds


def type_of(entry: Entry) -> tuple[str, int]:
    """The type of its numbers as NumPy calls it, and the bytes of one; file formats have letters of their own.

    >>> [type_of(Entry("a", (), kind)) for kind in ("<f4", "F16", "BF16", "bool")]
    [('float32', 4), ('float16', 2), ('bfloat16', 2), ('bool', 1)]
    """
    kind = entry.kind
    if kind in _SAFETENSORS or kind == "bfloat16":
        return _SAFETENSORS.get(kind, ("bfloat16", 2))
    if re.fullmatch("[FIU](8|16|32|64)", kind):
        kind = f"{_LETTERS[kind[0]]}{kind[1:]}"
    try:
        found = np.dtype(kind)
    except TypeError:
        return kind, 0
    return found.name, found.itemsize


def largest(entries: Sequence[Entry], most: int) -> tuple[Portion, ...]:
    """So many of the arrays, those with the most numbers first."""
    ordered = sorted(entries, key=lambda entry: -entry.count)
    return tuple(Portion(entry.name, (entry,)) for entry in ordered[:most])


def portions(entries: Sequence[Entry], most: int) -> tuple[Portion, ...]:
    """The arrays, in the file's order; of more than `most` those together whose names have the longest beginnings
    alike with which no more are left, else those with the first part alike.
    """
    if len(entries) <= most:
        return tuple(Portion(entry.name, (entry,)) for entry in entries)
    names = [_parts(entry.name) for entry in entries]
    deepest = max(map(len, names))
    for depth in range(deepest - 1, 0, -1):
        found = _together(entries, names, depth)
        if len(found) <= most or depth == 1:
            return found
    return tuple(Portion(entry.name, (entry,)) for entry in entries)


def _parts(name: str) -> list[str]:
    """`layer1.0.conv1.weight` -> `layer1.`, `0.`, `conv1.`, `weight`."""
    return re.split(r"(?<=[./])", name, maxsplit=DEEPEST)


def _together(entries: Sequence[Entry], names: Sequence[list[str]], depth: int) -> tuple[Portion, ...]:
    found: dict[str, list[Entry]] = {}
    for entry, parts in zip(entries, names, strict=True):
        found.setdefault("".join(parts[:depth]), []).append(entry)
    return tuple(Portion(name if len(some) > 1 else some[0].name, tuple(some)) for name, some in found.items())

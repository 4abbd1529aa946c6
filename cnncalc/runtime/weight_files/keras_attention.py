"""The projections of Keras' MultiHeadAttention, which are arrays of their own for query, key and value, as one.

Keras stores them as [in, heads, width] and the last as [heads, width, out]; here the three stand side by side, and both
are matrices in Keras' order of axes.  Layers whose three inputs have different sizes are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cnncalc.runtime.file_arrays import Array, Entry

_PARTS = ("query", "key", "value", "attention_output")
_ROLES = (("weight", "kernel", "0"), ("bias", "bias", "1"))
"""A role, and what the last word of its array may be."""


class Joined(NamedTuple):
    """An array that is handed out for others: its entry, and those of the file that stand in it side by side."""

    entry: Entry
    parts: tuple[Entry, ...]

    def array(self, parts: Sequence[Array]) -> Array:
        """The parts as one array of the entry's shape."""
        if len(parts) == 1:
            return parts[0].reshape(self.entry.shape)
        *rows, columns = self.entry.shape
        return np.concatenate([part.reshape(*rows, columns // len(parts)) for part in parts], axis=-1)


def with_joined(entries: Sequence[Entry]) -> tuple[Joined, ...]:
    """What a file hands out, in its order: the arrays of attention joined, every other one alone."""
    held = {entry.name: entry for entry in entries}
    found: list[Joined] = []
    used: set[str] = set()
    for entry in entries:
        layer, _, part = entry.name.rpartition("/")[0].rpartition("/")
        if entry.name in used:
            continue
        joined = tuple(_attention(layer, held)) if part in _PARTS else ()
        found += joined or [Joined(entry, (entry,))]
        used |= {one.name for each in joined for one in each.parts}
    return tuple(found)


def _attention(layer: str, held: Mapping[str, Entry]) -> Iterator[Joined]:
    """The arrays of one layer; none where it is something else."""
    rows = [
        (role, tuple(held[name] for part in _PARTS if (name := f"{layer}/{part}/{word}") in held))
        for role, *words in _ROLES
        for word in words
    ]
    whole = {role: arrays for role, arrays in rows if len(arrays) == len(_PARTS)}
    if not _fit_together(whole.get("weight", ()), whole.get("bias", ())):
        return
    into, heads, width = whole["weight"][0].shape
    out = whole["weight"][3].shape[2]
    shapes = {"weight": ((into, 3 * heads * width), (heads * width, out)), "bias": ((3 * heads * width,), (out,))}
    for role, arrays in whole.items():
        kind = arrays[0].kind
        first, last = shapes[role]
        yield Joined(Entry(f"{layer}/in_proj_{role}", first, kind), arrays[:3])
        yield Joined(Entry(f"{layer}/out_proj/{role}", last, kind), arrays[3:])


def _fit_together(weights: Sequence[Entry], biases: Sequence[Entry]) -> bool:
    """Whether query, key and value have one shape that fits the last and the biases, and numbers of one type."""
    if not weights or len({entry.kind for entry in (*weights, *biases)}) > 1:
        return False
    (query, *others, last), own = (entry.shape for entry in weights), [entry.shape for entry in biases]
    if others != [query] * 2 or len(query) != 3 or len(last) != 3 or last[:2] != query[1:]:
        return False
    return own in ([], [*([query[1:]] * 3), last[2:]])

"""Arrays that no image decides, as an ONNX graph has them: weights stay names, small ones are numbers where asked for.

`Array` keeps both ways: where the array stands in the file, with the steps that change it, and its numbers, worked out
when the arithmetic of sizes needs them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product as places
from math import prod
from typing import Any

from cnncalc.dialects.onnx.external_data import external_bytes
from cnncalc.dialects.onnx.onnx_records import FLOATS, WHOLES, TensorRecord
from cnncalc.graph.stored import Step, Stored

MOST_KNOWN = 100_000
"""Numbers of an array whose values are looked at while a graph is read."""

Numbers = tuple[Any, ...]
"""In C order; truth values are bools, whole numbers ints."""


@dataclass(eq=False)
class Array:
    """Numbers that no image decides.

    `stored` is where a file of weights has them (None: only `numbers` says them); `load` gives the numbers in C order,
    None where they are too many or cannot be known.  `is_whole`: they are whole numbers or truth values.
    """

    name: str
    dims: tuple[int, ...]
    is_whole: bool
    stored: Stored | None = None
    load: Callable[[], Numbers | None] = lambda: None

    @cached_property
    def numbers(self) -> Numbers | None:
        """The numbers in C order; None where they are not known here."""
        found = self.load() if self.count <= MOST_KNOWN else None
        return found if found is not None and len(found) == self.count else None

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return prod(self.dims)

    @property
    def text(self) -> str:
        """`64x3x7x7`."""
        return "x".join(map(str, self.dims)) or "one number"

    # ------------------------------------------------------------------ the same numbers elsewhere
    def reshaped(self, dims: tuple[int, ...]) -> Array:
        """The numbers in the same order on other axes."""
        assert prod(dims) == self.count
        return self._moved(dims, Step("reshape", dims), lambda numbers: numbers)

    def transposed(self, order: Sequence[int]) -> Array:
        """The axes in another order."""
        dims = tuple(self.dims[axis] for axis in order)
        if tuple(order) == tuple(range(len(self.dims))):
            return self
        strides = _strides(self.dims)

        def turned(numbers: Numbers) -> Numbers:
            steps = [strides[axis] for axis in order]
            return tuple(numbers[_at(one, steps)] for one in places(*map(range, dims)))

        return self._moved(dims, Step("transpose", tuple(order)), turned)

    def part(self, axis: int, kept: range) -> Array:
        """These entries of an axis, in a step of at least 1."""
        dims = (*self.dims[:axis], len(kept), *self.dims[axis + 1 :])
        step = Step("slice", (axis, kept.start, max(kept.start, kept.stop), kept.step))
        return self._moved(dims, step, lambda numbers: _picked(numbers, self.dims, axis, kept))

    def picked(self, axis: int, entries: Sequence[int]) -> Array:
        """Entries of an axis in any order."""
        dims = (*self.dims[:axis], len(entries), *self.dims[axis + 1 :])
        kept = tuple(entries)
        return self.made(dims, lambda numbers: _picked(numbers, self.dims, axis, kept))

    def spread(self, dims: tuple[int, ...]) -> Array:
        """Axes of size 1 repeated, new axes in front."""
        if dims == self.dims:
            return self
        rank = len(dims)
        strides = (0,) * (rank - len(self.dims)) + tuple(
            0 if size == 1 else stride for size, stride in zip(self.dims, _strides(self.dims), strict=True)
        )

        def repeated(numbers: Numbers) -> Numbers:
            return tuple(numbers[_at(one, strides)] for one in places(*map(range, dims)))

        return self._moved(dims, Step("spread", dims), repeated)

    def negated(self) -> Array:
        """Each number with the other sign."""
        return self._moved(self.dims, Step("negate"), lambda numbers: tuple(-one for one in numbers))

    def inverted(self) -> Array:
        """1 / each number."""
        return self._moved(self.dims, Step("reciprocal"), _reciprocals)

    # ------------------------------------------------------------------ other numbers
    def made(
        self, dims: tuple[int, ...], work: Callable[[Numbers], Numbers | None], whole: bool | None = None
    ) -> Array:
        """What is worked out of the numbers; no file has it."""
        is_whole = self.is_whole if whole is None else whole
        return Array(self.name, dims, is_whole, None, lambda: None if self.numbers is None else work(self.numbers))

    def _moved(self, dims: tuple[int, ...], step: Step, work: Callable[[Numbers], Numbers | None]) -> Array:
        made = self.made(dims, work)
        if self.stored is not None:
            made.stored = self.stored._replace(steps=(*self.stored.steps, step))
        return made


def _strides(dims: Sequence[int]) -> tuple[int, ...]:
    found = [1]
    for size in reversed(dims[1:]):
        found.append(found[-1] * size)
    return tuple(reversed(found[: len(dims)])) if dims else ()


def _at(place: Sequence[int], strides: Sequence[int]) -> int:
    return sum(one * stride for one, stride in zip(place, strides, strict=True))


def _picked(numbers: Numbers, dims: tuple[int, ...], axis: int, entries: Sequence[int]) -> Numbers:
    inner = prod(dims[axis + 1 :])
    whole = inner * dims[axis]
    found: list[Any] = []
    for outer in range(prod(dims[:axis])):
        for entry in entries:
            first = outer * whole + entry * inner
            found += numbers[first : first + inner]
    return tuple(found)


def _reciprocals(numbers: Numbers) -> Numbers | None:
    return tuple(1 / one for one in numbers) if all(numbers) else None


def known_array(name: str, dims: tuple[int, ...], numbers: Numbers, *, is_whole: bool) -> Array:
    """An array of these numbers."""
    return Array(name, dims, is_whole, None, lambda: numbers)


# ---------------------------------------------------------------------- what the file holds
_LETTERS = {1: "f", 2: "B", 3: "b", 4: "H", 5: "h", 6: "i", 7: "q", 9: "?", 10: "e", 11: "d", 12: "I", 13: "Q"}
_FIELDS = {1: "float_data", 7: "int64_data", 11: "double_data", 12: "uint64_data", 13: "uint64_data"}
"""Where numbers stand that are not raw; those of all other types stand in int32_data."""


def held_array(tensor: TensorRecord, name: str, folder: str) -> Array:
    """An array of the file under the name that its graph has for it."""
    stored = Stored(name) if tensor.kind in FLOATS else None
    return Array(name, tensor.dims, tensor.kind in WHOLES, stored, lambda: _numbers(tensor, folder))


def _numbers(tensor: TensorRecord, folder: str) -> Numbers | None:
    message, count = tensor.message, prod(tensor.dims)
    width = {**FLOATS, **WHOLES}[tensor.kind]
    if message.data_location == 1:
        raw = external_bytes(message, folder, count * width)
    elif message.HasField("raw_data"):
        raw = message.raw_data
    else:
        return _listed(tensor)
    if len(raw) != count * width:
        return None
    if tensor.kind == 16:
        raw = b"".join(b"\0\0" + raw[at : at + 2] for at in range(0, len(raw), 2))
    return struct.unpack(f"<{count}{_LETTERS.get(tensor.kind, 'f')}", raw)


def _listed(tensor: TensorRecord) -> Numbers:
    numbers = tuple(getattr(tensor.message, _FIELDS.get(tensor.kind, "int32_data")))
    if tensor.kind in (10, 16):
        letters = "e" if tensor.kind == 10 else "f"
        halves = [struct.pack("<H", one & 0xFFFF) for one in numbers]
        return tuple(struct.unpack(f"<{letters}", half if letters == "e" else b"\0\0" + half)[0] for half in halves)
    return tuple(map(bool, numbers)) if tensor.kind == 9 else numbers

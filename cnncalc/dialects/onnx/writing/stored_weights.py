"""The weights of a model: within it, or in a file beside it; each is asked for when its bytes are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from cnncalc.diagnostics import input_error
from cnncalc.geometry import Sizes

LARGEST = 2**31 - 2**20
"""Bytes of the weights of a model in one file: protobuf has no message of 2 GB."""

ALIGNED = 4096
"""Where an array of a file beside the model may begin, so that it can be mapped into memory."""

FLOAT, WHOLE = 1, 7
"""ONNX' numbers of float32 and int64."""

Arrays = Callable[[str], bytes]
"""The float32 numbers of a weight by its name, little-endian."""


class Beside(NamedTuple):
    """One array of the file beside the model: its name, where it begins, how many bytes it has."""

    name: str
    offset: int
    length: int


class ExternalWeights:
    """The bytes of the file beside the model, array by array."""

    def __init__(self, places: Sequence[Beside], arrays: Arrays) -> None:
        self.places, self._arrays = tuple(places), arrays

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return self.places[-1].offset + self.places[-1].length if self.places else 0

    def __iter__(self) -> Iterator[bytes]:
        written = 0
        for place in self.places:
            yield bytes(place.offset - written)
            yield _asked(self._arrays, place.name, place.length)
            written = place.offset + place.length


def refuse_too_large(weights: Mapping[str, Sizes]) -> None:
    """Refuse weights that no file alone can hold."""
    total = sum(map(_size, weights.values()))
    if total > LARGEST:
        raise input_error(
            "not-in-onnx",
            f"an ONNX model in one file has less than 2 GB, and the weights of this net are {total:,} bytes",
            help="write the weights into a file of their own: --external",
        )


def tensor(onnx: Any, name: str, dims: Sizes, raw: bytes, *, is_whole: bool = False) -> Any:
    """An array with its numbers."""
    return onnx.TensorProto(name=name, dims=dims, data_type=WHOLE if is_whole else FLOAT, raw_data=raw)


def hold(onnx: Any, model: Any, weights: Mapping[str, Sizes], arrays: Arrays) -> None:
    """Let the model have its weights."""
    for name, dims in weights.items():
        model.graph.initializer.append(tensor(onnx, name, dims, _asked(arrays, name, _size(dims))))


def placed(weights: Mapping[str, Sizes]) -> tuple[Beside, ...]:
    """Where each weight is in the file beside the model."""
    found, end = [], 0
    for name, dims in weights.items():
        offset = -(-end // ALIGNED) * ALIGNED
        found.append(Beside(name, offset, _size(dims)))
        end = offset + _size(dims)
    return tuple(found)


def refer(onnx: Any, model: Any, weights: Mapping[str, Sizes], places: Sequence[Beside], file: str) -> None:
    """Let the model say where its weights are."""
    for place in places:
        held = model.graph.initializer.add(name=place.name, dims=weights[place.name], data_type=FLOAT)
        held.data_location = onnx.TensorProto.EXTERNAL
        said = {"location": file, "offset": str(place.offset), "length": str(place.length)}
        for key, value in said.items():
            held.external_data.add(key=key, value=value)


def _size(dims: Sizes) -> int:
    return 4 * prod(dims)


def _asked(arrays: Arrays, name: str, length: int) -> bytes:
    raw = arrays(name)
    if len(raw) != length:
        raise ValueError(f"{name} has {len(raw)} bytes, and needs {length}")
    return raw

"""Volumes for ops that know flat maps only: slices taken for images, or slices for rows and rows for images.

A window that moves in depth sees some neighbouring slices.  In memory these follow each other as more channels would,
so a convolution in depth is a flat one with so many times as many channels.  What slides along the depth alone (a pool,
a border) sees the map upright: its slices are the rows.  Either way the kernels are those of flat maps, and the bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.runtime.engine.chain import Takes
from cnncalc.runtime.engine.ir import IO, Access, Demand, Epilogue, Map, Part, PhasePart
from cnncalc.runtime.engine.ops.base import Label, Op, Workspace
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.storage import BLOCK, Distances, Halo, Placed, Places, Storage
from cnncalc.runtime.engine.window import ONE_PLACE, Window

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call
    from cnncalc.runtime.engine.weights import Arena, Array, LayerArrays, Packed


class View(Enum):
    """What a flat op takes for an image."""

    SLICES = auto()
    """A slice."""
    UPRIGHT = auto()
    """The same row of all slices."""


@dataclass(frozen=True, slots=True)
class ViewedStorage(Storage):
    """One image of a volume as so many flat images: `steps` are the distances of these and of their rows."""

    whole: Storage
    begin: int
    steps: tuple[int, int]

    @property
    def image(self) -> int:
        return self.steps[0]

    @property
    def row(self) -> int:
        return self.steps[1]

    @property
    def block(self) -> int:
        return self.whole.block

    @property
    def lane(self) -> int:
        return self.whole.lane

    @property
    def first(self) -> int:
        return self.begin

    @property
    def distances(self) -> Distances:
        image, row = self.steps
        return Distances(image, self.block, row, self.pixel, self.lane)


class FlatIO(NamedTuple):
    """A step's maps as a flat op sees them."""

    reads: tuple[Access, ...]
    write: Access


@dataclass(frozen=True, slots=True)
class DepthTaps:
    """How the weights of a window that moves in depth become those of a flat one: its slices are channels.

    Of all taps in depth those from `first` on, every `apart`-th; `transposed`: channels before filters, last tap first.
    `padded`: each slice has whole blocks of channels.
    """

    first: int = 0
    apart: int = 1
    transposed: bool = False
    padded: bool = True
    flip: bool = False

    def arranged(self, weight: Array) -> Array:
        """weight[filter, channel, z, y, x] -> [filter, z and channel, 1, y, x]."""
        import numpy as np

        deep = weight[:, :, ::-1] if self.flip else weight
        deep = deep[:, :, self.first :: self.apart]
        deep = deep[:, :, ::-1].swapaxes(0, 1) if self.transposed else deep
        filters, channels, taps, *kernel = deep.shape
        more = -channels % BLOCK if self.padded else 0
        wide = np.pad(deep, ((0, 0), (0, more), (0, 0), (0, 0), (0, 0))).swapaxes(1, 2)
        flat = wide.reshape(filters, taps * (channels + more), 1, *kernel)
        return flat.swapaxes(0, 1) if self.transposed else flat


@dataclass(frozen=True, slots=True)
class Viewed(Op):
    """A flat op over volumes; `window` is how it slides over the first map, in depth too."""

    inner: Op
    view: View = View.SLICES
    window: Window = ONE_PLACE
    taps: DepthTaps | None = None

    @property
    def kernel(self) -> str:  # type: ignore[override]  # all that a class says of itself, the op within says here
        return self.inner.kernel

    @property
    def takes(self) -> Takes:  # type: ignore[override]
        return self.inner.takes

    @property
    def weighted(self) -> bool:  # type: ignore[override]
        return self.inner.weighted

    @property
    def elementwise(self) -> bool:  # type: ignore[override]
        return self.inner.elementwise

    @property
    def copies(self) -> bool:  # type: ignore[override]
        return self.inner.copies

    @property
    def moves(self) -> bool:  # type: ignore[override]
        return self.inner.moves

    @property
    def deep(self) -> bool:  # type: ignore[override]
        return True

    @property
    def stacks_slices(self) -> bool:
        return self.taps is not None

    @property
    def variant(self) -> tuple[int, ...]:
        return self.inner.variant

    @property
    def ending(self) -> Epilogue:
        return self.inner.ending

    @property
    def sliding(self) -> Window | None:
        return None if self.inner.sliding is None else self.window

    @property
    def is_too_long(self) -> bool:
        return self.inner.is_too_long

    def demands(self, io: IO) -> tuple[Demand, ...]:
        return self.inner.demands(self.flat(io))

    def placed(self, io: IO, places: Places) -> Viewed:
        inner = self.inner.placed(self.flat(io), self.seen(io, places, 0))
        return self if inner is self.inner else replace(self, inner=inner)

    def fault(self, io: IO, places: Places) -> str:
        return self.inner.fault(self.flat(io), self.seen(io, places, 0))

    def workspace(self, io: IO, threads: int) -> Workspace:
        return self.inner.workspace(self.flat(io), threads)

    def packed_floats(self, io: IO) -> int:
        return self.inner.packed_floats(self.flat(io))

    def pack_all(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        own = arrays if self.taps is None else arrays.rearranged(self.taps.arranged)
        return self.inner.pack_all(self.flat(io), own, memory)

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        flat = self.flat(io)
        return tuple(
            call
            for image in range(io.write.map.images)
            for call in self.inner.bind(flat, replace(at, io=flat, places=self.seen(io, at.places, image)))
        )

    def multiplications(self, io: IO) -> int:
        return io.write.map.images * self.inner.multiplications(self.flat(io))

    def products(self, io: IO) -> int:
        return io.write.map.images * self.inner.products(self.flat(io))

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return self.inner.weight_traffic(self.flat(io), own)

    def label(self, word: str) -> Label:
        return self.inner.label(word)

    def flat(self, io: IO) -> FlatIO:
        """The maps of one image, as the op within sees them."""
        reads = tuple(
            replace(read, map=self._flat_map(read, io, first=not i), **self._flat_place(read, i))
            for i, read in enumerate(io.reads)
        )
        write = replace(io.write, map=self._flat_map(io.write, io), **self._flat_place(io.write, 1))
        return FlatIO(reads, replace(write, part=_flat_part(io.write.part)))

    def _flat_map(self, access: Access, io: IO, *, first: bool = False) -> Map:
        (_, channels, depth, height, width), part = access.map.shape, io.write.part
        if self.view is View.UPRIGHT:
            return replace(access.map, shape=(height, channels, 1, depth, width))
        count = part.count[0] if isinstance(part, PhasePart) else io.write.map.size[0]
        if first and self.taps is not None:
            channels = self.window.kernel[0] * (access.map.blocks * BLOCK if self.taps.padded else channels)
        return replace(access.map, shape=(count, channels, 1, height, width))

    def _flat_place(self, access: Access, number: int) -> dict[str, Any]:
        """Where a map begins, and what lies around it, as the op within sees it."""
        (z, y, x), halo = access.start, access.halo
        if self.view is View.UPRIGHT:
            return {"start": (0, z, x), "halo": Halo(halo.front, halo.left, halo.back, halo.right)}
        return {"start": (0, y, x), "halo": Halo(*halo[:4])}

    def seen(self, io: IO, places: Places, image: int) -> Places:
        """Where one image of each map lies, as the op within sees it."""
        spreads = io.write.map.size[0] > 1 == places.reads[0].storage.depth and not _reads_around(io.reads[0])
        reads = tuple(
            self._seen(place, image, read.start[0], self.window.stride[0] if not i else int(place.storage.depth > 1))
            for i, (read, place) in enumerate(zip(io.reads, places.reads, strict=True))
        )
        part = io.write.part
        begin, apart = (part.first[0], part.apart[0]) if isinstance(part, PhasePart) else (0, 1)
        if spreads:
            reads = (self._seen(places.reads[0], image, 0, 0), *reads[1:])
        return Places(reads, self._seen(places.write, image, begin, apart))

    def _seen(self, place: Placed, image: int, z: int, stride: int) -> Placed:
        whole = place.storage
        front, halo = whole.first + image * whole.image, whole.halo
        if self.view is View.UPRIGHT:
            around = Halo(halo.front, halo.left, halo.back, halo.right)
            sizes = whole.height, whole.channels, 1, whole.depth, whole.width
            steps, begin = (whole.row, whole.slice), front
        else:
            around = Halo(*halo[:4])
            sizes = whole.depth, whole.channels, 1, whole.height, whole.width
            steps, begin = (stride * whole.slice, whole.row), front + z * whole.slice
        return replace(place, storage=ViewedStorage(whole.kind, *sizes, around, whole.fill, whole, begin, steps))


def _reads_around(read: Access) -> bool:
    """Whether slices before the first or after the last are read."""
    return bool(read.halo.front or read.halo.back or read.start[0])


def _flat_part(part: Part | None) -> Part | None:
    if not isinstance(part, PhasePart):
        return part
    return PhasePart((0, *part.first[1:]), (1, *part.apart[1:]), (1, *part.count[1:]))


def over_slices(op: Op, maps: Sequence[Map]) -> Op:
    """The op for these maps: over their slices, if they have any."""
    return Viewed(op) if any(each.size[0] > 1 for each in maps) else op

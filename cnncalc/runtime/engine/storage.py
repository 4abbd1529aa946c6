"""How maps lie in memory: layouts, halos, distances, places.  Data only.

Sizes and places have three spatial axes (z, y, x); what is flat has one place in depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

BLOCK = 16
"""Channels that lie together in a blocked map."""


class Kind(Enum):
    """How a map lies in memory; slices that follow each other are to a kernel like images, or like more channels."""

    BLOCKED = "blocked"
    """[image][slice][channel block][row][column][16]"""
    PLANES = "planes"
    """[image][slice][channel][row][column], as a picture with its few channels stays for the first layer; what is flat
    has one slice, so its planes are as the readable kernels have them."""


Triple = tuple[int, int, int]
"""Of the axes z, y, x."""

ORIGIN: Triple = (0, 0, 0)

Fill = float | None
"""What a halo holds: 0 or minus infinity; None where nobody reads it."""


class Halo(NamedTuple):
    """So much of a stored map lies around its numbers; a flat map has nothing in front of it and nothing after it."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    front: int = 0
    back: int = 0

    @property
    def sides(self) -> tuple[tuple[int, int], ...]:
        """(before, after) of z, y, x."""
        return (self.front, self.back), (self.top, self.bottom), (self.left, self.right)


BARE = Halo()


class Distances(NamedTuple):
    """How many numbers neighbours are from each other."""

    image: int
    block: int
    """Of channels that are 16 apart."""
    row: int
    pixel: int
    lane: int
    """Of channels of a block."""


@dataclass(frozen=True, slots=True)
class Storage:
    """A piece of memory: a layout for all images of a batch."""

    kind: Kind
    images: int
    channels: int
    depth: int
    height: int
    width: int
    halo: Halo
    fill: Fill

    @property
    def slices(self) -> int:
        return self.halo.front + self.depth + self.halo.back

    @property
    def rows(self) -> int:
        return self.halo.top + self.height + self.halo.bottom

    @property
    def columns(self) -> int:
        return self.halo.left + self.width + self.halo.right

    @property
    def places(self) -> int:
        """Of one channel, with the halo."""
        return self.slices * self.rows * self.columns

    @property
    def blocks(self) -> int:
        return -(-self.channels // BLOCK)

    @property
    def pixel(self) -> int:
        """The distance between neighbouring pixels, in numbers."""
        return BLOCK if self.kind is Kind.BLOCKED else 1

    @property
    def row(self) -> int:
        return self.columns * self.pixel

    @property
    def plane(self) -> int:
        """Places of one channel in one slice, with the halo."""
        return self.rows * self.columns

    @property
    def lane(self) -> int:
        """The distance between neighbouring channels of a block."""
        return self.plane if self.kind is Kind.PLANES else 1

    @property
    def block(self) -> int:
        """The distance between channels that are 16 apart."""
        return self.plane * BLOCK

    @property
    def slice(self) -> int:
        """The distance between neighbouring slices."""
        return self.plane * (self.channels if self.kind is Kind.PLANES else self.blocks * BLOCK)

    @property
    def image(self) -> int:
        return self.slices * self.slice

    @property
    def distances(self) -> Distances:
        """All of them at once."""
        blocked, columns = self.kind is Kind.BLOCKED, self.columns
        plane, pixel = self.rows * columns, BLOCK if blocked else 1
        image = self.slices * plane * (self.blocks * BLOCK if blocked else self.channels)
        return Distances(image, plane * BLOCK, columns * pixel, pixel, 1 if blocked else plane)

    def offset(self, place: Triple) -> int:
        """From the first number that is not halo to a place (z, y, x); negative in the halo."""
        z, y, x = place
        return z * self.slice + y * self.row + x * self.pixel

    @property
    def first(self) -> int:
        """Where the first number that is not halo lies."""
        return self.offset((self.halo.front, self.halo.top, self.halo.left))

    @property
    def size(self) -> int:
        """How many numbers it takes; a tile may load one vector beyond the last."""
        return self.images * self.image + BLOCK


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an access lies: in which slot, in what storage, from which channel block on."""

    slot: int
    storage: Storage
    block: int = 0


class Places(NamedTuple):
    """Where a step finds all that it reads, and where it writes."""

    reads: tuple[Placed, ...]
    write: Placed

"""How the weights of a convolution lie when they are packed: blocks of filters, so many channels deep.  No arrays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from cnncalc.runtime.engine.storage import BLOCK

UNROLLED = 4
"""Channels in one turn of a tile's loop: what a last block has beyond them is neither stored nor multiplied."""


class WeightLayout(Enum):
    """Which channels a block of filters meets, and in which order."""

    BLOCKED = auto()
    """All of them, sixteen at a time."""
    PLANES = auto()
    """All of them, one by one: a picture's few channels."""
    GROUPED = auto()
    """Those of its group, whole blocks."""
    DIAGONAL = auto()
    """Those of its block, where groups are smaller than that: zeros between them."""

    def depth(self, channels: int) -> int:
        """How many channels the packed weights of a filter hold, that sees so many."""
        if self is WeightLayout.PLANES:
            return channels
        return BLOCK if self is WeightLayout.DIAGONAL else -(-channels // UNROLLED) * UNROLLED


@dataclass(frozen=True, slots=True)
class Filters:
    """So many `filters` in blocks of `width`, `depth` channels deep of which `channels` are not zero, for `taps` each.

    `inner` channels follow each other for one tap.
    """

    filters: int
    width: int
    depth: int
    channels: int
    taps: int
    inner: int = BLOCK

    @property
    def count(self) -> int:
        """Blocks of filters."""
        return -(-self.filters // self.width)

    @property
    def blocks(self) -> int:
        """Blocks of channels."""
        return -(-self.depth // self.inner)

    @property
    def block_numbers(self) -> int:
        """Numbers of one block of filters."""
        return self.width * self.depth * self.taps

    @property
    def numbers(self) -> int:
        return self.count * self.block_numbers

    @property
    def floats(self) -> int:
        """With an offset for each filter."""
        return self.numbers + self.count * self.width

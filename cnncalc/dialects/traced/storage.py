"""Which tensors are views of the same numbers, and what was written into those in place since a tensor was last read.

PyTorch's views share memory: `y = x.view(3, -1); y.relu_()` changes x too.  Here each tensor names an operation, so a
change of one is found by the others when they are next read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cnncalc.dialects.traced.trace import Tensor


class Region(NamedTuple):
    """Entries of one axis of all the numbers, whose sizes are `dims`."""

    dims: tuple[int, ...]
    axis: int
    entries: range

    def meets(self, other: Region | None) -> bool:
        """Whether a number may be in both; None is all numbers."""
        if other is None or (self.dims, self.axis) != (other.dims, other.axis):
            return True
        return self.entries.start < other.entries.stop and other.entries.start < self.entries.stop


class Write(NamedTuple):
    """What was written through, and which of the numbers it shows."""

    tensor: Tensor
    region: Region | None


@dataclass(eq=False)
class Storage:
    """Numbers that several tensors show; `writes` are the changes in place, in order."""

    writes: list[Write] = field(default_factory=list)

    def later(self, tensor: Tensor) -> list[Write]:
        """What was written since the tensor was read, through others, into numbers that it shows."""
        return [
            one
            for one in self.writes[tensor.version :]
            if one.tensor is not tensor and (one.region is None or one.region.meets(tensor.region))
        ]

"""What a builder of a PyTorch operation gets and gives, and pads of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its customary name

from cnncalc.geometry import Shape

FILLS = {"zeros": "constant", "edge": "replicate", "reflect": "reflect", "wrap": "circular"}


@dataclass(frozen=True)
class Call:
    """A kernel call: its numbers by axis and its weights have as many spatial axes as the maps of the net (`axes`)."""

    numbers: Mapping[str, Any]
    weights: Mapping[str, Tensor]
    inputs: tuple[Shape, ...]
    output: Shape
    axes: int

    def negated(self, name: str) -> list[int]:
        """The number of each axis with the other sign."""
        return [-number for number in self.numbers[name]]


@dataclass(frozen=True)
class Built:
    """A function of the inputs, and of these tensors by name."""

    function: Callable[..., Tensor]
    tensors: Mapping[str, Tensor] = field(default_factory=dict)


def padded(x: Tensor, before: Sequence[int], after: Sequence[int], fill: str = "zeros", value: float = 0.0) -> Tensor:
    """Rows added on every side, or cut off where the number is negative."""
    if not any(before) and not any(after):
        return x
    sides = [rows for pair in zip(reversed(before), reversed(after), strict=True) for rows in pair]
    if fill == "zeros":
        return F.pad(x, sides, value=value)
    return F.pad(x, sides, mode=FILLS[fill])

"""Functions of each number by itself, by their names, and the logistics of a detector's boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain, Takes
from cnncalc.runtime.engine.ir import IO, Access, Activation, Epilogue, Residual, Step
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.pointwise import Pointwise, PointwiseTile
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed

FUNCTIONS: Mapping[str, Activation] = {
    each.name.lower(): each for each in Activation if each > Activation.BOX and each is not Activation.POW
}
"""By the names of the language; what has no entry (sine, cosine, tangent) is left to the readable kernels."""

POWERS: Mapping[float, Activation] = {0.5: Activation.SQRT, -0.5: Activation.RSQRT, -1.0: Activation.RECIPROCAL}
LARGEST_POWER = 16
"""Of whole exponents: so often a number is multiplied by itself."""

NUMBERS = ("slope", "limit", "value")
"""Numbers that a function has of its own, in the order of the kernel's limits."""

POWER = ("pow",)


@dataclass(frozen=True, slots=True)
class Function(Pointwise):
    """A function of each number; where no channel is it is given 1."""

    takes: ClassVar[Takes] = Takes.NOTHING

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        import numpy as np

        from cnncalc.runtime.engine.weights import Packed

        channels, blocks = io.write.map.channels, io.write.map.blocks * BLOCK
        there = (np.arange(blocks) < channels).astype(np.float32)
        return Packed(memory.copy(there, blocks), memory.copy(1 - there, blocks))


@dataclass(frozen=True, slots=True)
class Boxes(Pointwise):
    """`x y w h objectness class...` of so many boxes: logistics, those of x and y stretched, w and h as they are.

    `everything`: the logistic of w and h too.
    """

    takes: ClassVar[Takes] = Takes.NOTHING

    boxes: int
    stretch: float
    everything: bool

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        import numpy as np

        from cnncalc.runtime.engine.weights import Packed

        channels, blocks = io.write.map.channels, io.write.map.blocks * BLOCK
        factor, offset = np.ones((self.boxes, channels // self.boxes)), np.zeros((self.boxes, channels // self.boxes))
        factor[:, :2], offset[:, :2] = self.stretch, -(self.stretch - 1) / 2
        factor[:, 2:4] = float(self.everything)
        return Packed(memory.copy(factor.ravel(), blocks), memory.copy(offset.ravel(), blocks))


def lower_function(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """By its name; a power by its exponent."""
    n = layer.numbers
    own = [float(n[name]) for name in NUMBERS if name in n and n["name"] not in POWER]
    activation = FUNCTIONS.get(n["name"])
    if n["name"] in POWER:
        own, activation = [float(n["exponent"])], _power(float(n["exponent"]))
    if activation is not None:
        tile = PointwiseTile(net.lanes, activation, Residual.NONE)
        low, high, *_ = (*own, 0.0, 0.0)
        op = Function(tile, Epilogue(activation, low, high))
        yield net.step(op, chain, Access(net.source(layer)))


def _power(exponent: float) -> Activation | None:
    """What takes a number to this power; None where its rounding errors would grow."""
    if exponent in POWERS:
        return POWERS[exponent]
    if exponent.is_integer() and abs(exponent) <= LARGEST_POWER:
        return Activation.POW
    return Activation.ROOT if 0 < exponent < 1 else None


def lower_yolo(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The boxes of YOLOv3 and later."""
    n, tile = layer.numbers, PointwiseTile(net.lanes, Activation.BOX, Residual.NONE)
    op = Boxes(tile, Epilogue(Activation.BOX), n["boxes"], n["stretch"], n["all"])
    yield net.step(op, chain, Access(net.source(layer)))

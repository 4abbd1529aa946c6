"""What meets every number by itself: batch norms, factors, activations, copies of blocked maps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import ALL, Chain, Takes
from cnncalc.runtime.engine.ir import IO, NO_EPILOGUE, Access, Activation, ChannelPart, Residual, Step
from cnncalc.runtime.engine.ops.base import FusedOp, Tile, channel_floats
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.window import ONE_PLACE, Window
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed


@dataclass(frozen=True, slots=True)
class PointwiseTile(Tile):
    """Vectors of so many lanes; what is applied, and what a second map does."""

    lanes: int
    activation: Activation
    mode: Residual


@dataclass(frozen=True, slots=True)
class Pointwise(FusedOp):
    """Each number as it is, with what follows."""

    kernel: ClassVar[str] = "pointwise"
    takes: ClassVar[Takes] = Takes.RESIDUAL | Takes.ACTIVATION
    elementwise: ClassVar[bool] = True
    copies: ClassVar[bool] = True
    moves: ClassVar[bool] = True

    tile: PointwiseTile

    @property
    def sliding(self) -> Window:
        return ONE_PLACE

    def packed_floats(self, io: IO) -> int:
        return channel_floats(io)

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        (factor, offset), blocks = arrays.affine(biased=False), io.write.map.blocks * BLOCK
        return memory.by_channel(factor, offset, blocks)

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row, part = at.maps(self.epilogue) | self.factors(at), io.write.part
        if isinstance(part, ChannelPart):
            row["OUTPUT"] += 4 * (part.first // BLOCK) * at.places.write.storage.block
            row["BLOCKS"] = io.reads[0].map.blocks
        return (self.call(at, row, at.row_units(row)),)

    def factors(self, at: Bound) -> Row:
        """Where factors lie that are not packed."""
        return {}


@dataclass(frozen=True, slots=True)
class Affine(Pointwise):
    """With a factor and an offset for each channel."""

    takes: ClassVar[Takes] = ALL
    weighted: ClassVar[bool] = True

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return sum({**own, "weight": io.write.map.channels}.values())


@dataclass(frozen=True, slots=True)
class PRelu(Pointwise):
    """Each channel has a slope of its own, which no kernel that has weights already can hold."""

    takes: ClassVar[Takes] = Takes.NOTHING
    weighted: ClassVar[bool] = True

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        blocks = io.write.map.blocks * BLOCK
        return memory.by_channel(arrays.factor(), arrays.offset(), blocks)


def pointwise_op(lanes: int, chain: Chain) -> Pointwise:
    """Whatever a chain does after its first layer."""
    tile = PointwiseTile(lanes, chain.epilogue.activation, chain.epilogue.residual)
    return Affine(tile, chain.epilogue) if chain.folded else Pointwise(tile, chain.epilogue)


def plain_copy(lanes: int) -> Pointwise:
    """Each number as it is."""
    return Pointwise(PointwiseTile(lanes, Activation.CLAMP, Residual.NONE), NO_EPILOGUE)


def lower_pointwise(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Batch norms, factors and activations that no convolution before them could take in."""
    yield net.step(pointwise_op(net.lanes, chain), chain, Access(net.source(layer)))


def lower_prelu(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """A slope for each channel."""
    tile = PointwiseTile(net.lanes, Activation.PRELU, Residual.NONE)
    yield net.step(PRelu(tile, chain.epilogue), chain, Access(net.source(layer)))

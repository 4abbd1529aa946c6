"""Depthwise convolutions: one filter for each channel, by tiles of neighbouring outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain, Takes
from cnncalc.runtime.engine.ir import IO, Activation, Map, Step
from cnncalc.runtime.engine.ops.base import FusedOp, Label, Tile, is_large
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.tiling import columns_for
from cnncalc.runtime.engine.window import Window, flat_window, zero_fill
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call
    from cnncalc.runtime.engine.weights import Arena, Array, LayerArrays, Packed

IN_FLIGHT = {16: 14, 8: 7, 4: 14}
"""Lanes -> outputs in flight in a depthwise convolution or a pool."""


@dataclass(frozen=True, slots=True)
class DepthwiseTile(Tile):
    """`columns` outputs with `taps` in a row; `step` and `tap` are distances of neighbouring windows and taps."""

    columns: int
    taps: int
    step: int
    tap: int
    lanes: int
    activation: Activation


@dataclass(frozen=True, slots=True)
class Depthwise(FusedOp):
    """A window over each channel by itself."""

    kernel: ClassVar[str] = "depthwise"
    takes: ClassVar[Takes] = Takes.AFFINE | Takes.ACTIVATION
    weighted: ClassVar[bool] = True

    tile: DepthwiseTile
    window: Window
    flip: bool = False

    @property
    def sliding(self) -> Window:
        return self.window

    @property
    def is_too_long(self) -> bool:
        return is_large(self.window)

    def packed_floats(self, io: IO) -> int:
        return io.write.map.blocks * BLOCK * (self.window.taps + 1)

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        import numpy as np

        from cnncalc.runtime.engine.weights import Packed

        channels, taps = io.write.map.channels, self.window.taps
        factor, offset = self.affine(arrays)
        lifted = np.zeros((io.write.map.blocks * BLOCK, taps), np.float32)
        lifted[:channels] = self.arranged(arrays).reshape(channels, -1) * factor[:, None]
        target = memory.copy(lifted.reshape(-1, BLOCK, taps).transpose(0, 2, 1).ravel(), lifted.size)
        return Packed(target, memory.copy(offset, len(lifted)))

    def arranged(self, arrays: LayerArrays) -> Array:
        """The weights of each channel, or one for all its taps."""
        return arrays.weight(flip=self.flip)

    def affine(self, arrays: LayerArrays) -> tuple[Array, Array]:
        """The factor and the offset of each channel."""
        return arrays.affine()

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps(self.epilogue)
        row |= at.window(self.window)
        row["WEIGHT_BLOCK"] = BLOCK * self.window.taps
        return (self.call(at, row, at.row_units(row)),)

    def products(self, io: IO) -> int:
        return self.multiplications(io) * self.window.taps

    def label(self, word: str) -> Label:
        return Label("depthwise", (self.window.printed,))


def lower_dwconv(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """One filter for each channel; more of them have no kernel here."""
    source, target = net.source(layer), net.maps[chain.last]
    sliding = flat_window(layer, source, target)
    if sliding is None or not zero_fill(layer) or layer.numbers["multiplier"] != 1:
        return
    tile = window_tile(net, target, sliding.window, chain.epilogue.activation)
    op = Depthwise(tile, chain.epilogue, sliding.window, layer.numbers["flip"])
    yield net.step(op, chain, sliding.access(source))


def lower_subsample(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """A depthwise convolution whose taps all weigh the same."""
    source, target = net.source(layer), net.maps[chain.last]
    sliding = flat_window(layer, source, target)
    if sliding is not None:
        tile = window_tile(net, target, sliding.window, chain.epilogue.activation)
        yield net.step(Depthwise(tile, chain.epilogue, sliding.window), chain, sliding.access(source))


def window_tile(net: Lowering, target: Map, window: Window, activation: Activation) -> DepthwiseTile:
    """The tile of a window that sees one channel, over a blocked map."""
    columns, (_, _, taps) = columns_for(target.shape[4], IN_FLIGHT[net.lanes]), window.kernel
    return DepthwiseTile(columns, taps, window.stride[2] * BLOCK, window.dilation[2] * BLOCK, net.lanes, activation)

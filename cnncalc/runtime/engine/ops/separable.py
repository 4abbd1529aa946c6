"""Separable convolutions: a depthwise one into a map of its own, and a 1x1 convolution over that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, NO_EPILOGUE, Access, Activation, Step
from cnncalc.runtime.engine.ops.convolution import Convolution, tile_for
from cnncalc.runtime.engine.ops.depthwise import Depthwise, window_tile
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.window import ONE_PLACE, flat_window, zero_fill
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.weights import Array, LayerArrays

DEPTHWISE, MIXING = "depthwise_weight", "pointwise_weight"
"""Its two arrays."""


@dataclass(frozen=True, slots=True)
class SeparableDepthwise(Depthwise):
    """The first half; the bias and all that is folded belong to the second."""

    def arranged(self, arrays: LayerArrays) -> Array:
        return arrays.weight(DEPTHWISE)

    def affine(self, arrays: LayerArrays) -> tuple[Array, Array]:
        return arrays.affine(biased=False)

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return own[DEPTHWISE]


@dataclass(frozen=True, slots=True)
class SeparableMixing(Convolution):
    """The second half."""

    @property
    def can_stripe(self) -> bool:
        return False

    def arranged(self, arrays: LayerArrays) -> Array:
        return arrays.weight(MIXING)

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return sum(own.values()) - own[DEPTHWISE]


def lower_sepconv(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Both halves; several filters for each channel have no kernel here."""
    source, target = net.source(layer), net.maps[chain.last]
    sliding = flat_window(layer, source, target)
    if sliding is None or not zero_fill(layer) or layer.numbers["multiplier"] != 1:
        return
    middle = net.new_map(layer.node, (*source.shape[:2], *target.shape[2:]))
    tile = window_tile(net, target, sliding.window, Activation.CLAMP)
    depthwise = SeparableDepthwise(tile, NO_EPILOGUE, sliding.window)
    yield Step(depthwise, (layer.node,), (sliding.access(source),), Access(middle))
    mixing = SeparableMixing(tile_for(net, chain, target, ONE_PLACE), chain.epilogue, ONE_PLACE, middle.channels)
    yield net.step(mixing, chain, Access(middle))

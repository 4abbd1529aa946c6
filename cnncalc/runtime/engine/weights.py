"""Weights as the engine's kernels want them: affine layers folded in, filters in blocks, channels last.

Packing is itself a program for the thread pool: a row of numbers for each step, written into memory that is there
already.  Nobody gets at a layer's bias but by `LayerArrays`, which knows what is folded into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnncalc.runtime.engine.chain import FOLDED
from cnncalc.runtime.engine.ir import EngineFaultError
from cnncalc.runtime.engine.program import Call, Row, at, kernel_address
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.weight_layout import Filters
from cnncalc.runtime.planning import Step as LayerStep

Array = np.ndarray[Any, Any]


class LostLayerError(EngineFaultError):
    """A layer that was to be folded into another is done by nobody."""

    def __init__(self, nodes: Sequence[int]) -> None:
        super().__init__(f"the layers {', '.join(map(str, nodes))} are folded into a step that does not do them")


def _nothing() -> Array:
    return np.zeros(0, np.float32)


@dataclass
class Packed:
    """The weights and offsets of one step, and the calls that fill them (to be made once, before the first run).

    `weights` and `bias` are by channel, `place_factors` by output place.  It owns every array that is pointed to.
    """

    weights: Array = field(default_factory=_nothing)
    bias: Array = field(default_factory=_nothing)
    place_factors: Array = field(default_factory=_nothing)
    calls: tuple[Call, ...] = ()
    held: tuple[Array, ...] = ()
    parts: tuple[Packed, ...] = ()

    @property
    def row(self) -> Row:
        """Where kernels find them."""
        return {"WEIGHTS": at(self.weights), "BIAS": at(self.bias)}


LINE = 16
"""Floats in a cache line."""


class Arena:
    """One piece of memory for many arrays of float32, zeros at first, each at a cache line with one vector to spare.

    Together they are large enough for the pages of 2 MB that numpy asks the system for: a CPU fetches memory ahead
    within a page only, and each page takes it time to find.
    """

    def __init__(self, counts: Iterable[int]) -> None:
        self._memory = np.zeros(sum(map(_taken, counts)) + LINE, np.float32)
        self._next = (-self._memory.ctypes.data % (4 * LINE)) // 4

    def array(self, count: int) -> Array:
        """The next so many numbers; in memory of its own where the piece is used up."""
        first, after = self._next, self._next + _taken(count)
        if after > len(self._memory):
            return Arena([count]).array(count)
        self._next = after
        return self._memory[first : first + count + BLOCK]

    def by_channel(self, factor: Array, offset: Array, count: int) -> Packed:
        """A factor and an offset for each of so many channels."""
        return Packed(self.copy(factor, count), self.copy(offset, count))

    def copy(self, values: Array, count: int) -> Array:
        """The next so many numbers, which begin with these values."""
        lifted = self.array(count)
        lifted[: len(values)] = values
        return lifted


def spare_floats(floats: int) -> int:
    """So many packed numbers with what lies between them."""
    return floats + 6 * LINE if floats else 0


def _taken(count: int) -> int:
    return -(-(count + BLOCK) // LINE) * LINE


class LayerArrays:
    """The arrays of a step's own layer, with what is folded into them.  There is no way to its bias around that."""

    def __init__(
        self,
        layers: Sequence[LayerStep],
        stored: Mapping[str, Array],
        nodes: Sequence[int],
        channels: int,
        own: Mapping[str, Array] | None = None,
    ) -> None:
        self._layers, self._stored, self._channels = layers, stored, channels
        self.nodes = tuple(nodes)
        self.layer = layers[nodes[0]] if nodes else None
        self._folded = tuple(node for node in nodes if layers[node].kernel in FOLDED)
        self._arrays = dict(own) if own else None
        self._asked = False

    @property
    def _own(self) -> dict[str, Array]:
        """The layer's own arrays by name."""
        if self._arrays is None:
            self._arrays = self.layer.arrays(self._stored) if self.layer else {}
        return self._arrays

    def of(self, nodes: Sequence[int], channels: int) -> LayerArrays:
        """Those of one of the steps that are done together, which has to ask for what is folded into it."""
        self._asked = True
        return LayerArrays(self._layers, self._stored, nodes, channels)

    def rearranged(self, change: Callable[[Array], Array]) -> LayerArrays:
        """The same with the taps of the weights in another order."""
        own = {**self._own, "weight": change(self._own["weight"])}
        return LayerArrays(self._layers, self._stored, self.nodes, self._channels, own)

    def rows(self, weight: str, bias: str, first: int, count: int) -> LayerArrays:
        """One of several dense layers, as a convolution of 1x1; what they share is cut into rows from `first` on."""
        own = {}
        for name, found in (("weight", weight), ("bias", bias)):
            if found in self._own:
                whole = self._own[found]
                own[name] = whole[first : first + count] if len(whole) > count else whole
        own["weight"] = own["weight"].reshape(count, -1, 1, 1, 1)
        return LayerArrays(self._layers, self._stored, self.nodes, self._channels, own)

    def weight(self, name: str = "weight", *, flip: bool = False) -> Array:
        """An array as it is stored, or with the order of its taps turned round."""
        weight: Array = self._own[name]
        return weight[..., ::-1, ::-1, ::-1] if flip else weight

    def factor(self) -> Array:
        """The layer's own factors by channel: one may be for all; ones where it learns none."""
        return np.broadcast_to(self._own.get("weight", np.ones(1, np.float32)).ravel(), self._channels)

    def affine(self, *, biased: bool = True) -> tuple[Array, Array]:
        """The factor of each channel and the offset that replaces its bias, all folded nodes in their order."""
        self._asked = True
        bias = self._own.get("bias") if biased else None
        offset: Any = np.zeros(self._channels) if bias is None else bias.ravel().astype(np.float64)
        factor: Any = np.ones(self._channels)
        for node in self._folded:
            more, further = _affine_of(self._layers[node], self._stored)
            factor, offset = factor * more, offset * more + further
        return factor.astype(np.float32), offset.astype(np.float32)

    def offset(self) -> Array:
        """The bias of a kernel that has no way to apply a factor; refused where one is folded in."""
        if self._folded:
            raise LostLayerError(self._folded)
        return self.affine()[1]

    def refuse_lost(self) -> None:
        """To be called when a step is packed: whoever packs it must have asked for what is folded."""
        if self._folded and not self._asked:
            raise LostLayerError(self._folded)


def _affine_of(layer: LayerStep, stored: Mapping[str, Array]) -> tuple[Any, Any]:
    """The factor and the offset of a folded layer, by channel or for all."""
    if "factor" in layer.numbers:
        return np.array(layer.numbers["factor"]), np.array(layer.numbers.get("offset", 0.0))
    own = layer.arrays(stored)
    weight, bias = own.get("weight"), own.get("bias")
    more: Any = np.ones(1) if weight is None else weight.astype(np.float64)
    further: Any = np.zeros(1) if bias is None else bias.astype(np.float64)
    if "running_var" in own:
        spread = np.sqrt(own["running_var"].astype(np.float64) + layer.numbers["epsilon"])
        more = more / spread
        further = further - own["running_mean"] * more
    return more, further


THREE_TAPS = 3


def pack_filters(weight: Array, affine: tuple[Array, Array], filters: Filters, memory: Arena) -> Packed:
    """weight[filter, channel, taps ...] in blocks of filters, times the factor of each; and the offsets."""
    return _Packing("pack_weights.pack_filters", filters, filters.count * filters.blocks).packed(weight, affine, memory)


def pack_frequencies(weight: Array, affine: tuple[Array, Array], filters: Filters, memory: Arena) -> Packed:
    """The same as Winograd's frequencies, of 3x3 or of 5x5 taps."""
    kernel = "pack_frequencies" if weight.shape[-1] == THREE_TAPS else "pack_wide_frequencies"
    packing = _Packing(f"pack_weights.{kernel}", filters, filters.count * filters.channels)
    return packing.packed(weight, affine, memory)


@dataclass(frozen=True, slots=True)
class _Packing:
    """A kernel that packs, and its units of work."""

    kernel: str
    filters: Filters
    units: int

    def packed(self, weight: Array, affine: tuple[Array, Array], memory: Arena) -> Packed:
        filters, weight, (factor, offset) = self.filters, np.ascontiguousarray(weight), affine
        target, factors = memory.array(filters.numbers), np.ascontiguousarray(factor)
        blocks, width = filters.blocks, filters.count * filters.width
        row: Row = {
            "INPUT": at(weight),
            "OUTPUT": at(target),
            "BIAS": at(factors),
            "SIZE": filters.filters,
            "CHANNELS": filters.channels,
            "WIDTH": filters.width,
            "KERNEL_Y": filters.taps,
            "KERNEL_X": 1,
            "INNER": filters.inner,
            "LAST": filters.depth - filters.inner * (blocks - 1),
            "BLOCKS": blocks,
            "WEIGHT_BLOCK": filters.block_numbers,
            "WEIGHT_FREQUENCY": width * filters.depth,
        }
        call = Call(kernel_address(self.kernel, ()), (row,), self.units)
        held = weight, factors, memory.array(filters.width)
        return Packed(target, memory.copy(offset, width), calls=(call,), held=held)

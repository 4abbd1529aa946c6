"""Weights as the engine's kernels want them: batch norms and factors folded in, filters in blocks, channels last.

Packing is itself a program for the threads: a row of numbers for each step, written into memory that is there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnncalc.kernels.engine.machine_code import kernel_address
from cnncalc.kernels.engine.pack_weights import pack_filters, pack_frequencies
from cnncalc.runtime.engine.consumed import LostLayerError
from cnncalc.runtime.engine.nouns import BLOCK, EngineStep
from cnncalc.runtime.engine.program import Call, at
from cnncalc.runtime.engine.sizes import deep, filter_blocks, weight_floats
from cnncalc.runtime.planning import Step

Array = np.ndarray[Any, Any]


def _nothing() -> Array:
    return np.zeros(0, np.float32)


@dataclass
class Packed:
    """The weights and offsets of one step, and the calls that fill them (to be made once, before the first run).

    `weights` and `bias` are by channel, `place_factors` by output place.
    """

    weights: Array = field(default_factory=_nothing)
    bias: Array = field(default_factory=_nothing)
    place_factors: Array = field(default_factory=_nothing)
    calls: tuple[Call, ...] = ()
    held: tuple[Array, ...] = ()
    parts: tuple[Packed, ...] = ()


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


def _taken(count: int) -> int:
    return -(-(count + BLOCK) // LINE) * LINE


def packed_floats(step: EngineStep) -> int:
    """Numbers of a step's packed weights and offsets with what lies between them."""
    if step.parts:
        return sum(map(packed_floats, step.parts))
    floats = weight_floats(step)
    return floats + 6 * LINE if floats else 0


class LayerArrays:
    """The arrays of a step's own layer, with what is folded into them.  There is no way to its bias around that."""

    def __init__(self, steps: Sequence[Step], arrays: Mapping[str, Array], step: EngineStep) -> None:
        self._steps, self._arrays, self._folded = steps, arrays, step.folded
        self._own = own_arrays(steps[step.nodes[0]], arrays) if step.nodes else {}
        self._channels = step.writes.map.channels
        self._asked = False

    def weight(self, name: str = "weight") -> Array:
        return self._own[name]

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
            own, kernel = own_arrays(self._steps[node], self._arrays), self._steps[node].kernel
            more: Any = own.get("weight", np.ones(1)).astype(np.float64)
            further: Any = own.get("bias", np.zeros(1)).astype(np.float64)
            if kernel in ("times", "affine"):
                more = np.array(self._steps[node].numbers["factor"])
                further = np.array(self._steps[node].numbers.get("offset", 0.0))
            elif kernel == "bn":
                spread = np.sqrt(own["running_var"].astype(np.float64) + self._steps[node].numbers["epsilon"])
                more = more / spread
                further = further - own["running_mean"] * more
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


def own_arrays(step: Step, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays of a node, as its kernel would get them."""
    return step.arrays(arrays)


class Packer:
    """Packs step after step."""

    def __init__(self, steps: Sequence[Step], arrays: Mapping[str, Array], memory: Arena) -> None:
        self.steps, self.arrays, self.memory = steps, arrays, memory

    def packed(self, step: EngineStep) -> Packed:
        if step.parts:
            parts = tuple(map(self.packed, step.parts))
            return Packed(calls=tuple(call for part in parts for call in part.calls), parts=parts)
        arrays = LayerArrays(self.steps, self.arrays, step)
        packed = self._packed(step, arrays)
        arrays.refuse_lost()
        return packed

    def _packed(self, step: EngineStep, arrays: LayerArrays) -> Packed:
        if step.kernel in ("convolution", "winograd"):
            return self._filters(step, arrays)
        if step.weights.startswith("depthwise"):
            return self._depthwise(step, arrays)
        if step.kernel == "products":
            weight = np.ascontiguousarray(arrays.weight().reshape(step.writes.map.channels, -1))
            return Packed(weight, self._lifted(arrays.offset(), len(weight) + BLOCK))
        if step.kernel == "windows" and "counting" in step.numbers:
            return Packed(place_factors=window_factors(step))
        return self._by_channel(step, arrays)

    def _by_channel(self, step: EngineStep, arrays: LayerArrays) -> Packed:
        """A factor and an offset for each channel: the layer's own, or what is folded into a step that has none."""
        factor, offset = np.zeros(0, np.float32), np.zeros(0, np.float32)
        if step.weights == "own":
            factor, offset = arrays.factor(), arrays.offset()
        elif step.weights == "of map":
            offset = arrays.offset()
        elif step.kernel == "pointwise":
            factor, offset = arrays.affine(biased=False)
        blocks = step.writes.map.blocks * BLOCK if step.kernel in ("pointwise", "standardised") else 0
        return Packed(self._lifted(factor, blocks), self._lifted(offset, blocks))

    def _lifted(self, values: Array, count: int) -> Array:
        lifted = self.memory.array(count)
        lifted[: len(values)] = values
        return lifted

    def _filters(self, step: EngineStep, arrays: LayerArrays) -> Packed:
        numbers, filters = step.numbers, step.writes.map.channels
        weight = _oriented(arrays.weight("pointwise_weight" if step.weights == "mixing" else "weight"), numbers)
        if step.weights == "transposed":
            (y, x), (sy, sx) = numbers["tap"], numbers["apart"]
            weight = weight[:, :, 0, y::sy, x::sx].transpose(1, 0, 2, 3)[..., ::-1, ::-1]
        elif step.weights == "connected":
            weight = _unconnected(weight, self.steps[step.nodes[0]].numbers["table"], numbers["seen"])
        elif step.weights == "diagonal":
            weight = _diagonal(weight, numbers["groups"])
        weight = np.ascontiguousarray(weight)
        factor, offset = arrays.affine()
        count, width = filter_blocks(step)
        winograd = step.kernel == "winograd"
        taps = 36 if winograd else numbers["ky"] * numbers["kx"]
        target, factors = self.memory.array(count * width * deep(step) * taps), np.ascontiguousarray(factor)
        seen = BLOCK if step.weights == "diagonal" else numbers["seen"]
        inner = 1 if step.weights == "planes" else BLOCK
        blocks = -(-deep(step) // inner)
        row = {
            "INPUT": at(weight),
            "OUTPUT": at(target),
            "BIAS": at(factors),
            "SIZE": filters,
            "CHANNELS": seen,
            "WIDTH": width,
            "KERNEL_Y": numbers["ky"],
            "KERNEL_X": numbers["kx"],
            "INNER": inner,
            "LAST": deep(step) - inner * (blocks - 1),
            "BLOCKS": blocks,
            "WEIGHT_BLOCK": width * deep(step) * taps,
            "WEIGHT_FREQUENCY": count * width * deep(step),
        }
        kernel = kernel_address(pack_frequencies if winograd else pack_filters)
        call = Call(kernel, (row,), count * (seen if winograd else blocks))
        held = weight, factors, self.memory.array(width)
        return Packed(target, self._lifted(offset, count * width), calls=(call,), held=held)

    def _depthwise(self, step: EngineStep, arrays: LayerArrays) -> Packed:
        numbers, separable = step.numbers, step.weights == "depthwise_of_separable"
        weight = _oriented(arrays.weight("depthwise_weight" if separable else "weight"), numbers)
        channels, taps = step.writes.map.channels, numbers["ky"] * numbers["kx"]
        if step.weights == "depthwise_of_sums":
            weight = np.repeat(weight.reshape(channels, 1), taps, axis=1)
        factor, offset = arrays.affine(biased=not separable)
        lifted = np.zeros((step.writes.map.blocks * BLOCK, taps), np.float32)
        lifted[:channels] = weight.reshape(channels, taps) * factor[:, None]
        target = self._lifted(lifted.reshape(-1, BLOCK, taps).transpose(0, 2, 1).ravel(), lifted.size)
        return Packed(target, self._lifted(offset, len(lifted)))


def window_factors(step: EngineStep) -> Array:
    """One over the number of taps that count in each window [oy, ox]; all ones for a sum."""
    numbers, (height, width) = step.numbers, step.writes.map.shape[3:]
    if numbers["counting"] == "one":
        return np.ones(height * width + BLOCK, np.float32)
    (h, w), inside = step.reads[0].map.shape[3:], numbers["counting"] == "inside"
    below, right = (0, 0) if inside else numbers["after"]
    down = _counts(height, (numbers["ky"], numbers["sy"], numbers["dy"], numbers["top"]), h + below, inside=inside)
    across = _counts(width, (numbers["kx"], numbers["sx"], numbers["dx"], numbers["left"]), w + right, inside=inside)
    counts = np.maximum(down[:, None] * across, 1)
    return np.append(1 / counts.ravel(), np.ones(BLOCK)).astype(np.float32)


def _counts(outputs: int, window: tuple[int, int, int, int], end: int, *, inside: bool) -> Array:
    """How many taps of each window lie in the input, or in the input with its pads; `end` is one past the last."""
    kernel, stride, dilation, before = window
    taps = np.arange(outputs)[:, None] * stride + np.arange(kernel) * dilation - before
    counts: Array = ((taps >= (0 if inside else -before)) & (taps < end)).sum(axis=1)
    return counts


def _oriented(weight: Array, numbers: Mapping[str, Any]) -> Array:
    return weight[..., ::-1, ::-1, ::-1] if numbers.get("flip") else weight


def _unconnected(weight: Array, table: Sequence[Sequence[int]], channels: int) -> Array:
    """weight[connection, ...], filter by filter -> [filter, channel, ...], zeros where nothing is connected."""
    wide = np.zeros((len(table), channels, *weight.shape[1:]), weight.dtype)
    connections = iter(weight)
    for filter_, seen in enumerate(table):
        for channel in seen:
            wide[filter_, channel] = next(connections)
    return wide


def _diagonal(weight: Array, groups: int) -> Array:
    """weight[filter, channel of its group, ...] -> [filter, channel of its block of 16, ...], zeros between groups."""
    filters, seen, *kernel = weight.shape
    wide = np.zeros((filters, BLOCK, *kernel), weight.dtype)
    for filter_ in range(filters):
        first = filter_ // (filters // groups) * seen % BLOCK
        wide[filter_, first : first + seen] = weight[filter_]
    return wide

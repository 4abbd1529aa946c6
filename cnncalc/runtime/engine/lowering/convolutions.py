"""Layers that sum over channels: convolutions of every kind, transposed ones, and dense layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod

from cnncalc.runtime.engine.fusing import Chain
from cnncalc.runtime.engine.lowering.base import CODES, Lowering, sliding_window, zero_fill
from cnncalc.runtime.engine.nouns import BLOCK, Access, EngineStep, Map
from cnncalc.runtime.engine.tiling import tile_of, vectors_for
from cnncalc.runtime.engine.winograd import pays_winograd, winograd_shape
from cnncalc.runtime.planning import Step


def conv(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Winograd where it pays, else direct; a picture's few channels are read as planes, and groups apart."""
    source, target = lowering.maps[step.reads[0]], lowering.maps[chain.last]
    window = sliding_window(step, source, target)
    if window is None or not zero_fill(step):
        return
    halo, numbers = window
    groups, filters = step.numbers["groups"], target.channels
    numbers |= {"seen": source.channels // groups, "groups": groups, "flip": step.numbers["flip"]}
    if groups > 1:
        yield from grouped(lowering, chain, Access(source, "blocked", halo, 0.0), numbers)
        return
    if source.key in lowering.pictures and source.channels < BLOCK:
        # One tap at a time: LLVM would keep inputs that neighbouring windows share in registers, and spill the sums.
        vectors = vectors_for(lowering.lanes, filters)
        tile = tile_of(*target.shape[3:], vectors, lowering.lanes)
        shape = (
            *tile,
            vectors,
            lowering.lanes,
            numbers["sx"],
            1,
            CODES[chain.activation],
        )
        yield lowering.step(
            chain, "convolution", shape, Access(source, "planes", halo, 0.0), numbers=numbers, weights="planes"
        )
        return
    read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
    if not lowering.direct and pays_winograd(source, target, numbers):
        product = winograd_shape(source, target, lowering.lanes, lowering.threads)
        yield lowering.step(
            chain,
            "winograd",
            (*product, CODES[chain.activation], chain.mode),
            read,
            numbers=numbers,
            weights="winograd",
        )
        return
    yield lowering.step(
        chain, "convolution", direct_shape(lowering, chain, target, numbers), read, numbers=numbers, weights="blocked"
    )


def direct_shape(
    lowering: Lowering, chain: Chain, target: Map, numbers: Mapping[str, int], narrow: bool = False
) -> tuple[int, ...]:
    """The tile of a convolution over a blocked map."""
    vectors = vectors_for(lowering.lanes, target.channels, narrow)
    tile = tile_of(*target.shape[3:], vectors, lowering.lanes)
    return (*tile, vectors, lowering.lanes, numbers["sx"] * BLOCK, 4, CODES[chain.activation])


def grouped(lowering: Lowering, chain: Chain, read: Access, numbers: dict[str, int]) -> Iterator[EngineStep]:
    """Groups of whole blocks one by one; groups smaller than a block together, with zeros between them."""
    target, groups = lowering.maps[chain.last], numbers["groups"]
    seen, made = numbers["seen"], target.channels // groups
    if seen % BLOCK == 0 and made % BLOCK == 0:
        shape = direct_shape(lowering, chain, target, numbers, narrow=bool(made % 32))
        yield lowering.step(chain, "convolution", shape, read, numbers=numbers, weights="grouped")
    elif seen == made and BLOCK % seen == 0 and seen > 1:
        shape = direct_shape(lowering, chain, target, numbers, narrow=True)
        yield lowering.step(chain, "convolution", shape, read, numbers=numbers, weights="diagonal")


def connected_conv(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A convolution of all channels, with zeros where there is no connection."""
    source, target = lowering.maps[step.reads[0]], lowering.maps[chain.last]
    window = sliding_window(step, source, target)
    if window is not None and zero_fill(step):
        halo, numbers = window
        numbers |= {"seen": source.channels, "groups": 1, "flip": False}
        read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
        shape = direct_shape(lowering, chain, target, numbers)
        yield lowering.step(chain, "convolution", shape, read, numbers=numbers, weights="connected")


def upconv(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A convolution for each place of a stride: it meets every stride-th tap and writes every stride-th pixel."""
    n, source, target = step.numbers, lowering.maps[step.reads[0]], lowering.maps[chain.last]
    if n["groups"] != 1 or n["dilation"] != (1, 1, 1) or n["kernel"][0] != 1 or target.shape[2] != 1:
        return
    if any(kernel < stride for kernel, stride in zip(n["kernel"], n["stride"], strict=True)):
        return
    down, across = (
        [Phase(n["kernel"][axis], n["stride"][axis], n["before"][axis], target.shape[axis + 2], tap) for tap in taps]
        for axis, taps in ((1, range(n["stride"][1])), (2, range(n["stride"][2])))
    )
    common = {"sy": 1, "sx": 1, "dy": 1, "dx": 1, "flip": n["flip"], "seen": source.channels, "groups": 1}
    common |= {"apart": n["stride"][1:], "taps": prod(n["kernel"])}
    phases = [(y, x) for y in down for x in across if y.count > 0 and x.count > 0]
    smallest = min(y.count for y, _ in phases), min(x.count for _, x in phases)
    shape = direct_shape(lowering, chain, replace(target, shape=(*target.shape[:3], *smallest)), common)
    for y, x in phases:
        below, right = y.after(source.shape[3]), x.after(source.shape[4])
        halo = max(0, y.before), max(0, x.before), max(0, below), max(0, right)
        read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
        numbers = {**common, "ky": y.taps, "kx": x.taps, "top": y.before, "left": x.before}
        numbers |= {"tap": (y.tap, x.tap), "first": (y.first, x.first), "places": (y.count, x.count)}
        yield lowering.step(chain, "convolution", shape, read, numbers=numbers, weights="transposed")


class Phase:
    """On one axis the outputs first, first + stride ... of a transposed convolution: all that meet tap `tap`.

    They meet the taps tap, tap + stride ..., so they are a convolution with `taps` taps, the last one first; its
    first window begins `before` places before the first input.
    """

    def __init__(self, kernel: int, stride: int, cut: int, size: int, tap: int) -> None:
        self.tap, self.taps = tap, -(-(kernel - tap) // stride)
        self.first = (tap - cut) % stride
        self.count = -(-(size - self.first) // stride)
        self.before = self.taps - 1 - (self.first + cut - tap) // stride

    def after(self, size: int) -> int:
        """How many places after the last of so many inputs the last window ends."""
        return self.count - 1 + self.taps - self.before - size


def dense(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Four units at a time, for up to four images."""
    source, target = lowering.maps[step.reads[0]], lowering.maps[chain.last]
    units = 4 if target.channels >= 4 else 1
    images = max(count for count in (1, 2, 4) if count <= target.shape[0])
    shape = (units, images, lowering.lanes, CODES[chain.activation])
    read, flat = Access(source, flat=True), Access(target, flat=True)
    yield lowering.step(chain, "products", shape, read, writes=flat, weights="dense")

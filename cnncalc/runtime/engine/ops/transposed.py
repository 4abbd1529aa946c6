"""Transposed convolutions: an ordinary one for each place of a stride, all into one map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, ClassVar, Self

from cnncalc.runtime.engine.chain import Chain, Takes
from cnncalc.runtime.engine.ir import IO, Access, PhasePart, Step
from cnncalc.runtime.engine.ops.base import Label
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.convolution import Convolution, tile_for
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BARE, Halo, Kind, Places
from cnncalc.runtime.engine.window import Window
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Row
    from cnncalc.runtime.engine.weights import Array, LayerArrays


@dataclass(frozen=True, slots=True)
class TransposedPhase(Convolution):
    """One phase: it meets the taps from `tap` on, every stride-th, of all `taps`."""

    takes: ClassVar[Takes] = Takes.AFFINE | Takes.ACTIVATION

    tap: tuple[int, int] = (0, 0)
    apart: tuple[int, int] = (1, 1)
    taps: int = 1

    @property
    def can_stripe(self) -> bool:
        return False

    def arranged(self, arrays: LayerArrays) -> Array:
        weight, (y, x), (sy, sx) = arrays.weight(flip=self.flip), self.tap, self.apart
        return weight[:, :, 0, y::sy, x::sx].transpose(1, 0, 2, 3)[..., ::-1, ::-1]

    def placement(self, io: IO, at: Bound) -> Row:
        """Outputs in every stride-th row and column."""
        part, made = io.write.part, at.places.write.storage
        assert isinstance(part, PhasePart)
        (_, sy, sx), (_, height, width) = part.apart, part.count
        return {
            "OUTPUT": at.address(at.places.write) + 4 * made.offset(part.first),
            "OUT_ROW": sy * made.row,
            "OUT_PIXEL": sx * made.pixel,
            "HEIGHT": height,
            "WIDTH": width,
        }

    def placed(self, io: IO, places: Places) -> Self:
        return self

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return sum(own.values()) - own["weight"] + own["weight"] // self.taps * self.window.taps

    def label(self, word: str) -> Label:
        return Label("transposed", (self.window.printed,))


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


def lower_upconv(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """A convolution for each place of a stride: it meets every stride-th tap and writes every stride-th pixel."""
    n, source, target = layer.numbers, net.source(layer), net.maps[chain.last]
    if n["groups"] != 1 or n["dilation"] != (1, 1, 1) or n["kernel"][0] != 1 or target.shape[2] != 1:
        return
    if any(kernel < stride for kernel, stride in zip(n["kernel"], n["stride"], strict=True)):
        return
    down, across = (
        [Phase(n["kernel"][axis], n["stride"][axis], n["before"][axis], target.shape[axis + 2], tap) for tap in taps]
        for axis, taps in ((1, range(n["stride"][1])), (2, range(n["stride"][2])))
    )
    phases = [(y, x) for y in down for x in across if y.count > 0 and x.count > 0]
    smallest = min(y.count for y, _ in phases), min(x.count for _, x in phases)
    tile = tile_for(net, chain, replace(target, shape=(*target.shape[:3], *smallest)), Window())
    apart = n["stride"][1], n["stride"][2]
    for y, x in phases:
        below, right = y.after(source.shape[3]), x.after(source.shape[4])
        halo = Halo(max(0, y.before), max(0, x.before), max(0, below), max(0, right))
        read = Access(source, Kind.BLOCKED, halo, None if halo == BARE else 0.0, (0, -y.before, -x.before))
        part = PhasePart((0, y.first, x.first), (1, *apart), (1, y.count, x.count))
        op = TransposedPhase(
            tile,
            chain.epilogue,
            Window((1, y.taps, x.taps)),
            source.channels,
            flip=n["flip"],
            tap=(y.tap, x.tap),
            apart=apart,
            taps=prod(n["kernel"]),
        )
        yield net.step(op, chain, read, Access(target, part=part))

"""The nouns of an engine plan: maps, the layouts they are stored in, and steps.  Data only, and printable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal

BLOCK = 16
"""Channels that lie together in a blocked map."""

Kind = Literal["blocked", "planes"]
"""`blocked`: [image][channel block][row][column][16]; `planes`: [image][channel][row][column], as the readable kernels
have it, and as a picture with its few channels stays for the first layer."""

Halo = tuple[int, int, int, int]
"""Rows above, columns at the left, rows below, columns at the right of a stored map."""

BARE: Halo = (0, 0, 0, 0)

Fill = float | None
"""What a halo holds: 0 or minus infinity; None where nobody reads it."""


class EngineFaultError(RuntimeError):
    """The engine would compute wrong values, and its own checks found out before it does: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Map:
    """What one step makes of all images, known by its `key`; each map is made once.  `shape` is (n, c, z, y, x).

    The result of a node has the node's number as its key; what is made on the way there, and copies, have other keys,
    and the `origin` says which node they belong to.
    """

    key: int
    shape: tuple[int, ...]
    origin: int

    @property
    def channels(self) -> int:
        return self.shape[1]

    @property
    def blocks(self) -> int:
        return -(-self.shape[1] // BLOCK)


@dataclass(frozen=True, slots=True)
class Access:
    """A map as a step wants to find or leave it: in which layout, with how much of a halo.

    `flat`: the step takes a map of one place for a vector, number after number, so nobody may put a halo around it.
    """

    map: Map
    kind: Kind = "blocked"
    halo: Halo = BARE
    fill: Fill = None
    flat: bool = False


@dataclass(frozen=True, slots=True)
class EngineStep:
    """One call of a kernel.

    `kernel` with its `shape` (numbers known when it is compiled) computes `nodes` of the net, from `reads` to `writes`.
    `numbers` are what else it needs to know; `weights` says how the arrays of the first node are packed; `folded` are
    nodes whose factors and offsets go into these weights; `channel` is where in `writes` the first channel goes.
    A step of several `parts` does them together, and only the first's reads and the last's writes are maps in memory.
    """

    kernel: str
    shape: tuple[int, ...]
    nodes: tuple[int, ...]
    reads: tuple[Access, ...]
    writes: Access
    numbers: Mapping[str, Any] = field(default_factory=dict)
    weights: str = ""
    folded: tuple[int, ...] = ()
    activation: str = "clamp"
    low: float = -inf
    high: float = inf
    residual: int = 0
    channel: int = 0
    parts: tuple[EngineStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Storage:
    """A piece of memory: a layout for all images of a batch."""

    kind: Kind
    images: int
    channels: int
    height: int
    width: int
    halo: Halo
    fill: Fill

    @property
    def rows(self) -> int:
        return self.halo[0] + self.height + self.halo[2]

    @property
    def columns(self) -> int:
        return self.halo[1] + self.width + self.halo[3]

    @property
    def blocks(self) -> int:
        return -(-self.channels // BLOCK)

    @property
    def pixel(self) -> int:
        """The distance between neighbouring pixels, in numbers."""
        return BLOCK if self.kind == "blocked" else 1

    @property
    def row(self) -> int:
        return self.columns * self.pixel

    @property
    def lane(self) -> int:
        """The distance between neighbouring channels of a block."""
        return self.rows * self.columns if self.kind == "planes" else 1

    @property
    def block(self) -> int:
        """The distance between channels that are 16 apart."""
        return self.rows * self.columns * BLOCK

    @property
    def image(self) -> int:
        channels = self.channels if self.kind == "planes" else self.blocks * BLOCK
        return self.rows * self.columns * channels

    @property
    def first(self) -> int:
        """Where the first number that is not halo lies."""
        return self.halo[0] * self.row + self.halo[1] * self.pixel

    @property
    def size(self) -> int:
        """How many numbers it takes; a tile may load one vector beyond the last."""
        return self.images * self.image + BLOCK


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an access lies: in which slot, in what storage, from which channel block on."""

    slot: int
    storage: Storage
    block: int = 0


@dataclass(frozen=True)
class EnginePlan:
    """All that a run does: steps, and for each the places of what it reads and writes; slots with their bytes.

    `inputs` and `outputs` are the places of the net's ends, as planes, by node; `in_place` are the copies that fell
    away, because a part of a joined map is made where the joined map lies.
    """

    steps: tuple[EngineStep, ...]
    reads: tuple[tuple[Placed, ...], ...]
    writes: tuple[Placed, ...]
    slots: tuple[int, ...]
    inputs: Mapping[int, Placed]
    outputs: Mapping[int, Placed]
    lanes: int
    weight_bytes: int
    scratch_bytes: int
    names: tuple[str, ...] = ()
    in_place: tuple[EngineStep, ...] = ()

    @property
    def peak_bytes(self) -> int:
        """Packed weights, slots and scratch; what the caller holds is not in it."""
        return self.weight_bytes + sum(self.slots) + self.scratch_bytes

    @property
    def table(self) -> tuple[tuple[str, ...], ...]:
        """What is printed of the steps, below its headings."""
        head = ("#", "nodes", "kernel", "shape", "reads", "writes", "slot")
        return head, *(self._row(i) for i in range(len(self.steps)))

    @property
    def memory(self) -> str:
        """What it takes, in words."""
        return (
            f"{len(self.slots)} slots of {sum(self.slots):,} bytes, packed weights {self.weight_bytes:,} bytes, "
            f"scratch {self.scratch_bytes:,} bytes"
        )

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self.table, strict=True)]
        rows = ["  ".join(w.ljust(width) for w, width in zip(row, widths, strict=True)).rstrip() for row in self.table]
        return "\n".join([*rows, self.memory])

    def _row(self, i: int) -> tuple[str, ...]:
        step, places, target = self.steps[i], self.reads[i], self.writes[i]
        names = " + ".join(
            self.names[node].rpartition(".")[2] if n else self.names[node] for n, node in enumerate(step.nodes)
        )
        shape = "x".join(map(str, step.shape)) or "-"
        return (
            str(i),
            names or "-",
            step.kernel,
            shape,
            " ".join(map(_layout, places)) or "-",
            _layout(target),
            " ".join(str(place.slot) for place in places) + f" -> {target.slot}",
        )


def _layout(place: Placed) -> str:
    """`64x112x112+1`: a blocked map with a halo of one pixel; other layouts are named; `[4:]` from that block on."""
    storage = place.storage
    halo = "+" + ",".join(map(str, storage.halo)) if storage.halo != BARE else ""
    if storage.halo == (storage.halo[0],) * 4 and halo:
        halo = f"+{storage.halo[0]}"
    fill = " of -inf" if storage.fill == -inf else ""
    kind = "" if storage.kind == "blocked" else f" {storage.kind}"
    part = f"[{place.block}:]" if place.block else ""
    return f"{storage.channels}{part}x{storage.height}x{storage.width}{halo}{fill}{kind}"

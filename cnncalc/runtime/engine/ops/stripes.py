"""Convolutions done together with the depthwise convolution after them, stripe by stripe.

It pays where the map between the two is larger than a core's cache: it is never written out then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Label, Workspace
from cnncalc.runtime.engine.ops.bound import WORKSPACE, Bound
from cnncalc.runtime.engine.ops.convolution import Convolution
from cnncalc.runtime.engine.ops.depthwise import Depthwise
from cnncalc.runtime.engine.ops.pair import Pair, between
from cnncalc.runtime.engine.storage import BLOCK, Halo, Kind, Placed, Places, Storage
from cnncalc.runtime.engine.tiling import tile_of
from cnncalc.runtime.engine.window import Window

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row

WIDE_BYTES = 500_000
"""A map between the two that is smaller stays in the caches of the cores anyway."""

STRIPE_BYTES = 250_000
"""Of the wide map in one stripe and one block of filters: a quarter of a core's second cache."""

MOST_TWICE = 0.2
"""The share of rows that two stripes compute, above which stripes are not worth it."""

UNITS_A_THREAD = 4


@dataclass(frozen=True, slots=True)
class Stripes(Pair):
    """`rows` output rows at a time."""

    kernel: ClassVar[str] = "stripes"

    first: Convolution
    second: Depthwise
    rows: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.rows,)

    @property
    def sliding(self) -> Window:
        return self.first.window

    def stripe(self) -> Storage:
        """Where the rows of the wide map lie that a stripe sees."""
        return _stripe_of(self.first, self.second, self.seen, self.rows)

    def workspace(self, io: IO, threads: int) -> Workspace:
        return Workspace(0, self.stripe().size)

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        """The rows of both halves as for the whole map, then copies for each thread to change."""
        first, second = self.halves_of(io)
        storage, threads = self.stripe(), at.threads
        middle = Placed(WORKSPACE, storage)
        writing = replace(at, io=first, places=Places(at.places.reads, middle), packed=at.packed.parts[0])
        reading = replace(at, io=second, places=Places((middle,), at.places.write), packed=at.packed.parts[1])
        (convolution,) = self.first.bind(first, writing)
        (depthwise,) = self.second.bind(second, reading)
        wide = first.write.map.shape[4] + self.first.tile.columns
        before = {**convolution.rows[0], "FILTER_BLOCKS": 1, "GROUP_FILTERS": 1, "SEGMENT": wide, "IMAGES": 1}
        after, count = depthwise.rows[0], self.first.filters(first).count
        row: Row = {
            "HEIGHT": second.write.map.shape[3],
            "SEGMENT": self.rows,
            "FILTER_BLOCKS": count,
            "BLOCKS": storage.blocks,
            "KERNEL_Y": self.second.window.seen(1, 1),
            "STRIDE": self.second.window.stride[1],
            "TALL": first.write.map.shape[3],
            "RIM_TOP": -self.seen.start[1],
            "RIM_LEFT": storage.halo.left,
            "RIM_RIGHT": storage.halo.right,
            "SCRATCH": at.workspace,
            "SCRATCH_SIZE": storage.size,
            "FIRST_PASS": convolution.kernel,
            "SECOND_PASS": depthwise.kernel,
        }
        units = io.write.map.images * count * -(-second.write.map.shape[3] // self.rows)
        return (self.call(at, row, units, *(before, after) * (1 + threads)),)

    def label(self, word: str) -> Label:
        return Label("striped", Pair.label(self, word).windows)


def join_stripes(step: Step, following: Step, threads: int) -> Step | None:
    """A convolution by tiles and the depthwise one after it in one step; None where stripes are not for them."""
    first, second = step.op, following.op
    if not isinstance(first, Convolution) or not isinstance(second, Depthwise) or not first.can_stripe:
        return None
    if any(place > 0 for place in following.reads[0].start):
        return None
    rows = _rows(first, second, following.reads[0], following.write.map.shape[3], threads)
    if not rows:
        return None
    columns = tile_of(1, step.write.map.shape[4], first.tile.vectors, first.tile.lanes)[0]
    flat = replace(first, tile=replace(first.tile, columns=columns, rows=1))
    op = Stripes(flat, second, len(step.nodes), *between(step.write, following.reads[0]), rows)
    return Step(op, step.nodes + following.nodes, step.reads, following.write)


def _rows(first: Convolution, second: Depthwise, read: Access, height: int, threads: int) -> int:
    """How many of so many output rows a stripe has; 0 where stripes do not pay."""
    wide = read.map
    if 4 * wide.numbers // wide.images < WIDE_BYTES:
        return 0
    stripe = _stripe_of(first, second, read, 1)
    more = _stripe_of(first, second, read, 2).rows - stripe.rows
    room = STRIPE_BYTES // (4 * stripe.columns * BLOCK * stripe.blocks)
    most = max(1, 1 + (room - stripe.rows) // more)
    blocks = wide.images * -(-wide.blocks // stripe.blocks)
    stripes = max(-(-height // most), -(-UNITS_A_THREAD * threads // blocks))
    rows = -(-height // min(height, stripes))
    twice = -(-height // rows) * _stripe_of(first, second, read, rows).rows / wide.shape[3] - 1
    return rows if twice <= MOST_TWICE else 0


def _stripe_of(first: Convolution, second: Depthwise, read: Access, rows: int) -> Storage:
    """The part of the wide map, in one block of filters, that so many output rows see."""
    seen, halo = second.window.seen(rows, 1), Halo(0, read.halo.left, 0, read.halo.right)
    return Storage(Kind.BLOCKED, 1, first.tile.width, 1, seen, read.map.shape[4], halo, 0.0)

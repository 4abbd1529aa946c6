"""All that a run of the engine does, as data: steps, places, slots; and how that is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from cnncalc.runtime.engine.ir import Step
from cnncalc.runtime.engine.storage import BARE, BLOCK, Placed, Places


@dataclass(frozen=True)
class EnginePlan:
    """All that a run does: steps, and for each the places of what it reads and writes; slots with their bytes.

    `inputs` and `outputs` are the places of the net's ends, as planes, by node; `in_place` are the copies that fell
    away, because a part of a joined map is made where the joined map lies.
    """

    steps: tuple[Step, ...]
    places: tuple[Places, ...]
    slots: tuple[int, ...]
    inputs: Mapping[int, Placed]
    outputs: Mapping[int, Placed]
    lanes: int
    weight_bytes: int
    workspace_bytes: int
    names: tuple[str, ...] = ()
    in_place: tuple[Step, ...] = ()

    @property
    def peak_bytes(self) -> int:
        """Packed weights, slots and workspace; what the caller holds is not in it."""
        return self.weight_bytes + sum(self.slots) + self.workspace_bytes

    @property
    def placed_steps(self) -> Iterator[tuple[Step, Places]]:
        """Each step with its places."""
        return zip(self.steps, self.places, strict=True)

    @property
    def table(self) -> tuple[tuple[str, ...], ...]:
        """What is printed of the steps, below its headings."""
        head = ("#", "nodes", "kernel", "shape", "reads", "writes", "slot")
        return head, *(self._row(i, step, places) for i, (step, places) in enumerate(self.placed_steps))

    @property
    def memory(self) -> str:
        """What it takes, in words."""
        return (
            f"{len(self.slots)} slots of {sum(self.slots):,} bytes, packed weights {self.weight_bytes:,} bytes, "
            f"workspace {self.workspace_bytes:,} bytes"
        )

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self.table, strict=True)]
        rows = ["  ".join(w.ljust(width) for w, width in zip(row, widths, strict=True)).rstrip() for row in self.table]
        return "\n".join([*rows, self.memory])

    def _row(self, i: int, step: Step, places: Places) -> tuple[str, ...]:
        names = " + ".join(
            self.names[node].rpartition(".")[2] if n else self.names[node] for n, node in enumerate(step.nodes)
        )
        return (
            str(i),
            names or "-",
            step.op.kernel,
            "x".join(map(str, step.op.shape)) or "-",
            " ".join(map(_layout, places.reads)) or "-",
            _layout(places.write),
            " ".join(str(place.slot) for place in places.reads) + f" -> {places.write.slot}",
        )


def _layout(place: Placed) -> str:
    """`64x112x112+1`: a blocked map with a halo of one pixel; other layouts are named; `[4:]` from that block on."""
    storage = place.storage
    flat = storage.halo[: 6 if storage.halo.front or storage.halo.back else 4]
    halo = "+" + ",".join(map(str, flat)) if storage.halo != BARE else ""
    if len(set(flat)) == 1 and halo:
        halo = f"+{storage.halo.top}"
    fill = " of -inf" if storage.fill == -inf else ""
    kind = "" if storage.pixel == BLOCK else f" {storage.kind.value}"
    part = f"[{place.block}:]" if place.block else ""
    deep = f"{storage.depth}x" if storage.depth > 1 else ""
    return f"{storage.channels}{part}x{deep}{storage.height}x{storage.width}{halo}{fill}{kind}"

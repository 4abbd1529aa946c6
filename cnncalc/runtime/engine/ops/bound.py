"""A step in memory: the addresses and distances that its kernel's row of numbers is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnncalc.runtime.engine.ir import IO, NO_EPILOGUE, Epilogue, Residual
from cnncalc.runtime.engine.storage import ORIGIN, Placed, Places
from cnncalc.runtime.engine.window import Window

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row
    from cnncalc.runtime.engine.weights import Packed

PIECES_A_THREAD = 8
"""A step has so many units for each thread at least, where its tiles allow that."""

WORKSPACE = -1
"""In place of a slot: memory of the threads' own."""


@dataclass(slots=True)
class Bound:
    """A step in memory: the places of its maps, its packed weights, the workspace, and what an address is."""

    io: IO
    places: Places
    packed: Packed
    address: Callable[[Placed], int]
    workspace: int
    threads: int

    def maps(self, epilogue: Epilogue = NO_EPILOGUE) -> Row:
        """What most rows say: where the maps lie, how they are laid out, and what is done before a number is stored."""
        access, (reads, target), write = self.io.reads[0], self.places, self.io.write.map
        source, made = reads[0].storage.distances, target.storage.distances
        first = self.address(reads[0])
        row: Row = {
            "INPUT": first if access.start == ORIGIN else first + 4 * reads[0].storage.offset(access.start),
            "IN_IMAGE": source.image,
            "IN_BLOCK": source.block,
            "IN_ROW": source.row,
            "IN_PIXEL": source.pixel,
            "IN_LANE": source.lane,
            "OUTPUT": self.address(target),
            "OUT_IMAGE": made.image,
            "OUT_BLOCK": made.block,
            "OUT_ROW": made.row,
            "OUT_PIXEL": made.pixel,
            "OUT_LANE": made.lane,
            **self.packed.row,
            "IMAGES": write.images,
            "HEIGHT": write.shape[3],
            "WIDTH": write.shape[4],
            "BLOCKS": write.blocks,
            "LOW": epilogue.low,
            "HIGH": epilogue.high,
            "RESIDUAL_MODE": epilogue.residual,
        }
        if epilogue.residual is not Residual.NONE:
            other = reads[1].storage.distances
            row |= {
                "RESIDUAL": self.address(reads[1]),
                "RES_IMAGE": other.image,
                "RES_BLOCK": other.block,
                "RES_ROW": other.row,
            }
        return row

    def slices(self) -> Row:
        """The slices of the first map that is read, and of what is written."""
        source, made = self.places.reads[0].storage, self.places.write.storage
        return {"DEPTH": made.depth, "IN_SLICE": source.slice, "OUT_SLICE": made.slice}

    def window(self, window: Window) -> Row:
        """How a window slides over the first map."""
        storage = self.places.reads[0].storage
        (_, ky, kx), (_, dy, dx) = window.kernel, window.dilation
        return {
            "KERNEL_Y": ky,
            "KERNEL_X": kx,
            "STRIDE_ROW": window.stride[1] * storage.row,
            "TAP_ROW": dy * storage.row,
            "TAP_PIXEL": dx * storage.pixel,
        }

    def kernel(self, name: str, variant: Sequence[int] = ()) -> int:
        """The address of a kernel."""
        from cnncalc.runtime.engine.program import kernel_address

        return kernel_address(name, variant)

    def call_at(self, kernel: int, units: int, *rows: Mapping[str, float]) -> Call:
        """A call of the kernel at an address."""
        from cnncalc.runtime.engine.program import Call

        return Call(kernel, rows, units)

    def row_units(self, row: Row) -> int:
        """Says how many rows of a channel block one unit of work takes; the units of all images."""
        fair = -(-PIECES_A_THREAD * self.threads // int(row["IMAGES"] * row["BLOCKS"]))
        row["SEGMENT"] = -(-row["HEIGHT"] // min(row["HEIGHT"], max(self.threads, fair)))
        return int(row["IMAGES"] * row["BLOCKS"] * -(-row["HEIGHT"] // row["SEGMENT"]))

    def single_rows(self, row: Row) -> int:
        """The units where each is one row of a channel block."""
        return int(row["IMAGES"] * row["BLOCKS"] * row["HEIGHT"])

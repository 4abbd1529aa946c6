"""What an operation of the engine is: one record that knows all about its kernel, and no map.

An op is frozen and hashable; equal ops make the same of the same maps.  What differs from step to step (the maps, their
layouts and places) comes in as `io`, `places` and `at`.  Only `pack` and `bind` need arrays and compiled kernels, so
these are imported there: planning is pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

from cnncalc.runtime.engine.chain import Takes
from cnncalc.runtime.engine.ir import IO, NO_EPILOGUE, ChannelPart, Demand, Epilogue, PhasePart, Step
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.storage import BLOCK, Places
from cnncalc.runtime.engine.window import Window

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed


class Label(NamedTuple):
    """What a person calls it: the way it goes, and the windows that slide (height, width, stride)."""

    way: str
    windows: tuple[tuple[int, int, int], ...] = ()


class Workspace(NamedTuple):
    """Numbers that a step needs while it runs: in all, and for each thread."""

    shared: int = 0
    each: int = 0

    def floats(self, threads: int) -> int:
        return self.shared + threads * self.each


NO_WORKSPACE = Workspace()


@dataclass(frozen=True, slots=True)
class Op:
    """An operation; what it does not say of itself is as for one that makes each number of one number."""

    kernel: ClassVar[str]
    """Module and maker in `cnncalc.kernels.engine`: looked up in one place (`program.kernel_address`)."""
    takes: ClassVar[Takes] = Takes.NOTHING
    """What it does with its result before it stores it; what is affine goes into its weights (`pack`)."""
    weighted: ClassVar[bool] = False
    """Whether it computes with arrays of its layer, so that equal ops may make different maps."""
    elementwise: ClassVar[bool] = False
    """Whether it makes each number of those at the same place, so that it may write over what it reads."""
    copies: ClassVar[bool] = False
    """Whether it can bring a map into another layout."""
    moves: ClassVar[bool] = False
    """Whether it need not read more than it writes."""
    readable: ClassVar[bool] = False
    """Whether it is done by a kernel that anybody can read, between the stretches of compiled steps."""
    deep: ClassVar[bool] = False
    """Whether it finds its way in blocked maps of more than two spatial axes."""

    @property
    def stacks_slices(self) -> bool:
        """Whether it takes neighbouring slices of its first map for more channels: nothing may lie between them."""
        return False

    @property
    def variant(self) -> tuple[int, ...]:
        """The numbers that are known when its kernel is compiled."""
        return ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The numbers that are printed in a plan."""
        return self.variant

    @property
    def ending(self) -> Epilogue:
        """What it does with each number before it stores it."""
        return NO_EPILOGUE

    @property
    def sliding(self) -> Window | None:
        """The window that slides over the first map; None where it reads in another way."""
        return None

    @property
    def is_too_long(self) -> bool:
        """Whether it would sum too many numbers in sequence, or be too long a piece of machine code."""
        return False

    def parts(self, step: Step) -> tuple[Step, ...]:
        """What a step does one after the other; most do one thing."""
        return (step,)

    def demands(self, io: IO) -> tuple[Demand, ...]:
        """Of each read, and of the write; nothing where it is empty."""
        return ()

    def placed(self, io: IO, places: Places) -> Self:
        """The same with a better tile, now that layouts are known."""
        return self

    def fault(self, io: IO, places: Places) -> str:
        """What is wrong with these places for this op; empty where nothing is."""
        return ""

    def workspace(self, io: IO, threads: int) -> Workspace:
        """Memory that it needs while it runs."""
        return NO_WORKSPACE

    def packed_floats(self, io: IO) -> int:
        """Numbers of its packed weights and offsets."""
        return 0

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        """Its weights as its kernel wants them."""
        from cnncalc.runtime.engine.weights import Packed

        return Packed()

    def pack_all(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        """The same; refused where what is folded in was not asked for."""
        packed = self.pack(io, arrays, memory)
        arrays.refuse_lost()
        return packed

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        """Its calls, one after the other."""
        raise LookupError(f"{self.kernel} is no compiled kernel")

    def call(self, at: Bound, row: Row, units: int, *more: Mapping[str, float]) -> Call:
        """A call of its kernel with these numbers; some kernels need more rows of them."""
        return at.call_at(at.kernel(self.kernel, self.variant), units, row, *more)

    def multiplications(self, io: IO) -> int:
        """About how many it takes; one for each number where nothing is weighted."""
        return io.write.map.numbers

    def products(self, io: IO) -> int:
        """By what the work of a layer is shared out among the steps that do it together."""
        return self.multiplications(io)

    def traffic(self, io: IO) -> int:
        """Numbers of the maps, each once; of a joined or cut map only the part that is moved."""
        made = written_numbers(io)
        arriving = {read.map.key: read.map.numbers for read in io.reads}
        if self.moves:
            arriving = {key: min(count, made) for key, count in arriving.items()}
        return sum(arriving.values()) + made

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        """Numbers of the weights that it reads, of all that its layers have by name; what is folded is a bias."""
        return sum(own.values())

    def label(self, word: str) -> Label:
        """The way it goes; that of most is what the net's own word says."""
        return Label(word)


@dataclass(frozen=True, slots=True)
class Tile:
    """What a kernel knows when it is compiled: the parameters of its maker, by name and in their order."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """All of them."""
        names: tuple[str, ...] = type(self).__match_args__
        return tuple([int(getattr(self, name)) for name in names])


@dataclass(frozen=True, slots=True)
class TiledOp(Op):
    """An op whose kernel is compiled for a tile."""

    tile: Tile

    @property
    def variant(self) -> tuple[int, ...]:
        return self.tile.numbers


@dataclass(frozen=True, slots=True)
class FusedOp(TiledOp):
    """An op that does more with each number before it stores it."""

    epilogue: Epilogue

    @property
    def ending(self) -> Epilogue:
        return self.epilogue


LONGEST_SUM = 32_768
"""Products that a tile sums in sequence, at most: 90,000 near-equal ones were 4e-4 off.  VGG's longest have 25,088."""

LARGEST_WINDOW, WIDEST_WINDOW = 4_096, 64
"""Taps of a window that sees one channel, in all, and in a row, which is written out when it is compiled."""


def is_large(window: Window) -> bool:
    """Whether a window that sees one channel is larger than these."""
    return window.taps > LARGEST_WINDOW or window.kernel[2] > WIDEST_WINDOW


def written_numbers(io: IO) -> int:
    """Numbers of what is written, of a map that others write as well only the own part."""
    made, part = io.write.map, io.write.part
    if isinstance(part, ChannelPart):
        return made.numbers // made.channels * io.reads[0].map.channels
    return made.numbers // prod(part.apart) if isinstance(part, PhasePart) else made.numbers


def channel_floats(io: IO) -> int:
    """A factor and an offset for each channel of whole blocks."""
    return 2 * io.write.map.blocks * BLOCK


def bare_ends(io: IO) -> tuple[Demand, ...]:
    """Of an op that takes what it reads first, and what it writes, for vectors."""
    return (Demand.BARE, *[Demand.ANY] * (len(io.reads) - 1), Demand.BARE)

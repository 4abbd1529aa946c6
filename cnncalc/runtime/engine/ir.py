"""The nouns of an engine plan: maps, how a step wants to find them, and steps.  Data only.

What a step does is its `op`, which knows no map; the step says which maps it reads and writes, and how it wants to find
and leave them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from math import inf, prod
from typing import TYPE_CHECKING, Protocol

from cnncalc.runtime.engine.storage import BARE, BLOCK, ORIGIN, Fill, Halo, Kind, Triple

if TYPE_CHECKING:
    from cnncalc.runtime.engine.ops.base import Op


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
    def images(self) -> int:
        return self.shape[0]

    @property
    def channels(self) -> int:
        return self.shape[1]

    @property
    def blocks(self) -> int:
        return -(-self.shape[1] // BLOCK)

    @property
    def size(self) -> tuple[int, ...]:
        """The spatial axes."""
        return self.shape[2:]

    @property
    def numbers(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class ChannelPart:
    """Of a map that several steps write together: all channels of what is read, from `first` on."""

    first: int


@dataclass(frozen=True, slots=True)
class PhasePart:
    """Of a map that several steps write together: every `apart`-th place of each axis from `first` on, so many."""

    first: Triple
    apart: Triple
    count: Triple


Part = ChannelPart | PhasePart


@dataclass(frozen=True, slots=True)
class Access:
    """A map as a step wants to find or leave it: in which layout, with how much of a halo, and what of it.

    The first output is made of what begins at `start`: in the halo where that is negative, further inside where
    something is cut off.  `part` says what a step writes of a map that is not all its own.
    """

    map: Map
    kind: Kind = Kind.BLOCKED
    halo: Halo = BARE
    fill: Fill = None
    start: Triple = ORIGIN
    part: Part | None = None


class Demand(Enum):
    """What a step cannot do without besides layout and halo."""

    ANY = auto()
    BARE = auto()
    """It takes a map of one place for a vector, number after number, so nobody may put a halo around it."""


class IO(Protocol):
    """What an op is told of the maps around it."""

    @property
    def reads(self) -> tuple[Access, ...]: ...

    @property
    def write(self) -> Access: ...


class Activation(IntEnum):
    """What is applied to each number, as kernels number it (`cnncalc.kernels.engine.simd.ACTIVATIONS`)."""

    CLAMP = 0
    LEAKY = auto()
    SILU = auto()
    SIGMOID = auto()
    TANH = auto()
    HARDSWISH = auto()
    HARDSIGMOID = auto()
    ELU = auto()
    GELU = auto()
    MISH = auto()
    PRELU = auto()
    BOX = auto()
    """A detector's: sigmoid(x) times a factor and plus an offset by channel, x itself where the factor is 0."""
    EXP = auto()
    EXPM1 = auto()
    LOG = auto()
    LOG1P = auto()
    LOG2 = auto()
    LOG10 = auto()
    SQRT = auto()
    RSQRT = auto()
    SQUARE = auto()
    ABS = auto()
    NEG = auto()
    SIGN = auto()
    RECIPROCAL = auto()
    ATAN = auto()
    ASIN = auto()
    ACOS = auto()
    SINH = auto()
    COSH = auto()
    ASINH = auto()
    ACOSH = auto()
    ATANH = auto()
    FLOOR = auto()
    CEIL = auto()
    ROUND = auto()
    ERF = auto()
    SOFTSIGN = auto()
    LOGSIGMOID = auto()
    SQUAREPLUS = auto()
    TANHSHRINK = auto()
    SOFTPLUS = auto()
    GELU_APPROXIMATE = auto()
    POW = auto()
    ROOT = auto()
    SOFTPLUS_BETA = auto()
    CELU = auto()
    SOFTSHRINK = auto()
    HARDSHRINK = auto()
    HARDSIGMOID_SLOPED = auto()
    THRESHOLD = auto()


class Residual(IntEnum):
    """What a second map does, as kernels number it (`cnncalc.kernels.engine.fields.RESIDUAL_FIRST` and the others)."""

    NONE = 0
    FIRST = auto()
    """It is added before the activation."""
    LAST = auto()
    """It is added after the activation."""
    TIMES = auto()
    """It is multiplied by, where nothing is activated."""


@dataclass(frozen=True, slots=True)
class Epilogue:
    """What a step does with each sum before it stores it; affine layers are in its weights already."""

    activation: Activation = Activation.CLAMP
    low: float = -inf
    high: float = inf
    residual: Residual = Residual.NONE

    @property
    def activates(self) -> bool:
        """Whether anything is applied at all."""
        return (self.activation, self.low, self.high) != (Activation.CLAMP, -inf, inf)


NO_EPILOGUE = Epilogue()


@dataclass(frozen=True, slots=True)
class Step:
    """One op that computes `nodes` of the net, from `reads` to `write`."""

    op: Op
    nodes: tuple[int, ...]
    reads: tuple[Access, ...]
    write: Access

    @property
    def part(self) -> Part | None:
        """What of its map it writes, where others write the rest."""
        return self.write.part

    @property
    def parts(self) -> tuple[Step, ...]:
        """What it does one after the other; most do one thing."""
        return self.op.parts(self)

    @property
    def is_copy(self) -> bool:
        """Whether it only brings a map into another layout."""
        return not self.nodes and self.op.copies

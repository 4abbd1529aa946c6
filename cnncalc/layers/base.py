"""What a layer is: everything that can be said about it without an array.

A layer is a small frozen dataclass whose fields are its arguments.  From it come its output shape, its weights (the
parameter count and the allocation are both sums over `weights`), its cost, its window, its formulas and the name of
the kernel that computes it.  Layers know neither text nor spans: they refuse by raising `Refusal` with the name of
the guilty argument.

`operand`, `option` and `flag` declare fields together with what a user may write for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, dataclass, field
from fractions import Fraction
from math import prod
from typing import Any, ClassVar, Literal, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape, Sizes, Window
from cnncalc.layers.backward import KEEPS_INPUT, Kept
from cnncalc.matrices import Matrix

Kind = Literal[
    "count",
    "sizes",
    "factors",
    "rows",
    "padding",
    "number",
    "numbers",
    "flag",
    "choice",
    "matrix",
    "labels",
    "range",
    "axes",
    "axis",
    "table",
    "shape",
    "pattern",
]
"""How an argument is read from text:

count    a whole number >= 1 -> int
sizes    `3`, `3x3` -> tuple of ints, at least 1, one for all axes or one each
factors  `2`, `1.5`, `2x1.5` -> tuple of ints and floats above 0, one for all axes or one each
rows     `0`, `1x0` -> tuple of ints, at least 0, one for all axes or one each
padding  valid same full, per side, four sides -> geometry.Padding
number   a decimal number -> float
numbers  decimal numbers or fractions with commas between (`0.485,0.456,0.406`, `1/255`) -> tuple of floats
flag     a word that switches it on or off -> bool
choice   one of `choices` -> str
matrix   the name of a filter or data literal, or a literal -> NamedMatrix
labels   names of other lines: they become further inputs of the node and are no field
axis     `channels`, `height`, `width`, `depth` -> the name
axes     `channels`, `height,width` -> tuple of names of axes, each once
range    `A:B` -> (int, int)
table    the name of a 0/1 table -> NamedMatrix
pattern  a quoted text of axes, `"h w c -> w h c"` -> str
shape    `7x7x64` or `100` -> tuple of ints as written (read with the file's `order`)
"""


class NamedMatrix(NamedTuple):
    """A matrix with the name under which the model knows it."""

    name: str
    matrix: Matrix


NO_LIMIT = 10**9
"""`largest_inputs` of a layer that joins as many branches as there are."""


def operand(kind: Kind, help: str, **extra: Any) -> Any:
    """A field that is written without its name, in the order of declaration: `conv 16 5x5`.

    `also` lists spellings of its name that hold for this layer alone.
    """
    return field(
        default=extra.pop("default", MISSING), metadata={"kind": kind, "help": help, "positional": True, **extra}
    )


def option(kind: Kind, default: Any, help: str, **extra: Any) -> Any:
    """A field written with its name: `stride=2`.  `choices` stand alone too: `nearest`."""
    return field(default=default, metadata={"kind": kind, "help": help, "positional": False, **extra})


def flag(default: bool, help: str, **words: bool) -> Any:
    """A field switched by bare words: `flag(True, "...", nobias=False)`; `bias=yes`, `bias=no` are read too."""
    return field(default=default, metadata={"kind": "flag", "help": help, "positional": False, "words": words})


def file_order() -> Any:
    """The `order` field of a layer that reads or writes sizes; binding fills it from the file's `order` line."""
    choices = ("channels_last", "channels_first")
    return option("choice", "channels_last", "where the channels come in a shape", choices=choices)


@dataclass(frozen=True)
class Weight:
    """One array a layer owns.  `axes` are (name, size) pairs in storage order; `fan_in` scales its random start.

    `trainable` weights are `params`; the others (running statistics, fixed filters) are `buffers`.
    `initial` is "he" (normal, variance 2 / fan_in), "zeros", "ones", a number at which all start, or the exact values
    a model states.
    """

    name: str
    axes: tuple[tuple[str, int], ...]
    trainable: bool = True
    initial: Literal["he", "zeros", "ones"] | Fraction | tuple[Fraction, ...] = "he"
    fan_in: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(size for _, size in self.axes)

    @property
    def count(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True)
class Cost:
    """Exact work per image: multiply-accumulates, and every other operation by its kind."""

    macs: int = 0
    add: int = 0
    compare: int = 0
    exp: int = 0
    divide: int = 0
    multiply: int = 0

    @property
    def others(self) -> int:
        return self.add + self.compare + self.exp + self.divide + self.multiply

    @property
    def flops(self) -> int:
        """2 * MACs + the others."""
        return self.mac_flops + self.others

    @property
    def mac_flops(self) -> int:
        """The FLOPs of the MACs alone, a multiplication and an addition each: what many tools call FLOPs."""
        return 2 * self.macs

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.macs + other.macs,
            self.add + other.add,
            self.compare + other.compare,
            self.exp + other.exp,
            self.divide + other.divide,
            self.multiply + other.multiply,
        )

    def __mul__(self, count: int) -> Cost:
        """The same work `count` times."""
        return Cost(
            self.macs * count,
            self.add * count,
            self.compare * count,
            self.exp * count,
            self.divide * count,
            self.multiply * count,
        )


class Formula(NamedTuple):
    """One line of an explanation: `quantity` (height, params, macs ...), the formula in symbols, then in numbers.

    >>> Formula("height", "floor((n - k) / s) + 1", "floor((28 - 3) / 1) + 1", 26).result
    26
    """

    quantity: str
    symbols: str
    numbers: str
    result: int | str


class KernelCall(NamedTuple):
    """The kernel that computes a layer, by name, with every number resolved.

    Sizes by axis are lifted to (depth, height, width).  Values are ints, floats, strings, bools or tuples of them.
    """

    kernel: str
    numbers: Mapping[str, Any]


ChannelSight = Literal["own", "all", "beside", "some", "spread", "dealt"]
"""Which of the channels that arrive an output channel depends on, for receptive fields:

own     some of them, all being used (pointwise layers, pools, grouped and depthwise convolutions)
all     every one (a plain convolution, dense, softmax)
beside  those of one branch alone; new channels stand beside them (concat, padchannels)
some    some of them, others being left out at that place (slice, depthtospace)
spread  one of them at one place among several (spacetodepth, flatten)
dealt   one of them at one place, and the others are left out there (reshape)
"""


class Notice(NamedTuple):
    """A warning a layer raises about its own arguments: same fields as `Refusal`, but nothing stops."""

    code: str
    message: str
    argument: str = ""
    label: str = ""
    help: str = ""


class Layer:
    """The base of all layers.  A subclass is a frozen dataclass that overrides what differs from a pointwise layer.

    `inputs` is a tuple of the shapes that arrive: one for most layers, two or more for add, mul, concat.
    """

    word: ClassVar[str]
    is_view: ClassVar[bool] = False
    """The result is the input seen differently (flatten, reshape, dropout at inference): no memory of its own."""
    in_place: ClassVar[bool] = False
    """The result may overwrite the input: activations, bn, scale."""
    smallest_inputs: ClassVar[int] = 1
    largest_inputs: ClassVar[int] = 1
    backward: ClassVar[Kept] = KEEPS_INPUT
    """Which of its arrays the backward pass of training reads again, where that does not depend on sizes."""

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """The shape of the result; raises Refusal if the inputs do not fit."""
        return inputs[0]

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        """Every array the layer owns, in storage order."""
        return ()

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        """The work for one image."""
        return Cost()

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        """Weights and biases counted at every place where they are used (LeCun 1998); 0 where nothing is weighted."""
        return 0

    def unrounded_spatial(self, inputs: tuple[Shape, ...]) -> tuple[Fraction, ...] | None:
        """The spatial sizes of the result before they are rounded; None where no window slides."""
        return None

    def left_over(self, inputs: tuple[Shape, ...]) -> Sizes:
        """Rows and columns at the far end that no window reaches, one number an axis; empty where no window slides."""
        return ()

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        """Which inputs an output reads, by axis; None: only those at its own place."""
        return None

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """What the backward pass of training reads again of what a forward pass reads and makes, for one image."""
        return self.backward

    def windows(self, inputs: tuple[Shape, ...]) -> tuple[Window | None, ...]:
        """The window on each input; they differ where a join crops or spreads some of its inputs."""
        return (self.window(inputs),) * len(inputs)

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        """Which of the channels that arrive an output channel depends on."""
        return "own"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        """Shape, params and MACs step by step, in symbols and with the numbers put in."""
        return (unchanged(inputs[0]), *no_weights())

    def notices(self, inputs: tuple[Shape, ...]) -> tuple[Notice, ...]:
        """What deserves a warning: pixels left over by a stride, lopsided padding, overlapping pools."""
        return ()

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        """The kernel's name and its resolved numbers."""
        raise AssertionError(f"{type(self).__name__} names no kernel")


def unchanged(shape: Shape) -> Formula:
    """The shape of a layer that keeps every size."""
    return Formula("shape", "as it arrives", shape.text(), shape.text())


def no_weights() -> tuple[Formula, Formula]:
    """Params and MACs of a layer that has none."""
    return Formula("params", "no weights", "0", 0), Formula("macs", "no multiply-accumulates", "0", 0)


def product(*factors: int | str) -> str:
    """The factors as they are read aloud, digits grouped: `5 * 5 * 4,704`."""
    return " * ".join(f"{factor:,}" if isinstance(factor, int) else factor for factor in factors)


def with_bias(taps: str, bias: bool) -> str:
    """The weights of one filter, as a factor: `(5 * 5 * 1 + 1)`, or `5 * 5 * 1` without a bias."""
    return f"({taps} + 1)" if bias else taps


def counted(count: int, noun: str) -> str:
    """The count with its noun: `1 channel`, `3 channels`."""
    return f"{count:,} {noun}{'s' if count != 1 else ''}"


def learned(weights: tuple[Weight, ...]) -> int:
    """How many numbers of these weights are trained: `params`."""
    return sum(weight.count for weight in weights if weight.trainable)


def learned_of(weights: tuple[Weight, ...], names: AbstractSet[str]) -> int:
    """How many of the `params` are in the weights of these names."""
    return sum(weight.count for weight in weights if weight.trainable and weight.name in names)


def refuse_groups(groups: int, *counts: tuple[int, str]) -> None:
    """Refuse groups that do not divide every one of the counts (a number and what it counts)."""
    for count, noun in counts:
        if count % groups:
            both = "both " if len(counts) > 1 else ""
            raise Refusal(
                "groups-do-not-divide",
                f"{counted(count, noun)} cannot be split into {groups} equal groups",
                "groups",
                notes=(f"{count} / {groups} = {count // groups}, remainder {count % groups}",),
                help=f"choose groups that divide {both}{' and '.join(counted(*each) for each in counts)}",
            )


def refuse_flat(layer: Layer, shape: Shape) -> None:
    """Refuse a flat vector where a layer slides over an image."""
    if shape.rank == 0:
        raise Refusal(
            "needs-volume",
            f"{layer.word} slides over an image, but what arrives here is flat ({shape.channels} numbers)",
            "input",
            help="move this line before flatten, or write `reshape 7x7x64` (your sizes) on the line before",
        )

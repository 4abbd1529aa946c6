"""What a rule of the PyTorch writer is given, and what it gives back: code for one operation, with all its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.dialects.written_code.pieces import Argument, Made, Value
from cnncalc.geometry import Shape, Sizes
from cnncalc.graph.ir import Node
from cnncalc.layers.base import KernelCall, Layer


class NotInTorchError(Exception):
    """A construct that PyTorch has no words for; the message says which, `advice` what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class Place(NamedTuple):
    """An operation of a net where it stands: its node, what arrives, what leaves, and its numbers by kernel."""

    node: Node
    shapes: tuple[Shape, ...]
    own: tuple[bool, ...] = ()
    """Of each of what arrives whether it is numbers of the net's own, the same for all images."""

    @property
    def layer(self) -> Layer:
        """The layer itself."""
        return self.node.layer

    @property
    def shape(self) -> Shape:
        """What arrives first."""
        return self.shapes[0]

    @property
    def output(self) -> Shape:
        """What leaves."""
        return self.node.output

    @property
    def rank(self) -> int:
        """How many axes of a map arrive."""
        return self.shape.rank

    @property
    def call(self) -> KernelCall:
        """The kernel with its resolved numbers."""
        return self.layer.kernel_call(self.shapes)

    def axes(self, name: str) -> Sizes:
        """A number of the kernel for each axis that there is."""
        found: Sizes = tuple(self.call.numbers[name][3 - self.rank :])
        return found


class Said(NamedTuple):
    """Code for an operation, as a `Piece` has it."""

    code: str = "{m0}({x0})"
    made: tuple[Made, ...] = ()
    values: tuple[Value, ...] = ()
    chained: tuple[Made, ...] = ()


class Usual(NamedTuple):
    """An argument with the value that PyTorch takes by itself."""

    value: Value


NAMES: Mapping[str, str] = {
    "Conv": "in_channels out_channels kernel_size",
    "ConvTranspose": "in_channels out_channels kernel_size",
    "Linear": "in_features out_features",
    "BatchNorm": "num_features",
    "InstanceNorm": "num_features",
    "GroupNorm": "num_groups num_channels",
    "LayerNorm": "normalized_shape",
    "RMSNorm": "normalized_shape",
    "ChannelLayerNorm": "channels",
    "ChannelRMSNorm": "channels",
    "LocalResponseNorm": "size",
    "MaxPool": "kernel_size",
    "AvgPool": "kernel_size",
    "LPPool": "norm_type kernel_size",
    "AdaptiveAvgPool": "output_size",
    "AdaptiveMaxPool": "output_size",
    "Dropout": "p",
    "PReLU": "num_parameters",
    "LeakyReLU": "negative_slope",
    "ELU": "alpha",
    "CELU": "alpha",
    "Softplus": "beta",
    "Hardtanh": "min_val max_val",
    "Threshold": "threshold value",
    "Softshrink": "lambd",
    "Hardshrink": "lambd",
    "ChannelShuffle": "groups",
    "PixelShuffle": "upscale_factor",
    "PixelUnshuffle": "downscale_factor",
}
"""What PyTorch calls the arguments that are written by their places; `padding` where no name stands here."""


def part(callee: str, *values: Value, **named: Value | Usual) -> Made:
    """A part with these arguments; those that are None are left out, and `Usual` ones say nothing."""
    names = NAMES.get(callee.removeprefix("nn.").rstrip("123d"), "padding").split()
    given = [Argument("", value, name=name) for value, name in zip(values, [*names, *[""] * len(values)], strict=False)]
    for name, value in named.items():
        if isinstance(value, Usual):
            given.append(Argument(name, value.value, default=True))
        elif value is not None:
            given.append(Argument(name, value))
    return Made(callee, tuple(given))


def one(made: Made) -> Said:
    """A part that is made once and called."""
    return Said(made=(made,), chained=(made,))


def in_turn(*parts: Made) -> Said:
    """Parts that are called one after the other."""
    code = "{x0}"
    for number in range(len(parts)):
        code = f"{{m{number}}}({code})"
    return Said(code, parts, (), parts)


def function(code: str, *values: Value, chained: Sequence[Made] = ()) -> Said:
    """A function, and the parts that do the same."""
    return Said(code, (), values, tuple(chained))


def alike(sizes: Sequence[int]) -> Value:
    """One number where all axes have the same one, else a tuple."""
    return sizes[0] if len(set(sizes)) == 1 else tuple(sizes)


def sides(before: Sequence[int], after: Sequence[int]) -> tuple[int, ...]:
    """Rows as `F.pad` takes them: pairs, those of the last axis first."""
    pairs = zip(reversed(before), reversed(after), strict=True)
    return tuple(rows for pair in pairs for rows in pair)


def unless(value: Value, usual: Value) -> Value | Usual:
    """The value, marked where it is what PyTorch takes by itself."""
    return Usual(value) if value == usual else value

"""Numbers that no image decides: learned ones (positions, class tokens, queries) and a constant, read by joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, Order, Shape, Sizes, lifted, shape_of
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import (
    Formula,
    KernelCall,
    Layer,
    NamedMatrix,
    Weight,
    file_order,
    no_weights,
    operand,
    option,
    product,
)
from cnncalc.layers.given import given_values


@dataclass(frozen=True, kw_only=True)
class Stated(Layer):
    """What both share: a size of their own, and nothing that arrives."""

    smallest_inputs: ClassVar[int] = 0
    largest_inputs: ClassVar[int] = 0
    size: Sizes = operand("shape", "the size, channels included: `197x768`, `1x1x64`, `10`")
    order: Order = file_order()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if len(self.size) > 4:
            raise Refusal("too-many-sizes", f"a shape has at most 4 sizes, not {len(self.size)}", "size")
        return shape_of(self.size, self.order)


def axes_of_numbers(shape: Shape, order: Order) -> tuple[tuple[str, int], ...]:
    """The named axes of an array of that shape, in that order."""
    spatial = tuple(zip(AXIS_NAMES[shape.rank], shape.spatial, strict=True))
    channels = (("channels", shape.channels),)
    return channels + spatial if order == "channels_first" else spatial + channels


@dataclass(frozen=True, kw_only=True)
class Learned(Stated):
    """A learned array, the same for every image: `pos: learned 197x768`, then `add tokens pos`.

    Output: the size.  Weights: as many as it has numbers.  Work: none.

    >>> sum(weight.count for weight in Learned(size=(197, 768)).weights(()))
    151296

    Source: Dosovitskiy et al. 2020 (ViT): its positions and its class token; PyTorch's Parameter, Keras' add_weight.
    """

    word: ClassVar[str] = "learned"
    backward: ClassVar[Kept] = KEEPS_NOTHING

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape = self.output_shape(())
        return (Weight("weight", axes_of_numbers(shape, self.order), fan_in=shape.elements),)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = self.output_shape(())
        params = Formula("params", "all its numbers", product(*shape.sizes()), shape.elements)
        return Formula("shape", "as written", shape.text(), shape.text()), params, no_weights()[1]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("learned", {"order": self.order, "spatial": lifted(self.output_shape(()).spatial, 1)})


@dataclass(frozen=True, kw_only=True)
class Constant(Stated):
    """An array of one number: `constant 28x28x1 0.5`, zeros where none is written; or of stated numbers.

    `constant 2x2x1 numbers=NAME` takes those of a `data` matrix, in the order of the size.
    Output: the size.  Weights: none learned; stated numbers are fixed weights.  Work: none.

    >>> Constant(size=(28, 28, 1), value=0.5).output_shape(()).text()
    '28x28x1'

    Source: PyTorch's zeros, ones and full; the places of a detector's anchors.
    """

    word: ClassVar[str] = "constant"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    value: float = operand("number", "the number at every place", default=0.0)
    numbers: NamedMatrix | None = option("matrix", None, "the numbers: the name of a `data` matrix")

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if self.numbers is None:
            return ()
        weight = Weight("weight", axes_of_numbers(self.output_shape(()), self.order), trainable=False)
        return (given_values(weight, self.numbers, "numbers"),)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = self.output_shape(())
        fixed = Formula("buffers", "all its numbers", product(*shape.sizes()), shape.elements)
        none, no_macs = no_weights()
        written = Formula("shape", "as written", shape.text(), shape.text())
        return (written, none, no_macs) if self.numbers is None else (written, none, fixed, no_macs)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        shape = self.output_shape(())
        spatial = lifted(shape.spatial, 1)
        if self.numbers is not None:
            return KernelCall("learned", {"order": self.order, "spatial": spatial})
        return KernelCall("constant", {"channels": shape.channels, "spatial": spatial, "value": self.value})

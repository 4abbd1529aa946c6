"""The same numbers in another shape: flatten and reshape.

Which number comes first depends on the order in which the file writes its shapes (channels last or first).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, Order, Shape, Sizes, Window, lifted, shape_of
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import ChannelSight, Formula, KernelCall, Layer, file_order, no_weights, operand, product


@dataclass(frozen=True, kw_only=True)
class Flatten(Layer):
    """Writes all numbers of a volume in one row, so that a dense layer can read them.

    Output: height * width * C.  Weights: none.  Work: none.

    >>> Flatten().output_shape((Shape(64, (3, 3)),)).text()
    '576'

    Source: Keras' Flatten; deck 000, the MNIST network.
    """

    word: ClassVar[str] = "flatten"
    is_view: ClassVar[bool] = True
    backward: ClassVar[Kept] = KEEPS_NOTHING
    order: Order = file_order()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(inputs[0].elements)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "everywhere"

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "spread"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = inputs[0]
        symbols = " * ".join((*AXIS_NAMES[shape.rank], "C"))
        return (Formula("size", symbols, product(*shape.spatial, shape.channels), shape.elements), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("flatten", {"order": self.order})


@dataclass(frozen=True, kw_only=True)
class Reshape(Layer):
    """Gives the numbers another shape with as many numbers: `reshape 7x7x64`, or `reshape 100` for a flat vector.

    Output: as written.  Weights: none.  Work: none.

    >>> Reshape(size=(7, 7, 64)).output_shape((Shape(3136),)).text()
    '7x7x64'

    Source: Keras' Reshape.
    """

    word: ClassVar[str] = "reshape"
    is_view: ClassVar[bool] = True
    backward: ClassVar[Kept] = KEEPS_NOTHING
    size: Sizes = operand("shape", "the new shape, channels included: `7x7x64`, or `100`")
    order: Order = file_order()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        arriving = inputs[0]
        if len(self.size) > 4:
            raise Refusal("too-many-sizes", f"a shape has at most 4 sizes, not {len(self.size)}", "size")
        if prod(self.size) != arriving.elements:
            written = "x".join(map(str, self.size))
            raise Refusal(
                "reshape-does-not-fit",
                f"{written} holds {prod(self.size):,} numbers, but {arriving.elements:,} arrive",
                "size",
                label=f"the input here is {arriving.text(self.order)}",
                notes=tuple(
                    f"{product(*sizes)} = {prod(sizes):,}"
                    for sizes in (self.size, arriving.sizes(self.order))
                    if len(sizes) > 1
                ),
                help="choose sizes whose product is the number of values that arrive",
            )
        return shape_of(self.size, self.order)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "everywhere"

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "dealt"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        text = self.output_shape(inputs).text()
        return (Formula("shape", "as written, with as many numbers as arrive", text, text), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        output = self.output_shape(inputs)
        numbers = {"channels": output.channels, "spatial": lifted(output.spatial, 1), "order": self.order}
        return KernelCall("reshape", numbers)

"""Pools whose windows are chosen so that the result has a wanted size."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, prod
from typing import ClassVar

from cnncalc.geometry import AXIS_NAMES, AxisWindow, Shape, Sizes, Window, lifted, per_axis
from cnncalc.layers.backward import KEEPS_INPUT, KEEPS_NOTHING, Kept
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, no_weights, operand, refuse_flat


@dataclass(frozen=True, kw_only=True)
class AdaptiveAvgPool(Layer):
    """Takes means over windows chosen so that the result has the wanted size.

    Output: the wanted size, C channels; output o of O reads inputs floor(o*n/O) to ceil((o+1)*n/O) - 1.
    Weights: none.  Work: the window's size - 1 adds, and one divide an output.

    >>> AdaptiveAvgPool(output_size=(6,)).output_shape((Shape(256, (13, 13)),)).text()
    '6x6x256'

    Source: PyTorch's AdaptiveAvgPool2d, as torchvision's AlexNet and VGG use it.
    """

    word: ClassVar[str] = "adaptavg"
    kernel: ClassVar[str] = "adaptive_avgpool"
    output_size: Sizes = operand("sizes", "height x width of the result: `7x7`, or `7` for all axes")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_flat(self, inputs[0])
        return Shape(inputs[0].channels, per_axis(self.output_size, inputs[0].rank, "output_size"))

    def read(self, inputs: tuple[Shape, ...]) -> int:
        """How many numbers all windows hold together: n + O - gcd(n, O) along each axis (windows may overlap)."""
        output = self.output_shape(inputs)
        pairs = zip(inputs[0].spatial, output.spatial, strict=True)
        return output.channels * prod(n + made - gcd(n, made) for n, made in pairs)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        outputs = self.output_shape(inputs).elements
        return Cost(add=self.read(inputs) - outputs, divide=outputs)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        made = self.output_shape(inputs).spatial
        if set(made) == {1}:
            return "everywhere"
        return tuple(AxisWindow(n, 0, n - 1, size) for n, size in zip(inputs[0].spatial, made, strict=True))

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        output = self.output_shape(inputs)
        sizes = zip(AXIS_NAMES[output.rank], output.spatial, strict=True)
        return (
            *(Formula(name, "as asked for", str(size), size) for name, size in sizes),
            Formula("channels", "C", str(output.channels), output.channels),
            *no_weights(),
        )

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return KEEPS_NOTHING if set(self.output_shape(inputs).spatial) == {1} else KEEPS_INPUT

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall(self.kernel, {"output": lifted(self.output_shape(inputs).spatial, 1)})


class AdaptiveMaxPool(AdaptiveAvgPool):
    """Keeps the largest number over windows chosen so that the result has the wanted size.

    Output: as adaptavg.  Weights: none.  Work: the window's size - 1 compares an output.

    >>> AdaptiveMaxPool(output_size=(2, 3)).output_shape((Shape(8, (5, 7)),)).text()
    '2x3x8'

    Source: PyTorch's AdaptiveMaxPool2d.
    """

    word: ClassVar[str] = "adaptmax"
    kernel: ClassVar[str] = "adaptive_maxpool"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(compare=self.read(inputs) - self.output_shape(inputs).elements)

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return Kept(inputs=True, indexes=self.output_shape(inputs).elements)

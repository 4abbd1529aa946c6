"""The product of two matrices that both come from lines: scores of attention, and what is weighed by them."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AxisWindow, Shape, Sizes, Window
from cnncalc.layers.base import ChannelSight, Cost, Formula, KernelCall, Layer, flag, no_weights, product


@dataclass(frozen=True, kw_only=True)
class MatMul(Layer):
    """Multiplies two maps as matrices: a row for each place of the last axis, a column for each channel.

    Output: n rows of m channels, where n rows of k channels meet k rows of m, or with `transpose` m rows of k.  Axes in
    front (the heads of attention, 12x197x64) are as many products; one of size 1 meets all.  A flat vector is one row.
    Weights: none.  MACs: n * k * m for each product.

    >>> shape = Shape(64, (12, 197))
    >>> MatMul(transpose=True).output_shape((shape, shape)).text()
    '12x197x197'

    Source: Vaswani et al. 2017 (attention); PyTorch's matmul and bmm, Keras' Dot.
    """

    word: ClassVar[str] = "matmul"
    smallest_inputs: ClassVar[int] = 2
    largest_inputs: ClassVar[int] = 2
    transpose: bool = flag(False, "the second matrix has a row for each result", transpose=True)

    def sizes(self, inputs: tuple[Shape, ...]) -> tuple[int, int, int]:
        """Rows, numbers of a row, and columns of each product; refuses matrices that do not fit."""
        left, right = inputs
        rows, (height, width) = _matrix(left)[0], _matrix(right)
        inner, columns = (width, height) if self.transpose else (height, width)
        if left.channels != inner:
            turned = "rows of numbers as `transpose` reads it" if self.transpose else "rows"
            swapped = width if not self.transpose else height
            raise Refusal(
                "matrices-do-not-fit",
                f"matmul cannot multiply {left.text()} by {right.text()}",
                "input",
                label=f"{left.text()} and {right.text()} meet here",
                notes=(f"each row of the first has {left.channels} numbers, the second has {inner} {turned}",),
                help=("leave `transpose` out" if self.transpose else "write `transpose`")
                if swapped == left.channels
                else "make the channels of the first line as many as the second has rows",
            )
        return rows, inner, columns

    def leading(self, inputs: tuple[Shape, ...]) -> Sizes:
        """The axes in front of the matrices; refuses sizes that differ."""
        left, right = (shape.spatial[:-1] for shape in inputs)
        rank = max(len(left), len(right))
        pairs = list(zip(*((1,) * (rank - len(own)) + own for own in (left, right)), strict=True))
        if any(one != other and 1 not in (one, other) for one, other in pairs):
            raise Refusal(
                "matrices-do-not-fit",
                f"matmul cannot multiply {inputs[0].text()} by {inputs[1].text()}",
                "input",
                label=f"{inputs[0].text()} and {inputs[1].text()} meet here",
                notes=("the axes in front of a matrix are as many products, and must be equal or 1",),
                help="rearrange one of the lines so that both have as many matrices",
            )
        return tuple(map(max, pairs))

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        rows, _, columns = self.sizes(inputs)
        leading = self.leading(inputs)
        return Shape(columns, () if not inputs[0].rank and not leading else (*leading, rows))

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(macs=prod(self.sizes(inputs)) * prod(self.leading(inputs)))

    def windows(self, inputs: tuple[Shape, ...]) -> tuple[Window | None, ...]:
        output = self.output_shape(inputs)
        left, right = (_spread(shape, output) for shape in inputs)
        if isinstance(right, tuple):
            right = (*right[:-1], AxisWindow(0, 0, inputs[1].spatial[-1] - 1))
        return left, right

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "spread" if self.transpose else "own"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        rows, inner, columns = self.sizes(inputs)
        output, leading = self.output_shape(inputs), self.leading(inputs)
        copies = (" * products", (prod(leading),)) if leading else ("", ())
        return (
            Formula("shape", "n rows of m channels", f"{rows} rows of {columns}", output.text()),
            no_weights()[0],
            Formula("macs", f"n * k * m{copies[0]}", product(rows, inner, columns, *copies[1]), self.cost(inputs).macs),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("matmul", {"transpose": self.transpose})


def _matrix(shape: Shape) -> tuple[int, int]:
    """Rows and columns of the matrix of a map: a flat vector is one row."""
    return (shape.spatial[-1] if shape.rank else 1), shape.channels


def _spread(shape: Shape, output: Shape) -> Window:
    """Its own place on every axis, or the only one where it is spread."""
    if shape.rank != output.rank or not shape.rank:
        return "everywhere"
    sizes = zip(shape.spatial, output.spatial, strict=True)
    return tuple(AxisWindow(0, 0, 0) if n == 1 < made else AxisWindow(1, 0, 0) for n, made in sizes)

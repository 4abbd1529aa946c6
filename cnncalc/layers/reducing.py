"""One number of all along one axis or several: the mean over the channels, the sum of each column."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AxisWindow, Shape, Window, lifted
from cnncalc.layers.along import places_of
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import ChannelSight, Cost, Formula, KernelCall, Layer, flag, no_weights, operand

WAYS = ("mean", "sum", "max", "min", "prod", "var", "std", "norm", "argmax", "argmin")


@dataclass(frozen=True, kw_only=True)
class Reduce(Layer):
    """Makes one number of all along an axis: `reduce mean channels`, `reduce max height,width`.

    Output: the axes that are named go; with `keep` their size is 1.  A shape always has channels: where they are
    reduced, 1 is left, 28x28x64 becoming 28x28x1.
    var and std divide by n, with `unbiased` by n - 1, as PyTorch does; norm is the root of the sum of the squares;
    argmax and argmin are the place of the largest and the smallest number, counted from 0, the first one of several.
    Weights: none.  Work for n numbers: n - 1 adds (compares, multiplies) for sum (max, min, prod), one divide more for
    mean; n more adds and n multiplies for var, and a root (counted as exp) for std; n multiplies, n - 1 adds and a root
    for norm; n - 1 compares for argmax and argmin, as for max.

    >>> Reduce(how="mean", axes=("channels",)).output_shape((Shape(64, (28, 28)),)).text()
    '28x28x1'

    Source: PyTorch's mean, sum, amax, amin, prod, var, std and norm along `dim`; Keras' ops.mean.
    """

    word: ClassVar[str] = "reduce"
    how: str = operand("choice", "what is made of the numbers", choices=WAYS)
    axes: tuple[str, ...] = operand("axes", "along which axes: `channels`, `height,width`")
    keep: bool = flag(False, "leave the axes, of size 1", keep=True)
    unbiased: bool = flag(False, "var and std divide by n - 1", unbiased=True, biased=False)

    def spatial_axes(self, shape: Shape) -> tuple[int, ...]:
        """Which of the spatial axes go, by their places; refuses one that is not there."""
        return places_of(self.axes, shape, "axes")

    def together(self, shape: Shape) -> int:
        """How many numbers become one."""
        channels = shape.channels if "channels" in self.axes else 1
        return channels * prod(shape.spatial[axis] for axis in self.spatial_axes(shape))

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        gone = self.spatial_axes(shape)
        if self.unbiased and (self.how not in ("var", "std") or self.together(shape) == 1):
            raise Refusal(
                "unbiased-unfit",
                f"`unbiased` is for var and std, not for {self.how}"
                if self.how not in ("var", "std")
                else "the unbiased variance of a single number is not known: it divides by n - 1 = 0",
                "unbiased",
                help="leave `unbiased` out",
            )
        if self.how in ("argmax", "argmin") and len(self.axes) > 1:
            raise Refusal(
                "wrong-operand",
                f"{self.how} counts the places along one axis, and {len(self.axes)} are named",
                "axes",
                help=f"write `reduce {self.how} {self.axes[0]}`",
            )
        left = ((axis, n) for axis, n in enumerate(shape.spatial))
        spatial = tuple(1 if axis in gone else n for axis, n in left if self.keep or axis not in gone)
        return Shape(1 if "channels" in self.axes else shape.channels, spatial)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        n = self.together(inputs[0])
        deviations = Cost(add=3 * n - 2, multiply=n, divide=2)
        each = {
            "sum": Cost(add=n - 1),
            "mean": Cost(add=n - 1, divide=1),
            "max": Cost(compare=n - 1),
            "min": Cost(compare=n - 1),
            "prod": Cost(multiply=n - 1),
            "var": deviations,
            "std": deviations + Cost(exp=1),
            "norm": Cost(multiply=n, add=n - 1, exp=1),
            "argmax": Cost(compare=n - 1),
            "argmin": Cost(compare=n - 1),
        }
        return each[self.how] * self.output_shape(inputs).elements

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        shape, gone = inputs[0], self.spatial_axes(inputs[0])
        if not gone:
            return None
        if not self.keep or len(gone) == shape.rank:
            return "everywhere"
        return tuple(
            AxisWindow(0, 0, n - 1) if axis in gone else AxisWindow(1, 0, 0) for axis, n in enumerate(shape.spatial)
        )

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all" if "channels" in self.axes else "own"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, output = inputs[0], self.output_shape(inputs)
        gone = f"without {', '.join(self.axes)}" if not self.keep else f"{', '.join(self.axes)}: 1"
        return Formula("shape", gone, shape.text(), output.text()), *no_weights()

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """Measured with PyTorch 2.13; along one axis max and min keep the place of what they find alone."""
        if self.how in ("max", "min") and len(self.axes) == 1:
            return Kept(indexes=self.output_shape(inputs).elements)
        if self.how in ("sum", "mean", "argmax", "argmin"):
            return KEEPS_NOTHING
        return Kept(inputs=True, output=self.how in ("max", "min", "prod", "std", "norm"))

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        shape, gone = inputs[0], self.spatial_axes(inputs[0])
        return KernelCall(
            "reduce",
            {
                "how": self.how,
                "channels": "channels" in self.axes,
                "over": lifted([axis in gone for axis in range(shape.rank)], False),
                "left": lifted(self.output_shape(inputs).spatial, 1),
                "unbiased": self.unbiased,
            },
        )

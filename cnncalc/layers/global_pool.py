"""Pools whose window is the whole image."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.geometry import AXIS_NAMES, Shape, Window
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, flag, no_weights, refuse_flat


@dataclass(frozen=True, kw_only=True)
class GlobalAvgPool(Layer):
    """Takes the mean of each channel over the whole image; what comes out is flat, or 1x1xC with `keep`.

    Output: C.  Weights: none.  Work: n - 1 adds and one divide a channel, n = height * width.

    >>> GlobalAvgPool().output_shape((Shape(2048, (7, 7)),)).text()
    '2048'

    Source: Lin et al. 2013 (Network in Network).
    """

    word: ClassVar[str] = "gap"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    kernel: ClassVar[str] = "global_avgpool"
    keep: bool = flag(False, "leave the spatial axes, of size 1, for a convolution to follow", keep=True)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_flat(self, inputs[0])
        return Shape(inputs[0].channels, (1,) * inputs[0].rank if self.keep else ())

    def each(self, area: int) -> Cost:
        """The work for one channel."""
        return Cost(add=area - 1, divide=1)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return self.each(prod(inputs[0].spatial)) * inputs[0].channels

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "everywhere"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        kept = AXIS_NAMES[inputs[0].rank] if self.keep else ()
        return (
            *(Formula(name, "1 (kept)", "1", 1) for name in kept),
            Formula("channels" if kept else "size", "C", str(channels), channels),
            *no_weights(),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall(self.kernel, {})


class GlobalMaxPool(GlobalAvgPool):
    """Keeps the largest number of each channel over the whole image; what comes out is flat, or 1x1xC with `keep`.

    Output: C.  Weights: none.  Work: n - 1 compares a channel, n = height * width.

    >>> GlobalMaxPool().output_shape((Shape(512, (7, 7)),)).text()
    '512'

    Source: Keras' GlobalMaxPooling2D.
    """

    word: ClassVar[str] = "gmp"
    kernel: ClassVar[str] = "global_maxpool"

    def each(self, area: int) -> Cost:
        return Cost(compare=area - 1)

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return Kept(inputs=True, indexes=self.output_shape(inputs).elements)

"""Space and channels exchanged block by block, without weights: spacetodepth (reorg), depthtospace (pixel shuffle).

A block is `factor` rows high and wide.  Both layers use PyTorch's order of channels, or with `placefirst` TensorFlow's,
so that one undoes the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, AxisWindow, Shape, Sizes, Window, lifted, per_axis
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import (
    ChannelSight,
    Formula,
    KernelCall,
    Layer,
    counted,
    flag,
    no_weights,
    operand,
    product,
    refuse_flat,
)
from cnncalc.layers.rearranging import Digit, Rearrange

ALSO = ("block_size", "blocksize", "stride", "upscale_factor", "downscale_factor")
"""What TensorFlow, ONNX, Darknet and PyTorch call the factor."""


def _place_first() -> Any:
    said = "count the places of a block before the channels, as TensorFlow and ONNX' DCR do"
    return flag(False, said, placefirst=True)


class Exchange(Layer):
    """What both share: the block's size on every axis."""

    factor: Sizes
    place_first: bool

    def factors(self, shape: Shape) -> Sizes:
        """The factor of each axis."""
        refuse_flat(self, shape)
        return per_axis(self.factor, shape.rank, "factor")

    def refuse_rest(self, count: int, factor: int, noun: str, label: str) -> None:
        """Refuse what cannot be dealt out evenly."""
        if count % factor:
            raise Refusal(
                "factor-does-not-divide",
                f"{counted(count, noun)} cannot be divided evenly by {factor}",
                "factor",
                label=label,
                notes=(f"{count} / {factor} = {count // factor}, remainder {count % factor}",),
                help="choose another factor, or change the sizes before this line",
            )


@dataclass(frozen=True, kw_only=True)
class SpaceToDepth(Exchange):
    """Makes the image `factor` times smaller and keeps every number: each block's places become channels (reorg).

    Output: n / factor on every axis, C * factor * factor channels.  Weights: none.  Work: none.
    Channel c, row i and column j of a block become channel (c * factor + i) * factor + j, as in PyTorch's
    pixel_unshuffle; with `placefirst` (i * factor + j) * C + c, as in TensorFlow and ONNX.  Darknet's reorg has yet
    another order of the values, with the same shape: weights trained after it need their channels sorted again.

    >>> SpaceToDepth(factor=(2,)).output_shape((Shape(64, (38, 38)),)).text()
    '19x19x256'

    Source: Redmon and Farhadi 2016 (YOLOv2's passthrough layer).
    """

    word: ClassVar[str] = "spacetodepth"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    factor: Sizes = operand("sizes", "rows and columns of a block: `2`, or `2x3`", also=ALSO)
    place_first: bool = _place_first()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape, factors = inputs[0], self.factors(inputs[0])
        for name, n, factor in zip(AXIS_NAMES[shape.rank], shape.spatial, factors, strict=True):
            self.refuse_rest(n, factor, "column" if name == "width" else "row", f"the input here is {shape.text()}")
        spatial = tuple(n // factor for n, factor in zip(shape.spatial, factors, strict=True))
        return Shape(shape.channels * prod(factors), spatial)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(AxisWindow(factor, 0, factor - 1) for factor in self.factors(inputs[0]))

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "spread"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, factors = inputs[0], self.factors(inputs[0])
        axes = zip(AXIS_NAMES[shape.rank], shape.spatial, factors, strict=True)
        symbols = " * ".join(("C", *("factor" for _ in factors)))
        channels = Formula("channels", symbols, product(shape.channels, *factors), shape.channels * prod(factors))
        return (
            *(Formula(name, "n / factor", f"{n} / {factor}", n // factor) for name, n, factor in axes),
            channels,
            *no_weights(),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        shape, factors = inputs[0], self.factors(inputs[0])
        if not self.place_first:
            return KernelCall("space_to_depth", {"factor": lifted(factors, 1)})
        axes = list(enumerate(zip(shape.spatial, factors, strict=True), 1))
        channels = (*(Digit(axis, 1, factor) for axis, (_, factor) in axes), Digit(0, 1, shape.channels))
        spatial = [[Digit(axis, factor, n // factor)] for axis, (n, factor) in axes]
        return Rearrange.of(shape, channels, spatial).kernel_call(inputs)


@dataclass(frozen=True, kw_only=True)
class DepthToSpace(Exchange):
    """Makes the image `factor` times larger out of its channels: the pixel shuffle of super-resolution.

    Output: n * factor on every axis, C / (factor * factor) channels.  Weights: none.  Work: none.
    Channel (c * factor + i) * factor + j goes to row i and column j of the blocks of channel c, as in PyTorch's
    pixel_shuffle (ONNX calls this order CRD); with `placefirst` channel (i * factor + j) * C + c of the C that leave,
    as in TensorFlow (ONNX' DCR).

    >>> DepthToSpace(factor=(3,)).output_shape((Shape(9, (85, 85)),)).text()
    '255x255x1'

    Source: Shi et al. 2016 (ESPCN).
    """

    word: ClassVar[str] = "depthtospace"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    factor: Sizes = operand("sizes", "rows and columns of a block: `2`, or `2x3`", also=ALSO)
    place_first: bool = _place_first()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape, factors = inputs[0], self.factors(inputs[0])
        places = "*".join(map(str, factors))
        label = f"each place of the input becomes {places} places" if shape.rank > 1 else ""
        self.refuse_rest(shape.channels, prod(factors), "channel", label)
        spatial = tuple(n * factor for n, factor in zip(shape.spatial, factors, strict=True))
        return Shape(shape.channels // prod(factors), spatial)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(AxisWindow(1, 0, 0, factor) for factor in self.factors(inputs[0]))

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "some"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, factors = inputs[0], self.factors(inputs[0])
        axes = zip(AXIS_NAMES[shape.rank], shape.spatial, factors, strict=True)
        symbols = f"C / ({' * '.join('factor' for _ in factors)})"
        numbers = f"{shape.channels} / ({product(*factors)})"
        return (
            *(Formula(name, "n * factor", f"{n} * {factor}", n * factor) for name, n, factor in axes),
            Formula("channels", symbols, numbers, shape.channels // prod(factors)),
            *no_weights(),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        shape, factors = inputs[0], self.factors(inputs[0])
        if not self.place_first:
            return KernelCall("depth_to_space", {"factor": lifted(factors, 1)})
        left = shape.channels // prod(factors)
        strides = [left * prod(factors[axis + 1 :]) for axis in range(len(factors))]
        axes = enumerate(zip(shape.spatial, factors, strides, strict=True), 1)
        spatial = [[Digit(axis, 1, n), Digit(0, stride, factor)] for axis, (n, factor, stride) in axes]
        return Rearrange.of(shape, [Digit(0, 1, left)], spatial).kernel_call(inputs)

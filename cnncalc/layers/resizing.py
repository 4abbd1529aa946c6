"""Rows added to an image, or taken from it: pad and crop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import (
    AXIS_NAMES,
    AxisWindow,
    Padding,
    Pads,
    Shape,
    Window,
    lifted,
    resolved_pads,
)
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import Formula, KernelCall, Layer, no_weights, operand, option, refuse_flat
from cnncalc.layers.sliding import refuse_unfillable


class Border(Layer):
    """What pad and crop share: rows added to or taken from each side."""

    padding: Padding

    def sides(self, shape: Shape) -> Pads:
        """Rows before and after on each axis."""
        refuse_flat(self, shape)
        if self.padding.mode != "explicit":
            raise Refusal(
                "needs-sides",
                f"{self.word} needs numbers, not `{self.padding.mode}`",
                "padding",
                help=f"write `{self.word} 1`, `{self.word} 1x2`, or four sides `{self.word} 0,1,0,1`",
            )
        ones = (1,) * shape.rank
        return resolved_pads(self.padding, shape.spatial, ones, ones, ones)


def _resized(shape: Shape, sides: Pads, sign: str) -> tuple[Formula, ...]:
    results = [
        n + (before + after) * (1 if sign == "+" else -1)
        for n, (before, after) in zip(shape.spatial, sides, strict=True)
    ]
    return (
        *(
            Formula(name, f"n {sign} before {sign} after", f"{n} {sign} {before} {sign} {after}", result)
            for name, n, (before, after), result in zip(
                AXIS_NAMES[shape.rank], shape.spatial, sides, results, strict=True
            )
        ),
        Formula("channels", "C", str(shape.channels), shape.channels),
        *no_weights(),
    )


@dataclass(frozen=True, kw_only=True)
class Pad(Border):
    """Adds rows and columns around the image, filled with zeros, with another number or with the image's own numbers.

    Output: n + before + after on every axis.  Weights: none.  Work: none.

    >>> Pad(padding=Padding("explicit", ((3, 3),))).output_shape((Shape(3, (224, 224)),)).text()
    '230x230x3'

    Source: Gonzalez and Woods, Digital Image Processing, chapter 3; deck 004, padding of [5,4,2,3,7]: zeros;
    extended (edge); cyclic (wrap).
    """

    word: ClassVar[str] = "pad"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    padding: Padding = operand("padding", "rows added per side: `1`, `1x2`, or four sides `0,1,0,1`")
    fill: str = option("choice", "zeros", "what the new rows hold", choices=("zeros", "edge", "reflect", "wrap"))
    value: float = option("number", 0.0, "the number that the new rows hold, where it is not 0")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.value and self.fill != "zeros":
            raise Refusal(
                "wrong-operand",
                f"the new rows cannot hold {self.value:g} and numbers of the image (`{self.fill}`) too",
                "value",
                help=f"leave out the value, or `{self.fill}`",
            )
        shape, sides = inputs[0], self.sides(inputs[0])
        refuse_unfillable(self.fill, shape, sides)
        return Shape(shape.channels, tuple(n + sum(pair) for n, pair in zip(shape.spatial, sides, strict=True)))

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(AxisWindow(1, -before, -before) for before, _ in self.sides(inputs[0]))

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return _resized(inputs[0], self.sides(inputs[0]), "+")

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        before, after = zip(*self.sides(inputs[0]), strict=True)
        rows = {"before": lifted(before, 0), "after": lifted(after, 0)}
        if self.value:
            return KernelCall("pad_value", {**rows, "value": self.value})
        return KernelCall("pad", {**rows, "fill": self.fill})


@dataclass(frozen=True, kw_only=True)
class Crop(Border):
    """Cuts rows and columns off the image.

    Output: n - before - after on every axis.  Weights: none.  Work: none.

    >>> Crop(padding=Padding("explicit", ((4, 4),))).output_shape((Shape(512, (64, 64)),)).text()
    '56x56x512'

    Source: Ronneberger et al. 2015 (U-Net); Keras' Cropping2D.
    """

    word: ClassVar[str] = "crop"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    padding: Padding = operand("padding", "rows cut off per side: `1`, `1x2`, or four sides `0,1,0,1`")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape, sides = inputs[0], self.sides(inputs[0])
        spatial = tuple(n - sum(pair) for n, pair in zip(shape.spatial, sides, strict=True))
        for name, n, (before, after), left in zip(AXIS_NAMES[shape.rank], shape.spatial, sides, spatial, strict=True):
            if left < 1:
                raise Refusal(
                    "crop-too-large",
                    f"cropping {before} and {after} leaves nothing of {name} {n}",
                    "padding",
                    label=f"the input here is {shape.text()}",
                    notes=(f"{name} = {n} - {before} - {after} = {left}",),
                    help="cut off less",
                )
        return Shape(shape.channels, spatial)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(AxisWindow(1, before, before) for before, _ in self.sides(inputs[0]))

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return _resized(inputs[0], self.sides(inputs[0]), "-")

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        before, after = zip(*self.sides(inputs[0]), strict=True)
        return KernelCall("crop", {"before": lifted(before, 0), "after": lifted(after, 0)})

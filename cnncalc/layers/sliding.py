"""What convolutions and pools share: a window that slides over every spatial axis.

The arithmetic is `cnncalc.geometry`'s; here it is put to the shapes that arrive, and told in formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import (
    AXIS_NAMES,
    VALID,
    AxisWindow,
    Padding,
    Pads,
    Shape,
    Sizes,
    Window,
    extent,
    lifted,
    output_size,
    per_axis,
    resolved_pads,
)
from cnncalc.layers.base import Formula, Layer, Notice, refuse_flat


@dataclass(frozen=True, slots=True)
class Axis:
    """One spatial axis with everything resolved: all whole numbers, `outputs` may be 0 or less when nothing fits."""

    name: str
    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    outputs: int

    @property
    def unused(self) -> int:
        """Rows or columns that no window reaches, pads included."""
        used = (self.outputs - 1) * self.stride + extent(self.kernel, self.dilation)
        return max(0, self.size + self.before + self.after - used)


class SlidingWindow(Layer):
    """A layer with `kernel_size`, `stride`, `padding` and, for some, `dilation`; subclasses are the dataclasses."""

    kernel_size: Sizes
    padding: Padding
    ceil_mode: ClassVar[bool] = False
    noun: ClassVar[str] = "kernel"
    """What an error calls it: a 5x5 kernel, a 2x2 window."""

    def strides(self, rank: int) -> Sizes:
        """The step of the window on each axis."""
        return per_axis(getattr(self, "stride", (1,)), rank, "stride")

    def dilations(self, rank: int) -> Sizes:
        """The distance of the kernel's taps on each axis."""
        return per_axis(getattr(self, "dilation", (1,)), rank, "dilation")

    def rounds_up(self) -> bool:
        """Whether a last window that starts inside but ends outside still counts (`ceil`)."""
        return False

    def axes(self, shape: Shape) -> tuple[Axis, ...]:
        """Every axis resolved for the shape that arrives."""
        refuse_flat(self, shape)
        kernel = per_axis(self.kernel_size, shape.rank, "kernel_size")
        stride, dilation = self.strides(shape.rank), self.dilations(shape.rank)
        pads = resolved_pads(self.padding, shape.spatial, kernel, stride, dilation)
        return tuple(
            Axis(name, n, k, s, d, *pad, output_size(n, k, s, *pad, d, ceil_mode=self.rounds_up()))
            for name, n, k, s, d, pad in zip(
                AXIS_NAMES[shape.rank], shape.spatial, kernel, stride, dilation, pads, strict=True
            )
        )

    def output_spatial(self, shape: Shape) -> Sizes:
        """The spatial sizes of the result; refuses a window that does not fit."""
        axes = self.axes(shape)
        if any(axis.outputs < 1 for axis in axes):
            raise self._too_large(axes, shape)
        return tuple(axis.outputs for axis in axes)

    def _too_large(self, axes: tuple[Axis, ...], shape: Shape) -> Refusal:
        kernel = "x".join(str(axis.kernel) for axis in axes)
        fits = "x".join(
            str(max(1, (axis.size + axis.before + axis.after - 1) // axis.dilation + 1)) for axis in axes
        )
        return Refusal(
            "kernel-too-large",
            f"a {kernel} {self.noun} does not fit a {shape.spatial_text} input",
            "kernel_size",
            label=f"the input here is {shape.text()}",
            notes=tuple(f"{axis.name} = {_numbers(axis, self.rounds_up())} = {axis.outputs}" for axis in axes if axis.outputs < 1)[:1],
            help=f"use `same` padding, a {self.noun} of at most {fits}",
        )

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(
            AxisWindow(axis.stride, -axis.before, extent(axis.kernel, axis.dilation) - 1 - axis.before)
            for axis in self.axes(inputs[0])
        )

    def notices(self, inputs: tuple[Shape, ...]) -> tuple[Notice, ...]:
        axes = self.axes(inputs[0])
        return (*_unused_notice(axes), *_lopsided_notice(axes, self.padding))

    def size_formulas(self, shape: Shape) -> tuple[Formula, ...]:
        """The output size of each axis, in symbols and in numbers."""
        return tuple(
            Formula(axis.name, _symbols(axis, self.padding, self.rounds_up()), _numbers(axis, self.rounds_up()), axis.outputs)
            for axis in self.axes(shape)
        )

    def window_numbers(self, shape: Shape) -> dict[str, Any]:
        """What every sliding kernel needs, by axis, lifted to (depth, height, width)."""
        axes = self.axes(shape)
        pads: Pads = tuple((axis.before, axis.after) for axis in axes)
        return {
            "kernel": lifted([axis.kernel for axis in axes], 1),
            "stride": lifted([axis.stride for axis in axes], 1),
            "dilation": lifted([axis.dilation for axis in axes], 1),
            "before": lifted([before for before, _ in pads], 0),
            "after": lifted([after for _, after in pads], 0),
        }


def _symbols(axis: Axis, padding: Padding, ceil_mode: bool) -> str:
    rounding = "ceil" if ceil_mode else "floor"
    span = "d(k-1) - 1" if axis.dilation != 1 else "k"
    pads = " + p_before + p_after" if padding.mode != "valid" else ""
    formula = f"{rounding}((n{pads} - {span}) / s) + 1"
    return f"{formula} = ceil(n / s)" if padding.mode == "same" else formula


def _numbers(axis: Axis, ceil_mode: bool) -> str:
    rounding = "ceil" if ceil_mode else "floor"
    pads = f" + {axis.before} + {axis.after}" if axis.before or axis.after else ""
    span = f"{axis.dilation}*({axis.kernel}-1) - 1" if axis.dilation != 1 else str(axis.kernel)
    return f"{rounding}(({axis.size}{pads} - {span}) / {axis.stride}) + 1"


def _unused_notice(axes: tuple[Axis, ...]) -> tuple[Notice, ...]:
    left = [(axis.unused, {"height": "row", "width": "column"}.get(axis.name, "plane")) for axis in axes if axis.unused]
    if not left:
        return ()
    said = " and ".join(f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in left)
    first = next(axis for axis in axes if axis.unused)
    free = first.size + first.before + first.after - extent(first.kernel, first.dilation)
    return (
        Notice(
            "stride-leaves-pixels",
            f"the stride leaves {said} of the input unused: {free} / {first.stride} is not whole",
            "stride",
        ),
    )


def _lopsided_notice(axes: tuple[Axis, ...], padding: Padding) -> tuple[Notice, ...]:
    lopsided = [axis for axis in axes if axis.before != axis.after]
    if padding.mode != "same" or not lopsided:
        return ()
    pair = f"({lopsided[0].before},{lopsided[0].after})"
    return (
        Notice(
            "lopsided-padding",
            f"`same` pads {pair} here: one more at the bottom and right (Keras' rule; PyTorch pads both sides alike)",
            "padding",
        ),
    )

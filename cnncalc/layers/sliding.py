"""What convolutions and pools share: a window that slides over every spatial axis.

The arithmetic is `cnncalc.geometry`'s; here it is put to the shapes that arrive, told in formulas, and refused in
the user's own numbers when the window does not fit.  It knows nothing of weights.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import (
    AXIS_NAMES,
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
    unrounded_size,
)
from cnncalc.layers.base import Formula, Layer, Notice, counted, refuse_flat

LINES_OF = {"height": "row", "width": "column", "depth": "plane"}
"""What one step along an axis passes over."""


WINDOW_PADS = "valid, same, half, full, causal (1-D), same_lower, per side `1`, `1x2`, or top,bottom,left,right"
"""The help of `padding` for every layer that slides a window."""

FILLS = ("zeros", "edge", "reflect", "wrap")
"""What pads may hold, as `geometry.Fill` lists it."""


def area_in_symbols(rank: int) -> str:
    """The kernel's area: `k_height * k_width`."""
    return " * ".join(f"k_{name}" for name in AXIS_NAMES[rank])


class Axis(NamedTuple):
    """One spatial axis with everything resolved: all whole numbers, `outputs` is 0 or less when nothing fits."""

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
        """Rows or columns of the image at its far end that no window reaches; pads are no loss.

        Those that a stride longer than the kernel passes over after each window are none of them: that is its purpose.

        >>> [Axis("width", size, 2, 5, 1, 0, 0, 9).unused for size in (42, 45, 46)]
        [0, 0, 1]
        """
        span = extent(self.kernel, self.dilation)
        reached = (self.outputs - 1) * self.stride + max(span, self.stride)
        return max(0, self.size + self.before - reached)

    @property
    def taps_inside(self) -> int:
        """How often a tap of the kernel reads the image itself and no pad, over all windows.

        >>> Axis("width", 5, 3, 1, 1, 1, 1, 5).taps_inside
        13
        """
        found = 0
        for tap in range(self.kernel):
            first = self.before - tap * self.dilation
            lowest, highest = -(-first // self.stride), (self.size - 1 + first) // self.stride
            found += max(0, min(highest, self.outputs - 1) - max(lowest, 0) + 1)
        return found


class SlidingWindow(Layer):
    """A layer with `kernel_size`, `padding` and, for some, `stride`, `dilation`, `fill`; subclasses declare them."""

    noun: ClassVar[str] = "kernel"
    """What an error calls it: a 5x5 kernel, a 2x2 window."""

    def kernels(self, rank: int) -> Sizes:
        """The size of the window on each axis."""
        return per_axis(getattr(self, "kernel_size", (1,)), rank, "kernel_size")

    def strides(self, rank: int) -> Sizes:
        """The step of the window on each axis."""
        return per_axis(getattr(self, "stride", (1,)), rank, "stride")

    def dilations(self, rank: int) -> Sizes:
        """The distance of the kernel's taps on each axis."""
        return per_axis(getattr(self, "dilation", (1,)), rank, "dilation")

    def rounds_up(self) -> bool:
        """Whether a last window that starts inside but ends outside still counts (`ceil`)."""
        return False

    def asked_padding(self) -> Padding:
        """The padding as the user asked for it."""
        padding: Padding = getattr(self, "padding", Padding())
        return padding

    def axes(self, shape: Shape) -> tuple[Axis, ...]:
        """Every axis resolved for the shape that arrives."""
        refuse_flat(self, shape)
        kernel, stride, dilation = self.kernels(shape.rank), self.strides(shape.rank), self.dilations(shape.rank)
        pads = resolved_pads(self.asked_padding(), shape.spatial, kernel, stride, dilation)
        refuse_unfillable(getattr(self, "fill", "zeros"), shape, pads)
        return tuple(
            Axis(name, n, k, s, d, pad[0], pad[1], output_size(n, k, s, pad, d, ceil_mode=self.rounds_up()))
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

    def unrounded_spatial(self, inputs: tuple[Shape, ...]) -> tuple[Fraction, ...] | None:
        axes = self.axes(inputs[0])
        return tuple(unrounded_size(a.size, a.kernel, a.stride, (a.before, a.after), a.dilation) for a in axes)

    def _too_large(self, axes: tuple[Axis, ...], shape: Shape) -> Refusal:
        kernel = "x".join(str(axis.kernel) for axis in axes)
        fits = "x".join(str(max(1, (axis.size + axis.before + axis.after - 1) // axis.dilation + 1)) for axis in axes)
        spread = " (dilated)" if any(axis.dilation > 1 for axis in axes) else ""
        wrong = next(axis for axis in axes if axis.outputs < 1)
        return Refusal(
            "kernel-too-large",
            f"{a_or_an(kernel)} {self.noun}{spread} does not fit {a_or_an(shape.spatial_text)} input",
            "kernel_size",
            label=f"the input here is {shape.text()}",
            notes=(f"{wrong.name} = {size_in_numbers(wrong, self.rounds_up())} = {wrong.outputs}",),
            help=f"use `same` padding, a {self.noun} of at most {fits}",
        )

    def left_over(self, inputs: tuple[Shape, ...]) -> Sizes:
        return tuple(axis.unused for axis in self.axes(inputs[0]))

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(
            AxisWindow(
                axis.stride,
                -axis.before,
                extent(axis.kernel, axis.dilation) - 1 - axis.before,
                step=axis.dilation if axis.kernel > 1 else 1,
            )
            for axis in self.axes(inputs[0])
        )

    def notices(self, inputs: tuple[Shape, ...]) -> tuple[Notice, ...]:
        axes = self.axes(inputs[0])
        return (*_unused_notice(axes), *_lopsided_notice(axes, self.asked_padding()))

    def size_formulas(self, shape: Shape) -> tuple[Formula, ...]:
        """The output size of each axis, in symbols and in numbers."""
        up = self.rounds_up()
        return tuple(
            Formula(
                axis.name, _size_in_symbols(axis, self.asked_padding(), up), size_in_numbers(axis, up), axis.outputs
            )
            for axis in self.axes(shape)
        )

    def window_numbers(self, shape: Shape) -> dict[str, Any]:
        """What every sliding kernel needs, by axis, lifted to (depth, height, width)."""
        axes = self.axes(shape)
        return {
            "kernel": lifted([axis.kernel for axis in axes], 1),
            "stride": lifted([axis.stride for axis in axes], 1),
            "dilation": lifted([axis.dilation for axis in axes], 1),
            "before": lifted([axis.before for axis in axes], 0),
            "after": lifted([axis.after for axis in axes], 0),
        }


def a_or_an(size: str) -> str:
    """The size with its article: a 5x5, an 8x8, an 11x11.

    >>> a_or_an("11x11"), a_or_an("1x11"), a_or_an("80x80")
    ('an 11x11', 'a 1x11', 'an 80x80')
    """
    first = size.partition("x")[0]
    return f"an {size}" if first.startswith("8") or first in ("11", "18") else f"a {size}"


def refuse_unfillable(fill: str, shape: Shape, pads: Pads) -> None:
    """Refuse pads that the image is too small to fill: a mirror image has n - 1 rows to give, a wrapped one n."""
    if fill not in ("reflect", "wrap"):
        return
    for name, size, pad in zip(AXIS_NAMES[shape.rank], shape.spatial, pads, strict=True):
        most = size - 1 if fill == "reflect" else size
        if max(pad) > most:
            raise Refusal(
                "padding-too-wide",
                f"`{fill}` cannot fill {counted(max(pad), LINES_OF[name])} from an image with {name} {size}",
                "padding",
                notes=(f"`{fill}` has {size}{' - 1' if fill == 'reflect' else ''} = {most} to give on each side",),
                help=f"pad at most {most} per side, or fill with zeros or edge",
            )


def _size_in_symbols(axis: Axis, padding: Padding, ceil_mode: bool) -> str:
    rounding = "ceil" if ceil_mode else "floor"
    span = "d(k-1) - 1" if axis.dilation != 1 else "k"
    pads = " + p_before + p_after" if padding.mode != "valid" else ""
    formula = f"{rounding}((n{pads} - {span}) / s) + 1"
    if _drops_last(axis, ceil_mode):
        return f"{formula} - 1 (the last window would start outside the image)"
    return f"{formula} = ceil(n / s)" if padding.keeps_size else formula


def size_in_numbers(axis: Axis, ceil_mode: bool) -> str:
    """The output-size formula with the numbers of this axis put in."""
    rounding = "ceil" if ceil_mode else "floor"
    pads = f" + {axis.before} + {axis.after}" if axis.before or axis.after else ""
    span = f"{axis.dilation}*({axis.kernel}-1) - 1" if axis.dilation != 1 else str(axis.kernel)
    formula = f"{rounding}(({axis.size}{pads} - {span}) / {axis.stride}) + 1"
    return f"{formula} - 1" if _drops_last(axis, ceil_mode) else formula


def _drops_last(axis: Axis, ceil_mode: bool) -> bool:
    free = axis.size + axis.before + axis.after - extent(axis.kernel, axis.dilation)
    return ceil_mode and axis.outputs < -(-free // axis.stride) + 1


MOST_UNUSED = 10
"""A stride of 2 leaves a row over at every other size: nothing to act on while it is less than one in so many rows."""


def _unused_notice(axes: tuple[Axis, ...]) -> tuple[Notice, ...]:
    """Rows that no window reaches, where they are so many that it is worth a word."""
    left = [axis for axis in axes if axis.unused]
    if not any(axis.stride > 2 or axis.unused * MOST_UNUSED >= axis.size for axis in left):
        return ()
    said = " and ".join(counted(axis.unused, LINES_OF[axis.name]) for axis in left)
    first = left[0]
    pads = f" + {first.before} + {first.after}" if first.before or first.after else ""
    span = extent(first.kernel, first.dilation)
    return (
        Notice(
            "stride-leaves-pixels",
            f"({first.size}{pads} - {span})/{first.stride} is not whole: the stride leaves {said} of the input unused",
            "stride",
        ),
    )


def _lopsided_notice(axes: tuple[Axis, ...], padding: Padding) -> tuple[Notice, ...]:
    """With stride 1 Keras and PyTorch pad alike; with others PyTorch has no `same`, and its code pads both sides."""
    lopsided = [axis for axis in axes if axis.before != axis.after and axis.stride > 1]
    if padding.mode != "same" or not lopsided:
        return ()
    pair = f"({lopsided[0].before},{lopsided[0].after})"
    return (
        Notice(
            "lopsided-padding",
            f"`same` pads {pair} here, one more at the bottom and right, while another strided layer pads both sides "
            "equally",
            "padding",
            help="write `half` for the same pads on both sides whatever the stride, as PyTorch code has them",
        ),
    )

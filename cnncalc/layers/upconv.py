"""Transposed convolution: every input value paints a kernel onto a larger output.

Its size formula is that of `conv` solved for the input; its window is told with a denominator (an output reads only
every s-th tap).  `Transposed` is shared with the transposed convolution that paints with a fixed filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import (
    AXIS_NAMES,
    NO_ROWS,
    Padding,
    Shape,
    Sizes,
    StampedWindow,
    Window,
    extent,
    lifted,
    per_axis,
    resolved_pads,
    transposed_output_size,
    transposed_pads,
)
from cnncalc.layers.backward import KEEPS_INPUT, Kept
from cnncalc.layers.base import (
    ChannelSight,
    Cost,
    Formula,
    KernelCall,
    Layer,
    NamedMatrix,
    Weight,
    flag,
    learned,
    operand,
    option,
    product,
    refuse_flat,
    refuse_groups,
    with_bias,
)
from cnncalc.layers.given import given_values
from cnncalc.layers.sliding import area_in_symbols


class UpAxis(NamedTuple):
    """One spatial axis of a transposed convolution with everything resolved."""

    name: str
    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    extra: int
    outputs: int


class Transposed(Layer):
    """What `upconv` with learned and with fixed weights share."""

    word: ClassVar[str] = "upconv"
    backward: ClassVar[Kept] = KEEPS_INPUT

    def kernels(self, rank: int) -> Sizes:
        """The size of the kernel on each axis."""
        return per_axis(getattr(self, "kernel_size", (1,)), rank, "kernel_size")

    def _option(self, name: str, rank: int) -> Sizes:
        return per_axis(getattr(self, name), rank, name)

    def asked_padding(self) -> Padding:
        """The padding as the user asked for it."""
        padding: Padding = getattr(self, "padding", NO_ROWS)
        return padding

    def axes(self, shape: Shape) -> tuple[UpAxis, ...]:
        """Every axis resolved; refuses output padding that does not make sense and pads that leave nothing."""
        refuse_flat(self, shape)
        rank = shape.rank
        kernel, stride, dilation = self.kernels(rank), self._option("stride", rank), self._option("dilation", rank)
        resolved = self._resolved(shape, kernel, stride, dilation)
        sizes = zip(AXIS_NAMES[rank], shape.spatial, kernel, stride, dilation, resolved, strict=True)
        axes = tuple(
            UpAxis(
                *(name, n, k, s, d, before, after, more),
                transposed_output_size(n, k, s, (before, after), d, output_padding=more),
            )
            for name, n, k, s, d, (before, after, more) in sizes
        )
        for axis in axes:
            if axis.outputs < 1:
                raise Refusal(
                    "padding-cuts-all",
                    f"the padding of this transposed convolution cuts away all of its {axis.name}",
                    "padding",
                    label=f"the input here is {shape.text()}",
                    notes=(f"{axis.name} = {self._size_in_numbers(axis)} = {axis.outputs}",),
                    help="padding takes rows away from a transposed convolution's output: use less of it",
                )
        return axes

    def _resolved(
        self, shape: Shape, kernel: Sizes, stride: Sizes, dilation: Sizes
    ) -> tuple[tuple[int, int, int], ...]:
        """Rows cut off before and after and rows added at the end, for every axis."""
        padding, rank = self.asked_padding(), shape.rank
        extra: Sizes | None = getattr(self, "output_padding", None)
        added = None if extra is None else per_axis(extra, rank, "output_padding")
        self._refuse_extra(added or (), stride, dilation)
        if padding.mode in ("half", "causal", "same_lower"):
            raise Refusal(
                "padding-word-unfit",
                f"`{padding.mode}` pads an input, and a transposed convolution's padding cuts rows off its output",
                "padding",
                label="valid, same, full or numbers here",
                help="write the rows to cut off each side: `padding=1` (PyTorch's padding), or `same` for n * stride",
            )
        rows = added or (None,) * rank
        if padding.mode != "explicit":
            axes = zip(kernel, stride, dilation, rows, strict=True)
            return tuple(transposed_pads(padding, *axis) for axis in axes)
        pads = resolved_pads(padding, shape.spatial, kernel, stride, dilation)
        return tuple((before, after, more or 0) for (before, after), more in zip(pads, rows, strict=True))

    def _refuse_extra(self, extra: Sizes, stride: Sizes, dilation: Sizes) -> None:
        for more, step, spread in zip(extra, stride, dilation, strict=False):
            if more and more >= max(step, spread):
                raise Refusal(
                    "output-padding-too-large",
                    f"output_padding {more} must be smaller than the stride {step}",
                    "output_padding",
                    notes=("it chooses one of the `stride` sizes that a convolution makes equal",),
                    help=f"use an output_padding from 0 to {max(step, spread) - 1}",
                )

    def output_spatial(self, shape: Shape) -> Sizes:
        """The spatial sizes of the result."""
        return tuple(axis.outputs for axis in self.axes(shape))

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(
            StampedWindow.over(axis.kernel, axis.stride, axis.dilation, axis.before) for axis in self.axes(inputs[0])
        )

    def size_formulas(self, shape: Shape) -> tuple[Formula, ...]:
        """The output size of each axis, in symbols and in numbers."""
        return tuple(
            Formula(axis.name, self._size_in_symbols(axis), self._size_in_numbers(axis), axis.outputs)
            for axis in self.axes(shape)
        )

    def _is_multiple(self, axis: UpAxis) -> bool:
        """Whether the size is told as n * stride: Keras' `same`, and its `valid` under a kernel below the stride."""
        mode, asked = self.asked_padding().mode, getattr(self, "output_padding", None)
        return asked is None and (mode == "same" or (mode == "valid" and axis.extra > 0))

    def _size_in_symbols(self, axis: UpAxis) -> str:
        padding = self.asked_padding()
        if self._is_multiple(axis):
            return "n * s" if padding.mode == "same" else "n * s (`valid` under a kernel smaller than the stride)"
        span = "d(k-1) + 1" if axis.dilation != 1 else "k"
        more = " + output_padding" if axis.extra else ""
        if padding.mode == "same":
            span, more = ("(d(k-1) + 1)" if axis.dilation != 1 else "k"), " + output_padding"
            return f"(n - 1) * s + {span} - 2 * floor({span} / 2){more}"
        pads = "" if padding.is_nothing else " - p_before - p_after"
        return f"(n - 1) * s{pads} + {span}{more}"

    def _size_in_numbers(self, axis: UpAxis) -> str:
        if self._is_multiple(axis):
            return f"{axis.size} * {axis.stride}"
        if self.asked_padding().mode == "same":
            span = extent(axis.kernel, axis.dilation)
            added = 2 * (span // 2) - axis.before - axis.after + axis.extra
            return f"({axis.size} - 1) * {axis.stride} + {span} - 2 * floor({span} / 2) + {added}"
        pads = f" - {axis.before} - {axis.after}" if axis.before or axis.after else ""
        span_text = f"{axis.dilation}*({axis.kernel}-1) + 1" if axis.dilation != 1 else str(axis.kernel)
        return f"({axis.size} - 1) * {axis.stride}{pads} + {span_text}{f' + {axis.extra}' if axis.extra else ''}"

    def window_numbers(self, shape: Shape) -> dict[str, Any]:
        """What the kernel needs, by axis, lifted to (depth, height, width)."""
        axes = self.axes(shape)
        return {
            "kernel": lifted([axis.kernel for axis in axes], 1),
            "stride": lifted([axis.stride for axis in axes], 1),
            "dilation": lifted([axis.dilation for axis in axes], 1),
            "before": lifted([axis.before for axis in axes], 0),
            "after": lifted([axis.after for axis in axes], 0),
            "output_padding": lifted([axis.extra for axis in axes], 0),
        }


@dataclass(frozen=True, kw_only=True)
class UpConv(Transposed):
    """Transposed convolution: spreads every input value over a k x k patch, `stride` apart, and adds what overlaps.

    Output: (n - 1) * s - p_before - p_after + d(k-1) + 1 + output_padding on every axis, as PyTorch has it.
    The words are Keras': `same` makes n * s, or with an output padding (n - 1) * s + k - 2 * floor(k / 2) +
    output_padding; `valid` makes n * s where the kernel is smaller than the stride.
    Weights: (k_height * k_width * C/groups + 1) * filters; the 1 is the bias.
    MACs: k_height * k_width * filters/groups for every INPUT value; one add an output for the bias.

    >>> UpConv(filters=512, kernel_size=(2,), stride=(2,)).output_shape((Shape(1024, (28, 28)),)).text()
    '56x56x512'

    Source: Long et al. 2015; Ronneberger et al. 2015 (U-Net); PyTorch's ConvTranspose2d.
    """

    filters: int = operand("count", "how many filters: one output channel each")
    kernel_size: Sizes = operand("sizes", "height x width of the patch: `2x2`, or `2` for all axes")
    stride: Sizes = option("sizes", (1,), "the distance of the patches: the factor of enlargement")
    padding: Padding = option("padding", NO_ROWS, "rows cut off the result: valid, same, full, per side, or four sides")
    output_padding: Sizes | None = option("rows", None, "rows added at the bottom and right")
    dilation: Sizes = option("sizes", (1,), "distance between the kernel's taps; 1 is contiguous")
    groups: int = option("count", 1, "split channels and filters into this many separate convolutions")
    bias: bool = flag(True, "add one learned number to each output channel", bias=True, nobias=False)
    flip: bool = flag(False, "turn the kernel by 180 degrees", flip=True)
    weights_given: NamedMatrix | None = option("matrix", None, "given weights, channel by channel", name="weights")
    bias_given: NamedMatrix | None = option("matrix", None, "given biases, one for each filter", name="bias")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_groups(self.groups, (inputs[0].channels, "input channel"), (self.filters, "filter"))
        return Shape(self.filters, self.output_spatial(inputs[0]))

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape, kernel = inputs[0], self.kernels(inputs[0].rank)
        spatial = zip(AXIS_NAMES[shape.rank], kernel, strict=True)
        axes = (("channels", shape.channels), ("filters", self.filters // self.groups), *spatial)
        fan_in = max(1, prod(kernel) * (shape.channels // self.groups) // prod(self._option("stride", shape.rank)))
        weight = given_values(Weight("weight", axes, fan_in=fan_in), self.weights_given, "weights_given")
        if not self.bias:
            return (weight,)
        bias = Weight("bias", (("filters", self.filters),), initial="zeros")
        return weight, given_values(bias, self.bias_given, "bias_given")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        painted = prod(self.kernels(inputs[0].rank)) * (self.filters // self.groups)
        outputs = self.output_shape(inputs).elements
        return Cost(macs=painted * inputs[0].elements, add=outputs if self.bias else 0)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        cost = self.cost(inputs)
        return cost.macs + cost.add

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all" if self.groups == 1 else "own"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, grouped = inputs[0], self.groups > 1
        area, numbers = area_in_symbols(shape.rank), product(*self.kernels(shape.rank))
        seen, channels = ("C/groups", f"{shape.channels}/{self.groups}") if grouped else ("C", shape.channels)
        made, filters = ("filters/groups", f"{self.filters}/{self.groups}") if grouped else ("filters", self.filters)
        return (
            *self.size_formulas(shape),
            Formula("channels", "filters", str(self.filters), self.filters),
            Formula(
                "params",
                f"{with_bias(f'{area} * {seen}', self.bias)} * filters",
                product(with_bias(product(numbers, channels), self.bias), self.filters),
                learned(self.weights(inputs)),
            ),
            Formula(
                "macs",
                f"{area} * {made} * inputs",
                product(numbers, filters, shape.elements),
                self.cost(inputs).macs,
            ),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        own = {"groups": self.groups, "flip": self.flip}
        return KernelCall("upconv", {**self.window_numbers(inputs[0]), **own})

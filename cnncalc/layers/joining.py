"""Joins of two or more branches: number by number (add, sub, mul, div, max, min, avg, absdiff), and concat.

Number by number, what has size 1 along an axis, or one channel, is spread over what is larger there: a factor for each
channel, a gate for each place.  With `crop` larger maps are cut to the smallest around their centre, as U-Net does;
with `pad` smaller ones are set amid zeros, as large as the largest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AxisWindow, Shape, Sizes, Window
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import NO_LIMIT, ChannelSight, Cost, Formula, KernelCall, Layer, flag, no_weights, unchanged


@dataclass(frozen=True, kw_only=True)
class Join(Layer):
    """What all joins share: any number of inputs, and cutting them to one size."""

    smallest_inputs: ClassVar[int] = 2
    largest_inputs: ClassVar[int] = NO_LIMIT
    crop: bool = flag(False, "cut larger maps to the smallest, around the centre", crop=True)
    pad: bool = flag(False, "put zeros around smaller maps, up to the largest; the odd row is after", pad=True)

    def common(self, shapes: tuple[Shape, ...]) -> Sizes:
        """The spatial sizes that all inputs have, after cropping or padding; refuses sizes that differ."""
        first = shapes[0]
        if self.crop and self.pad:
            raise Refusal(
                "shapes-differ",
                f"{self.word} can cut the larger maps or pad the smaller ones, not both",
                "pad",
                help="write `crop` or `pad`",
            )
        for shape in shapes[1:]:
            if shape.rank != first.rank or (shape.spatial != first.spatial and not self.crop and not self.pad):
                raise self.differ(first, shape)
        return tuple(map(max if self.pad else min, zip(*(shape.spatial for shape in shapes), strict=True)))

    def differ(self, first: Shape, other: Shape, by: str = "size") -> Refusal:
        """The refusal of two shapes that do not fit, with the sizes that differ and a way out."""
        if by == "channels":
            note = f"the channels are {first.channels} and {other.channels}"
            advice = "make the channels equal, for instance by a 1x1 convolution on one of the branches"
            if first.spatial == other.spatial:
                advice += ", or write `concat`, which puts the channels one after the other"
        elif first.rank != other.rank:
            note = f"{_dimensions(first)} and {_dimensions(other)} cannot meet"
            advice = "flatten both, or neither"
        else:
            note = f"the maps are {first.spatial_text} and {other.spatial_text}"
            advice = f"write `{self.word} ... crop` to cut the larger to the smaller, or change a stride or padding"
        return Refusal(
            "shapes-differ",
            f"{self.word} cannot join {first.text()} and {other.text()}",
            "input",
            label=f"{first.text()} and {other.text()} meet here",
            notes=(note,),
            help=advice,
        )

    def windows(self, inputs: tuple[Shape, ...]) -> tuple[Window | None, ...]:
        output = self.output_shape(inputs)
        return tuple(_cut(shape.spatial, output.spatial) for shape in inputs)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall(f"{self.word}_padded", {}) if self.pad else KernelCall(self.word, {"crop": self.crop})


def _dimensions(shape: Shape) -> str:
    return f"a {shape.rank}-D map ({shape.text()})" if shape.rank else f"a flat vector ({shape.text()})"


def _cut(size: Sizes, wanted: Sizes) -> Window | None:
    """The middle of a larger map, or of a smaller one amid zeros; None where it is as large as wanted."""
    if size == wanted:
        return None
    offsets = [-((kept - n) // 2) if n < kept else (n - kept) // 2 for n, kept in zip(size, wanted, strict=True)]
    return tuple(AxisWindow(1, offset, offset) for offset in offsets)


class Elementwise(Join):
    """What the joins share that combine maps number by number; what has size 1 along an axis is spread along it."""

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        spatial, channels = self._sizes(inputs), max(shape.channels for shape in inputs)
        widest = next(shape for shape in inputs if shape.channels == channels)
        for shape in inputs:
            if shape.channels not in (1, channels):
                first, other = sorted((widest, shape), key=inputs.index)
                raise self.differ(first, other, by="channels")
        return Shape(channels, spatial)

    def _sizes(self, inputs: tuple[Shape, ...]) -> Sizes:
        whole = tuple(shape for shape in inputs if not _has_one_place(shape))
        if not whole:
            return max(inputs, key=lambda shape: shape.rank).spatial
        return self.common(whole) if self.crop or self.pad else self._spread(whole)

    def _spread(self, shapes: tuple[Shape, ...]) -> Sizes:
        """The largest size along each axis; refuses what is neither as large nor 1."""
        for shape in shapes[1:]:
            if shape.rank != shapes[0].rank:
                raise self.differ(shapes[0], shape)
        sizes = tuple(map(max, zip(*(shape.spatial for shape in shapes), strict=True)))
        for axis, size in enumerate(sizes):
            largest = next(shape for shape in shapes if shape.spatial[axis] == size)
            for shape in shapes:
                if shape.spatial[axis] not in (1, size):
                    first, other = sorted((largest, shape), key=shapes.index)
                    raise self.differ(first, other)
        return sizes

    def windows(self, inputs: tuple[Shape, ...]) -> tuple[Window | None, ...]:
        output = self.output_shape(inputs)
        return tuple(_seen(shape, output, fitted=self.crop or self.pad) for shape in inputs)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        output = self.output_shape(inputs)
        if all(shape == output for shape in inputs):
            return unchanged(output), *no_weights()
        symbols = "the middles, of one size" if self.crop or self.pad else "the larger of each size; 1 is spread"
        return Formula("shape", symbols, output.text(), output.text()), *no_weights()


class Add(Elementwise):
    """Adds the branches number by number (the residual shortcut).

    Output: the shape that all have; what has size 1 along an axis, or one channel, is spread.  Weights: none.
    Work: one add a number for every branch after the first.

    >>> shape = Shape(256, (56, 56))
    >>> Add().cost((shape, shape)).add
    802816

    Source: He et al. 2015 (ResNet).
    """

    word: ClassVar[str] = "add"
    backward: ClassVar[Kept] = KEEPS_NOTHING

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(add=(len(inputs) - 1) * self.output_shape(inputs).elements)


class Subtract(Elementwise):
    """Takes the second branch from the first, number by number; `sub a` takes `a` from the line before.

    Output: the shape that both have; what has size 1 along an axis, or one channel, is spread.  Weights: none.
    Work: one add a number.

    >>> shape = Shape(64, (8, 8))
    >>> Subtract().cost((shape, shape)).add
    4096

    Source: Keras' Subtract.
    """

    word: ClassVar[str] = "sub"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    largest_inputs: ClassVar[int] = 2

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(add=self.output_shape(inputs).elements)


class Maximum(Elementwise):
    """Keeps the largest number of all branches at each place.

    Output: the shape that all have; what has size 1 along an axis, or one channel, is spread.  Weights: none.
    Work: one compare a number for every branch after the first.

    >>> shape = Shape(64, (8, 8))
    >>> Maximum().cost((shape, shape, shape)).compare
    8192

    Source: Goodfellow et al. 2013 (maxout); Keras' Maximum.
    """

    word: ClassVar[str] = "max"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(compare=(len(inputs) - 1) * self.output_shape(inputs).elements)


class Average(Elementwise):
    """Takes the mean of all branches at each place.

    Output: the shape that all have; what has size 1 along an axis, or one channel, is spread.  Weights: none.
    Work: one add a number for every branch after the first, and one divide a number.

    >>> shape = Shape(64, (8, 8))
    >>> cost = Average().cost((shape, shape, shape))
    >>> cost.add, cost.divide
    (8192, 4096)

    Source: Keras' Average.
    """

    word: ClassVar[str] = "avg"
    backward: ClassVar[Kept] = KEEPS_NOTHING

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        numbers = self.output_shape(inputs).elements
        return Cost(add=(len(inputs) - 1) * numbers, divide=numbers)


class AbsoluteDifference(Elementwise):
    """The absolute difference of two branches, number by number: |a - b|.

    Output: the shape that both have; what has size 1 along an axis, or one channel, is spread.  Weights: none.
    Work: one add and one compare a number.

    >>> shape = Shape(4096)
    >>> AbsoluteDifference().cost((shape, shape)).add
    4096

    Source: Koch et al. 2015 (Siamese networks), the distance of the two branches.
    """

    word: ClassVar[str] = "absdiff"
    largest_inputs: ClassVar[int] = 2

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        numbers = self.output_shape(inputs).elements
        return Cost(add=numbers, compare=numbers)

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """The difference itself, whose sign the gradient needs."""
        return Kept(numbers=self.output_shape(inputs).elements)


class Minimum(Elementwise):
    """Keeps the smallest number of all branches at each place.

    Output: the shape that all have; what has size 1 along an axis, or one channel, is spread.  Weights: none.
    Work: one compare a number for every branch after the first.

    >>> shape = Shape(64, (8, 8))
    >>> Minimum().cost((shape, shape)).compare
    4096

    Source: Keras' Minimum.
    """

    word: ClassVar[str] = "min"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(compare=(len(inputs) - 1) * self.output_shape(inputs).elements)


class Mul(Elementwise):
    """Multiplies the branches number by number: a vector or a 1x1 map of C channels is spread over the image.

    So is a gate of one channel over all channels.  Output: the larger shape.  Weights: none.
    Work: one multiply a number for every branch after the first.

    >>> gates = Shape(64), Shape(1, (56, 56))
    >>> Mul().output_shape((Shape(64, (56, 56)), *gates)).text()
    '56x56x64'

    Source: Hu et al. 2017 (squeeze and excitation); Woo et al. 2018 (CBAM), the gate of one channel.
    """

    word: ClassVar[str] = "mul"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(multiply=(len(inputs) - 1) * self.output_shape(inputs).elements)


class Divide(Elementwise):
    """Divides the first branch by the second, number by number; `div a` divides the line before by `a`.

    Output: the larger shape: what has size 1 along an axis, or one channel, is spread.  Weights: none.
    Work: one divide a number.

    >>> Divide().cost((Shape(64, (8, 8)), Shape(1, (8, 8)))).divide
    4096

    Source: PyTorch's torch.div.
    """

    word: ClassVar[str] = "div"
    largest_inputs: ClassVar[int] = 2

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.pad:
            raise Refusal(
                "shapes-differ",
                "div cannot pad: the zeros around the smaller map would be divided by",
                "pad",
                help="write `crop`, or a `pad` line for the first branch",
            )
        return super().output_shape(inputs)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(divide=self.output_shape(inputs).elements)


def _has_one_place(shape: Shape) -> bool:
    return all(size == 1 for size in shape.spatial)


_ONE_PLACE = AxisWindow(0, 0, 0)
"""Every output reads the only number of its axis."""


def _seen(shape: Shape, output: Shape, *, fitted: bool) -> Window | None:
    """What a join reads of one of its inputs: its own place, its middle, or what is spread along an axis."""
    if shape.spatial == output.spatial:
        return None
    if _has_one_place(shape):
        return "everywhere"
    if fitted:
        return _cut(shape.spatial, output.spatial)
    own = AxisWindow(1, 0, 0)
    return tuple(own if n == size else _ONE_PLACE for n, size in zip(shape.spatial, output.spatial, strict=True))


class Concat(Join):
    """Puts the branches' channels one after the other; their images must have one size.

    Output: the sum of the channels.  Weights: none.  Work: none.

    >>> Concat(crop=True).output_shape((Shape(512, (56, 56)), Shape(512, (64, 64)))).text()
    '56x56x1024'

    Source: Szegedy et al. 2014 (GoogLeNet); Huang et al. 2016 (DenseNet); `crop` as in U-Net.
    """

    word: ClassVar[str] = "concat"
    backward: ClassVar[Kept] = KEEPS_NOTHING

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(sum(shape.channels for shape in inputs), self.common(inputs))

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "beside"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = [shape.channels for shape in inputs]
        return Formula(
            "channels", "the sum of the channels", " + ".join(map(str, channels)), sum(channels)
        ), *no_weights()

"""Joins of two or more branches: add, sub, mul, max, avg, absdiff, concat.

With `crop` larger maps are cut to the smallest around their centre, as U-Net does; with `pad` smaller ones are set
amid zeros, as large as the largest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AxisWindow, Shape, Sizes, Window
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

    def one_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """The shape of the result where all inputs must have as many channels."""
        spatial = self.common(inputs)
        for shape in inputs[1:]:
            if shape.channels != inputs[0].channels:
                raise self.differ(inputs[0], shape, by="channels")
        return Shape(inputs[0].channels, spatial)

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
    """What the joins share that combine maps of one shape number by number."""

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return self.one_shape(inputs)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return unchanged(self.output_shape(inputs)), *no_weights()


class Add(Elementwise):
    """Adds the branches number by number (the residual shortcut).

    Output: the shape that all have.  Weights: none.  Work: one add a number for every branch after the first.

    >>> shape = Shape(256, (56, 56))
    >>> Add().cost((shape, shape)).add
    802816

    Source: He et al. 2015 (ResNet).
    """

    word: ClassVar[str] = "add"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(add=(len(inputs) - 1) * self.output_shape(inputs).elements)


class Subtract(Elementwise):
    """Takes the second branch from the first, number by number; `sub a` takes `a` from the line before.

    Output: the shape that both have.  Weights: none.  Work: one add a number.

    >>> shape = Shape(64, (8, 8))
    >>> Subtract().cost((shape, shape)).add
    4096

    Source: Keras' Subtract.
    """

    word: ClassVar[str] = "sub"
    largest_inputs: ClassVar[int] = 2

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(add=self.output_shape(inputs).elements)


class Maximum(Elementwise):
    """Keeps the largest number of all branches at each place.

    Output: the shape that all have.  Weights: none.  Work: one compare a number for every branch after the first.

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

    Output: the shape that all have.  Weights: none.
    Work: one add a number for every branch after the first, and one divide a number.

    >>> shape = Shape(64, (8, 8))
    >>> cost = Average().cost((shape, shape, shape))
    >>> cost.add, cost.divide
    (8192, 4096)

    Source: Keras' Average.
    """

    word: ClassVar[str] = "avg"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        numbers = self.output_shape(inputs).elements
        return Cost(add=(len(inputs) - 1) * numbers, divide=numbers)


class AbsoluteDifference(Elementwise):
    """The absolute difference of two branches, number by number: |a - b|.

    Output: the shape that both have.  Weights: none.  Work: one add and one compare a number.

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


class Mul(Join):
    """Multiplies the branches number by number; a flat vector or a 1x1 map of C channels is spread over the image.

    Output: the larger shape.  Weights: none.  Work: one multiply a number for every branch after the first.

    >>> Mul().output_shape((Shape(64, (56, 56)), Shape(64))).text()
    '56x56x64'

    Source: Hu et al. 2017 (squeeze and excitation).
    """

    word: ClassVar[str] = "mul"

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        for shape in inputs[1:]:
            if shape.channels != inputs[0].channels:
                raise self.differ(inputs[0], shape, by="channels")
        whole = tuple(shape for shape in inputs if not _spreads(shape))
        if whole:
            return Shape(inputs[0].channels, self.common(whole))
        return max(inputs, key=lambda shape: shape.rank)

    def windows(self, inputs: tuple[Shape, ...]) -> tuple[Window | None, ...]:
        output = self.output_shape(inputs)
        return tuple(
            _cut(shape.spatial, output.spatial) if not _spreads(shape) else None if shape == output else "everywhere"
            for shape in inputs
        )

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(multiply=(len(inputs) - 1) * self.output_shape(inputs).elements)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        text = self.output_shape(inputs).text()
        return Formula("shape", "the larger one", text, text), *no_weights()


def _spreads(shape: Shape) -> bool:
    return all(size == 1 for size in shape.spatial)


class Concat(Join):
    """Puts the branches' channels one after the other; their images must have one size.

    Output: the sum of the channels.  Weights: none.  Work: none.

    >>> Concat(crop=True).output_shape((Shape(512, (56, 56)), Shape(512, (64, 64)))).text()
    '56x56x1024'

    Source: Szegedy et al. 2014 (GoogLeNet); Huang et al. 2016 (DenseNet); `crop` as in U-Net.
    """

    word: ClassVar[str] = "concat"

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(sum(shape.channels for shape in inputs), self.common(inputs))

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "beside"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = [shape.channels for shape in inputs]
        return Formula(
            "channels", "the sum of the channels", " + ".join(map(str, channels)), sum(channels)
        ), *no_weights()

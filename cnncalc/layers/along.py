"""Layers that work along the channels, along another axis: softmax, concat and slice with `axis=`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, AxisWindow, Shape, Window, lifted
from cnncalc.layers.backward import KEEPS_NOTHING, KEEPS_OUTPUT, Kept
from cnncalc.layers.base import NO_LIMIT, ChannelSight, Cost, Formula, KernelCall, Layer, no_weights, operand, unchanged
from cnncalc.layers.channels import refuse_range


def places_of(names: Iterable[str], shape: Shape, argument: str) -> tuple[int, ...]:
    """Which spatial axes of a shape these names mean; refuses one that is not there.  `channels` is none of them."""
    known = AXIS_NAMES[shape.rank]
    for name in names:
        if name != "channels" and name not in known:
            raise Refusal(
                "no-such-axis-here",
                f"there is no {name} in {shape.text()}",
                argument,
                label=f"the input here is {shape.text()}",
                help=f"write one of {', '.join((*known, 'channels'))}"
                if known
                else "write `channels`: what arrives here is flat",
            )
    return tuple(place for place, name in enumerate(known) if name in names)


def _axis() -> Any:
    return operand("axis", "along which axis: channels, height, width or depth")


class Along(Layer):
    """What these layers share: one axis, by its name."""

    axis: str

    def place(self, shape: Shape) -> int | None:
        """Which spatial axis it is; None for the channels."""
        found = places_of((self.axis,), shape, "axis")
        return found[0] if found else None

    def marked(self, shape: Shape) -> tuple[int, int, int]:
        """1 at the axis among depth, height and width, 0 at the others."""
        place = self.place(shape)
        return lifted([int(axis == place) for axis in range(shape.rank)], 0)


@dataclass(frozen=True, kw_only=True)
class SoftmaxAlong(Along):
    """e^x divided by the sum of e^x along an axis: `softmax axis=width`.

    Output: as it arrives.  Weights: none.
    Work over n numbers: n - 1 compares (the largest), n subtractions, n exp, n - 1 adds, n divides.

    >>> SoftmaxAlong(axis="width").cost((Shape(1, (2, 10)),)).flops
    96

    Source: PyTorch's softmax(dim=...), Keras' Softmax(axis=...).
    """

    word: ClassVar[str] = "softmax"
    in_place: ClassVar[bool] = True
    backward: ClassVar[Kept] = KEEPS_OUTPUT
    axis: str = _axis()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        self.place(inputs[0])
        return inputs[0]

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        place = self.place(inputs[0])
        n = inputs[0].channels if place is None else inputs[0].spatial[place]
        return Cost(compare=n - 1, add=2 * n - 1, exp=n, divide=n) * (inputs[0].elements // n)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        place = self.place(inputs[0])
        if place is None:
            return None
        sizes = enumerate(inputs[0].spatial)
        return tuple(AxisWindow(0, 0, n - 1) if axis == place else AxisWindow(1, 0, 0) for axis, n in sizes)

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all" if self.place(inputs[0]) is None else "own"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return unchanged(inputs[0]), *no_weights()

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        if self.place(inputs[0]) is None:
            return KernelCall("softmax", {})
        return KernelCall("softmax_along", {"axis": self.marked(inputs[0])})


@dataclass(frozen=True, kw_only=True)
class ConcatAlong(Along):
    """Puts maps one after the other along an axis: `concat a b axis=width`; all other sizes must be equal.

    Output: the sum of their sizes on that axis.  Weights: none.  Work: none.

    >>> ConcatAlong(axis="width").output_shape((Shape(768, (1,)), Shape(768, (196,)))).text()
    '197x768'

    Source: Dosovitskiy et al. 2020 (the class token of ViT); PyTorch's cat(dim=...).
    """

    word: ClassVar[str] = "concat"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    smallest_inputs: ClassVar[int] = 2
    largest_inputs: ClassVar[int] = NO_LIMIT
    axis: str = _axis()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        first, place = inputs[0], self.place(inputs[0])
        for shape in inputs[1:]:
            if shape.rank != first.rank or _without(shape, place) != _without(first, place):
                raise Refusal(
                    "shapes-differ",
                    f"concat cannot join {first.text()} and {shape.text()} along {self.axis}",
                    "input",
                    label=f"{first.text()} and {shape.text()} meet here",
                    notes=(f"all sizes but {self.axis} must be equal",),
                    help="make them equal, or join along another axis",
                )
        if place is None:
            return Shape(sum(shape.channels for shape in inputs), first.spatial)
        whole = sum(shape.spatial[place] for shape in inputs)
        return Shape(first.channels, (*first.spatial[:place], whole, *first.spatial[place + 1 :]))

    def windows(self, inputs: tuple[Shape, ...]) -> tuple[Window | None, ...]:
        return ("everywhere" if self.place(inputs[0]) is not None else None,) * len(inputs)

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "beside" if self.place(inputs[0]) is None else "dealt"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        place = self.place(inputs[0])
        sizes = [shape.channels if place is None else shape.spatial[place] for shape in inputs]
        joined = Formula(self.axis, f"the sum along {self.axis}", " + ".join(map(str, sizes)), sum(sizes))
        return joined, *no_weights()

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        if self.place(inputs[0]) is None:
            return KernelCall("concat", {"crop": False})
        return KernelCall("concat_along", {"axis": self.marked(inputs[0])})


def _without(shape: Shape, place: int | None) -> tuple[int, ...]:
    """All sizes but that of one axis."""
    if place is None:
        return shape.spatial
    return (shape.channels, *shape.spatial[:place], *shape.spatial[place + 1 :])


@dataclass(frozen=True, kw_only=True)
class SliceAlong(Along):
    """Keeps places A up to, not including, B along an axis, counted from 0: `slice 0:1 axis=width`.

    Output: B - A places; the axis stays.  Weights: none.  Work: none.  `crop` says the same by what is cut off.

    >>> SliceAlong(places=(0, 1), axis="width").output_shape((Shape(768, (197,)),)).text()
    '1x768'

    Source: PyTorch's narrow and x[:, :, 0:1].
    """

    word: ClassVar[str] = "slice"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    places: tuple[int, int] = operand("range", "the places to keep: `0:48` are the first 48")
    axis: str = _axis()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        (first, last), shape, place = self.places, inputs[0], self.place(inputs[0])
        size = shape.channels if place is None else shape.spatial[place]
        refuse_range(self.places, size, "places", f"of {self.axis}")
        if place is None:
            return Shape(last - first, shape.spatial)
        return Shape(shape.channels, (*shape.spatial[:place], last - first, *shape.spatial[place + 1 :]))

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        place, first = self.place(inputs[0]), self.places[0]
        if place is None:
            return None
        starts = (first if axis == place else 0 for axis in range(inputs[0].rank))
        return tuple(AxisWindow(1, start, start) for start in starts)

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "some" if self.place(inputs[0]) is None else "own"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        first, last = self.places
        return Formula(self.axis, "B - A", f"{last} - {first}", last - first), *no_weights()

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        (first, last), shape, place = self.places, inputs[0], self.place(inputs[0])
        if place is None:
            return KernelCall("slice", {"first": first, "last": last})
        marked = self.marked(shape)
        return KernelCall(
            "crop",
            {
                "before": lifted([first * one for one in marked], 0),
                "after": lifted([(shape.spatial[place] - last) * one for one in marked], 0),
            },
        )

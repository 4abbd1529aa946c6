"""The last lines of detectors: which numbers of a map are where a box lies, how sure the net is, and of what class.

They compute what Darknet's layers of these names compute, and keep the shape.  What the numbers become, boxes in the
pixels of a picture, is no business of a layer: `cnncalc.runtime.boxes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.activation import Sigmoid, Softmax
from cnncalc.layers.backward import KEEPS_OUTPUT, Kept
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, counted, flag, no_weights, option, product

BEFORE_CLASSES = 5
"""Numbers of a box before those of its classes: x, y, width, height and objectness."""


@dataclass(frozen=True, kw_only=True)
class AnchoredHead(Layer):
    """What `yolo` and `region` share: a map with 5 + classes numbers for each anchor, at every place."""

    anchors: tuple[float, ...] = option("numbers", (), "width,height of every anchor, one after the other")
    classes: int | None = option("count", None, "how many classes a box may be of")

    @property
    def boxes(self) -> int:
        """Boxes at each place: one for each anchor."""
        return len(self.anchors) // 2

    @property
    def class_count(self) -> int:
        """The classes, which are given wherever a shape could be worked out."""
        assert self.classes is not None
        return self.classes

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        if shape.rank != 2:
            raise Refusal(
                "needs-volume",
                f"{self.word} finds boxes at the places of a 2-D map, but what arrives here is "
                f"{f'{shape.rank}-D' if shape.rank else 'flat'} ({shape.text()})",
                "input",
                help="write it after the last convolution of a net for pictures",
            )
        self._refuse_anchors()
        if self.classes is None:
            raise Refusal(
                "missing-operand",
                f"{self.word} has no number of classes",
                "classes",
                help=f"write `classes={self._classes_for(shape) or 80}`",
            )
        if shape.channels != self.boxes * (BEFORE_CLASSES + self.classes):
            raise self._unfit(shape)
        return shape

    def all_boxes(self, shape: Shape) -> int:
        """The boxes of all places."""
        return self.boxes * shape.height * shape.width

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        numbers = product(self.boxes, f"({BEFORE_CLASSES} + {self.class_count})")
        return Formula("channels", "anchors * (5 + classes)", numbers, channels), *no_weights()

    def _refuse_anchors(self) -> None:
        if not self.anchors:
            raise Refusal(
                "missing-operand",
                f"{self.word} has no anchors: a width and a height for each box at a place",
                "anchors",
                help="write `anchors=10,14,23,27,37,58` (your numbers)",
            )
        if len(self.anchors) % 2:
            raise Refusal(
                "anchors-do-not-fit",
                f"anchors are pairs of a width and a height, and {counted(len(self.anchors), 'number')} cannot be "
                "paired",
                "anchors",
                help="write two numbers for each anchor",
            )
        for number in self.anchors:
            if not number > 0:
                raise Refusal(
                    "anchors-do-not-fit",
                    f"the width and the height of an anchor are above 0, and {number:g} is not",
                    "anchors",
                    help="write the anchors with which the net was trained",
                )

    def _classes_for(self, shape: Shape) -> int:
        """The classes for which these channels would be right; 0 if there are none."""
        each, rest = divmod(shape.channels, self.boxes)
        return 0 if rest else max(0, each - BEFORE_CLASSES)

    def _unfit(self, shape: Shape) -> Refusal:
        anchors, classes = counted(self.boxes, "anchor"), classes_text(self.class_count)
        wanted, others = self.boxes * (BEFORE_CLASSES + self.class_count), self._classes_for(shape)
        return Refusal(
            "anchors-do-not-fit",
            f"{anchors} and {classes} need {counted(wanted, 'channel')}, but {shape.channels:,} arrive",
            "anchors",
            notes=(f"{product(self.boxes, f'(5 + {self.class_count})')} = {wanted:,}",),
            help=f"give the convolution before it {wanted} filters"
            + (f", or write `classes={others}`" if others else ""),
        )


def classes_text(count: int) -> str:
    """`1 class`, `80 classes`."""
    return f"{count:,} class{'es' if count != 1 else ''}"


@dataclass(frozen=True, kw_only=True)
class Yolo(AnchoredHead):
    """Boxes of YOLOv3 and later: a logistic (sigmoid) of x, y, objectness and classes; width and height stay.

    For each anchor `x y w h objectness class...`, all of them channels.  `stretch` (Darknet's scale_x_y) makes x and y
    stretch * s - (stretch - 1) / 2; with `v5` (Darknet's new_coords) the logistic is taken of all and stretch is 2.  A
    box at place (row, col) is centred at ((col + x) / cols, (row + y) / rows) of the picture and anchor * e^w wide,
    with `v5` anchor * (2w)^2; anchors are in pixels of the input.
    Output: as it arrives.  Weights: none.  Work: an exp, an add and a divide for each logistic; with a stretch an add
    and a multiply for each x and y.

    >>> Yolo(anchors=(10, 14, 23, 27, 37, 58), classes=80).cost((Shape(255, (13, 13)),)).exp
    42081

    Source: Redmon and Farhadi 2018; Bochkovskiy et al. 2020 (stretch); Jocher et al. 2020 (v5).
    """

    word: ClassVar[str] = "yolo"
    backward: ClassVar[Kept] = KEEPS_OUTPUT
    style: str = option("choice", "v3", "v5 takes the logistic of width and height too", choices=("v3", "v5"))
    stretch: float | None = option(
        "number", None, "how far x and y reach over their place: 1, in v5 2", also=("scale_x_y",)
    )

    @property
    def reach(self) -> float:
        """The stretch that holds."""
        if self.stretch is not None:
            return self.stretch
        return 2.0 if self.style == "v5" else 1.0

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.stretch is not None and not self.stretch >= 1:
            raise Refusal(
                "wrong-operand",
                f"x and y are stretched by 1 or more, and {self.stretch:g} is less",
                "stretch",
                help="write `stretch=1.05`, or leave it out",
            )
        return super().output_shape(inputs)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        logistic = self.class_count + (BEFORE_CLASSES if self.style == "v5" else 3)
        stretched = Cost() if self.reach == 1 else Cost(multiply=2, add=2)
        return (Sigmoid.each * logistic + stretched) * self.all_boxes(inputs[0])

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("yolo", {"boxes": self.boxes, "all": self.style == "v5", "stretch": self.reach})


@dataclass(frozen=True, kw_only=True)
class Region(AnchoredHead):
    """Boxes of YOLOv2: a logistic (sigmoid) of x, y and objectness; classes by `softmax`, or one logistic each.

    For each anchor `x y w h objectness class...`, all of them channels.  A box at place (row, col) is centred at
    ((col + x) / cols, (row + y) / rows) of the picture and anchor * e^w places wide; anchors are in places of the map.
    Output: as it arrives.  Weights: none.  Work: an exp, an add and a divide for each logistic, and a softmax a box.

    >>> Region(anchors=(1.08, 1.19, 3.42, 4.41), classes=20, softmax=True).cost((Shape(50, (13, 13)),)).exp
    7774

    Source: Redmon and Farhadi 2016 (YOLO9000).
    """

    word: ClassVar[str] = "region"
    backward: ClassVar[Kept] = KEEPS_OUTPUT
    softmax: bool = flag(False, "softmax over the classes of each box", softmax=True)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        one = (Shape(self.class_count),)
        classes = Softmax().cost(one) if self.softmax else Sigmoid().cost(one)
        return (Sigmoid.each * 3 + classes) * self.all_boxes(inputs[0])

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("region", {"boxes": self.boxes, "softmax": self.softmax})


@dataclass(frozen=True, kw_only=True)
class Detection(Layer):
    """Boxes of YOLOv1: a vector with the classes of every cell, then objectness of every box, then x y w h of each.

    The picture is divided into side x side cells; cell by cell, row by row.  A box of cell (row, col) is centred at
    ((col + x) / side, (row + y) / side) of the picture and w of it wide, with `sqrt` w^2.
    Output: as it arrives.  Weights: none.  Work: none, but where `softmax` is taken over the classes of each cell.

    >>> Detection(side=7, boxes=2, classes=20).output_shape((Shape(1470),)).text()
    '1470'

    Source: Redmon et al. 2015.
    """

    word: ClassVar[str] = "detection"
    backward: ClassVar[Kept] = KEEPS_OUTPUT
    side: int = option("count", 7, "cells in a row and in a column")
    boxes: int = option("count", 2, "boxes of each cell", also=("num",))
    classes: int = option("count", 20, "how many classes a cell may be of")
    softmax: bool = flag(False, "softmax over the classes of each cell", softmax=True)
    sqrt: bool = flag(False, "the vector has the square roots of width and height", sqrt=True)

    @property
    def cells(self) -> int:
        """Cells of the picture."""
        return self.side * self.side

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape, wanted = inputs[0], self.cells * (self.classes + 5 * self.boxes)
        if shape.rank or shape.channels != wanted:
            raise Refusal(
                "anchors-do-not-fit",
                f"{self.side} x {self.side} cells with {classes_text(self.classes)} and {self.boxes} "
                f"box{'es' if self.boxes != 1 else ''} need a vector of {wanted:,} numbers, but {shape.text()} arrives",
                "input",
                notes=(f"{product(self.side, self.side, f'({self.classes} + {self.boxes} * 5)')} = {wanted:,}",),
                help=f"write `dense {wanted}` before it, or other numbers for side, boxes and classes",
            )
        return shape

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Softmax().cost((Shape(self.classes),)) * self.cells if self.softmax else Cost()

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        numbers = product(self.side, self.side, f"({self.classes} + 5 * {self.boxes})")
        symbols = "side * side * (classes + 5 * boxes)"
        return Formula("size", symbols, numbers, inputs[0].channels), *no_weights()

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        if not self.softmax:
            return KernelCall("identity", {})
        return KernelCall("detection", {"cells": self.cells, "classes": self.classes})

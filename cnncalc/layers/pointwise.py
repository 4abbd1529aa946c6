"""Layers that leave every number at its place and are no activations: factors, offsets, dropout, identity."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.backward import KEEPS_INPUT_FOR_WEIGHTS, KEEPS_NOTHING, Kept
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, Weight, counted, no_weights, operand, unchanged
from cnncalc.layers.learned import each_choice, learned_axes, learned_numbers


@dataclass(frozen=True, kw_only=True)
class Scale(Layer):
    """Multiplies each channel by a learned number, or with `scale 0.17` everything by that constant.

    Output: as it arrives.  Weights: C; one with `shared`, as many as there are numbers with `all`; none for a constant.
    Work: one multiply a number.

    >>> [[weight.count for weight in layer.weights((Shape(96),))] for layer in (Scale(), Scale(factor=0.17))]
    [[96], []]

    Source: Szegedy et al. 2016, section 3.3 (Inception-ResNet), for the constant; Zhang et al. 2018 (self-attention
    GAN) for `shared`; see `layerscale` for one a channel.
    """

    word: ClassVar[str] = "scale"
    in_place: ClassVar[bool] = True
    factor: float | None = operand(
        "number", "a constant for all numbers; without it each channel learns one", default=None
    )
    each: str = each_choice("learned factor")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.factor is not None and self.each != "channels":
            raise Refusal(
                "wrong-operand",
                f"scale {self.factor:g} is a constant, and learns nothing",
                "each",
                help=f"leave out `{self.each}`, or the constant",
            )
        return inputs[0]

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if self.factor is not None:
            return ()
        return (Weight("weight", learned_axes(self.each, inputs[0]), initial="ones"),)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(multiply=inputs[0].elements)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        none, no_macs = no_weights()
        return unchanged(inputs[0]), learned_numbers(self.each, inputs[0]) if self.factor is None else none, no_macs

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return KEEPS_NOTHING if self.factor is not None else KEEPS_INPUT_FOR_WEIGHTS

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        if self.factor is not None:
            return KernelCall("times", {"factor": self.factor})
        return KernelCall("scale_all" if self.each == "all" else "scale", {})


@dataclass(frozen=True, kw_only=True)
class Shift(Layer):
    """Adds a learned number to each channel.

    Output: as it arrives.  Weights: C; one with `shared`, as many as there are numbers with `all` (a learned position).
    Work: one add a number.

    >>> [sum(weight.count for weight in Shift(each=each).weights((Shape(8, (4, 4)),))) for each in ("channels", "all")]
    [8, 128]

    Source: a bias by itself; Dosovitskiy et al. 2020 (vision transformer) for `all`, its position embedding.
    """

    word: ClassVar[str] = "shift"
    in_place: ClassVar[bool] = True
    backward: ClassVar[Kept] = KEEPS_NOTHING
    each: str = each_choice("learned number")

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return (Weight("bias", learned_axes(self.each, inputs[0]), initial="zeros"),)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(add=inputs[0].elements)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return unchanged(inputs[0]), learned_numbers(self.each, inputs[0]), no_weights()[1]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("shift_all" if self.each == "all" else "shift", {})


@dataclass(frozen=True, kw_only=True)
class Affine(Layer):
    """x * factor + offset with constants: `affine 1/255`, `affine 2 -1`, `affine -1 1` for 1 - x.

    One number for all channels, or one for each with commas between: `affine 1 -0.485,-0.456,-0.406`.
    Output: as it arrives.  Weights: none.
    Work: one multiply a number, unless every factor is 1 or -1; one add a number, unless every offset is 0.

    >>> Affine(factor=(-1.0,), offset=(1.0,)).cost((Shape(10),)).flops
    10

    Source: Keras' Rescaling and Normalization.
    """

    word: ClassVar[str] = "affine"
    in_place: ClassVar[bool] = True
    backward: ClassVar[Kept] = KEEPS_NOTHING
    factor: tuple[float, ...] = operand("numbers", "multiplies: one number, or one a channel", default=(1.0,))
    offset: tuple[float, ...] = operand("numbers", "is added: one number, or one a channel", default=(0.0,))

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        channels = inputs[0].channels
        for name, numbers in (("factor", self.factor), ("offset", self.offset)):
            if len(numbers) not in (1, channels):
                raise Refusal(
                    "sizes-disagree",
                    f"{counted(channels, 'channel')} arrive, and {name} has {counted(len(numbers), 'number')}",
                    name,
                    help="write one number for all channels, or one for each with commas between",
                )
        return inputs[0]

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        multiplies, adds = any(abs(number) != 1 for number in self.factor), any(self.offset)
        return Cost(multiply=int(multiplies), add=int(adds)) * inputs[0].elements

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("affine", {"factor": self.factor, "offset": self.offset})


@dataclass(frozen=True, kw_only=True)
class LayerScale(Layer):
    """Multiplies each channel by a learned number; all of them start at `init`, 1e-6 in ConvNeXt.

    Output: as it arrives.  Weights: C.  Work: one multiply a number.

    >>> [weight.count for weight in LayerScale(init=1e-6).weights((Shape(96),))]
    [96]

    Source: Touvron et al. 2021 (CaiT); Liu et al. 2022 (ConvNeXt).
    """

    word: ClassVar[str] = "layerscale"
    in_place: ClassVar[bool] = True
    backward: ClassVar[Kept] = KEEPS_INPUT_FOR_WEIGHTS
    init: float = operand("number", "the number at which every channel's factor starts", default=1.0)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        start = Fraction(str(self.init))
        return (Weight("weight", (("channels", inputs[0].channels),), initial="ones" if start == 1 else start),)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(multiply=inputs[0].elements)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        return unchanged(inputs[0]), Formula("params", "C", str(channels), channels), no_weights()[1]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("scale", {})


@dataclass(frozen=True, kw_only=True)
class Dropout(Layer):
    """Switches off a share of the numbers at random while training; when the net is used it does nothing.

    Output: as it arrives.  Weights: none.  Work: none.

    >>> Dropout(rate=0.25).output_shape((Shape(64, (12, 12)),)).text()
    '12x12x64'

    Source: Srivastava et al. 2014; deck 003, the Keras examples.
    """

    word: ClassVar[str] = "dropout"
    is_view: ClassVar[bool] = True
    rate: float = operand("number", "the share that is switched off, from 0 to less than 1", default=0.5)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if not 0 <= self.rate < 1:
            percent = 1 < self.rate < 100
            meant = f"write `{self.rate / 100:g}` for {self.rate:g} percent"
            raise Refusal(
                "rate-out-of-range",
                f"a dropout rate of {self.rate:g} is not between 0 and 1",
                "rate",
                label="a share, at least 0 and less than 1",
                help=meant if percent else "write a share such as 0.5",
                values=(f"{self.rate / 100:g}",) if percent else (),
            )
        return inputs[0]

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """The mask: which numbers are left, a byte each."""
        return Kept(flags=inputs[0].elements if self.rate else 0)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("identity", {})


@dataclass(frozen=True, kw_only=True)
class Identity(Layer):
    """Changes nothing: a name for a place, or a shortcut.  Weights: none.  Work: none.

    >>> Identity().output_shape((Shape(64, (12, 12)),)).text()
    '12x12x64'

    Source: He et al. 2015, the identity shortcut.
    """

    word: ClassVar[str] = "identity"
    is_view: ClassVar[bool] = True
    backward: ClassVar[Kept] = KEEPS_NOTHING

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("identity", {})

"""Layers that leave every number at its place and are no activations: scale, layerscale, dropout, identity."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, Weight, no_weights, operand, unchanged


@dataclass(frozen=True, kw_only=True)
class Scale(Layer):
    """Multiplies each channel by a learned number, or with `scale 0.17` everything by that constant.

    Output: as it arrives.  Weights: C; none for a constant.  Work: one multiply a number.

    >>> [[weight.count for weight in layer.weights((Shape(96),))] for layer in (Scale(), Scale(factor=0.17))]
    [[96], []]

    Source: Szegedy et al. 2016, section 3.3 (Inception-ResNet), for the constant; see `layerscale` for the other.
    """

    word: ClassVar[str] = "scale"
    in_place: ClassVar[bool] = True
    factor: float | None = operand(
        "number", "a constant for all numbers; without it each channel learns one", default=None
    )

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if self.factor is not None:
            return ()
        return (Weight("weight", (("channels", inputs[0].channels),), initial="ones"),)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(multiply=inputs[0].elements)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels, (none, no_macs) = inputs[0].channels, no_weights()
        params = Formula("params", "C", str(channels), channels) if self.factor is None else none
        return unchanged(inputs[0]), params, no_macs

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("scale", {}) if self.factor is None else KernelCall("times", {"factor": self.factor})


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

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("identity", {})

"""What a slip is, and how a layer is asked as somebody asks it who makes one.

A slip never computes a size or a count: it hands back a layer and inputs that differ from the right ones in one thing,
and whoever wants the wrong value asks that layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, Padding, Pads, Shape
from cnncalc.homework.truth import Subject
from cnncalc.homework.what_if import Alteration, Asked, Inputs, Told
from cnncalc.layers.base import Cost, Layer, Weight

Values = Callable[[Subject, str], Iterable[int]]
"""The wrong numbers that a slip makes of a place's right counts, for the quantity asked."""

CONVOLUTIONS = ("conv", "upconv", "local", "sepconv")
POOLS = ("maxpool", "avgpool", "sumpool", "l2pool")


Touched = Literal["size", "channels", "weights", "biases", "work", "values"]
"""What a slip can change: the sides of a map, its depth, what is learned, what is computed, the numbers of a matrix."""

SHAPE: tuple[Touched, ...] = ("size", "channels", "weights", "work")
"""What changes with the size of a map: what later lines learn of it and compute with it, too."""

Reach = Literal["line", "above"]
"""Where a slip is looked for: on the line that was asked about, or also on the lines above it and on all lines."""


class Slip(NamedTuple):
    """A mistake with a name.

    `hint` says its kind and gives nothing away.  `common` is 5 for what every class does, 1 for what one student did
    once.  `edits` ask the line's layer differently, and `needs` says of which layers; `values` are made of the right
    counts.  A slip that concerns the whole net, a matrix or a receptive field has neither: the modules beside this one
    try those.  `beats` names slips that say the same less plainly.  A `vague` slip gives almost any number.
    """

    name: str
    hint: str
    common: int
    edits: tuple[Alteration, ...] = ()
    touches: tuple[Touched, ...] = ()
    reach: Reach = "line"
    needs: Callable[[Layer, Inputs], bool] | None = None
    beats: tuple[str, ...] = ()
    vague: bool = False
    values: Values | None = None

    def alterations(self) -> Iterator[Alteration]:
        """The edits, each None for a layer that has no such slip or refuses what arrives."""
        return (partial(_asked_safely, self, edit) for edit in self.edits)


@dataclass(frozen=True)
class Argued:
    """An edit that only an answer can tell apart from others of its kind: `argument` says which (64 filters)."""

    edit: Alteration
    argument: str

    def __call__(self, layer: Layer, inputs: Inputs) -> Asked | None:
        return self.edit(layer, inputs)


def argument_of(edit: Alteration) -> str:
    """What an edit, or the one that stands behind it, says of itself."""
    found = edit.args[1] if isinstance(edit, partial) and edit.func is _asked_safely else edit
    return found.argument if isinstance(found, Argued) else ""


def _asked_safely(slip: Slip, edit: Alteration, layer: Layer, inputs: Inputs) -> Asked | None:
    if not inputs or isinstance(layer, Told) or (slip.needs is not None and not slip.needs(layer, inputs)):
        return None
    try:
        return edit(layer, inputs)
    except Refusal:
        return None


def made_together(first: Alteration, second: Alteration, layer: Layer, inputs: Inputs) -> Asked | None:
    """A layer asked with both edits, in the order in which they can be made."""
    for before, after in ((first, second), (second, first)):
        asked = before(layer, inputs)
        found = asked and after(*asked)
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class Rebiased(Told):
    """The layer with another number of biases."""

    biases: tuple[tuple[str, int], ...]

    def weights(self, inputs: Inputs) -> tuple[Weight, ...]:
        others = tuple(weight for weight in self.layer.weights(inputs) if weight.name != "bias")
        return (*others, Weight("bias", self.biases, initial="zeros"))


@dataclass(frozen=True)
class Reweighed(Told):
    """The layer with its weights declared along other axes; the biases stay, or are left out too."""

    axes: tuple[tuple[str, int], ...]
    biased: bool = True

    def weights(self, inputs: Inputs) -> tuple[Weight, ...]:
        biases = tuple(weight for weight in self.layer.weights(inputs) if weight.name == "bias" and self.biased)
        return (Weight("weight", self.axes), *biases)


@dataclass(frozen=True)
class Weighed(Told):
    """The layer with the weights of another one, its shape and its work kept."""

    other: Layer
    others_inputs: Inputs

    def weights(self, inputs: Inputs) -> tuple[Weight, ...]:
        return self.other.weights(self.others_inputs)


@dataclass(frozen=True)
class Learning(Weighed):
    """A layer without weights that is counted as if it were another one, work and all."""

    def cost(self, inputs: Inputs) -> Cost:
        return self.other.cost(self.others_inputs)

    def connections(self, inputs: Inputs) -> int:
        return self.other.connections(self.others_inputs)


def has(layer: Layer, *names: str) -> bool:
    """Whether the layer takes these arguments."""
    fields = getattr(layer, "__dataclass_fields__", {})
    return all(name in fields for name in names)


def argument(layer: Layer, name: str) -> Any:
    """The layer's own argument."""
    return getattr(layer, name)


def changed(layer: Layer, **arguments: Any) -> Layer:
    """The layer with other arguments.  Numbers stated for its weights are left out where they may no longer fit."""
    fitting = {"padding", "stride", "flip", "fill", "dilation", "ceil", "output_padding"}
    return _replaced(layer if fitting.issuperset(arguments) else freed(layer), arguments)


def freed(layer: Layer) -> Layer:
    """The layer without the numbers that the text states for its weights."""
    return _replaced(layer, {name: None for name in ("weights_given", "bias_given") if has(layer, name)})


def _replaced(layer: Layer, arguments: dict[str, Any]) -> Layer:
    replaced: Layer = replace(layer, **arguments)  # type: ignore[type-var]  # every layer is a dataclass
    return replaced


def asked_otherwise(layer: Layer, inputs: Inputs, **arguments: Any) -> Asked | None:
    """The layer with other arguments; None where it does not take them or they are its own."""
    if not has(layer, *arguments) or all(argument(layer, name) == value for name, value in arguments.items()):
        return None
    return changed(layer, **arguments), inputs


def is_convolution(layer: Layer) -> bool:
    """Whether the layer's filters see every input channel."""
    return layer.word in CONVOLUTIONS and has(layer, "filters") and not has(layer, "connect")


def is_pool(layer: Layer) -> bool:
    """Whether the layer pools with a window and learns nothing."""
    return layer.word in POOLS


def arriving(inputs: Inputs, channels: int) -> Inputs:
    """The first input with another number of channels."""
    return (Shape(channels, inputs[0].spatial),)


def sized(inputs: Inputs, spatial: Iterable[int]) -> Inputs:
    """The first input with other spatial sizes."""
    return (Shape(inputs[0].channels, tuple(spatial)),)


def sides(layer: Any, inputs: Inputs) -> Pads:
    """The rows before and after that the layer really pads, axis by axis; empty where it pads nothing."""
    if inputs[0].rank == 0 or not has(layer, "padding"):
        return ()
    if hasattr(layer, "sides"):
        found: Pads = layer.sides(inputs[0])
    elif hasattr(layer, "axes"):
        found = tuple((axis.before, axis.after) for axis in layer.axes(inputs[0]))
    else:
        return ()
    return found if any(map(any, found)) else ()


def explicit(pads: Iterable[tuple[int, int]]) -> Padding:
    """These rows as a padding."""
    return Padding("explicit", tuple(pads))


def strides(layer: Any, inputs: Inputs) -> tuple[int, ...]:
    """The step of the layer's window along every axis; empty for a layer that does not slide."""
    shape = inputs[0]
    if not AXIS_NAMES[shape.rank] or not hasattr(layer, "strides"):
        return ()
    found: tuple[int, ...] = layer.strides(shape.rank)
    return found

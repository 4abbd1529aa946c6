"""One operation of a net as the rules that write Keras see it, and the pieces that they make of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cnncalc.dialects.written_code.pieces import Argument, Made, Piece, Value
from cnncalc.geometry import Shape, Sizes
from cnncalc.graph.ir import Graph, Node


class NotInKerasError(Exception):
    """What Keras has no layer for: why, and what to do."""

    def __init__(self, why: str, advice: str = "") -> None:
        super().__init__(why)
        self.advice = advice


@dataclass(frozen=True)
class KerasOperation:
    """An operation, what arrives at it and what leaves."""

    graph: Graph
    node: Node

    @property
    def layer(self) -> Any:
        """Our layer; which class it is decides the rule that asks."""
        return self.node.layer

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """What arrives, one shape for each that is read."""
        return tuple(self.graph.nodes[one].output for one in self.node.inputs)

    @property
    def shape(self) -> Shape:
        """What arrives first."""
        return self.shapes[0]

    @property
    def rank(self) -> int:
        """How many spatial axes arrive."""
        return self.shape.rank

    def refuse(self, why: str, advice: str = "") -> NotInKerasError:
        """The refusal of an operation."""
        return NotInKerasError(why, advice)

    def chain(self, *made: Made, code: str = "{x0}") -> Piece:
        """Layers that are called one after the other on what is computed first."""
        for place in range(len(made)):
            code = f"{{m{place}}}({code})"
        chained = made if code.endswith(f"({{x0}}{')' * len(made)}") and code.startswith("{m") else ()
        return Piece((self.node.index,), self.node.inputs, self.node.layer.word, code, made, (), chained)

    def joined(self, made: Made, inputs: int) -> Piece:
        """A layer that takes a list."""
        names = ", ".join(f"{{x{place}}}" for place in range(inputs))
        return Piece((self.node.index,), self.node.inputs, self.node.layer.word, f"{{m0}}([{names}])", (made,))

    def code(self, code: str, *values: Value, made: tuple[Made, ...] = ()) -> Piece:
        """An expression of functions."""
        return Piece((self.node.index,), self.node.inputs, self.node.layer.word, code, made, values)


class Usual(NamedTuple):
    """A value that Keras takes where nothing is said."""

    value: Value


Given = Value | Usual

_NAMES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("Conv", "SeparableConv", "GroupedConv", "LocallyConnected"), ("filters", "kernel_size")),
    **{"DepthwiseConv": ("kernel_size",), "Dense": ("units",), "Dropout": ("rate",), "Activation": ("activation",)},
    **{"MaxPooling": ("pool_size",), "AveragePooling": ("pool_size",), "ZeroPadding": ("padding",)},
    **{"Cropping": ("cropping",), "UpSampling": ("size",), "Resizing": ("height", "width"), "Reshape": ("shape",)},
    **{"Rescaling": ("scale",), "Permute": ("dims",)},
}
"""The class of a layer, without the axes that it works on -> what its first arguments are called."""


def keras_layer(name: str, *positional: Value, **keywords: Given) -> Made:
    """A layer of Keras; arguments that are None are left out."""
    return own_layer(f"layers.{name}", *positional, **keywords)


def own_layer(name: str, *positional: Value, **keywords: Given) -> Made:
    """A layer by its whole name."""
    kind = re.sub(r"\dD(Transpose)?$", "", name.removeprefix("layers."))
    names = _NAMES.get(kind, ())
    first = [Argument("", value, name=names[at] if at < len(names) else "") for at, value in enumerate(positional)]
    named = (
        Argument(key, *((value.value, True) if isinstance(value, Usual) else (value,)))
        for key, value in keywords.items()
        if value is not None
    )
    return Made(name, (*first, *named))


def shortest(sizes: Sizes) -> Value:
    """A number where all axes have the same, else one for each axis."""
    return sizes[0] if len(set(sizes)) == 1 else tuple(sizes)


def unless(value: Value, usual: Value) -> Given:
    """The value, marked where it is the one that Keras takes by itself."""
    return Usual(value) if value == usual and type(value) is type(usual) else value


def sides_value(sides: tuple[tuple[int, int], ...]) -> Value:
    """Rows before and after on every axis as ZeroPadding and Cropping take them."""
    if len({one for pair in sides for one in pair}) == 1:
        return sides[0][0]
    if len(sides) == 1:
        return tuple(sides[0])
    if all(before == after for before, after in sides):
        return tuple(before for before, _ in sides)
    return tuple(tuple(pair) for pair in sides)

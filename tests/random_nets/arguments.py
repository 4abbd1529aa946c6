"""Draws what a user may write for the arguments of a layer, from the layer's own declaration.

A new layer, or a new option of an old one, is drawn without a line here: the kind of each field says how.  `BY_NAME`
holds values for arguments that mean something special; whatever the net refuses is drawn anew by the caller.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.geometry import AXIS_NAMES, PADDING_WORDS, Shape
from cnncalc.layers.base import Layer


class Choose(random.Random):
    """A stream of choices.  With `few`: few sizes, strides and activations, for nets that share compiled kernels."""

    def __init__(self, seed: int, *, few: bool = False) -> None:
        super().__init__(seed)
        self.few = few

    def of(self, all_values: tuple[Any, ...], few_values: tuple[Any, ...]) -> Any:
        """One of all, or one of the few."""
        return self.choice(few_values if self.few else all_values)


CHANNELS = (1, 2, 3, 4, 7, 15, 16, 16, 16, 17, 31, 32, 32, 33, 48)
"""Around one and two blocks of 16, where layouts change, and pictures' few."""

KERNELS = (1, 1, 2, 3, 3, 3, 4, 5)
FEW_KERNELS = (1, 3, 3)
OPTIONAL, OPERANDS_LEFT_OUT = 0.22, 0.5
SAME = 0.9
"""Nets that share kernels keep the sizes of their maps."""


def per_axis(choose: Choose, rank: int, values: tuple[float, ...]) -> str:
    """One number for all axes, or one each."""
    if rank <= 1 or choose.few or choose.random() < 0.65:
        return str(choose.choice(values))
    return "x".join(str(choose.choice(values)) for _ in range(rank))


def padding(choose: Choose, rank: int) -> str:
    """A padding word, rows a side, or every side apart."""
    kind = choose.random()
    if kind < (SAME if choose.few else 0.4):
        if choose.few:
            return "same"
        words = [word for word in PADDING_WORDS if word != "causal"]
        return choose.choice(("same", "same", *words, *(("causal",) * 4 if rank == 1 else ())))
    if kind < 0.8 or rank == 0:
        return per_axis(choose, rank, (1, 1, 2, 3))
    return ",".join(str(choose.randint(0, 3)) for _ in range(2 * rank))


def divisor(choose: Choose, number: int) -> str:
    return str(choose.choice([n for n in range(1, number + 1) if number % n == 0]))


def channel_range(choose: Choose, shape: Shape) -> str:
    first = choose.choice((0, choose.randrange(shape.channels), min(16, shape.channels - 1)))
    return f"{first}:{choose.randint(first + 1, shape.channels)}"


def other_shape(choose: Choose, shape: Shape) -> str:
    """As many numbers in another shape."""
    left, sizes = shape.elements, []
    for _ in range(choose.randint(0, shape.rank or 2)):
        sizes.append(int(divisor(choose, left)) if left <= 4096 else 1)
        left //= sizes[-1]
    choose.shuffle(sizes)
    return "x".join(map(str, [*sizes, left]))


def some_axes(choose: Choose, shape: Shape) -> str:
    names = [*AXIS_NAMES[shape.rank], "channels"]
    return ",".join(choose.sample(names, choose.randint(1, len(names))))


def some_pattern(choose: Choose, shape: Shape) -> str:
    """Every axis perhaps in two parts, and the parts in any order on one to three axes."""
    left, parts = [], list[str]()
    for name, size in zip("abcd", shape.sizes(), strict=False):
        inner = int(divisor(choose, size)) if choose.random() < 0.5 else 0
        left.append(f"({name} {name}{name}={inner})" if inner else name)
        parts += [name, name + name] if inner else [name]
    choose.shuffle(parts)
    count = choose.randint(1, min(3, len(parts)))
    right = [parts[start::count] for start in range(count)]
    made = " ".join("(" + " ".join(axis) + ")" for axis in right)
    return f'"{" ".join(left)} -> {made}"'


def by_channel(choose: Choose, shape: Shape, values: tuple[str, ...]) -> str:
    """One number for all channels, or one each."""
    count = shape.channels if choose.random() < 0.4 else 1
    return ",".join(choose.choice(values) for _ in range(count))


def by_axis(choose: Choose, shape: Shape, values: tuple[str, ...]) -> str:
    """One number for all axes, or one each."""
    count = shape.rank if choose.random() < 0.4 else 1
    return ",".join(choose.choice(values) for _ in range(count))


SMOOTH = (
    *("square", "abs", "neg", "sin", "cos", "atan", "erf", "softsign", "logsigmoid", "squareplus", "tanhshrink"),
    *("celu", "softshrink", "pow", "threshold") * 4,
)
"""Functions that are finite everywhere and seldom jump: at a jump, rounding decides on which side a number is."""

Values = Callable[[Choose, Shape], str]

HEADS = ("yolo", "region")
NEEDED = {"anchors", "classes", "side", "boxes"}
"""Options of a detector's last line, without which hardly any map fits."""


def _boxes(shape: Shape) -> int:
    """How many boxes the numbers at a place are taken for."""
    return 2 if shape.channels % 2 == 0 and shape.channels >= 12 else 1


def _side(shape: Shape) -> int:
    """How many cells high and wide the picture is said to be."""
    return 2 if shape.channels % 4 == 0 and shape.channels >= 44 else 1


BY_KIND: Mapping[str, Values] = {
    "count": lambda choose, shape: str(choose.choice((1, 2, 3, 4))),
    "sizes": lambda choose, shape: per_axis(choose, shape.rank, (1, 2) if choose.few else (1, 2, 2, 3)),
    "factors": lambda choose, shape: per_axis(choose, shape.rank, (1, 2) if choose.few else (1, 2, 2, 3, 1.5, 0.75)),
    "rows": lambda choose, shape: per_axis(choose, shape.rank, (0, 1, 1, 2)),
    "padding": lambda choose, shape: padding(choose, shape.rank),
    "number": lambda choose, shape: choose.choice(("0.5", "0.25", "0.1", "0.9")),
    "range": channel_range,
    "shape": other_shape,
    "axes": some_axes,
    "axis": lambda choose, shape: choose.choice((*AXIS_NAMES[shape.rank], "channels")),
    "pattern": some_pattern,
}
"""Kind of argument -> a value for an input of this shape.  Choices and flags list their words themselves."""

BY_NAME: Mapping[tuple[str, str], Values] = {
    ("", "filters"): lambda choose, shape: str(choose.choice(CHANNELS)),
    ("", "units"): lambda choose, shape: str(choose.choice((*CHANNELS, 5, 10))),
    ("", "kernel_size"): lambda choose, shape: per_axis(choose, shape.rank, FEW_KERNELS if choose.few else KERNELS),
    ("", "stride"): lambda choose, shape: per_axis(choose, shape.rank, (1, 2) if choose.few else (1, 1, 2, 2, 3)),
    ("", "dilation"): lambda choose, shape: per_axis(choose, shape.rank, (1, 2, 2, 3)),
    ("", "groups"): lambda choose, shape: divisor(choose, shape.channels),
    ("", "epsilon"): lambda choose, shape: choose.choice(("1e-3", "0.01", "1e-5")),
    ("", "output_size"): lambda choose, shape: per_axis(choose, shape.rank, (1, 2, 3, 4, 7)),
    ("padchannels", "channels"): lambda choose, shape: choose.choice(("1", "16", "0,16", "3,30", "1,0", "16,0")),
    ("spacetodepth", "factor"): lambda choose, shape: per_axis(choose, shape.rank, (1, 2, 2, 3)),
    ("lrn", "size"): lambda choose, shape: str(choose.choice((1, 2, 5, 5, 20, 33, 40))),
    ("lrn", "alpha"): lambda choose, shape: choose.choice(("1", "0.5", "3")),
    ("lrn", "beta"): lambda choose, shape: choose.choice(("0.25", "0.5", "0.75", "1", "0.6")),
    ("lrn", "bias"): lambda choose, shape: choose.choice(("1", "2")),
    ("affine", "factor"): lambda choose, shape: by_channel(choose, shape, ("0.5", "-1", "2", "1/3", "1")),
    ("affine", "offset"): lambda choose, shape: by_channel(choose, shape, ("0", "0.25", "-1", "3")),
    ("clip", "low"): lambda choose, shape: choose.choice(("-1", "0", "0.1", "-0.5")),
    ("clip", "high"): lambda choose, shape: choose.choice(("1", "6", "0.4")),
    **{(word, "anchors"): lambda choose, shape: ("1.5,2", "1.5,2,3,0.75")[_boxes(shape) - 1] for word in HEADS},
    **{(word, "classes"): lambda choose, shape: str(shape.channels // _boxes(shape) - 5) for word in HEADS},
    ("yolo", "stretch"): lambda choose, shape: choose.choice(("1", "1.05", "2")),
    ("detection", "side"): lambda choose, shape: str(_side(shape)),
    ("detection", "boxes"): lambda choose, shape: str(_boxes(shape)),
    ("detection", "classes"): lambda choose, shape: str(shape.channels // _side(shape) ** 2 - 5 * _boxes(shape)),
    ("reduce", "how"): lambda choose, shape: choose.choice(("mean", "sum", "max", "min", "prod", "var", "std", "norm")),
    ("upsample", "start"): lambda choose, shape: by_axis(choose, shape, ("0", "0.25", "-0.5", "2", "1/3")),
    ("upsample", "step"): lambda choose, shape: by_axis(choose, shape, ("0.5", "1", "0.75", "1.5", "1/3")),
    ("function", "exponent"): lambda choose, shape: choose.choice(("2", "3")),
    ("function", "name"): lambda choose, shape: choose.choice(SMOOTH),
    ("", "filter"): lambda choose, shape: choose.choice(("sharpen", "gauss3", "sobel_top", "box5", "identity")),
}
"""(layer word, or "" for all; argument) -> a value."""


def drawn(choose: Choose, layer: type[Layer], shape: Shape, *, matrices: Mapping[str, str] | None = None) -> str:
    """What stands after the layer's word; options that take a matrix only where `matrices` has a name for them."""
    words = []
    for field in dataclasses.fields(layer):  # type: ignore[arg-type]
        kind, name = field.metadata["kind"], field.metadata.get("name", field.name)
        if field.metadata["positional"]:
            if field.default is dataclasses.MISSING or choose.random() > OPERANDS_LEFT_OUT:
                words.append(_operand(choose, layer.word, field.metadata, name, shape, matrices or {}))
        elif kind in ("matrix", "table"):
            words += [f"{name}={matrices[name]}"] if matrices and name in matrices else []
        elif name in NEEDED or choose.random() < (SAME if choose.few and kind == "padding" else OPTIONAL):
            words.append(_option(choose, layer.word, field.metadata, name, shape))
    return " ".join(words)


def value(choose: Choose, word: str, kind: str, name: str, shape: Shape) -> str:
    """A value by the argument's name where that is known, else by its kind."""
    values = BY_NAME.get((word, name)) or BY_NAME.get(("", name)) or BY_KIND[kind]
    return values(choose, shape)


def _operand(
    choose: Choose, word: str, metadata: Mapping[str, Any], name: str, shape: Shape, matrices: Mapping[str, str]
) -> str:
    kind = metadata["kind"]
    if name in matrices:
        return f"{name}={matrices[name]}"
    if kind == "choice" and (word, name) not in BY_NAME:
        return str(choose.choice(metadata["choices"]))
    return (
        f"{name}={value(choose, word, kind, name, shape)}"
        if kind == "matrix" or (word, name) == ("upsample", "size")
        else value(choose, word, kind, name, shape)
    )


def _option(choose: Choose, word: str, metadata: Mapping[str, Any], name: str, shape: Shape) -> str:
    if "choices" in metadata:
        choice = choose.choice(metadata["choices"])
        return choice if choose.random() < 0.5 else f"{name}={choice}"
    if "words" in metadata:
        return choose.choice(tuple(metadata["words"]))
    found = value(choose, word, metadata["kind"], name, shape)
    return found if found in PADDING_WORDS else f"{name}={found}"

"""What differs between two layers, argument by argument, and which part of the numbers each difference makes.

Layers that compute the same are the same however they are written: `same` and `padding=1` of a 3x3 with stride 1.  The
numbers of a layer with several changes are parted by making one change after the other, what arrives at last, and
asking the layer each time; so the parts sum to the whole difference, exactly.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from struct import pack
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.dialects.flat_text import layer_words, value_text
from cnncalc.geometry import Padding, Shape
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.layers.conv import Conv
from cnncalc.layers.depthwise import DepthwiseConv
from cnncalc.layers.input import Input
from cnncalc.layers.picture_words import is_picture_word
from cnncalc.layers.registry import ACTIVATIONS, JOINS, LAYERS, NORMS
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.questions.compared import Cause, Difference, total_difference

Shapes = tuple[Shape, ...]

_SPELLED = ("sizes", "padding", "rows", "factors", "shape", "axes", "count")
"""Kinds of arguments that can be written in several ways for the same work."""

_FAMILIES = {
    **dict.fromkeys(("conv", "dwconv", "sepconv", "upconv", "local"), "convolution"),
    **dict.fromkeys(("upsample", "depthtospace"), "upsampling"),
    **{word: "pool" for word, entry in LAYERS.items() if entry.module.endswith("pool")},
    **dict.fromkeys(JOINS, "join"),
    **dict.fromkeys(ACTIVATIONS, "activation"),
    **dict.fromkeys(NORMS, "norm"),
}


def family(word: str) -> str:
    """What a layer is one of: two layers of a family may take each other's place."""
    return _FAMILIES.get(word, word)


def plainly(layer: Layer, inputs: Shapes) -> Layer:
    """The layer in the words that say most of it: a convolution with a group for each channel is a depthwise one."""
    if type(layer) is not Conv or layer.groups == 1 or layer.groups != inputs[0].channels:
        return layer
    same = {one.name: getattr(layer, one.name) for one in dataclasses.fields(DepthwiseConv) if hasattr(layer, one.name)}
    return DepthwiseConv(**same, multiplier=layer.filters // layer.groups)


def numbers(layer: Layer, inputs: Shapes, *, lent: bool = False) -> Difference | None:
    """What a layer has for these inputs, with `lent` weights counted elsewhere; None where they do not fit it."""
    try:
        layer.output_shape(inputs)
        weights, cost = layer.weights(inputs), layer.cost(inputs)
    except Refusal:
        return None
    stored = 0 if lent else sum(weight.count for weight in weights)
    params = 0 if lent else sum(weight.count for weight in weights if weight.trainable)
    return Difference(params, stored - params, cost.macs, cost.flops)


def differing_arguments(a: Layer, b: Layer) -> list[str]:
    """The arguments that two layers of a class have with other values, in the order in which they are declared."""
    return [
        one.name
        for one in dataclasses.fields(a)  # type: ignore[arg-type]
        if "kind" in one.metadata and one.name != "order" and not _equal(getattr(a, one.name), getattr(b, one.name))
    ]


def changed_arguments(a: Layer, b: Layer, inputs_a: Shapes, inputs_b: Shapes) -> list[str]:
    """The arguments in which two layers of a class differ, without those that are only written in another way."""
    return [name for name in differing_arguments(a, b) if not _only_spelled(a, b, name, inputs_a, inputs_b)]


def _only_spelled(a: Layer, b: Layer, name: str, inputs_a: Shapes, inputs_b: Shapes) -> bool:
    """Whether an argument says the same in other words: `same` and 1 of a 3x3 with stride 1."""
    kind = _field(a, name).metadata["kind"]
    if kind == "padding" and (pads := _pads(a, inputs_a)) is not None and pads == _pads(b, inputs_b):
        return True
    if name == "stride" and isinstance(a, SlidingWindow) and isinstance(b, SlidingWindow):
        return a.strides(inputs_a[0].rank) == b.strides(inputs_b[0].rank)
    return (
        kind in _SPELLED
        and _same_work(a, _with(a, name, getattr(b, name)), inputs_a)
        and _same_work(_with(b, name, getattr(a, name)), b, inputs_b)
    )


def _field(layer: Layer, name: str) -> dataclasses.Field[Any]:
    return next(one for one in dataclasses.fields(layer) if one.name == name)  # type: ignore[arg-type]


def _pads(layer: Layer, inputs: Shapes) -> list[tuple[int, int]] | None:
    """The rows and columns that are added on each axis to what arrives; None where no window slides."""
    if not isinstance(layer, SlidingWindow):
        return None
    try:
        return [(axis.before, axis.after) for axis in layer.axes(inputs[0])]
    except Refusal:
        return None


def _equal(before: Any, after: Any) -> bool:
    """Whether two values are the same: numbers as float32 has them, matrices by their numbers."""
    if isinstance(before, float) and isinstance(after, float):
        return _float32(before) == _float32(after)
    if isinstance(before, NamedMatrix) and isinstance(after, NamedMatrix):
        return before.matrix == after.matrix
    return bool(before == after)


def _float32(value: float) -> bytes | float:
    try:
        return pack("f", value)
    except OverflowError:
        return value


def _same_work(a: Layer, b: Layer, inputs: Shapes) -> bool:
    """Whether two layers compute the same of these inputs."""
    try:
        return (
            a.output_shape(inputs) == b.output_shape(inputs)
            and a.kernel_call(inputs) == b.kernel_call(inputs)
            and a.weights(inputs) == b.weights(inputs)
        )
    except Refusal:
        return False


def _with(layer: Layer, name: str, value: Any) -> Layer:
    changed: Layer = dataclasses.replace(layer, **{name: value})  # type: ignore[type-var]
    return changed


# ---------------------------------------------------------------------- causes
def layer_causes(
    a: Layer, b: Layer, inputs_a: Shapes, inputs_b: Shapes, *, lent: bool, whole: Difference
) -> Iterator[Cause]:
    """Why B's layer is not A's, in parts that sum to `whole`; nothing where it is the same and has the same inputs."""
    if isinstance(a, Input) and isinstance(b, Input):
        yield from _input_causes(a, b)
        return
    a, b = plainly(a, inputs_a), plainly(b, inputs_b)
    if type(a) is not type(b):
        if not (a.word == b.word and _same_work(a, b, inputs_a) and _same_work(a, b, inputs_b)):
            yield Cause("layer", a.word, f"{_words(a)} -> {_words(b)}", whole, "", a.word, b.word)
        elif inputs_a != inputs_b:
            yield _arrives(b, inputs_a, inputs_b, whole)
        return
    names = changed_arguments(a, b, inputs_a, inputs_b)
    parts = _parts(a, b, names, inputs_a, lent=lent)
    rest = whole - total_difference(parts or ())
    if parts is None or (inputs_a == inputs_b and not rest.is_nothing):
        texts = [_change(a, b, name, inputs_a, inputs_b) for name in names]
        text = ", ".join(one.text for one in texts)
        yield Cause("lent", a.word, text, whole, " ".join(names))
        return
    for name, part in zip(names, parts, strict=True):
        yield _change(a, b, name, inputs_a, inputs_b)._replace(difference=part)
    if inputs_a != inputs_b:
        yield _arrives(b, inputs_a, inputs_b, rest)


def _parts(a: Layer, b: Layer, names: list[str], inputs: Shapes, *, lent: bool) -> list[Difference] | None:
    """What each change adds when they are made one after the other; None where what is in between does not fit."""
    before, layer, found = numbers(a, inputs, lent=lent), a, list[Difference]()
    for name in names:
        layer = _with(layer, name, getattr(b, name))
        after = numbers(layer, inputs, lent=lent)
        if before is None or after is None:
            return None
        found.append(after - before)
        before = after
    return found


def _arrives(layer: Layer, inputs_a: Shapes, inputs_b: Shapes, difference: Difference) -> Cause:
    before, after = (", ".join(shape.text() for shape in shapes) for shapes in (inputs_a, inputs_b))
    return Cause("arrives", layer.word, "only what arrives differs", difference, "", before, after)


def _input_causes(a: Input, b: Input) -> Iterator[Cause]:
    before, after = a.output_shape(()), b.output_shape(())
    if before != after:
        text = f"{before.text()} -> {after.text()}"
        yield Cause("argument", "input", text, name="size", before=before.text(), after=after.text())
    if not _equal(a.data, b.data):
        yield Cause("argument", "input", "another matrix", name="data")
    pictures = [picture_words(a), picture_words(b)]
    if all(pictures) and pictures[0] != pictures[1]:
        text = " -> ".join(pictures)
        yield Cause("argument", "input", text, name="pictures", before=pictures[0], after=pictures[1])


def picture_words(layer: Layer) -> str:
    """What an input line says of pictures: `imagenet`, `caffe resize=256`; empty where nothing."""
    if not isinstance(layer, Input):
        return ""
    return " ".join(word for word in layer_words(layer, layer.order) if is_picture_word(word))


def _change(a: Layer, b: Layer, name: str, inputs_a: Shapes, inputs_b: Shapes) -> Cause:
    """An argument that differs, in the words of a line."""
    one = _field(a, name)
    kind, written = one.metadata["kind"], str(one.metadata.get("name", name)).replace("_", " ")
    if kind == "flag":
        words = {means: word for word, means in one.metadata["words"].items()}
        opposite = f"no {written}"
        before, after = (words.get(getattr(layer, name), opposite) for layer in (a, b))
        return Cause("argument", a.word, f"{before} -> {after}", name=written, before=before, after=after)
    before, after = (_value(layer, kind, name, inputs) for layer, inputs in ((a, inputs_a), (b, inputs_b)))
    return Cause("argument", a.word, f"{written} {before} -> {after}", name=written, before=before, after=after)


def _value(layer: Layer, kind: str, name: str, inputs: Shapes) -> str:
    value = getattr(layer, name)
    if name == "stride" and isinstance(layer, SlidingWindow) and value is None:
        value = layer.strides(inputs[0].rank)
    if value is None or value == "":
        return "none"
    text = value_text(kind, value)
    sides = _pads(layer, inputs) if isinstance(value, Padding) and value.keeps_size else None
    return f"{text} ({','.join(f'{before},{after}' for before, after in sides)})" if sides else text


def _words(layer: Layer) -> str:
    return " ".join(layer_words(layer, "channels_last"))

"""What a layer of ours is in a .cfg: the name of a section and its options, the reverse of `cfg_layers`.

Whether a section says all that a layer does is not decided here: whoever writes it reads it again and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.dialects.darknet.cfg_activations import ACTIVATIONS
from cnncalc.dialects.darknet.cfg_layers import activation
from cnncalc.dialects.darknet.cfg_text import Field, Section
from cnncalc.geometry import Shape
from cnncalc.layers.base import Layer

Options = dict[str, str]
NOWHERE = Span(1, 1)


class NotInDarknetError(Exception):
    """A layer that no section of Darknet's is; the text says why."""


class Kind(NamedTuple):
    """A section for a layer: its name, its options, and the activation that it has where none is written."""

    name: str
    options: Callable[[Any, Shape], Options]
    activated: bool = False
    """Whether it may end in an activation, and a batch norm comes before that."""


def as_section(name: str, options: Options) -> Section:
    """A section as the reader has it."""
    fields = [Field(key, value.replace(" ", ""), NOWHERE, NOWHERE) for key, value in options.items()]
    return Section(name, NOWHERE, fields)


@cache
def activation_words() -> dict[tuple[Layer, ...], str]:
    """Layers one after the other -> Darknet's word for them."""
    found: dict[tuple[Layer, ...], str] = {}
    for word in ACTIVATIONS:
        made = activation(as_section("", {"activation": word}), word)
        found.setdefault(tuple(layer for layer, _ in made), word)
    return found


def _one(sizes: tuple[int, ...], what: str) -> int:
    """A size that is the same on both axes."""
    if len(set(sizes)) != 1:
        raise NotInDarknetError(f"a {what} of Darknet has one size, not {'x'.join(map(str, sizes))}")
    return sizes[0]


def _two_axes(shape: Shape) -> None:
    if shape.rank != 2:
        raise NotInDarknetError("Darknet has pictures of a height and a width alone")


def _strides(sizes: tuple[int, ...]) -> Options:
    """In AlexeyAB/darknet the two of them may differ."""
    if len(set(sizes)) == 1:
        return {"stride": str(sizes[0])}
    return {"stride_x": str(sizes[1]), "stride_y": str(sizes[0])}


def _padding(rows: set[int], size: int) -> Options:
    """`pad=1` is half the kernel on each side; another padding is written as it is."""
    if len(rows) != 1:
        raise NotInDarknetError("a convolution of Darknet has the same padding on all sides")
    (row,) = rows
    if row == size // 2 and row:
        return {"pad": "1"}
    return {"padding": str(row)} if row else {}


def _convolution(layer: Any, shape: Shape) -> Options:
    _two_axes(shape)
    size, axes = _one(layer.kernels(2), "kernel"), layer.axes(shape)
    dilation = _one(layer.dilations(2), "dilation")
    rows = {side for axis in axes for side in (axis.before, axis.after)}
    if dilation > 1 and size > 1:
        rows = {row // dilation for row in rows}
    filters = layer.output_shape((shape,)).channels
    groups = shape.channels if layer.word == "dwconv" else layer.groups
    return {
        "filters": str(filters),
        "size": str(size),
        **_strides(layer.strides(2)),
        **_padding(rows, size),
        **({"groups": str(groups)} if groups > 1 else {}),
        **({"dilation": str(dilation)} if dilation > 1 and size > 1 else {}),
    }


def _transposed(layer: Any, shape: Shape) -> Options:
    _two_axes(shape)
    size, axes = _one(layer.kernels(2), "kernel"), layer.axes(shape)
    rows = {side for axis in axes for side in (axis.before, axis.after)}
    stride = _one(tuple(axis.stride for axis in axes), "stride")
    return {"filters": str(layer.filters), "size": str(size), "stride": str(stride), **_padding(rows, size)}


def _local(layer: Any, shape: Shape) -> Options:
    _two_axes(shape)
    padded = any(axis.before or axis.after for axis in layer.axes(shape))
    size, stride = _one(layer.kernels(2), "kernel"), _one(layer.strides(2), "stride")
    return {
        "filters": str(layer.filters),
        "size": str(size),
        "stride": str(stride),
        **({"pad": "1"} if padded else {}),
    }


def _maxpool(layer: Any, shape: Shape) -> Options:
    """The padding is that of both sides: with an even one as many before as behind, else one fewer."""
    _two_axes(shape)
    size, axes = _one(layer.kernels(2), "window"), layer.axes(shape)
    options = {"size": str(size), **_strides(tuple(axis.stride for axis in axes))}
    for padding in (size - 1, *{2 * axes[0].before, 2 * axes[0].before + 1}):
        fits = all(
            axis.before == padding // 2 and axis.outputs == (axis.size + padding - size) // axis.stride + 1
            for axis in axes
        )
        if fits:
            return options if padding == size - 1 else {**options, "padding": str(padding)}
    raise NotInDarknetError("a [maxpool] has half of its padding before, and this one has not")


def _upsample(layer: Any, shape: Shape) -> Options:
    _two_axes(shape)
    factors = layer.factor * (2 if len(layer.factor) == 1 else 1)
    if len(set(factors)) != 1 or factors[0] != int(factors[0]):
        raise NotInDarknetError("an [upsample] has one whole factor")
    return {"stride": str(int(factors[0]))}


def _blocks(layer: Any, _: Shape) -> Options:
    """[reorg3d] and [reorg] with `reverse`, which have the place before the channel."""
    if not layer.place_first:
        word = layer.word
        raise NotInDarknetError(f"its channels have another order; `{word} {layer.factor[0]} placefirst` has Darknet's")
    return {"stride": str(_one(layer.factor, "block")), **({"reverse": "1"} if layer.word == "depthtospace" else {})}


def _crop(layer: Any, shape: Shape) -> Options:
    _two_axes(shape)
    height, width = layer.output_shape((shape,)).spatial
    return {"crop_height": str(height), "crop_width": str(width), "noadjust": "1"}


def _softmax(_: Any, shape: Shape) -> Options:
    return {"spatial": "1"} if shape.rank and shape.spatial != (1, 1) else {}


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.9g}" for value in values)


def _anchors(layer: Any) -> Options:
    return {"anchors": _numbers(layer.anchors), "num": str(layer.boxes), "classes": str(layer.classes)}


def _yolo(layer: Any, _: Shape) -> Options:
    mask = ",".join(map(str, range(layer.boxes)))
    stretch = {"scale_x_y": f"{layer.stretch:.9g}"} if layer.stretch not in (None, 1) else {}
    return {"mask": mask, **_anchors(layer), **stretch}


def _region(layer: Any, _: Shape) -> Options:
    return {**_anchors(layer), "coords": "4", "softmax": str(int(layer.softmax))}


def _detection(layer: Any, _: Shape) -> Options:
    counts = {"side": layer.side, "num": layer.boxes, "classes": layer.classes, "coords": 4}
    return {key: str(int(value)) for key, value in {**counts, "softmax": layer.softmax, "sqrt": layer.sqrt}.items()}


SECTIONS: dict[str, Kind] = {
    "conv": Kind("convolutional", _convolution, activated=True),
    "dwconv": Kind("convolutional", _convolution, activated=True),
    "upconv": Kind("deconvolutional", _transposed, activated=True),
    "dense": Kind("connected", lambda layer, _: {"output": str(layer.units)}, activated=True),
    "local": Kind("local", _local, activated=True),
    "maxpool": Kind("maxpool", _maxpool),
    "gap": Kind("avgpool", lambda *_: {}),
    "upsample": Kind("upsample", _upsample),
    "spacetodepth": Kind("reorg3d", _blocks),
    "depthtospace": Kind("reorg", _blocks),
    "dropout": Kind("dropout", lambda layer, _: {"probability": f"{layer.rate:.9g}"}),
    "softmax": Kind("softmax", _softmax),
    "crop": Kind("crop", _crop),
    "bn": Kind("batchnorm", lambda *_: {}),
    "l2norm": Kind("l2norm", lambda *_: {}),
    "yolo": Kind("yolo", _yolo),
    "region": Kind("region", _region),
    "detection": Kind("detection", _detection),
}
"""The word of a layer of one input -> its section."""

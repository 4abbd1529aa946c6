"""Layers that are small modules above the net: LeNet-5's, unshared convolutions, the last lines of detectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.dialects.torch.writing.torch_axes import is_one_order
from cnncalc.dialects.torch.writing.torch_joins_written import for_each_image
from cnncalc.dialects.torch.writing.torch_saying import (
    NotInTorchError,
    Place,
    Said,
    Usual,
    alike,
    one,
    part,
    unless,
)
from cnncalc.dialects.written_code.literal_numbers import nested
from cnncalc.dialects.written_code.pieces import Argument, Made, Value
from cnncalc.geometry import Shape


def subsample(place: Place) -> Said:
    """LeNet-5's pool."""
    _refuse_pads(place)
    if place.rank != 2:
        raise NotInTorchError("it is written for maps of a height and a width", "write `sumpool`, `scale`, `shift`")
    return one(part("Subsample", place.shape.channels, alike(place.axes("kernel")), alike(place.axes("stride"))))


def _refuse_pads(place: Place) -> None:
    if any((*place.axes("before"), *place.axes("after"))) or place.call.numbers["ceil"]:
        raise NotInTorchError("it is written without rows around the map", "write a `pad` on the line before")


def _window(place: Place) -> dict[str, Value | Usual]:
    """The options of a convolution of our own."""
    before, after, fill = place.axes("before"), place.axes("after"), place.call.numbers["fill"]
    layer: Any = place.layer
    if place.rank != 2:
        raise NotInTorchError("it is written for maps of a height and a width", "write `conv`")
    if before != after or (fill != "zeros" and any(before)):
        raise NotInTorchError("it pads both sides of an axis with as many zeros", "write a `pad` on the line before")
    if set(place.axes("dilation")) != {1}:
        raise NotInTorchError("it is written without a dilation", "leave out `dilation`")
    return {
        "stride": unless(alike(place.axes("stride")), 1),
        "padding": unless(alike(before), 0),
        "bias": unless(layer.bias, True),
    }


def connected(place: Place) -> Said:
    """A table with a row for each filter."""
    seen = place.call.numbers["table"]
    channels = range(place.shape.channels)
    table = tuple(tuple(int(channel in row) for channel in channels) for row in seen)
    return one(part("ConnectedConv2d", table, place.axes("kernel"), **_window(place)))


def local(place: Place) -> Said:
    """Weights for each place."""
    sizes = (place.shape.channels, place.output.channels, place.output.spatial, place.axes("kernel"))
    return one(part("LocalConv2d", *sizes, **_window(place)))


def yolo(place: Place) -> Said:
    """With its anchors, which whoever draws boxes needs."""
    layer: Any = place.layer
    words = {"stretch": unless(layer.reach, 1.0), "sigmoid_sizes": unless(layer.style == "v5", False)}
    return one(part("Yolo", _anchors(layer), layer.class_count, **words))


def region(place: Place) -> Said:
    """The same of YOLOv2."""
    layer: Any = place.layer
    return one(part("Region", _anchors(layer), layer.class_count, softmax=unless(layer.softmax, True)))


def _anchors(layer: Any) -> tuple[float, ...]:
    return tuple(int(number) if number == int(number) else number for number in layer.anchors)


def detection(place: Place) -> Said:
    """Of YOLOv1."""
    layer: Any = place.layer
    words = {"softmax": unless(layer.softmax, False), "square_roots": unless(layer.sqrt, False)}
    return one(part("Detection", layer.side, layer.boxes, layer.classes, **words))


def attention(place: Place) -> Said:
    """PyTorch's, put to the places of maps."""
    layer: Any = place.layer
    query, keys, values = layer.sources(place.shapes)
    key, value = layer.sizes(query)
    if not key == value == query.channels / layer.heads:
        raise NotInTorchError("its heads share the channels evenly", "leave out `key` and `value`")
    words = {
        "bias": unless(layer.bias, True),
        "causal": unless(layer.causal, False),
        "kdim": None if keys.channels == query.channels else keys.channels,
        "vdim": None if values.channels == query.channels else values.channels,
    }
    made = part("Attention", query.channels, layer.heads, **words)
    names = [for_each_image(place, f"{{x{at}}}", at) for at in range(len(place.shapes))]
    return Said(f"{{m0}}({', '.join(names)})", (made,), (), (made,) if len(place.shapes) == 1 else ())


def learned(place: Place) -> Said:
    """A parameter, its axes in the order of its numbers."""
    layer: Any = place.layer
    is_second = layer.order == "channels_first" or not place.output.rank or is_one_order(place.output)
    sizes = place.output.sizes("channels_first" if is_second else "channels_last")
    zeros = Made("torch.zeros", tuple(Argument("", size) for size in sizes))
    return Said("{m0}" if is_second else "{m0}.movedim(-1, 0)", (Made("nn.Parameter", (Argument("", zeros),)),))


def constant(place: Place) -> Said:
    """Numbers that are no part of a state_dict."""
    layer: Any = place.layer
    sizes = (1, *place.output.sizes("channels_first"))
    if layer.numbers is None:
        made = Made("torch.full", (Argument("", sizes), Argument("", layer.value)))
    else:
        made = Made("torch.tensor", (Argument("", nested(in_order(layer, place.output), sizes)),))
    return Said("{m0}", (Made("nn.Buffer", (Argument("", made), Argument("persistent", False))),))


def in_order(layer: Any, shape: Shape) -> list[float]:
    """Stated numbers, the channels first."""
    values = [float(value) for value in layer.numbers.matrix.values()]
    if layer.order == "channels_first":
        return values
    return [value for channel in range(shape.channels) for value in values[channel :: shape.channels]]


def matmul(place: Place) -> Said:
    """Rows are the places of the last axis, columns the channels."""
    layer: Any = place.layer
    left, right = (
        f"{{x{at}}}.movedim(1, -1)" if one.rank > 1 else _row(at, one) for at, one in enumerate(place.shapes)
    )
    right = f"{right}.mT" if layer.transpose else right
    code = f"({left} @ {right})"
    if not place.output.rank:
        return Said(f"{code}.squeeze(1)")
    return Said(f"{code}.movedim(-1, 1)" if place.output.rank > 1 else f"{code}.mT")


def _row(at: int, shape: Shape) -> str:
    return f"{{x{at}}}.mT" if shape.rank else f"{{x{at}}}.unsqueeze(1)"


OWN_PARTS: Mapping[str, Callable[[Place], Said]] = {
    "subsample": subsample,
    "ConnectedConv": connected,
    "local": local,
    "yolo": yolo,
    "region": region,
    "detection": detection,
    "attention": attention,
    "learned": learned,
    "constant": constant,
    "matmul": matmul,
}
"""By layer word, or by the class of a variant."""

"""Slips with what kind of layer a line is, and in what order its sizes are; each asks the layer itself."""

from __future__ import annotations

from functools import partial
from math import prod

from cnncalc.geometry import Shape
from cnncalc.homework.slips.edits import (
    SHAPE,
    Learning,
    Slip,
    Touched,
    argument,
    arriving,
    asked_otherwise,
    has,
    is_pool,
    strides,
)
from cnncalc.homework.what_if import Asked, Inputs, Reshaped
from cnncalc.layers.base import Layer


def _other_direction(layer: Layer, inputs: Inputs) -> Asked | None:
    """A convolution for a transposed one; the other way round only where a stride makes the map smaller."""
    if layer.word not in ("conv", "upconv") or (layer.word == "conv" and set(strides(layer, inputs)) == {1}):
        return None
    if has(layer, "filter"):
        return _other_direction_of_a_filter(layer, inputs)
    if not has(layer, "filters", "groups"):
        return None
    from cnncalc.layers.conv import Conv
    from cnncalc.layers.upconv import UpConv

    names = ("filters", "kernel_size", "stride", "padding", "dilation", "groups", "bias")
    other = Conv if layer.word == "upconv" else UpConv
    return other(**{name: argument(layer, name) for name in names}), inputs


def _other_direction_of_a_filter(layer: Layer, inputs: Inputs) -> Asked:
    from cnncalc.layers.fixed import FilterConv, FilterUpConv

    other = FilterConv if layer.word == "upconv" else FilterUpConv
    names = ("filter", "stride", "padding", "dilation", "flip")
    return other(**{name: argument(layer, name) for name in names}), inputs


def _axes_exchanged(layer: Layer, inputs: Inputs) -> Asked | None:
    output = layer.output_shape(inputs)
    if len(set(output.spatial)) < 2:
        return None
    return Reshaped(layer, Shape(output.channels, output.spatial[::-1])), inputs


def _channels_between(layer: Layer, inputs: Inputs, *, turned: bool) -> Asked | None:
    """The channels between the sides of a picture, as in 28x6x28."""
    output = layer.output_shape(inputs)
    if output.rank != 2 or output.channels in output.spatial:
        return None
    first, last = output.spatial[::-1] if turned else output.spatial
    return Reshaped(layer, Shape(last, (first, output.channels))), inputs


def _kernel_axes_exchanged(layer: Layer, inputs: Inputs) -> Asked | None:
    arguments = {
        name: argument(layer, name)[::-1]
        for name in ("kernel_size", "stride")
        if has(layer, name) and isinstance(argument(layer, name), tuple)
    }
    return asked_otherwise(layer, inputs, **arguments) if arguments else None


def _pool_learns(
    layer: Layer, inputs: Inputs, *, bias: bool, every_channel: bool, shared: bool = False
) -> Asked | None:
    if not is_pool(layer):
        return None
    from cnncalc.layers.conv import Conv
    from cnncalc.layers.depthwise import DepthwiseConv

    names = ("kernel_size", "padding")
    options = {name: argument(layer, name) for name in names} | {"stride": strides(layer, inputs), "bias": bias}
    if every_channel:
        return Learning(layer, Conv(filters=inputs[0].channels, **options), inputs), inputs
    return Learning(layer, DepthwiseConv(**options), arriving(inputs, 1) if shared else inputs), inputs


def _pool_learns_like_a_subsample(layer: Layer, inputs: Inputs) -> Asked | None:
    """A weight and a bias for each channel, as LeNet-5 has them."""
    if not is_pool(layer):
        return None
    from cnncalc.layers.pool import Subsample

    options = {name: argument(layer, name) for name in ("kernel_size", "padding")}
    return Learning(layer, Subsample(**options, stride=strides(layer, inputs)), inputs), inputs


def _pool_with_channels(layer: Layer, inputs: Inputs, *, area: bool) -> Asked | None:
    if not is_pool(layer):
        return None
    output, rank = layer.output_shape(inputs), inputs[0].rank
    kernel = layer.kernels(rank) if hasattr(layer, "kernels") else (1,)
    fewer = output.channels // (prod(kernel) if area else kernel[0])
    return Reshaped(layer, Shape(max(1, fewer), output.spatial)), inputs


def _pool_to_one_channel(layer: Layer, inputs: Inputs) -> Asked | None:
    if not is_pool(layer) or inputs[0].channels == 1:
        return None
    return Reshaped(layer, Shape(1, layer.output_shape(inputs).spatial)), inputs


def _flattened(layer: Layer, inputs: Inputs, *, channels: bool) -> Asked | None:
    if layer.word != "flatten" or not inputs[0].rank:
        return None
    return Reshaped(layer, Shape(inputs[0].channels if channels else prod(inputs[0].spatial))), inputs


def _flattened_one_side(layer: Layer, inputs: Inputs, *, side: int) -> Asked | None:
    if layer.word != "flatten" or inputs[0].rank < 2:
        return None
    return Reshaped(layer, Shape(inputs[0].channels * inputs[0].spatial[side])), inputs


def _joined_otherwise(layer: Layer, inputs: Inputs) -> Asked | None:
    if layer.word == "concat":
        return Reshaped(layer, Shape(inputs[0].channels, layer.output_shape(inputs).spatial)), inputs
    if layer.word != "add":
        return None
    return Reshaped(layer, Shape(sum(shape.channels for shape in inputs), inputs[0].spatial)), inputs


def _as_many_outputs_as_inputs(layer: Layer, inputs: Inputs) -> Asked | None:
    """A dense layer that stands for maps of its input's size, each value of a map connected with every input."""
    if layer.word != "dense":
        return None
    size = inputs[0].channels
    return asked_otherwise(layer, inputs, units=-(-argument(layer, "units") // size) * size)


def _half_a_norm(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, shift=False) if layer.word == "bn" else None


WIDE: tuple[Touched, ...] = (*SHAPE, "values")

KIND_SLIPS: tuple[Slip, ...] = (
    Slip(
        "wrong-direction",
        "the formulas of a convolution and of a transposed convolution were exchanged",
        3,
        (_other_direction,),
        WIDE,
        "above",
    ),
    Slip(
        "axes-exchanged",
        "height and width were exchanged",
        4,
        (_axes_exchanged, _kernel_axes_exchanged),
        SHAPE,
        beats=("axes-in-another-order",),
    ),
    Slip(
        "axes-in-another-order",
        "the sizes were written in another order",
        4,
        (partial(_channels_between, turned=False), partial(_channels_between, turned=True)),
        ("size", "channels"),
    ),
    Slip(
        "pool-learns",
        "a pooling layer had something to learn",
        4,
        (
            partial(_pool_learns, bias=True, every_channel=True),
            partial(_pool_learns, bias=False, every_channel=True),
            partial(_pool_learns, bias=True, every_channel=False),
            partial(_pool_learns, bias=False, every_channel=False),
            _pool_learns_like_a_subsample,
            partial(_pool_learns, bias=True, every_channel=False, shared=True),
            partial(_pool_learns, bias=False, every_channel=False, shared=True),
        ),
        ("weights", "biases", "work"),
        "above",
    ),
    Slip(
        "pool-changes-channels",
        "pooling changed the number of channels",
        3,
        (
            partial(_pool_with_channels, area=False),
            partial(_pool_with_channels, area=True),
            _pool_to_one_channel,
        ),
        SHAPE,
    ),
    Slip(
        "flatten-incomplete",
        "not every size of the volume was used in the product",
        4,
        (
            partial(_flattened, channels=True),
            partial(_flattened, channels=False),
            partial(_flattened_one_side, side=-1),
            partial(_flattened_one_side, side=0),
        ),
        SHAPE,
        "above",
    ),
    Slip(
        "add-and-concat-exchanged",
        "adding maps and joining their channels were exchanged",
        4,
        (_joined_otherwise,),
        SHAPE,
        "above",
    ),
    Slip(
        "as-many-outputs-as-inputs",
        "the output was as large as the input",
        2,
        (_as_many_outputs_as_inputs,),
        ("channels", "weights", "biases", "work"),
    ),
    Slip(
        "norm-halved", "batch norm learned only one number for each channel", 3, (_half_a_norm,), ("weights", "biases")
    ),
)

"""Slips with the size of what a line hands on, or with what kind of layer it is; each asks the layer itself."""

from __future__ import annotations

from functools import partial
from math import prod

from cnncalc.geometry import SAME, VALID, Shape
from cnncalc.homework.slips.edits import (
    Learning,
    Slip,
    argument,
    arriving,
    asked_otherwise,
    explicit,
    has,
    is_pool,
    sides,
    sized,
    strides,
)
from cnncalc.homework.slips.on_weights import WEIGHT_SLIPS
from cnncalc.homework.what_if import Asked, Inputs, Reshaped
from cnncalc.layers.base import Layer


# ---------------------------------------------------------------------- padding and stride
def _padding_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    none = explicit([(0, 0)]) if layer.word in ("pad", "crop") else VALID
    return asked_otherwise(layer, inputs, padding=none) if sides(layer, inputs) else None


def _padding_once(layer: Layer, inputs: Inputs) -> Asked | None:
    pads = sides(layer, inputs)
    return asked_otherwise(layer, inputs, padding=explicit((before, 0) for before, _ in pads)) if pads else None


def _padding_after_once(layer: Layer, inputs: Inputs) -> Asked | None:
    pads = sides(layer, inputs)
    return asked_otherwise(layer, inputs, padding=explicit((0, after) for _, after in pads)) if pads else None


def _padding_twice(layer: Layer, inputs: Inputs) -> Asked | None:
    pads = explicit((2 * before, 2 * after) for before, after in sides(layer, inputs))
    return asked_otherwise(layer, inputs, padding=pads) if pads.sides else None


def _same_for_valid(layer: Layer, inputs: Inputs) -> Asked | None:
    if not has(layer, "padding") or not argument(layer, "padding").is_nothing:
        return None
    return asked_otherwise(layer, inputs, padding=SAME)


def _plus_one_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    steps = strides(layer, inputs)
    spatial = (n - step for n, step in zip(inputs[0].spatial, steps, strict=True)) if steps else ()
    return (layer, sized(inputs, spatial)) if steps else None


def _one_step_too_many(layer: Layer, inputs: Inputs) -> Asked | None:
    steps = strides(layer, inputs)
    spatial = (n + step for n, step in zip(inputs[0].spatial, steps, strict=True)) if steps else ()
    return (layer, sized(inputs, spatial)) if steps else None


def _rounded_up(layer: Layer, inputs: Inputs) -> Asked | None:
    """What rounding up makes is what stride - 1 more rows make."""
    steps = strides(layer, inputs)
    if not steps or argument(layer, "padding").keeps_size or (has(layer, "ceil") and argument(layer, "ceil")):
        return None
    return layer, sized(inputs, (n + step - 1 for n, step in zip(inputs[0].spatial, steps, strict=True)))


def _rounded_down(layer: Layer, inputs: Inputs) -> Asked | None:
    if has(layer, "ceil") and argument(layer, "ceil"):
        return asked_otherwise(layer, inputs, ceil=False)
    steps = strides(layer, inputs)
    if not steps or not argument(layer, "padding").keeps_size:
        return None
    return layer, sized(inputs, (n - n % step for n, step in zip(inputs[0].spatial, steps, strict=True)))


def _stride_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    return None if is_pool(layer) else asked_otherwise(layer, inputs, stride=(1,))


def _pool_stride_one(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, stride=(1,)) if is_pool(layer) else None


def _stride_of_the_window(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, stride=None) if is_pool(layer) else None


def _dilation_off(layer: Layer, inputs: Inputs, by: int) -> Asked | None:
    spread = argument(layer, "dilation") if has(layer, "dilation") else (1,)
    if max(spread) == 1:
        return None
    return asked_otherwise(layer, inputs, dilation=tuple(max(1, d + by) for d in spread))


def _dilation_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, dilation=(1,))


def _output_padding_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, output_padding=None)


# ---------------------------------------------------------------------- another layer
def _other_direction(layer: Layer, inputs: Inputs) -> Asked | None:
    """A convolution for a transposed one, and the other way round."""
    if layer.word not in ("conv", "upconv") or not has(layer, "filters", "groups"):
        return None
    from cnncalc.layers.conv import Conv
    from cnncalc.layers.upconv import UpConv

    names = ("filters", "kernel_size", "stride", "padding", "dilation", "groups", "bias")
    other = Conv if layer.word == "upconv" else UpConv
    return other(**{name: argument(layer, name) for name in names}), inputs


def _axes_exchanged(layer: Layer, inputs: Inputs) -> Asked | None:
    output = layer.output_shape(inputs)
    if len(set(output.spatial)) < 2:
        return None
    return Reshaped(layer, Shape(output.channels, output.spatial[::-1])), inputs


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


def _flattened_one_side(layer: Layer, inputs: Inputs) -> Asked | None:
    if layer.word != "flatten" or inputs[0].rank < 2:
        return None
    return Reshaped(layer, Shape(inputs[0].channels * inputs[0].width)), inputs


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


LAYER_SLIPS: tuple[Slip, ...] = (
    *WEIGHT_SLIPS,
    Slip("padding-forgotten", "the padding was left out", (_padding_forgotten,)),
    Slip("padding-once", "the padding was counted on one side only", (_padding_once, _padding_after_once)),
    Slip("padding-twice", "the padding was counted twice", (_padding_twice,)),
    Slip("same-for-valid", "the layer padded its input (same instead of valid)", (_same_for_valid,)),
    Slip("plus-one-forgotten", "the +1 at the end of the formula was left out", (_plus_one_forgotten,)),
    Slip("one-step-too-many", "the window made one step too many", (_one_step_too_many,)),
    Slip("rounded-up", "the division was rounded up", (_rounded_up,)),
    Slip("rounded-down", "the division was rounded down", (_rounded_down,)),
    Slip("stride-forgotten", "the stride was left out", (_stride_forgotten,)),
    Slip("pool-stride-one", "the pooling window moved by one pixel", (_pool_stride_one,)),
    Slip("stride-of-window", "the window moved by its own size", (_stride_of_the_window,)),
    Slip("dilation-forgotten", "the dilation was left out", (_dilation_forgotten,)),
    Slip(
        "dilation-off-by-one",
        "the dilation was one off (a kernel without gaps has dilation 1)",
        (partial(_dilation_off, by=1), partial(_dilation_off, by=-1)),
    ),
    Slip("output-padding-forgotten", "the output padding was left out", (_output_padding_forgotten,)),
    Slip(
        "wrong-direction",
        "the formulas of a convolution and of a transposed convolution were exchanged",
        (_other_direction,),
    ),
    Slip("axes-exchanged", "height and width were exchanged", (_axes_exchanged, _kernel_axes_exchanged)),
    Slip(
        "pool-learns",
        "a pooling layer had something to learn",
        (
            partial(_pool_learns, bias=True, every_channel=True),
            partial(_pool_learns, bias=False, every_channel=True),
            partial(_pool_learns, bias=True, every_channel=False),
            partial(_pool_learns, bias=False, every_channel=False),
            partial(_pool_learns, bias=True, every_channel=False, shared=True),
            partial(_pool_learns, bias=False, every_channel=False, shared=True),
        ),
    ),
    Slip(
        "pool-changes-channels",
        "pooling changed the number of channels",
        (
            partial(_pool_with_channels, area=False),
            partial(_pool_with_channels, area=True),
            _pool_to_one_channel,
        ),
    ),
    Slip(
        "flatten-incomplete",
        "not every size of the volume was used in the product",
        (
            partial(_flattened, channels=True),
            partial(_flattened, channels=False),
            _flattened_one_side,
        ),
    ),
    Slip("add-and-concat-exchanged", "adding maps and joining their channels were exchanged", (_joined_otherwise,)),
    Slip("as-many-outputs-as-inputs", "the output was as large as the input", (_as_many_outputs_as_inputs,)),
    Slip("norm-halved", "batch norm learned only one number for each channel", (_half_a_norm,)),
)
"""Every slip that is made on one line by asking its layer differently."""

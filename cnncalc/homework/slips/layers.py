"""Slips made on one line: the depth forgotten, a padding counted once, a bias too few; each asks the layer itself."""

from __future__ import annotations

from functools import partial
from math import prod

from cnncalc.geometry import SAME, VALID, Shape
from cnncalc.homework.retelling import Asked, Inputs, Reshaped
from cnncalc.homework.slips.base import (
    Learning,
    Rebiased,
    Slip,
    Weighed,
    argument,
    arriving,
    asked_otherwise,
    changed,
    explicit,
    freed,
    has,
    is_convolution,
    is_pool,
    sides,
    sized,
    strides,
)
from cnncalc.layers.base import Layer


# ---------------------------------------------------------------------- the depth of the input
def _depth_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    if not is_convolution(layer) or inputs[0].channels == 1:
        return None
    return freed(changed(layer, groups=1) if has(layer, "groups") else layer), arriving(inputs, 1)


def _depth_and_bias_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    found = _depth_forgotten(layer, inputs)
    return found and asked_otherwise(*found, bias=False)


def _depth_forgotten_one_bias(layer: Layer, inputs: Inputs) -> Asked | None:
    found = _depth_forgotten(layer, inputs)
    return found and _one_bias(*found)


def _output_depth_taken(layer: Layer, inputs: Inputs) -> Asked | None:
    if not is_convolution(layer) or argument(layer, "filters") == inputs[0].channels:
        return None
    return freed(layer), arriving(inputs, argument(layer, "filters"))


def _depth_kept(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, filters=inputs[0].channels)


def _digits_multiplied(layer: Layer, inputs: Inputs) -> Asked | None:
    digits = prod(map(int, str(inputs[0].channels)))
    if not is_convolution(layer) or inputs[0].channels < 10 or digits == 0:
        return None
    return freed(layer), arriving(inputs, digits)


# ---------------------------------------------------------------------- the filters
def _kernel_and_filters_exchanged(layer: Layer, inputs: Inputs) -> Asked | None:
    if not is_convolution(layer) or len(set(argument(layer, "kernel_size"))) > 1:
        return None
    return asked_otherwise(
        layer, inputs, filters=argument(layer, "kernel_size")[0], kernel_size=(argument(layer, "filters"),)
    )


def _exchanged_though_too_large(layer: Layer, inputs: Inputs) -> Asked | None:
    """The parameters alone: a kernel as large as there are filters seldom fits the image."""
    found = _kernel_and_filters_exchanged(layer, inputs)
    return found and (Weighed(layer, *found), inputs)


def _one_filter(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, filters=1) if is_convolution(layer) else None


def _one_axis_of_the_kernel(layer: Layer, inputs: Inputs) -> Asked | None:
    rank = inputs[0].rank
    if rank < 2 or not has(layer, "kernel_size", "bias") or not hasattr(layer, "kernels"):
        return None
    kernel = layer.kernels(rank)
    if kernel[-1] == 1:
        return None
    return Weighed(layer, changed(layer, kernel_size=(*kernel[:-1], 1)), inputs), inputs


def _other_kernel(layer: Layer, inputs: Inputs, size: int) -> Asked | None:
    if not (is_convolution(layer) or is_pool(layer)) or not has(layer, "kernel_size"):
        return None
    return asked_otherwise(layer, inputs, kernel_size=(size,))


def _not_shared(layer: Layer, inputs: Inputs) -> Asked | None:
    if layer.word != "conv" or not has(layer, "filters", "groups") or argument(layer, "groups") > 1:
        return None
    from cnncalc.layers.local import Local

    names = ("filters", "kernel_size", "stride", "padding", "fill", "bias")
    return Local(**{name: argument(layer, name) for name in names}), inputs


def _groups_ignored(layer: Layer, inputs: Inputs) -> Asked | None:
    if layer.word != "dwconv":
        return asked_otherwise(layer, inputs, groups=1)
    from cnncalc.layers.conv import Conv

    names = ("kernel_size", "stride", "padding", "dilation", "fill", "bias")
    filters = inputs[0].channels * argument(layer, "multiplier")
    return Conv(filters=filters, **{name: argument(layer, name) for name in names}), inputs


# ---------------------------------------------------------------------- the biases
def _bias_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, bias=False) if has(layer, "bias_given") or is_convolution(layer) else None


def _bias_added(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, bias=True) if has(layer, "bias_given") or is_convolution(layer) else None


def _has_bias(layer: Layer) -> bool:
    return (has(layer, "bias_given") or is_convolution(layer)) and argument(layer, "bias") is True


def _one_bias(layer: Layer, inputs: Inputs) -> Asked | None:
    return (Rebiased(layer, (("layer", 1),)), inputs) if _has_bias(layer) else None


def _bias_per_channel(layer: Layer, inputs: Inputs) -> Asked | None:
    return (Rebiased(layer, (("channels", inputs[0].channels),)), inputs) if _has_bias(layer) else None


def _bias_per_kernel(layer: Layer, inputs: Inputs) -> Asked | None:
    if not _has_bias(layer) or not has(layer, "filters"):
        return None
    axes = (("filters", argument(layer, "filters")), ("channels", inputs[0].channels))
    return Rebiased(layer, axes), inputs


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
    if not has(layer, "padding") or argument(layer, "padding") != VALID:
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
    if not steps or argument(layer, "padding").mode == "same" or (has(layer, "ceil") and argument(layer, "ceil")):
        return None
    return layer, sized(inputs, (n + step - 1 for n, step in zip(inputs[0].spatial, steps, strict=True)))


def _rounded_down(layer: Layer, inputs: Inputs) -> Asked | None:
    if has(layer, "ceil") and argument(layer, "ceil"):
        return asked_otherwise(layer, inputs, ceil=False)
    steps = strides(layer, inputs)
    if not steps or argument(layer, "padding").mode != "same":
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
    return asked_otherwise(layer, inputs, output_padding=(0,))


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
    Slip("depth-forgotten", "each filter had only one channel", (_depth_forgotten,)),
    Slip(
        "depth-and-bias-forgotten",
        "each filter had only one channel, and the biases were left out",
        (_depth_and_bias_forgotten,),
    ),
    Slip(
        "depth-forgotten-one-bias",
        "each filter had only one channel, and the whole layer shared one bias",
        (_depth_forgotten_one_bias,),
    ),
    Slip("output-depth-for-input-depth", "each filter were as deep as there are filters", (_output_depth_taken,)),
    Slip("depth-kept", "the layer had as many filters as channels arrive", (_depth_kept,)),
    Slip("depth-digits-multiplied", "the digits of the input's depth were multiplied", (_digits_multiplied,)),
    Slip(
        "kernel-and-filters-exchanged",
        "the size of the kernel and the number of filters were exchanged",
        (_kernel_and_filters_exchanged, _exchanged_though_too_large),
    ),
    Slip("one-filter", "the layer had a single filter", (_one_filter,)),
    Slip("kernel-one-axis", "the kernel were counted along one axis only", (_one_axis_of_the_kernel,)),
    Slip(
        "another-kernel-size",
        "the window had another size",
        tuple(partial(_other_kernel, size=size) for size in (1, 2, 3, 4, 5, 7, 9, 11)),
    ),
    Slip("weights-not-shared", "every position had weights of its own", (_not_shared,)),
    Slip("groups-ignored", "every filter saw all channels, as without groups", (_groups_ignored,)),
    Slip("bias-forgotten", "the biases were left out", (_bias_forgotten,)),
    Slip("bias-added", "biases were counted on a line that has none", (_bias_added,)),
    Slip("one-bias", "the whole layer shared one bias", (_one_bias,)),
    Slip("bias-per-input-channel", "every input channel had a bias", (_bias_per_kernel, _bias_per_channel)),
    Slip("padding-forgotten", "the padding were left out", (_padding_forgotten,)),
    Slip("padding-once", "the padding were counted on one side only", (_padding_once, _padding_after_once)),
    Slip("padding-twice", "the padding were counted twice", (_padding_twice,)),
    Slip("same-for-valid", "the layer padded its input (same instead of valid)", (_same_for_valid,)),
    Slip("plus-one-forgotten", "the +1 at the end of the formula were left out", (_plus_one_forgotten,)),
    Slip("one-step-too-many", "the window made one step too many", (_one_step_too_many,)),
    Slip("rounded-up", "the division were rounded up", (_rounded_up,)),
    Slip("rounded-down", "the division were rounded down", (_rounded_down,)),
    Slip("stride-forgotten", "the stride were left out", (_stride_forgotten,)),
    Slip("pool-stride-one", "the pooling window moved by one", (_pool_stride_one,)),
    Slip("stride-of-window", "the window moved by its own size", (_stride_of_the_window,)),
    Slip("dilation-forgotten", "the dilation were left out", (_dilation_forgotten,)),
    Slip(
        "dilation-off-by-one",
        "the dilation were counted from another start (a contiguous kernel has dilation 1)",
        (partial(_dilation_off, by=1), partial(_dilation_off, by=-1)),
    ),
    Slip("output-padding-forgotten", "the output padding were left out", (_output_padding_forgotten,)),
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
        "not every size of the volume were multiplied",
        (
            partial(_flattened, channels=True),
            partial(_flattened, channels=False),
            _flattened_one_side,
        ),
    ),
    Slip("add-and-concat-exchanged", "adding and joining channels were exchanged", (_joined_otherwise,)),
    Slip("as-many-outputs-as-inputs", "the maps were as large as what arrives", (_as_many_outputs_as_inputs,)),
    Slip("norm-halved", "batch norm learned one number a channel", (_half_a_norm,)),
)

"""Slips with what a line learns: the depth of its input, its filters, its biases; each asks the layer itself."""

from __future__ import annotations

from functools import partial
from math import prod

from cnncalc.homework.slips.edits import (
    Rebiased,
    Slip,
    Weighed,
    argument,
    arriving,
    asked_otherwise,
    changed,
    freed,
    has,
    is_convolution,
    is_pool,
)
from cnncalc.homework.what_if import Asked, Inputs
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
    if max(argument(layer, "dilation")) > 1:
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


WEIGHT_SLIPS: tuple[Slip, ...] = (
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
    Slip(
        "output-depth-for-input-depth", "each filter had as many channels as there are filters", (_output_depth_taken,)
    ),
    Slip("depth-kept", "the layer had as many filters as its input has channels", (_depth_kept,)),
    Slip("depth-digits-multiplied", "the digits of the input's depth were multiplied", (_digits_multiplied,)),
    Slip(
        "kernel-and-filters-exchanged",
        "the size of the kernel and the number of filters were exchanged",
        (_kernel_and_filters_exchanged, _exchanged_though_too_large),
    ),
    Slip("one-filter", "the layer had a single filter", (_one_filter,)),
    Slip("kernel-one-axis", "the kernel was counted along one axis only", (_one_axis_of_the_kernel,)),
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
)

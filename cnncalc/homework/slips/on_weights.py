"""Slips with what a line learns: the depth of its input, its filters, its biases; each asks the layer itself."""

from __future__ import annotations

from functools import partial
from math import prod

from cnncalc.homework.slips.edits import (
    SHAPE,
    Argued,
    Rebiased,
    Reweighed,
    Slip,
    Touched,
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


def _table_ignored(layer: Layer, inputs: Inputs) -> Asked | None:
    if not has(layer, "connect"):
        return None
    from cnncalc.layers.conv import Conv

    names = ("filters", "kernel_size", "stride", "padding", "fill", "bias")
    return Conv(**{name: argument(layer, name) for name in names}), inputs


def _other_filters(layer: Layer, inputs: Inputs, count: int) -> Asked | None:
    name = "units" if layer.word == "dense" else "filters"
    return asked_otherwise(layer, inputs, **{name: count}) if is_convolution(layer) or has(layer, "units") else None


def _sizes_added(layer: Layer, inputs: Inputs, *, biased: bool) -> Asked | None:
    """inputs + units: the two axes of the weights end to end; with one unit that would be a bias."""
    if layer.word != "dense" or argument(layer, "units") == 1:
        return None
    return Reweighed(layer, (("inputs and units", inputs[0].channels + argument(layer, "units")),), biased), inputs


def _sizes_added_one_bias(layer: Layer, inputs: Inputs) -> Asked | None:
    found = _sizes_added(layer, inputs, biased=False)
    return found and (Rebiased(found[0], (("layer", 1),)), inputs) if _has_bias(layer) else None


def of_depth(layer: Layer, inputs: Inputs, channels: int) -> Asked | None:
    """A convolution that is given so many channels."""
    if not is_convolution(layer) or inputs[0].channels == channels:
        return None
    return freed(layer), arriving(inputs, channels)


# ---------------------------------------------------------------------- LeNet-5's pools, which learn
def _is_subsample(layer: Layer) -> bool:
    return layer.word == "subsample"


def _subsample_learns_nothing(layer: Layer, inputs: Inputs) -> Asked | None:
    from cnncalc.layers.pool import SumPool

    names = ("kernel_size", "stride", "padding", "dilation", "ceil")
    return (SumPool(**{name: argument(layer, name) for name in names}), inputs) if _is_subsample(layer) else None


def _subsample_like_a_convolution(layer: Layer, inputs: Inputs, *, bias: bool) -> Asked | None:
    if not _is_subsample(layer):
        return None
    from cnncalc.layers.depthwise import DepthwiseConv

    own = {name: argument(layer, name) for name in ("kernel_size", "padding")}
    return DepthwiseConv(**own, stride=layer.strides(inputs[0].rank), bias=bias), inputs  # type: ignore[attr-defined]


def _subsample_without_bias(layer: Layer, inputs: Inputs) -> Asked | None:
    """One coefficient a channel; of the connections those to the window alone."""
    found = _subsample_like_a_convolution(layer, inputs, bias=False)
    return found and (Reweighed(found[0], (("channels", inputs[0].channels),)), inputs)


# ---------------------------------------------------------------------- the biases
def _bias_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    if _is_subsample(layer):
        return _subsample_without_bias(layer, inputs)
    has_biases = has(layer, "bias_given") or has(layer, "connect") or is_convolution(layer)
    return asked_otherwise(layer, inputs, bias=False) if has_biases else None


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


USUAL = (2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128, 256)
"""Numbers of filters and of units that are written often."""

DEPTH: tuple[Touched, ...] = ("weights", "work", "channels")
LEARNED: tuple[Touched, ...] = ("weights", "biases")

WEIGHT_SLIPS: tuple[Slip, ...] = (
    Slip(
        "depth-forgotten",
        "each filter had only one channel",
        5,
        (_depth_forgotten,),
        ("weights", "work"),
        "above",
        beats=("picture-depth-taken", "depth-and-bias-forgotten", "depth-forgotten-one-bias"),
    ),
    Slip(
        "depth-and-bias-forgotten",
        "each filter had only one channel, and the biases were left out",
        3,
        (_depth_and_bias_forgotten,),
        ("biases",),
        "above",
    ),
    Slip(
        "depth-forgotten-one-bias",
        "each filter had only one channel, and the whole layer shared one bias",
        2,
        (_depth_forgotten_one_bias,),
        ("biases",),
        "above",
    ),
    Slip(
        "output-depth-for-input-depth",
        "each filter had as many channels as there are filters",
        4,
        (_output_depth_taken,),
        ("weights", "work"),
    ),
    Slip("depth-kept", "the layer had as many filters as its input has channels", 3, (_depth_kept,), DEPTH, "above"),
    Slip(
        "depth-digits-multiplied",
        "the digits of the input's depth were multiplied",
        1,
        (_digits_multiplied,),
        ("weights", "work"),
    ),
    Slip(
        "kernel-and-filters-exchanged",
        "the size of the kernel and the number of filters were exchanged",
        3,
        (_kernel_and_filters_exchanged, _exchanged_though_too_large),
        (*SHAPE, "biases"),
        "above",
    ),
    Slip("one-filter", "the layer had a single filter", 3, (_one_filter,), (*DEPTH, "biases")),
    Slip(
        "another-filter-count",
        "the layer had another number of filters or units",
        2,
        tuple(Argued(partial(_other_filters, count=count), f"{count} filters or units") for count in USUAL),
        (*DEPTH, "biases"),
        vague=True,
    ),
    Slip("kernel-one-axis", "the kernel was counted along one axis only", 3, (_one_axis_of_the_kernel,), ("weights",)),
    Slip(
        "another-kernel-size",
        "the window had another size",
        2,
        tuple(
            Argued(partial(_other_kernel, size=size), f"a window of {size}x{size}")
            for size in (1, 2, 3, 4, 5, 7, 9, 11)
        ),
        SHAPE,
        vague=True,
    ),
    Slip("weights-not-shared", "every position had weights of its own", 3, (_not_shared,), LEARNED),
    Slip(
        "groups-ignored",
        "every filter saw all channels, as without groups",
        4,
        (_groups_ignored,),
        ("weights", "work"),
        "above",
        beats=("channels-twice",),
    ),
    Slip(
        "table-ignored",
        "every filter saw all channels, as without the table of connections",
        4,
        (_table_ignored,),
        ("weights", "work"),
        "above",
    ),
    Slip(
        "added-for-multiplied",
        "the numbers of inputs and of units were added, not multiplied",
        2,
        (partial(_sizes_added, biased=True), partial(_sizes_added, biased=False), _sizes_added_one_bias),
        LEARNED,
        "above",
    ),
    Slip(
        "pool-without-parameters",
        "a pooling layer that learns was counted as one that does not",
        4,
        (_subsample_learns_nothing,),
        (*LEARNED, "work"),
        "above",
    ),
    Slip(
        "pool-weight-at-each-place",
        "every place of the pooling window had a weight of its own",
        3,
        (partial(_subsample_like_a_convolution, bias=True), partial(_subsample_like_a_convolution, bias=False)),
        LEARNED,
        "above",
    ),
    Slip(
        "bias-forgotten",
        "the biases were left out",
        5,
        (_bias_forgotten,),
        ("biases", "values"),
        "above",
        beats=("depth-and-bias-forgotten",),
    ),
    Slip("bias-added", "biases were counted on a line that has none", 4, (_bias_added,), ("biases",), "above"),
    Slip(
        "one-bias",
        "the whole layer shared one bias",
        4,
        (_one_bias,),
        ("biases",),
        "above",
        beats=("depth-forgotten-one-bias",),
    ),
    Slip(
        "bias-per-input-channel",
        "every input channel had a bias",
        3,
        (_bias_per_kernel, _bias_per_channel),
        ("biases",),
        "above",
    ),
)

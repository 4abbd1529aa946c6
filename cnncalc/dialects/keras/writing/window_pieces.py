"""Convolutions and pools as Keras' layers; what Keras' own padding does not say is a ZeroPadding layer before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.keras.writing.keras_initializers import initializer
from cnncalc.dialects.keras.writing.keras_operation import (
    Given,
    KerasOperation,
    Usual,
    keras_layer,
    own_layer,
    shortest,
    sides_value,
    unless,
)
from cnncalc.dialects.written_code.pieces import Made, Piece, Value
from cnncalc.geometry import Padding, Pads, extent, output_size, same_pads, transposed_pads
from cnncalc.graph.never_negative import is_never_negative
from cnncalc.layers.sliding import Axis

ACTIVE: Mapping[str, Given] = {"activation": Usual(None)}
"""A layer that may be given an activation later."""


def padded(here: KerasOperation) -> tuple[tuple[Made, ...], Given]:
    """What pads the map before the layer, and the layer's own `padding`."""
    pads = _pads(here)
    if not any(map(any, pads)):
        return (), Usual("valid")
    if getattr(here.layer, "fill", "zeros") != "zeros":
        return (own_layer("Padding", _pairs(pads), mode=here.layer.fill),), Usual("valid")
    if _is_same(here.layer.axes(here.shape)):
        return (), "same"
    return (keras_layer(f"ZeroPadding{here.rank}D", sides_value(pads)),), Usual("valid")


def _pads(here: KerasOperation) -> Pads:
    return tuple((axis.before, axis.after) for axis in here.layer.axes(here.shape))


def _pairs(pads: Pads) -> Value:
    return tuple(tuple(pair) for pair in pads)


def _is_same(axes: tuple[Axis, ...]) -> bool:
    return all(same_pads(a.size, a.kernel, a.stride, a.dilation) == (a.before, a.after) for a in axes)


def convolution(here: KerasOperation) -> Piece:
    """Conv1D, Conv2D, Conv3D."""
    layer = here.layer
    _refuse_flip(here)
    before, padding = padded(here)
    if here.rank == 1 and layer.padding.mode == "causal" and layer.fill == "zeros" and padding != "same" and before:
        before, padding = (), "causal"
    made = keras_layer(
        f"Conv{here.rank}D",
        layer.filters,
        shortest(layer.kernels(here.rank)),
        **_window(here, padding),
        groups=unless(layer.groups, 1),
        **ACTIVE,
        use_bias=unless(layer.bias, True),
        kernel_initializer=initializer(here),
        bias_initializer=initializer(here, "bias"),
    )
    return here.chain(*before, made)


def depthwise(here: KerasOperation) -> Piece:
    """DepthwiseConv1D and 2D; in three dimensions a Conv3D with as many groups as channels."""
    layer, channels = here.layer, here.shape.channels
    _refuse_flip(here)
    before, padding = padded(here)
    window, active = _window(here, padding), {**ACTIVE, "use_bias": unless(layer.bias, True)}
    active["bias_initializer"] = initializer(here, "bias")
    sizes = layer.kernels(here.rank)
    kernel = shortest(sizes)
    strides = layer.strides(here.rank)
    if here.rank == 3 or len(set(strides)) > 1:
        filters = channels * layer.multiplier
        made = keras_layer(
            f"Conv{here.rank}D",
            filters,
            kernel,
            **window,
            groups=unless(channels, 1),
            **active,
            kernel_initializer=initializer(here, sizes=(filters, 1, *sizes)),
        )
    else:
        multiplier = unless(layer.multiplier, 1)
        made = keras_layer(
            f"DepthwiseConv{here.rank}D",
            kernel,
            depth_multiplier=multiplier,
            **window,
            **active,
            depthwise_initializer=initializer(here, sizes=(layer.multiplier, channels, *sizes), turned=True),
        )
    return here.chain(*before, made)


def separable(here: KerasOperation) -> Piece:
    """SeparableConv1D and 2D; in three dimensions the two convolutions that it is."""
    layer, channels = here.layer, here.shape.channels
    before, padding = padded(here)
    window, bias = _window(here, padding), unless(layer.bias, True)
    kernel = shortest(layer.kernels(here.rank))
    if here.rank == 3 or len(set(layer.strides(here.rank))) > 1:
        middle = channels * layer.multiplier
        first = keras_layer(f"Conv{here.rank}D", middle, kernel, **window, groups=unless(channels, 1), use_bias=False)
        return here.chain(*before, first, keras_layer(f"Conv{here.rank}D", layer.filters, 1, **ACTIVE, use_bias=bias))
    multiplier = unless(layer.multiplier, 1)
    made = keras_layer(
        f"SeparableConv{here.rank}D",
        layer.filters,
        kernel,
        depth_multiplier=multiplier,
        **window,
        **ACTIVE,
        use_bias=bias,
    )
    return here.chain(*before, made)


def _window(here: KerasOperation, padding: Given) -> Mapping[str, Given]:
    strides, dilation = here.layer.strides(here.rank), here.layer.dilations(here.rank)
    if max(strides) > 1 and max(dilation) > 1:
        raise here.refuse(
            "Keras has no convolution with both a stride and a dilation",
            "write the convolution without its stride, and a `maxpool 1x1` with that stride after it",
        )
    return {
        "strides": unless(shortest(strides), 1),
        "padding": padding,
        "dilation_rate": unless(shortest(dilation), 1),
    }


def _refuse_flip(here: KerasOperation) -> None:
    if here.layer.flip:
        raise here.refuse("Keras does not turn a kernel", "leave out `flip`, and turn the weights by 180 degrees")


# ---------------------------------------------------------------------- transposed
def transposed(here: KerasOperation) -> Piece:
    """Conv1DTranspose, 2D and 3D; rows that Keras' words do not cut off are cut by a Cropping layer."""
    layer = here.layer
    _refuse_flip(here)
    axes = layer.axes(here.shape)
    rows = [(axis.before, axis.after, axis.extra) for axis in axes]
    spans = [(axis.kernel, axis.stride, axis.dilation) for axis in axes]
    name = f"Conv{here.rank}DTranspose" if layer.groups == 1 else "GroupedConvTranspose"
    make = keras_layer if layer.groups == 1 else own_layer
    if max(axis.stride for axis in axes) > 1 and max(axis.dilation for axis in axes) > 1:
        raise here.refuse("Keras has no transposed convolution with both a stride and a dilation")
    words: dict[str, Given] = {
        "strides": unless(shortest(tuple(axis.stride for axis in axes)), 1),
        "dilation_rate": unless(shortest(tuple(axis.dilation for axis in axes)), 1),
        "groups": None if layer.groups == 1 else layer.groups,
        "use_bias": unless(layer.bias, True),
        "kernel_initializer": initializer(here),
        "bias_initializer": initializer(here, "bias"),
    }
    active = ACTIVE if layer.groups == 1 else {}
    sizes = tuple(axis.kernel for axis in axes)
    kernel = shortest(sizes) if layer.groups == 1 else sizes
    for mode in ("valid", "same"):
        if [transposed_pads(Padding(mode), *span) for span in spans] == rows:
            return here.chain(make(name, layer.filters, kernel, padding=unless(mode, "valid"), **words, **active))
    plain = [transposed_pads(Padding("valid"), *span)[2] for span in spans]
    cut = tuple((before, after + more - extra) for (before, after, extra), more in zip(rows, plain, strict=True))
    whole = make(name, layer.filters, kernel, padding=Usual("valid"), **words)
    if all(one >= 0 for pair in cut for one in pair):
        return here.chain(whole, keras_layer(f"Cropping{here.rank}D", sides_value(cut)))
    raise here.refuse(
        "Keras' transposed convolutions add no rows of their own at the end",
        "write `same`, or leave out output_padding and write a `pad` line after it",
    )


# ---------------------------------------------------------------------- pools
def max_pool(here: KerasOperation) -> Piece:
    """MaxPooling; a pad of zeros before it where all that arrives is 0 or more, else one of minus infinity."""
    return _pool(here, "MaxPooling", pad="" if is_never_negative(here.graph, here.node.inputs[0]) else "-inf")


def average_pool(here: KerasOperation) -> Piece:
    """AveragePooling; pads that count in the mean are a ZeroPadding layer before it.

    Where `same` adds an odd row, Keras 3.15 counts it in the mean on PyTorch, and leaves it out on TensorFlow: there a
    layer of the program says which is meant.
    """
    return _pool(here, "AveragePooling", pad="" if here.layer.countpad else "uncounted")


def other_pool(here: KerasOperation) -> Piece:
    """Sums, lengths, and LeNet's subsampling: layers of the program."""
    return _own_pool(
        here, {"sumpool": "SumPooling", "l2pool": "L2Pooling", "subsample": "Subsampling"}[here.layer.word]
    )


def _own_pool(here: KerasOperation, name: str, **others: Given) -> Piece:
    """A pool of the program, which has rows around the map of its own."""
    _refuse_dilated(here)
    axes = here.layer.axes(here.shape)
    padding = tuple((axis.before, min(axis.after, _rows_after(axis))) for axis in axes)
    rest = tuple(_rows_after(axis) - after for axis, (_, after) in zip(axes, padding, strict=True))
    pool, strides = (tuple(getattr(axis, name) for axis in axes) for name in ("kernel", "stride"))
    return here.chain(own_layer(name, pool, strides, padding, rest=rest if any(rest) else Usual(0), **others))


def _pool(here: KerasOperation, name: str, pad: str) -> Piece:
    _refuse_dilated(here)
    axes = here.layer.axes(here.shape)
    pool, strides = _sizes(axes)
    pads = tuple((axis.before, _rows_after(axis)) for axis in axes)
    window: dict[str, Given] = {"strides": strides, "padding": Usual("valid")}
    plain = keras_layer(f"{name}{here.rank}D", pool, **window)
    if not any(map(any, pads)):
        return here.chain(plain)
    if name == "MaxPooling" or pad == "uncounted":
        read = [(axis.before, _reached(axis)) for axis in axes]
        is_same = read == [same_pads(axis.size, axis.kernel, axis.stride) for axis in axes]
        if is_same and (name == "MaxPooling" or all(before == after for before, after in read)):
            return here.chain(keras_layer(f"{name}{here.rank}D", pool, **{**window, "padding": "same"}))
    if pad or (name == "AveragePooling" and any(_rows_after(axis) > axis.after for axis in axes)):
        counted = {} if name == "MaxPooling" else {"counted": unless(here.layer.countpad, False)}
        return _own_pool(here, f"Padded{name}", **counted)
    return here.chain(keras_layer(f"ZeroPadding{here.rank}D", sides_value(pads)), plain)


def _sizes(axes: tuple[Axis, ...]) -> tuple[Value, Given]:
    """The size of a window, and its stride where that is another."""
    pool, stride = (shortest(tuple(getattr(axis, name) for axis in axes)) for name in ("kernel", "stride"))
    return pool, unless(stride, pool)


def _reached(axis: Axis) -> int:
    """The rows behind the map that windows reach, those of a last one that begins inside among them."""
    last = (axis.outputs - 1) * axis.stride + extent(axis.kernel, axis.dilation) - axis.size - axis.before
    return max(last, 0)


def _rows_after(axis: Axis) -> int:
    """The rows behind the map: those that are asked for, as far as they make no window more, or as many as are read."""
    whole = output_size(axis.size, axis.kernel, axis.stride, (axis.before, axis.after), axis.dilation)
    return axis.after if whole == axis.outputs else _reached(axis)


def _refuse_dilated(here: KerasOperation) -> None:
    if any(axis.dilation > 1 and axis.kernel > 1 for axis in here.layer.axes(here.shape)):
        raise here.refuse("Keras' pools have no dilation", "leave the dilation out")


WINDOWS: Mapping[str, Callable[[KerasOperation], Piece]] = {
    "Conv": convolution,
    "DepthwiseConv": depthwise,
    "SeparableConv": separable,
    "UpConv": transposed,
    "MaxPool": max_pool,
    "AvgPool": average_pool,
    **dict.fromkeys(("SumPool", "L2Pool", "Subsample"), other_pool),
}
"""The class of our layer -> the rule that writes it."""

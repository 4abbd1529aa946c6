"""Attention, products of matrices, sums along axes, and fixed filters, as Keras' layers and functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.keras.writing.keras_initializers import filter_code
from cnncalc.dialects.keras.writing.keras_operation import (
    Given,
    KerasOperation,
    keras_layer,
    own_layer,
    shortest,
    unless,
)
from cnncalc.dialects.keras.writing.window_pieces import padded
from cnncalc.dialects.written_code.pieces import Made, Piece
from cnncalc.geometry import VALID, transposed_pads


def attention(here: KerasOperation) -> Piece:
    """MultiHeadAttention, called with what asks, the values, and the keys where these are others."""
    layer = here.layer
    if any(not shape.rank for shape in here.shapes):
        raise here.refuse("Keras' attention works on places", "write a `reshape` to one place before it")
    if layer.causal and any(shape.rank > 1 for shape in here.shapes):
        advice = "write a `reshape` to one axis of places before it, and one to the map after it"
        raise here.refuse("Keras masks what comes later along one axis alone", advice)
    key, value = layer.sizes(here.shape)
    made = keras_layer(
        "MultiHeadAttention", layer.heads, key, value_dim=unless(value, key), use_bias=unless(layer.bias, True)
    )
    called = ("{x0}, {x0}", "{x0}, {x1}", "{x0}, {x2}, key={x1}")[len(here.shapes) - 1]
    causal = ", use_causal_mask=True" if layer.causal else ""
    return here.code(f"{{m0}}({called}{causal})", made=(made,))


def product(here: KerasOperation) -> Piece:
    """`ops.matmul`, the second matrix transposed where its rows are the results."""
    first, second = here.shapes
    if first.rank != second.rank or not first.rank:
        raise here.refuse(
            "Keras multiplies maps with as many axes", "write a `reshape` before it, so that both have the same axes"
        )
    if not here.layer.transpose:
        return here.code("ops.matmul({x0}, {x1})")
    order = (*range(first.rank), first.rank + 1, first.rank)
    return here.code("ops.matmul({x0}, ops.transpose({x1}, {v0}))", order)


_FUNCTIONS = ("mean", "sum", "max", "min")


def reduced(here: KerasOperation) -> Piece:
    """`ops.mean`, `ops.max`, ... along axes; other ways are a layer of the program."""
    layer, target = here.layer, here.node.output.sizes()
    spatial = tuple(axis + 1 for axis in layer.spatial_axes(here.shape))
    with_channels = "channels" in layer.axes
    axes = (*spatial, here.rank + 1) if with_channels else spatial
    if layer.how not in _FUNCTIONS:
        made = own_layer("Reduce", layer.how, axes, target, unbiased=unless(layer.unbiased, False))
        return here.chain(made)
    if not with_channels and not layer.keep:
        return here.code(f"ops.{layer.how}({{x0}}, axis={{v0}})", shortest(axes) if len(axes) == 1 else axes)
    one = axes[0] if len(axes) == 1 else axes
    code = f"ops.{layer.how}({{x0}}, axis={{v0}}, keepdims=True)"
    if layer.keep or not spatial:
        return here.code(code, one)
    return here.code(f"{{m0}}({code})", one, made=(keras_layer("Reshape", target),))


def fixed_filter(here: KerasOperation) -> Piece:
    """A convolution of each channel by itself: a layer with its numbers; very many come with the weights."""
    layer, channels = here.layer, here.shape.channels
    before, padding = padded(here)
    strides, dilation = layer.strides(here.rank), layer.dilations(here.rank)
    if max(strides) > 1 and max(dilation) > 1:
        raise here.refuse("Keras has no convolution with both a stride and a dilation", "leave out one of them")
    numbers = filter_code(layer.filter, here.rank)
    if numbers is not None:
        words = {"strides": unless(shortest(strides), 1), "padding": padding}
        words |= {"dilation_rate": unless(shortest(dilation), 1), "flip": unless(layer.flip, False)}
        return here.chain(*before, own_layer("FixedFilter", numbers, **words))
    if layer.flip:
        raise here.refuse("Keras does not turn a kernel", "leave out `flip`, and turn the filter by 180 degrees")
    window: dict[str, Given] = {"strides": unless(shortest(strides), 1), "padding": padding}
    window |= {"dilation_rate": unless(shortest(dilation), 1), "groups": unless(channels, 1)}
    kernel = shortest(layer.kernels(here.rank))
    made = keras_layer(f"Conv{here.rank}D", channels, kernel, **window, use_bias=False, trainable=False)
    return here.chain(*before, made)


def fixed_upsampling(here: KerasOperation) -> Piece:
    """A transposed convolution of each channel by itself."""
    layer, axes = here.layer, here.layer.axes(here.shape)
    rows = [(axis.before, axis.after, axis.extra) for axis in axes]
    spans = [transposed_pads(VALID, axis.kernel, axis.stride, axis.dilation) for axis in axes]
    numbers = filter_code(layer.filter, here.rank)
    if (
        (layer.flip and numbers is None)
        or rows != spans
        or (max(a.stride for a in axes) > 1 and max(a.dilation for a in axes) > 1)
    ):
        raise here.refuse(
            "Keras' transposed convolution cuts nothing off here", "write it without padding, then `crop`"
        )
    words = {
        "strides": unless(shortest(tuple(axis.stride for axis in axes)), 1),
        "dilation_rate": unless(shortest(tuple(axis.dilation for axis in axes)), 1),
    }
    if numbers is not None:
        return here.chain(own_layer("FixedFilterTranspose", numbers, **words, flip=unless(layer.flip, False)))
    made: Made = own_layer(
        "GroupedConvTranspose",
        here.shape.channels,
        tuple(axis.kernel for axis in axes),
        here.shape.channels,
        **words,
        use_bias=False,
        trainable=False,
    )
    return here.chain(made)


def stated_picture(here: KerasOperation) -> Piece:
    """A picture that the text states is no input of a model."""
    raise here.refuse("a model is given its pictures", "write the size of the picture in place of `from`")


ARRAYS: Mapping[str, Callable[[KerasOperation], Piece]] = {
    "Attention": attention,
    "MatMul": product,
    "Reduce": reduced,
    "SoftmaxAlong": lambda here: here.chain(keras_layer("Softmax", axis=_axis(here))),
    "FilterConv": fixed_filter,
    "FilterUpConv": fixed_upsampling,
    "Input": stated_picture,
}
"""The class of our layer -> the rule that writes it."""


def _axis(here: KerasOperation) -> Given:
    place = here.layer.place(here.shape)
    return unless(-1 if place is None else place + 1, -1)

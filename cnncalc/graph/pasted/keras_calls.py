"""Keras' layers: each one's arguments in Keras' order with Keras' defaults, and what they are in our words.

Signatures are those of Keras 3's manual; what decides nothing about shape, count or value (initializers, names) is left
out of them.  `same` is ours; a batch norm has epsilon 1e-3; Dense on a map works at each place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cnncalc.geometry import extent
from cnncalc.graph.pasted.arguments import Bound, Row, decimal, short
from cnncalc.graph.pasted.keras_activations import ACTIVATIONS, activation, check_input, input_size, last_axis, numbered
from cnncalc.spec.document import Token

_CONV = (
    "filters kernel_size strides=1 padding='valid' data_format=None dilation_rate=1 groups=1 activation=None "
    "use_bias=True"
)
_TRANSPOSED = (
    "filters kernel_size strides=1 padding='valid' output_padding=None data_format=None dilation_rate=1 "
    "activation=None use_bias=True"
)
_DEPTHWISE = (
    "kernel_size strides=1 padding='valid' depth_multiplier=1 data_format=None dilation_rate=1 activation=None "
    "use_bias=True"
)
_SEPARABLE = (
    "filters kernel_size strides=1 padding='valid' data_format=None dilation_rate=1 depth_multiplier=1 "
    "activation=None use_bias=True"
)
_POOL = "pool_size=2 strides=None padding='valid' data_format=None"
_NORM = "axis=-1 momentum=0.99 epsilon=0.001 center=True scale=True"
_LOCAL = "filters kernel_size strides=1 padding='valid' data_format=None activation=None use_bias=True implementation=1"


def _window(call: Bound, axes: int, rate: str = "dilation_rate") -> None:
    call.expect("axes", axes)
    call.say_kernel("kernel_size", axes)
    call.say_sizes("stride", "strides", axes)
    _padding(call)
    if rate in call.declared:
        call.say_sizes("dilation", rate, axes)


def _padding(call: Bound) -> None:
    padding = call.value("padding")
    if not isinstance(padding, str) or padding.lower() not in ("valid", "same", "causal"):
        raise call.wrong("padding", "'valid' or 'same'")
    if padding.lower() != "valid":
        call.say_word(padding.lower(), "padding")


def _conv(call: Bound, axes: int) -> None:
    check_input(call)
    call.say_count("filters", "filters")
    _window(call, axes)
    for name, option in (("groups", "groups"), ("depth_multiplier", "multiplier")):
        if name in call.declared:
            call.say_count(option, name)
    call.say_bias("use_bias")
    activation(call)


def _depthwise(call: Bound, axes: int) -> None:
    check_input(call)
    _window(call, axes)
    call.say_count("multiplier", "depth_multiplier")
    call.say_bias("use_bias")
    activation(call)


def _transposed(call: Bound, axes: int) -> None:
    """Unset padding is Keras' `valid`, which is said where it matters: a kernel shorter than its stride makes n * s."""
    check_input(call)
    call.say_count("filters", "filters")
    _window(call, axes)
    kernel, stride = call.sizes("kernel_size", axes), call.sizes("strides", axes)
    spread = [extent(k, d) for k, d in zip(kernel, call.sizes("dilation_rate", axes), strict=True)]
    if call.value("output_padding") is not None:
        call.say("output_padding", short(call.sizes("output_padding", axes)), "output_padding")
    elif call.value("padding").lower() == "valid" and any(k < s for k, s in zip(spread, stride, strict=True)):
        call.say_word("valid", "padding")
    call.say_bias("use_bias")
    activation(call)


def _dense(call: Bound) -> None:
    check_input(call)
    call.expect("flat", call.count("units"))
    call.say_count("units", "units")
    call.say_bias("use_bias")
    activation(call)


def _pool(call: Bound, axes: int) -> None:
    check_input(call)
    call.expect("axes", axes)
    call.say_kernel("pool_size", axes)
    if call.value("strides") is not None and call.sizes("strides", axes) != call.sizes("pool_size", axes):
        call.say("stride", short(call.sizes("strides", axes)), "strides")
    _padding(call)


def _global(call: Bound, axes: int, kept: str) -> None:
    check_input(call)
    call.expect("axes", axes)
    if call.flag("keepdims"):
        call.words.word = kept
        call.say("output_size", "x".join("1" * axes), "keepdims")


def _adaptive(call: Bound, axes: int) -> None:
    check_input(call)
    call.expect("axes", axes)
    call.say_kernel("output_size", axes, "output_size")


def _norm(call: Bound, *unchanged: str) -> None:
    """Epsilon, and which of the scale and the shift is learned."""
    last_axis(call)
    call.only_default(*unchanged)
    if "groups" in call.declared:
        call.say("groups", str(call.count("groups")), "groups")
    call.say("epsilon", decimal(call.number("epsilon")), "epsilon")
    for name, word in (("scale", "noscale"), ("center", "noshift")):
        if name in call.declared and not call.flag(name):
            call.say_word(word, name)


def _layer_norm(call: Bound) -> None:
    _norm(call, "rms_scaling")


def _flatten(call: Bound) -> None:
    check_input(call)


def _reshape(call: Bound) -> None:
    check_input(call)
    shape = call.value("target_shape")
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not sizes or any(type(one) is not int for one in sizes):
        raise call.wrong("target_shape", "whole numbers")
    if -1 in sizes:
        raise call.refuse("target_shape", "-1 is not worked out here", "write every size")
    call.say("size", "x".join(map(str, sizes)), "target_shape")


def _border(call: Bound, axes: int, name: str) -> None:
    """A number for all sides, one an axis, or a pair an axis."""
    check_input(call)
    call.expect("axes", axes)
    value = call.value(name)
    each = value if isinstance(value, tuple) else (value,) * axes
    flat_pair = axes == 1 and isinstance(value, tuple)
    pairs = [each] if flat_pair else [one if isinstance(one, tuple) else (one, one) for one in each]
    if len(pairs) != axes or any(len(pair) != 2 or any(type(one) is not int for one in pair) for pair in pairs):
        raise call.wrong(name, f"a whole number, {axes} of them, or {axes} pairs")
    sides = [one for pair in pairs for one in pair]
    call.say("padding", str(sides[0]) if len(set(sides)) == 1 else ",".join(map(str, sides)), name)


def _upsample(call: Bound, axes: int) -> None:
    check_input(call)
    call.expect("axes", axes)
    call.say("factor", short(call.sizes("size", axes)), "size")
    if "interpolation" in call.declared:
        _interpolation(call)


def _interpolation(call: Bound) -> None:
    mode = call.value("interpolation")
    if mode not in ("nearest", "bilinear"):
        raise call.refuse("interpolation", f"{mode} has no counterpart here", "nearest and bilinear have")
    if mode == "bilinear":
        call.say_word("bilinear", "interpolation")


def _resizing(call: Bound) -> None:
    """To a size, whatever arrives."""
    check_input(call)
    call.expect("axes", 2)
    call.only_default("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")
    call.say("size", f"{call.count('height')}x{call.count('width')}", "height")
    if call.value("interpolation") == "nearest":
        call.say_word("nearestexact", "interpolation")  # the pixel at the middle of the new one
    else:
        _interpolation(call)


def _local(call: Bound, axes: int) -> None:
    """Keras 2 has it alone, and it has no dilation."""
    check_input(call)
    call.say_count("filters", "filters")
    _window(call, axes)
    call.say_bias("use_bias")
    activation(call)


def _input(call: Bound) -> None:
    """`Input(shape=(28, 28, 1))`."""
    name = "input_shape" if call.value("shape") is None and "input_shape" in call.declared else "shape"
    text = input_size(call, name)
    call.words.arguments = [Token(part, call.span(name)) for part in text.split()]


_SHAPE = "shape=None batch_size=None"
_NUMBERED_NORM = "axis=-1 epsilon=0.001 center=True scale=True"

LAYERS: Mapping[str, Row] = {
    **numbered("Conv#D Convolution#D", _CONV, "conv", _conv),
    **numbered("Conv#DTranspose Convolution#DTranspose", _TRANSPOSED, "upconv", _transposed),
    **numbered("DepthwiseConv#D", _DEPTHWISE, "dwconv", _depthwise, "12"),
    **numbered("SeparableConv#D SeparableConvolution#D", _SEPARABLE, "sepconv", _conv, "12"),
    **numbered("LocallyConnected#D", _LOCAL, "local", _local, "12"),
    "Dense": Row("units activation=None use_bias=True", "dense", _dense),
    **numbered("MaxPooling#D MaxPool#D", _POOL, "maxpool", _pool),
    **numbered("AveragePooling#D AvgPool#D", _POOL, "avgpool", _pool),
    **numbered(
        "GlobalAveragePooling#D GlobalAvgPool#D",
        "data_format=None keepdims=False",
        "gap",
        partial(_global, kept="adaptavg"),
    ),
    **numbered(
        "GlobalMaxPooling#D GlobalMaxPool#D",
        "data_format=None keepdims=False",
        "gmp",
        partial(_global, kept="adaptmax"),
    ),
    **numbered("AdaptiveAveragePooling#D", "output_size data_format=None", "adaptavg", _adaptive),
    **numbered("AdaptiveMaxPooling#D", "output_size data_format=None", "adaptmax", _adaptive),
    "BatchNormalization": Row(_NORM, "bn", _norm),
    "LayerNormalization": Row(f"{_NUMBERED_NORM} rms_scaling=False", "ln", _layer_norm),
    "GroupNormalization": Row(f"groups=32 {_NUMBERED_NORM}", "gn", _norm),
    "RMSNormalization": Row("axis=-1 epsilon=1e-6", "rmsnorm", _norm),
    "UnitNormalization": Row("axis=-1", "l2norm", last_axis),
    "Flatten": Row("data_format=None", "flatten", _flatten),
    "Reshape": Row("target_shape", "reshape", _reshape),
    **ACTIVATIONS,
    **numbered("ZeroPadding#D", "padding=1 data_format=None", "pad", partial(_border, name="padding")),
    **numbered("Cropping#D", "cropping=1 data_format=None", "crop", partial(_border, name="cropping")),
    **numbered("UpSampling#D", "size=2 data_format=None", "upsample", _upsample, "13"),
    "UpSampling2D": Row("size=2 data_format=None interpolation='nearest'", "upsample", partial(_upsample, axes=2)),
    "Resizing": Row(
        "height width interpolation='bilinear' crop_to_aspect_ratio=False pad_to_aspect_ratio=False antialias=False "
        "data_format=None",
        "upsample",
        _resizing,
    ),
    "Input": Row(_SHAPE, "input", _input),
    "InputLayer": Row(f"input_shape=None {_SHAPE}", "input", _input),
}
"""By Keras' own name (`keras.layers.` taken off)."""

"""Keras' layers: each one's arguments in Keras' order with Keras' defaults, and what they are in our words.

Signatures are those of Keras 3's manual; what decides nothing about shape, count or value (initializers, names) is left
out of them.  `same` is ours; a batch norm has epsilon 1e-3; Dense on a map works at each place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from cnncalc.geometry import extent
from cnncalc.graph.pasted.arguments import Bound, Row, short
from cnncalc.layers.registry import POST_WORDS, WORDS
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

IGNORED = frozenset(
    f"{owner}{what}"
    for owner in ("kernel_", "bias_", "depthwise_", "pointwise_", "beta_", "gamma_", "moving_mean_", "moving_variance_")
    for what in ("initializer", "regularizer", "constraint")
) | {"name", "trainable", "dtype", "activity_regularizer", "seed", "noise_shape", "input_shape", "input_dim"}
"""Arguments that change neither a shape nor a count nor what the net computes with given weights, and the input's."""


def _shared(call: Bound) -> None:
    """What every layer may say: the input's shape, and where its channels stand."""
    if "data_format" in call.declared and call.value("data_format") not in (None, "channels_last"):
        raise call.refuse(
            "data_format",
            "where the channels come is said once for the whole file",
            "leave it out; `order channels_first` at the top of the file writes shapes so",
        )
    for name in ("input_shape", "input_dim"):
        given = call.call.keywords.get(name)
        if given is not None:
            call.declared = {**call.declared, name: None}
            call.given[name] = given
            call.words.shape = _input_size(call, name)


def _input_size(call: Bound, name: str) -> str:
    shape = call.value(name)
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not 1 <= len(sizes) <= 4 or any(type(one) is not int for one in sizes):
        raise call.wrong(name, "whole numbers: the sizes of one image, (28, 28, 1)")
    if len(sizes) == 2:
        return f"{sizes[0]} channels {sizes[1]}"
    return "x".join(map(str, sizes))


def _activation(call: Bound) -> None:
    value = call.given["activation"].value if "activation" in call.given else None
    name = getattr(value, "text", value)
    if name in (None, "linear"):
        return
    word = WORDS.get(name.rpartition(".")[2].lower(), "") if isinstance(name, str) else ""
    if word not in POST_WORDS or word == "bn":
        raise call.wrong("activation", "the name of an activation, such as 'relu'")
    call.say_word(word, "activation")
    if word == "leaky":
        call.say("slope", "0.2", "activation")


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
    _shared(call)
    call.say_count("filters", "filters")
    _window(call, axes)
    for name, option in (("groups", "groups"), ("depth_multiplier", "multiplier")):
        if name in call.declared:
            call.say_count(option, name)
    call.say_bias("use_bias")
    _activation(call)


def _depthwise(call: Bound, axes: int) -> None:
    _shared(call)
    _window(call, axes)
    call.say_count("multiplier", "depth_multiplier")
    call.say_bias("use_bias")
    _activation(call)


def _transposed(call: Bound, axes: int) -> None:
    """Unset padding is Keras' `valid`, which is said where it matters: a kernel shorter than its stride makes n * s."""
    _shared(call)
    call.say_count("filters", "filters")
    _window(call, axes)
    kernel, stride = call.sizes("kernel_size", axes), call.sizes("strides", axes)
    spread = [extent(k, d) for k, d in zip(kernel, call.sizes("dilation_rate", axes), strict=True)]
    if call.value("output_padding") is not None:
        call.say("output_padding", short(call.sizes("output_padding", axes)), "output_padding")
    elif call.value("padding").lower() == "valid" and any(k < s for k, s in zip(spread, stride, strict=True)):
        call.say_word("valid", "padding")
    call.say_bias("use_bias")
    _activation(call)


def _dense(call: Bound) -> None:
    _shared(call)
    call.expect("flat", call.count("units"))
    call.say_count("units", "units")
    call.say_bias("use_bias")
    _activation(call)


def _pool(call: Bound, axes: int) -> None:
    _shared(call)
    call.expect("axes", axes)
    call.say_kernel("pool_size", axes)
    if call.value("strides") is not None and call.sizes("strides", axes) != call.sizes("pool_size", axes):
        call.say("stride", short(call.sizes("strides", axes)), "strides")
    _padding(call)


def _global(call: Bound, axes: int, kept: str) -> None:
    _shared(call)
    call.expect("axes", axes)
    if call.flag("keepdims"):
        call.words.word = kept
        call.say("output_size", "x".join("1" * axes), "keepdims")


def _adaptive(call: Bound, axes: int) -> None:
    _shared(call)
    call.expect("axes", axes)
    call.say_kernel("output_size", axes, "output_size")


def _axis(call: Bound) -> None:
    _shared(call)
    if call.value("axis") not in (-1, (-1,)):
        raise call.refuse("axis", "the channels are the last axis here", "it is read with axis=-1 alone")


def _batch_norm(call: Bound) -> None:
    _axis(call)
    call.say("epsilon", f"{call.number('epsilon'):g}", "epsilon")
    for name, word in (("scale", "noscale"), ("center", "noshift")):
        if not call.flag(name):
            call.say_word(word, name)


def _other_norm(call: Bound) -> None:
    _axis(call)
    if "groups" in call.declared:
        call.say("groups", str(call.count("groups")), "groups")
    call.say("epsilon", f"{call.number('epsilon'):g}", "epsilon")
    call.only_default("center", "scale")


def _flatten(call: Bound) -> None:
    _shared(call)


def _reshape(call: Bound) -> None:
    _shared(call)
    shape = call.value("target_shape")
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not sizes or any(type(one) is not int for one in sizes):
        raise call.wrong("target_shape", "whole numbers")
    if -1 in sizes:
        raise call.refuse("target_shape", "-1 is not worked out here", "write every size")
    call.say("size", "x".join(map(str, sizes)), "target_shape")


def _dropout(call: Bound) -> None:
    _shared(call)
    call.say("rate", f"{call.number('rate'):g}", "rate")


def _dropout_of_axes(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    _dropout(call)


def _activation_layer(call: Bound) -> None:
    _shared(call)
    _activation(call)
    if not call.words.arguments:
        call.words.word = "identity"
        return
    word, *rest = call.words.arguments
    assert isinstance(word, Token)
    call.words.word, call.words.arguments = word.text, rest


def _relu(call: Bound) -> None:
    slope, most = call.number("negative_slope"), call.value("max_value")
    call.only_default("threshold")
    if most == 6 and not slope:
        call.words.word = "relu6"
    elif most is not None:
        call.only_default("max_value")
    elif slope:
        call.words.word = "leaky"
        call.say("slope", f"{slope:g}", "negative_slope")


def _leaky(call: Bound) -> None:
    """Keras 2 calls the slope alpha."""
    name = "alpha" if "alpha" in call.given else "negative_slope"
    call.say("slope", f"{call.number(name):g}", name)


def _prelu(call: Bound) -> None:
    _shared(call)
    axes = call.value("shared_axes")
    if axes is None:
        raise call.refuse(
            "shared_axes",
            "a slope for every number has no counterpart here",
            "`prelu` learns one slope a channel, as shared_axes=[1, 2] does",
        )


def _border(call: Bound, axes: int, name: str) -> None:
    """A number for all sides, one an axis, or a pair an axis."""
    _shared(call)
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
    _shared(call)
    call.expect("axes", axes)
    call.say("factor", short(call.sizes("size", axes)), "size")
    mode = call.value("interpolation") if "interpolation" in call.declared else "nearest"
    if mode not in ("nearest", "bilinear"):
        raise call.refuse("interpolation", f"{mode} has no counterpart here", "nearest and bilinear have")
    if mode == "bilinear":
        call.say_word("bilinear", "interpolation")


def _input(call: Bound) -> None:
    """`Input(shape=(28, 28, 1))`."""
    name = "input_shape" if call.value("shape") is None and "input_shape" in call.declared else "shape"
    text = _input_size(call, name)
    call.words.arguments = [Token(part, call.span(name)) for part in text.split()]


def _softmax(call: Bound) -> None:
    _axis(call)


def _ranks(
    names: tuple[str, ...], signature: str, word: str, say: Callable[..., None], axes: str = "123"
) -> dict[str, Row]:
    return {
        name.replace("#", rank): Row(signature, word, partial(say, axes=int(rank))) for name in names for rank in axes
    }


_SHAPE = "shape=None batch_size=None"
_NUMBERED_NORM = "axis=-1 epsilon=0.001 center=True scale=True"

LAYERS: Mapping[str, Row] = {
    **_ranks(("Conv#D", "Convolution#D"), _CONV, "conv", _conv),
    **_ranks(("Conv#DTranspose", "Convolution#DTranspose"), _TRANSPOSED, "upconv", _transposed),
    **_ranks(("DepthwiseConv#D",), _DEPTHWISE, "dwconv", _depthwise, "12"),
    **_ranks(("SeparableConv#D", "SeparableConvolution#D"), _SEPARABLE, "sepconv", _conv, "12"),
    "Dense": Row("units activation=None use_bias=True", "dense", _dense),
    **_ranks(("MaxPooling#D", "MaxPool#D"), _POOL, "maxpool", _pool),
    **_ranks(("AveragePooling#D", "AvgPool#D"), _POOL, "avgpool", _pool),
    **_ranks(
        ("GlobalAveragePooling#D", "GlobalAvgPool#D"),
        "data_format=None keepdims=False",
        "gap",
        partial(_global, kept="adaptavg"),
    ),
    **_ranks(
        ("GlobalMaxPooling#D", "GlobalMaxPool#D"),
        "data_format=None keepdims=False",
        "gmp",
        partial(_global, kept="adaptmax"),
    ),
    **_ranks(("AdaptiveAveragePooling#D",), "output_size data_format=None", "adaptavg", _adaptive),
    **_ranks(("AdaptiveMaxPooling#D",), "output_size data_format=None", "adaptmax", _adaptive),
    "BatchNormalization": Row(_NORM, "bn", _batch_norm),
    "LayerNormalization": Row(_NUMBERED_NORM, "ln", _other_norm),
    "GroupNormalization": Row(f"groups=32 {_NUMBERED_NORM}", "gn", _other_norm),
    "Flatten": Row("data_format=None", "flatten", _flatten),
    "Reshape": Row("target_shape", "reshape", _reshape),
    "Identity": Row("", "identity", _flatten),
    "Dropout": Row("rate", "dropout", _dropout),
    **_ranks(("SpatialDropout#D",), "rate data_format=None", "dropout", _dropout_of_axes),
    "Activation": Row("activation", "identity", _activation_layer),
    "ReLU": Row("max_value=None negative_slope=0.0 threshold=0.0", "relu", _relu),
    "LeakyReLU": Row("negative_slope=0.3 alpha=0.3", "leaky", _leaky),
    "ELU": Row("alpha=1.0", "elu", lambda call: call.say_number("slope", "alpha", 1.0)),
    "PReLU": Row(
        "alpha_initializer=None alpha_regularizer=None alpha_constraint=None shared_axes=None", "prelu", _prelu
    ),
    "Softmax": Row("axis=-1", "softmax", _softmax),
    **_ranks(("ZeroPadding#D",), "padding=1 data_format=None", "pad", partial(_border, name="padding")),
    **_ranks(("Cropping#D",), "cropping=1 data_format=None", "crop", partial(_border, name="cropping")),
    **_ranks(("UpSampling#D",), "size=2 data_format=None", "upsample", _upsample, "13"),
    "UpSampling2D": Row("size=2 data_format=None interpolation='nearest'", "upsample", partial(_upsample, axes=2)),
    "Input": Row(_SHAPE, "input", _input),
    "InputLayer": Row(f"input_shape=None {_SHAPE}", "input", _input),
}
"""By Keras' own name (`keras.layers.` taken off)."""

"""Keras' layers that work on each number alone or on the channels of a place: activations, dropout, augmentation.

Signatures are those of Keras 3's manual; what decides nothing about shape, count or value (initializers, names) is left
out of them.  `leaky_relu` by name has the slope 0.2, the layer LeakyReLU 0.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from cnncalc.diagnostics import Span
from cnncalc.graph.pasted.arguments import Bound, Row, decimal
from cnncalc.layers.registry import POST_WORDS
from cnncalc.spec.document import Argument, Option, Token

IGNORED = frozenset(
    f"{owner}{what}"
    for owner in ("kernel_", "bias_", "depthwise_", "pointwise_", "beta_", "gamma_", "moving_mean_", "moving_variance_")
    for what in ("initializer", "regularizer", "constraint")
) | {
    *("name", "trainable", "dtype", "activity_regularizer", "seed", "noise_shape", "input_shape", "input_dim"),
    *("weights", "autocast", "batch_input_shape", "batch_size", "fused", "renorm", "virtual_batch_size"),
    *("synchronized", "input_dtype", "mask"),
}
"""Arguments that change neither a shape nor a count nor what the net computes with given weights, and the input's."""

NAMED: Mapping[str, str] = {
    **{name: name for name in ("relu", "relu6", "elu", "selu", "gelu", "silu", "mish", "sigmoid", "tanh", "softmax")},
    **{"swish": "silu", "softplus": "softplus", "leaky_relu": "leaky slope=0.2"},
    **{"hard_sigmoid": "hardsigmoid", "hard_swish": "hardswish", "hard_silu": "hardswish", "hard_tanh": "clip -1 1"},
    **{"log_softmax": "logsoftmax", "linear": "identity", "exponential": "function exp"},
    **{"softsign": "function softsign", "log_sigmoid": "function logsigmoid", "celu": "function celu"},
    **{"squareplus": "function squareplus", "tanh_shrink": "function tanhshrink", "glu": "glu"},
    **{"soft_shrink": "function softshrink", "hard_shrink": "function hardshrink"},
}
"""Keras' name of an activation -> the line it is in our words."""


def check_input(call: Bound) -> None:
    """What every layer may say: the input's shape, and where its channels come."""
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
            call.words.shape = input_size(call, name)


def input_size(call: Bound, name: str) -> str:
    """The size of an `input` line: `28x28x1`, `14 channels 120`."""
    shape = call.value(name)
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not 1 <= len(sizes) <= 4 or any(type(one) is not int for one in sizes):
        raise call.wrong(name, "whole numbers: the sizes of one image, (28, 28, 1)")
    if len(sizes) == 2:
        return f"{sizes[0]} channels {sizes[1]}"
    return "x".join(map(str, sizes))


def last_axis(call: Bound) -> None:
    """The axis of the channels, which is the last one."""
    check_input(call)
    if call.value("axis") not in (-1, (-1,)):
        raise call.refuse("axis", "the channels are the last axis here", "it is read with axis=-1 alone")


def activation(call: Bound) -> None:
    """The words behind a layer's own for its `activation=`."""
    words = _named(call)
    if words and words[0].text not in POST_WORDS:  # type: ignore[union-attr]  # the first word is a Token
        why = "this function cannot follow a layer on its line"
        raise call.refuse("activation", why, "leave it out, and write it as a line of its own")
    call.words.arguments += words


def _named(call: Bound) -> list[Argument]:
    """The words of the activation that is named; none for a linear one."""
    given = call.given["activation"].value if "activation" in call.given else None
    name = getattr(given, "text", given)
    if name is None:
        return []
    line = NAMED.get(name.rpartition(".")[2].lower(), "") if isinstance(name, str) else ""
    if not line:
        raise call.wrong("activation", "the name of an activation, such as 'relu'")
    return [] if line == "identity" else tokens(line, call.span("activation"))


def tokens(line: str, span: Span) -> list[Argument]:
    """The parts of a short line of ours, all of them at one place: `leaky slope=0.2`."""
    parts = (part.partition("=") for part in line.split())
    return [Option(Token(name, span), Token(value, span)) if value else Token(name, span) for name, _, value in parts]


def _activation_layer(call: Bound) -> None:
    check_input(call)
    words = _named(call)
    if words:
        word = words[0]
        assert isinstance(word, Token)
        call.words.word, call.words.arguments = word.text, words[1:]


def _relu(call: Bound) -> None:
    check_input(call)
    slope, most = call.number("negative_slope"), call.value("max_value")
    call.only_default("threshold")
    if most is not None and slope:
        call.only_default("max_value")
    if most == 6:
        call.words.word = "relu6"
    elif most is not None:
        call.words.word = "clip"
        call.say_operand("0", "max_value")
        call.say_operand(decimal(call.number("max_value")), "max_value")
    elif slope:
        call.words.word = "leaky"
        call.say("slope", decimal(slope), "negative_slope")


def _leaky(call: Bound) -> None:
    """Keras 2 calls the slope alpha."""
    check_input(call)
    name = "alpha" if "alpha" in call.given else "negative_slope"
    call.say("slope", decimal(call.number(name)), name)


def _prelu(call: Bound) -> None:
    """One slope a channel where the axes of the map are shared, one a number where none is."""
    check_input(call)
    if call.value("shared_axes") is None:
        call.say_word("all", "shared_axes")


def _elu(call: Bound) -> None:
    check_input(call)
    call.say_number("slope", "alpha", 1.0)


def _dropout(call: Bound, axes: int = 0) -> None:
    check_input(call)
    if axes:
        call.expect("axes", axes)
    call.say("rate", decimal(call.number("rate")), "rate")


def _unchanged(call: Bound, axes: int = 0) -> None:
    """What works only while a net is trained: augmentation, noise."""
    check_input(call)
    if axes:
        call.expect("axes", axes)


def _rescaling(call: Bound) -> None:
    check_input(call)
    scale, offset = call.number("scale"), call.number("offset")
    call.say_operand(decimal(scale), "scale")
    if offset:
        call.words.word = "affine"
        call.say_operand(decimal(offset), "offset")


def numbered(names: str, signature: str, word: str, say: Callable[..., None], ranks: str = "123") -> dict[str, Row]:
    """The rows of each of the names, whose `#` is 1, 2 or 3; `say` is given how many axes they work on."""
    return {
        name.replace("#", rank): Row(signature, word, partial(say, axes=int(rank)))
        for name in names.split()
        for rank in ranks
    }


_FILL = "fill_mode='reflect' interpolation='bilinear' seed=None fill_value=0.0 data_format=None"
_RANGE = "value_range=(0,255) seed=None"
_AUGMENTATION = {
    "RandomFlip": "mode='horizontal_and_vertical' seed=None data_format=None",
    "RandomRotation": f"factor {_FILL}",
    "RandomZoom": f"height_factor width_factor=None {_FILL}",
    "RandomTranslation": f"height_factor width_factor {_FILL}",
    "RandomShear": f"x_factor=0.0 y_factor=0.0 {_FILL}",
    "RandomContrast": f"factor {_RANGE}",
    "RandomBrightness": f"factor {_RANGE}",
    "RandomSaturation": f"factor {_RANGE}",
    "RandomHue": f"factor {_RANGE}",
    "RandomSharpness": f"factor {_RANGE}",
    "RandomGrayscale": "factor=0.5 data_format=None seed=None",
    "RandomInvert": f"factor {_RANGE}",
    "RandomPosterization": f"factor {_RANGE}",
    "RandomGaussianBlur": "factor=1.0 kernel_size=3 sigma=1.0 value_range=(0,255) data_format=None seed=None",
    "RandomErasing": "factor=1.0 scale=(0.02,0.33) fill_value=None value_range=(0,255) data_format=None seed=None",
    "RandomHeight": "factor interpolation='bilinear' seed=None",
    "RandomWidth": "factor interpolation='bilinear' seed=None",
    "GaussianNoise": "stddev seed=None",
    "ActivityRegularization": "l1=0.0 l2=0.0",
    "Identity": "",
}
"""What is put to images only while a net is trained, or never changes them."""

ACTIVATIONS: Mapping[str, Row] = {
    **{name: Row(signature, "identity", _unchanged) for name, signature in _AUGMENTATION.items()},
    "Dropout": Row("rate noise_shape=None seed=None", "dropout", _dropout),
    "GaussianDropout": Row("rate seed=None", "dropout", _dropout),
    "AlphaDropout": Row("rate noise_shape=None seed=None", "dropout", _dropout),
    **numbered("SpatialDropout#D", "rate seed=None data_format=None", "dropout", _dropout),
    "Activation": Row("activation", "identity", _activation_layer),
    "ReLU": Row("max_value=None negative_slope=0.0 threshold=0.0", "relu", _relu),
    "LeakyReLU": Row("negative_slope=0.3 alpha=0.3", "leaky", _leaky),
    "ELU": Row("alpha=1.0", "elu", _elu),
    "PReLU": Row(
        "alpha_initializer=None alpha_regularizer=None alpha_constraint=None shared_axes=None", "prelu", _prelu
    ),
    "Softmax": Row("axis=-1", "softmax", last_axis),
    "Rescaling": Row("scale offset=0.0", "scale", _rescaling),
}
"""By Keras' own name (`keras.layers.` taken off)."""

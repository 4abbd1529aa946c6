"""Dense layers, norms, scales and dropout as Keras' layers."""

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
    unless,
)
from cnncalc.dialects.written_code.pieces import Piece

_EPSILON = 0.001
"""Keras' own of its norms."""


def dense(here: KerasOperation) -> Piece:
    """Dense."""
    return here.chain(
        keras_layer(
            "Dense",
            here.layer.units,
            activation=Usual(None),
            use_bias=unless(here.layer.bias, True),
            kernel_initializer=initializer(here),
            bias_initializer=initializer(here, "bias"),
        )
    )


def batch_norm(here: KerasOperation) -> Piece:
    """BatchNormalization over the channels, which are the last axis."""
    return here.chain(keras_layer("BatchNormalization", **_numbers(here)))


def layer_norm(here: KerasOperation) -> Piece:
    """LayerNormalization of each place, or of the whole map."""
    axis = tuple(range(1, here.rank + 2)) if here.layer.axes == "all" and here.rank else None
    return here.chain(keras_layer("LayerNormalization", axis=axis, **_numbers(here)))


def group_norm(here: KerasOperation) -> Piece:
    """GroupNormalization; a group for each channel is written -1, as Keras' manual has it."""
    groups = -1 if here.layer.word == "instancenorm" else here.layer.groups
    return here.chain(keras_layer("GroupNormalization", groups=unless(groups, 32), **_numbers(here)))


def rms_norm(here: KerasOperation) -> Piece:
    """RMSNormalization of each place."""
    if here.layer.axes == "all" and here.rank:
        raise here.refuse("Keras' RMSNormalization works along one axis", "leave out `all`")
    if not here.layer.scale:
        raise here.refuse("Keras' RMSNormalization always learns a scale", "leave out `noscale`")
    return here.chain(keras_layer("RMSNormalization", epsilon=unless(here.layer.epsilon, 1e-6)))


def _numbers(here: KerasOperation) -> Mapping[str, Given]:
    layer = here.layer
    return {
        "epsilon": unless(layer.epsilon, _EPSILON),
        "center": unless(layer.shift, True),
        "scale": unless(layer.scale, True),
    }


def unit_norm(here: KerasOperation) -> Piece:
    """UnitNormalization, or a layer of the program for another smallest length than Keras' 1e-12."""
    if here.layer.epsilon == 1e-12:
        return here.chain(keras_layer("UnitNormalization"))
    return here.chain(own_layer("L2Normalization", here.layer.epsilon))


def response_norm(here: KerasOperation) -> Piece:
    """A layer of the program: Keras has none."""
    layer = here.layer
    return here.chain(
        own_layer("LocalResponseNormalization", layer.size, alpha=layer.alpha, beta=layer.beta, bias=layer.bias)
    )


def scale(here: KerasOperation) -> Piece:
    """A constant factor is Rescaling; learned ones are a layer of the program."""
    if here.layer.factor is not None:
        return here.chain(keras_layer("Rescaling", here.layer.factor))
    return here.chain(own_layer("Scale", each=unless(here.layer.each, "channels")))


def shift(here: KerasOperation) -> Piece:
    """Learned numbers that are added: a layer of the program."""
    return here.chain(own_layer("Shift", each=unless(here.layer.each, "channels")))


def layer_scale(here: KerasOperation) -> Piece:
    """A learned factor for each channel."""
    return here.chain(own_layer("LayerScale", here.layer.init))


def affine(here: KerasOperation) -> Piece:
    """Rescaling, with a number or a number for each channel."""
    factor, offset = (one[0] if len(one) == 1 else tuple(one) for one in (here.layer.factor, here.layer.offset))
    return here.chain(keras_layer("Rescaling", factor, offset=unless(offset, 0.0)))


def dropout(here: KerasOperation) -> Piece:
    """Dropout."""
    return here.chain(keras_layer("Dropout", here.layer.rate))


def identity(here: KerasOperation) -> Piece:
    """Nothing."""
    return here.code("{x0}")


def global_pool(here: KerasOperation) -> Piece:
    """GlobalAveragePooling and GlobalMaxPooling."""
    word = "Average" if here.layer.word == "gap" else "Max"
    keep = unless(here.layer.keep, False)
    return here.chain(keras_layer(f"Global{word}Pooling{here.rank}D", keepdims=keep))


def adaptive_pool(here: KerasOperation) -> Piece:
    """AdaptiveAveragePooling and AdaptiveMaxPooling; to a single place it is the global pool that keeps its axes."""
    word = "Average" if here.layer.word == "adaptavg" else "Max"
    sizes = here.node.output.spatial
    if set(sizes) == {1}:
        return here.chain(keras_layer(f"Global{word}Pooling{here.rank}D", keepdims=True))
    return here.chain(keras_layer(f"Adaptive{word}Pooling{here.rank}D", shortest(sizes)))


PLAIN: Mapping[str, Callable[[KerasOperation], Piece]] = {
    "Dense": dense,
    "BatchNorm": batch_norm,
    "LayerNorm": layer_norm,
    **dict.fromkeys(("GroupNorm", "InstanceNorm"), group_norm),
    "RMSNorm": rms_norm,
    "L2Norm": unit_norm,
    "LocalResponseNorm": response_norm,
    "Scale": scale,
    "Shift": shift,
    "LayerScale": layer_scale,
    "Affine": affine,
    "Dropout": dropout,
    "Identity": identity,
    **dict.fromkeys(("GlobalAvgPool", "GlobalMaxPool"), global_pool),
    **dict.fromkeys(("AdaptiveAvgPool", "AdaptiveMaxPool"), adaptive_pool),
}
"""The class of our layer -> the rule that writes it."""

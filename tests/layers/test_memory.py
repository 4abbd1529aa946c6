"""What a plan needs to know of a layer: who owns memory, how weights begin, in which order they are stored."""

from __future__ import annotations

import pytest

from cnncalc.geometry import Shape
from cnncalc.layers.base import Layer
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.dense import Dense
from cnncalc.layers.depthwise import DepthwiseConv, SeparableConv
from cnncalc.layers.local import Local
from cnncalc.layers.pool import Subsample
from cnncalc.layers.registry import JOINS, LAYERS, layer_class
from cnncalc.layers.upconv import UpConv

from .convolutions import conv, image


def test_views_hold_no_memory_of_their_own() -> None:
    assert {word for word in LAYERS if layer_class(word).is_view} == {"flatten", "reshape", "dropout", "identity"}


def test_pointwise_layers_may_overwrite_their_input() -> None:
    modules = ("activation", "sloped", "gated")
    activations = {word for word, entry in LAYERS.items() if entry.module in modules and word != "glu"}
    assert {word for word in LAYERS if layer_class(word).in_place} == activations | {
        "bn",
        "ln",
        "gn",
        "instancenorm",
        "rmsnorm",
        "l2norm",
        "scale",
        "layerscale",
        "shift",
        "affine",
        "function",
    }


def test_only_joins_take_several_inputs_and_only_what_holds_its_own_numbers_takes_none() -> None:
    assert {word for word in LAYERS if layer_class(word).smallest_inputs == 2} == set(JOINS)
    assert set(JOINS) == {"add", "sub", "mul", "div", "max", "min", "avg", "absdiff", "concat", "matmul"}
    assert {word for word in LAYERS if layer_class(word).largest_inputs == 0} == {"input", "learned", "constant"}


@pytest.mark.parametrize(
    ("layer", "shape", "stored"),
    [
        (conv(8, 3, 5, groups=2), (6, 6, 4), {"weight": (8, 2, 3, 5), "bias": (8,)}),
        (
            UpConv(filters=8, kernel_size=(3, 5), groups=2),
            (6, 6, 4),
            {"weight": (4, 4, 3, 5), "bias": (8,)},
        ),
        (DepthwiseConv(kernel_size=(3,), multiplier=2), (6, 6, 4), {"weight": (8, 3, 3), "bias": (8,)}),
        (
            SeparableConv(filters=5, kernel_size=(3,), multiplier=2),
            (6, 6, 4),
            {"depthwise_weight": (8, 3, 3), "pointwise_weight": (5, 8), "bias": (5,)},
        ),
        (Local(filters=5, kernel_size=(3,)), (6, 7, 4), {"weight": (4, 5, 5, 4, 3, 3), "bias": (4, 5, 5)}),
        (Dense(units=3), (7,), {"weight": (3, 7), "bias": (3,)}),
        (BatchNorm(), (6, 6, 4), {"weight": (4,), "bias": (4,), "running_mean": (4,), "running_var": (4,)}),
        (BatchNorm(scale=False), (6, 6, 4), {"bias": (4,), "running_mean": (4,), "running_var": (4,)}),
        (BatchNorm(shift=False), (6, 6, 4), {"weight": (4,), "running_mean": (4,), "running_var": (4,)}),
        (Subsample(kernel_size=(2,)), (6, 6, 4), {"weight": (4,), "bias": (4,)}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_weights_are_stored_in_the_kernels_order(
    layer: Layer, shape: tuple[int, ...], stored: dict[str, tuple[int, ...]]
) -> None:
    assert {weight.name: weight.shape for weight in layer.weights(image(*shape))} == stored


def test_weights_begin_as_he_2015_has_them_and_biases_at_zero() -> None:
    weight, bias = conv(8, 3, groups=2).weights(image(6, 6, 4))
    assert (weight.initial, weight.fan_in) == ("he", 18)
    assert bias.initial == "zeros"
    assert Dense(units=3).weights((Shape(7),))[0].fan_in == 7


def test_batch_norm_begins_as_the_identity() -> None:
    assert [(weight.initial, weight.trainable) for weight in BatchNorm().weights(image(2, 2, 1))] == [
        ("ones", True),
        ("zeros", True),
        ("zeros", False),
        ("ones", False),
    ]

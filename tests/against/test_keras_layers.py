"""Keras' layers, built directly, with the weights of our run: pads of `same`, separable blocks, transposed ones.

Which backend Keras runs on is its own business (KERAS_BACKEND; PyTorch where nothing is said, since TensorFlow is
large).  On PyTorch Keras divides averages at a padded edge otherwise than on TensorFlow, whose rule is ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import Analysis
from cnncalc.runtime.weights import Weights

from .comparing import Array, agree, ready, shipped, written
from .keras_arrays import channels_last, in_keras_order

if find_spec("keras") is None:
    pytest.skip("Keras is not installed (pip install keras)", allow_module_level=True)
if "KERAS_BACKEND" not in os.environ:
    os.environ["KERAS_BACKEND"] = "torch"
if find_spec({"torch": "torch", "tensorflow": "tensorflow", "jax": "jax"}[os.environ["KERAS_BACKEND"]]) is None:
    pytest.skip(f"Keras' backend {os.environ['KERAS_BACKEND']} is not installed", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")  # Keras' and its backends' own


def weighted(analysis: Analysis) -> list[Any]:
    return [node for node in analysis.nodes if node.weights]


LAYERS: dict[str, tuple[str, Callable[[Any], list[Any]]]] = {
    "conv 8 3x3 same stride=2": ("10x7x3", lambda k: [k.Conv2D(8, 3, 2, "same")]),
    "conv 8 4x4 same stride=3": ("11x8x3", lambda k: [k.Conv2D(8, 4, 3, "same")]),
    "conv 8 2x2 same": ("6x5x3", lambda k: [k.Conv2D(8, 2, 1, "same")]),
    "conv 8 3x3 same dilation=2": ("9x8x3", lambda k: [k.Conv2D(8, 3, padding="same", dilation_rate=2)]),
    "conv 8 4 same stride=2": ("15 channels 3", lambda k: [k.Conv1D(8, 4, 2, "same")]),
    "conv 4 3x3x3 same stride=2": ("6x5x4x2", lambda k: [k.Conv3D(4, 3, 2, "same")]),
    "conv 8 3x3 same stride=2 bn relu\nconv 6 3x3 same stride=2\nmaxpool 3x3 stride=2 same": (
        "30x25x3",
        lambda k: [
            k.Conv2D(8, 3, 2, "same"),
            k.BatchNormalization(epsilon=1e-5),
            k.ReLU(),
            k.Conv2D(6, 3, 2, "same"),
            k.MaxPooling2D(3, 2, "same"),
        ],
    ),
    "dwconv 3x3 same stride=2 multiplier=2": ("8x7x3", lambda k: [k.DepthwiseConv2D(3, 2, "same", 2)]),
    "relu\nsepconv 16 3x3 same nobias bn relu\nsepconv 16 3x3 same nobias bn\nmaxpool 3x3 stride=2 same": (
        "12x9x8",
        lambda k: [
            k.ReLU(),
            k.SeparableConv2D(16, 3, padding="same", use_bias=False),
            k.BatchNormalization(epsilon=1e-5),
            k.ReLU(),
            k.SeparableConv2D(16, 3, padding="same", use_bias=False),
            k.BatchNormalization(epsilon=1e-5),
            k.MaxPooling2D(3, 2, "same"),
        ],
    ),
    "sepconv 8 3x3 same stride=2 multiplier=2": (
        "9x8x4",
        lambda k: [k.SeparableConv2D(8, 3, 2, "same", depth_multiplier=2)],
    ),
    "conv 5 3 causal dilation=2": ("9 channels 3", lambda k: [k.Conv1D(5, 3, 1, "causal", dilation_rate=2)]),
    "conv 5 3 causal stride=2": ("9 channels 3", lambda k: [k.Conv1D(5, 3, 2, "causal")]),
    "upconv 5 3x3 same stride=2": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 3, 2, "same")]),
    "upconv 5 4x4 same stride=2": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 4, 2, "same")]),
    "upconv 5 5x5 same stride=3": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 5, 3, "same")]),
    "upconv 5 2x2 same stride=2": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 2, 2, "same")]),
    "upconv 5 3x3 same": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 3, 1, "same")]),
    "upconv 5 3x3 stride=2": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 3, 2)]),
    **{
        f"upconv 5 {size}x{size} same stride={stride} output_padding={more}": (
            "5x4x3",
            lambda k, size=size, stride=stride, more=more: [
                k.Conv2DTranspose(5, size, stride, "same", output_padding=more)
            ],
        )
        for size, stride, more in ((3, 2, 0), (3, 2, 1), (4, 2, 0), (4, 2, 1), (5, 3, 2), (1, 3, 0), (2, 3, 2))
    },
    "upconv 5 1x1 stride=3 valid": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 1, 3)]),
    "upconv 5 2x2 stride=3 valid": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 2, 3)]),
    "upconv 5 2x2 stride=3 valid output_padding=0": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 2, 3, output_padding=0)]),
    "upconv 5 3x3 valid stride=2 output_padding=1": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 3, 2, output_padding=1)]),
    "conv2dtranspose 5 1x1 strides=3": ("5x4x3", lambda k: [k.Conv2DTranspose(5, 1, 3)]),
    "maxpool 3x3 stride=2 same": ("8x7x3", lambda k: [k.MaxPooling2D(3, 2, "same")]),
    "maxpool 2x2 stride=3 same": ("8x7x3", lambda k: [k.MaxPooling2D(2, 3, "same")]),
    "avgpool 3x3 stride=2": ("8x7x3", lambda k: [k.AveragePooling2D(3, 2)]),
    "avgpool 3x3 stride=2 same": ("8x7x3", lambda k: [k.AveragePooling2D(3, 2, "same")]),
    "avgpool 3x3 stride=1 same": ("8x7x3", lambda k: [k.AveragePooling2D(3, 1, "same")]),
    "avgpool 2 stride=2 same": ("9 channels 3", lambda k: [k.AveragePooling1D(2, 2, "same")]),
    "gap": ("5x4x6", lambda k: [k.GlobalAveragePooling2D()]),
    "gap keep": ("5x4x6", lambda k: [k.GlobalAveragePooling2D(keepdims=True)]),
    "gmp": ("5x4x6", lambda k: [k.GlobalMaxPooling2D()]),
    "upsample 2": ("5x4x3", lambda k: [k.UpSampling2D(2)]),
    "upsample 2 bilinear": ("5x4x3", lambda k: [k.UpSampling2D(2, interpolation="bilinear")]),
    "upsample 3 bilinear": ("5x4x3", lambda k: [k.UpSampling2D(3, interpolation="bilinear")]),
    "upsample 3 bicubic": ("5x4x3", lambda k: [k.UpSampling2D(3, interpolation="bicubic")]),
    "flatten\ndense 7 softmax": ("5x4x3", lambda k: [k.Flatten(), k.Dense(7, activation="softmax")]),
    "ln epsilon=0.001": ("5x4x6", lambda k: [k.LayerNormalization(epsilon=1e-3)]),
    "gn groups=3 epsilon=0.001": ("5x4x6", lambda k: [k.GroupNormalization(3, epsilon=1e-3)]),
    "instancenorm epsilon=0.001": ("5x4x6", lambda k: [k.GroupNormalization(-1, epsilon=1e-3)]),
    "instancenorm noscale epsilon=0.001": ("5x4x6", lambda k: [k.GroupNormalization(-1, epsilon=1e-3, scale=False)]),
    "ln noshift epsilon=0.001": ("5x4x6", lambda k: [k.LayerNormalization(epsilon=1e-3, center=False)]),
    "rmsnorm": ("5x4x6", lambda k: [k.RMSNormalization()]),
    "l2norm": ("5x4x6", lambda k: [k.UnitNormalization()]),
    "prelu all": ("5x4x6", lambda k: [k.PReLU()]),
    "prelu shared": ("5x4x6", lambda k: [k.PReLU(shared_axes=[1, 2, 3])]),
    "prelu": ("5x4x6", lambda k: [k.PReLU(shared_axes=[1, 2])]),
    "clip -1 1": ("5x4x6", lambda k: [k.Activation("hard_tanh")]),
    "clip 0 0.25": ("5x4x6", lambda k: [k.ReLU(max_value=0.25)]),
    "logsoftmax": ("5x4x6", lambda k: [k.Activation("log_softmax")]),
    "function softsign": ("5x4x6", lambda k: [k.Activation("softsign")]),
    "function squareplus": ("5x4x6", lambda k: [k.Activation("squareplus")]),
    "function exp": ("5x4x6", lambda k: [k.Activation("exponential")]),
    "affine 0.5 -1": ("5x4x6", lambda k: [k.Rescaling(0.5, -1.0)]),
    "affine 0.5,1,2 -1,0,3": ("5x4x3", lambda k: [k.Rescaling([0.5, 1.0, 2.0], [-1.0, 0.0, 3.0])]),
    "pad 0,1,0,1\nconv 4 3x3 stride=2": (
        "8x8x3",
        lambda k: [k.ZeroPadding2D(((0, 1), (0, 1))), k.Conv2D(4, 3, 2)],
    ),
    "crop 1,2,0,1": ("8x8x3", lambda k: [k.Cropping2D(((1, 2), (0, 1)))]),
    "leaky 0.3": ("5x4x6", lambda k: [k.LeakyReLU(0.3)]),
    "gelu": ("5x4x6", lambda k: [k.Activation("gelu")]),
    "hardsigmoid": ("5x4x6", lambda k: [k.Activation("hard_sigmoid")]),
    "reshape 4x3x10": ("5x4x6", lambda k: [k.Reshape((4, 3, 10))]),
}
"""Lines of a model -> the input's size, and the same layers of Keras."""


@pytest.mark.parametrize("text", LAYERS)
def test_layers_compute_what_keras_computes(text: str) -> None:
    import keras

    if "avgpool" in text and "same" in text and keras.backend.backend() == "torch":
        pytest.skip("Keras on PyTorch repeats the edge where an average is padded; on TensorFlow it leaves pads out")
    size, layers = LAYERS[text]
    analysis = written(f"input {size}\n{text}\n")
    given, ours = ready(analysis, shift=-0.5)
    net = keras.Sequential([keras.Input(analysis.nodes[0].output.sizes()), *layers(keras.layers)])
    arrays = [array for node in weighted(analysis) for array in in_keras_order(node, given.weights)]
    net.set_weights(_as_keras_lists(net, arrays))
    (array,) = given.inputs.values()
    theirs = np.asarray(net.predict(channels_last(array, analysis.nodes[0].output.rank), verbose=0))
    mine = channels_last(ours[0], analysis.nodes[-1].output.rank)
    assert mine.shape == theirs.shape
    agree(f"layer: {text} on {size}".replace("\n", "; "), f"Keras on {keras.backend.backend()}", [mine], [theirs])


@pytest.mark.parametrize(
    ("word", "layer"),
    [
        ("add", "Add"),
        ("sub", "Subtract"),
        ("mul", "Multiply"),
        ("min", "Minimum"),
        ("max", "Maximum"),
        ("avg", "Average"),
        ("concat", "Concatenate"),
    ],
)
def test_joins_compute_what_keras_computes(word: str, layer: str) -> None:
    import keras

    analysis = written(f"x: input 6x5x4\na: tanh\nb: sigmoid from x\n{word} a b\n")
    given, ours = ready(analysis, shift=-0.5)
    x = keras.Input((6, 5, 4))
    joined = getattr(keras.layers, layer)()([keras.layers.Activation(name)(x) for name in ("tanh", "sigmoid")])
    (array,) = given.inputs.values()
    theirs = np.asarray(keras.Model(x, joined).predict(channels_last(array, 2), verbose=0))
    agree(f"join: {word}", f"Keras on {keras.backend.backend()}", [channels_last(ours[0], 2)], [theirs])


def _as_keras_lists(net: Any, arrays: list[Array]) -> list[Array]:
    """The arrays, each in the shape that Keras declares; a wrong order would not fit."""
    assert [weight.shape for weight in net.weights] == [array.shape for array in arrays]
    return arrays


@pytest.mark.parametrize(
    ("name", "application", "size"),
    [
        ("xception", "Xception", "107x107x3"),
        ("mobilenet", "MobileNet", "96x96x3"),
        ("mobilenet-v2-keras", "MobileNetV2", "96x96x3"),
    ],
)
def test_a_network_that_keras_ships_gives_the_same(name: str, application: str, size: str) -> None:
    import keras

    analysis = shipped(name, size)
    given, ours = ready(analysis)
    spatial = analysis.nodes[0].output.sizes()
    net = getattr(keras.applications, application)(weights=None, input_shape=spatial, classes=1000)
    _hand_over(net, analysis, given.weights)
    (array,) = given.inputs.values()
    theirs = np.asarray(net.predict(channels_last(array, 2), verbose=0))
    agree(name, f"Keras on {keras.backend.backend()}", ours, [theirs])


KINDS = {"Conv2D": "conv", "DepthwiseConv2D": "dwconv", "SeparableConv2D": "sepconv", "Dense": "dense"}


def _hand_over(net: Any, analysis: Analysis, weights: Weights) -> None:
    """Our weights to Keras' layers: the next of each kind; a batch norm's to the one behind the same layer."""
    waiting = {word: iter([n for n in analysis.nodes if n.node.layer.word == word]) for word in KINDS.values()}
    norms = {n.node.inputs[0]: n for n in analysis.nodes if n.node.layer.word == "bn"}
    partner: dict[str, int] = {}
    for layer in net.layers:
        kind = type(layer).__name__
        if kind in KINDS:
            node = next(waiting[KINDS[kind]])
            partner[layer.name] = node.node.index
            arrays = in_keras_order(node, weights)
            layer.set_weights([array.reshape(w.shape) for array, w in zip(arrays, layer.weights, strict=True)])
        elif kind == "BatchNormalization":
            source = layer.input._keras_history.operation.name
            layer.set_weights(in_keras_order(norms[partner[source]], weights))
    assert all(next(nodes, None) is None for nodes in waiting.values())

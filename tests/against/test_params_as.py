"""Parameters of single layers as PyTorch's and Keras' own layers count them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest

from cnncalc import load
from cnncalc.analysis.framework_params import differences
from cnncalc.analysis.model import Analysis

TORCH: dict[str, Callable[[Any], Any]] = {
    "bn": lambda nn: nn.BatchNorm2d(8),
    "bn noscale": lambda nn: nn.BatchNorm2d(8),
    "bn noshift": lambda nn: nn.BatchNorm2d(8),
    "bn noscale noshift": lambda nn: nn.BatchNorm2d(8, affine=False),
    "ln": lambda nn: nn.LayerNorm(8),
    "ln all": lambda nn: nn.LayerNorm([8, 6, 6]),
    "ln noshift": lambda nn: nn.LayerNorm(8, bias=False),
    "ln noscale": lambda nn: nn.LayerNorm(8),
    "gn 4": lambda nn: nn.GroupNorm(4, 8),
    "gn 4 noshift": lambda nn: nn.GroupNorm(4, 8),
    "instancenorm": lambda nn: nn.InstanceNorm2d(8, affine=True),
    "prelu": lambda nn: nn.PReLU(8),
    "prelu shared": lambda nn: nn.PReLU(),
    "sepconv 4 3x3": lambda nn: nn.Sequential(nn.Conv2d(8, 8, 3, groups=8, bias=False), nn.Conv2d(8, 4, 1)),
    "conv 4 3x3 groups=2": lambda nn: nn.Conv2d(8, 4, 3, groups=2),
    "upconv 4 3x3": lambda nn: nn.ConvTranspose2d(8, 4, 3),
}

KERAS: dict[str, Callable[[Any], Any]] = {
    "bn": lambda k: k.BatchNormalization(),
    "bn noscale": lambda k: k.BatchNormalization(scale=False),
    "bn noscale noshift": lambda k: k.BatchNormalization(scale=False, center=False),
    "ln": lambda k: k.LayerNormalization(),
    "ln all": lambda k: k.LayerNormalization(axis=[1, 2, 3]),
    "ln noscale": lambda k: k.LayerNormalization(scale=False),
    "gn 4": lambda k: k.GroupNormalization(4),
    "gn 4 noshift": lambda k: k.GroupNormalization(4, center=False),
    "instancenorm": lambda k: k.GroupNormalization(-1),
    "prelu": lambda k: k.PReLU(shared_axes=[1, 2]),
    "prelu shared": lambda k: k.PReLU(shared_axes=[1, 2, 3]),
    "prelu all": lambda k: k.PReLU(),
    "sepconv 4 3x3": lambda k: k.SeparableConv2D(4, 3),
    "conv 4 3x3 groups=2": lambda k: k.Conv2D(4, 3, groups=2),
    "dropout 0.5": lambda k: k.Dropout(0.5),
}


def analysis_of(line: str) -> Analysis:
    return load(f"input 6x6x8\n{line}\n").analysis


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed (pip install torch)")
@pytest.mark.parametrize("line", TORCH)
def test_a_layer_has_the_params_and_buffers_of_pytorchs(line: str) -> None:
    from torch import nn

    module, analysis = TORCH[line](nn), analysis_of(line)
    assert analysis.totals.figures.counted_params("pytorch") == sum(one.numel() for one in module.parameters())
    left_out = sum(one.amount for one in differences(analysis, "pytorch") if not one.counted)
    assert left_out == sum(one.numel() for one in module.buffers())


@pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed (pip install keras)")
@pytest.mark.filterwarnings("ignore")  # Keras' and its backends' own
@pytest.mark.parametrize("line", KERAS)
def test_a_layer_has_the_params_of_keras(line: str) -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    if find_spec({"torch": "torch", "tensorflow": "tensorflow", "jax": "jax"}[os.environ["KERAS_BACKEND"]]) is None:
        pytest.skip(f"Keras' backend {os.environ['KERAS_BACKEND']} is not installed")
    from keras import layers

    layer = KERAS[line](layers)
    layer.build((None, 6, 6, 8))
    assert analysis_of(line).totals.figures.counted_params("keras") == layer.count_params()

"""What a program says of training: frozen layers of PyTorch and Keras are counted as these libraries count them."""

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.net_files import checked

CONV, NORM, DENSE = 156, 12, 34_570
"""5 * 5 * 6 + 6; gamma and beta of 6 channels; 24 * 24 * 6 * 10 + 10."""

TORCH = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = nn.Sequential(nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6))
        self.head = nn.Linear(3456, 10)
    def forward(self, x):
        return self.head(self.base(x).flatten(1))
net = Net()
"""

KERAS = """import keras
from keras import layers
base = keras.Sequential([layers.Conv2D(6, 5), layers.BatchNormalization()])
head = layers.Dense(10)
net = keras.Sequential([keras.Input((28, 28, 1)), base, layers.Flatten(), head])
"""


def frozen(program):
    size = "28x28x1" if "torch" in program else None
    return analyse(checked(Source("net.py", program), size)).totals.figures.frozen


@pytest.mark.parametrize(
    ("lines", "params"),
    [
        ("net.requires_grad_(False)", CONV + NORM + DENSE),
        ("net.base.requires_grad_(False)", CONV + NORM),
        ("for p in net.parameters():\n    p.requires_grad = False\nnet.head = nn.Linear(3456, 10)", CONV + NORM),
        ("for p in net.base.parameters():\n    p.requires_grad_(False)", CONV + NORM),
        ("for n, p in net.named_parameters():\n    if 'head' not in n: p.requires_grad = False", CONV + NORM),
        ("net.requires_grad_(False)\nfor p in net.head.parameters():\n    p.requires_grad = True", CONV + NORM),
        ("net.requires_grad_(False).requires_grad_()", 0),
        ("net.base[0].weight.requires_grad = False", 0),
        ("net.eval()", 0),
        ("import torch\ntorch.zeros(3).requires_grad_()\nnet.base.requires_grad_(False)", CONV + NORM),
    ],
)
def test_a_layer_of_pytorch_is_frozen_where_no_array_of_it_is_learned(lines, params):
    """A layer of which only some arrays are left as they are counts as one that learns."""
    assert frozen(TORCH + lines + "\n") == params


@pytest.mark.parametrize(
    ("lines", "params"),
    [
        ("base.trainable = False", CONV + NORM),
        ("for layer in base.layers[:1]:\n    layer.trainable = False", CONV),
        ("net.trainable = False\nhead.trainable = True", CONV + NORM + DENSE),
        ("base.trainable = False\nbase.trainable = True", 0),
        ("base.trainable = False\nif base.trainable: head.trainable = False", CONV + NORM),
    ],
)
def test_a_layer_of_keras_is_frozen_with_every_model_that_it_is_in(lines, params):
    """Counted by Keras 3.15 itself: what `summary()` prints as trainable is the rest."""
    assert frozen(KERAS + lines + "\n") == params


def test_the_argument_trainable_freezes_a_layer_too():
    assert frozen(KERAS.replace("Conv2D(6, 5)", "Conv2D(6, 5, trainable=False)")) == CONV

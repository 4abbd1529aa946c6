"""Programs of Keras as they are written: by words, with hostile names and titles, refused where Keras has no layer."""

from __future__ import annotations

import ast
import re
from contextlib import suppress

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.keras.own_layers.known_classes import CLASS_TEXTS
from cnncalc.dialects.keras.writing.model_text import write
from cnncalc.layers.registry import LAYERS
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same

from .again import compared, net
from .words import WORDS

SMALL = '''"""Small.

2 layers.
"""

import keras
from keras import layers


def small():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(10, 1, name="scores"),
        ],
        name="small",
    )


if __name__ == "__main__":
    model = small()
    model.summary()
'''


def test_a_chain_is_a_sequential() -> None:
    graph = net('title "Small"', "input 28x28x1", "conv 8 3x3 stride=2 same relu", "scores: conv 10 1x1")
    assert write(graph, ("2 layers.",)) == SMALL


BRANCHES = """
def build_model():
    inputs = keras.Input(shape=(8, 8, 4))
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(4, 3, padding="same")(x)
    x = layers.Add()([inputs, x])
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
"""


def test_a_residual_net_is_a_function() -> None:
    lines = ("input 8x8x4", "split", "branch", "branch", "conv 4 3x3 same relu", "conv 4 3x3 same", "join add relu")
    assert BRANCHES in write(net(*lines))


def test_hostile_titles_and_labels_stay_texts() -> None:
    title = 'a\\"""\\nimport os\\nos.system("x")'.replace('"', "'")
    graph = net(f'title "{title}"', "input 8x8x1", "conv 4 3x3")
    tree = ast.parse(write(graph))
    imported = [one for one in ast.walk(tree) if isinstance(one, (ast.Import, ast.ImportFrom))]
    assert [ast.unparse(one) for one in imported] == ["import keras", "from keras import layers"]
    for fact in ('"""', "\\", "\n import os", "\x00", "\u2028x"):
        ast.parse(write(graph, (fact,)))


REFUSED = (
    ("attention causal", "Keras cannot say this `attention`: Keras masks what comes later along one axis alone"),
    ("conv 4 3x3 flip", "Keras cannot say this `conv`: Keras does not turn a kernel"),
    ("maxpool 3x3 dilation=2", "Keras cannot say this `maxpool`: Keras' pools have no dilation"),
    (
        "conv 4 3x3 stride=2 dilation=2",
        "Keras cannot say this `conv`: Keras has no convolution with both a stride and a",
    ),
)


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_what_keras_cannot_say_is_refused_with_its_line(line: str, message: str) -> None:
    graph = net("input 32x32x4", "relu", line, "relu", line)
    with pytest.raises(InputError) as caught:
        write(graph)
    found = caught.value.diagnostics
    assert [one.code for one in found] == ["not-in-keras"] * 2
    assert [one.span.line for one in found if one.span] == [3, 5]
    assert found[0].message.startswith(message)


def test_a_changed_class_is_not_taken_for_ours() -> None:
    text = write(net("input 8x8x4", "lrn"))
    assert "class LocalResponseNormalization" in text
    changed = text.replace("self.alpha / self.size", "self.alpha / 2")
    with suppress(InputError):
        words = [node.layer.word for node in checked(Source("net.py", changed)).nodes]
        assert words != ["input", "lrn"]


@pytest.mark.parametrize(("size", "line"), WORDS)
def test_a_word_is_the_same_after_keras(size: str, line: str) -> None:
    found = compared(net(size, *line.split("\n")))
    assert isinstance(found, Same), found


def test_every_layer_word_is_tried() -> None:
    """Boxes of detectors are in the shipped nets."""
    tried = {word for _, line in WORDS for each in line.split("\n") for word in each.split()}
    assert set(LAYERS) - tried == {"input", "identity", "yolo", "region", "detection"}


def test_a_label_is_a_name_that_every_backend_takes() -> None:
    """PyTorch takes no dot in a name, TensorFlow no line at its start."""
    lines = ("layer1.0.conv1: conv 4 1x1", "layer1_0_conv1: conv 4 1x1", "_a-b: conv 3 1x1", "conv2d_3: conv 2 1x1")
    text = write(net("input 5x5x1", *lines))
    assert re.findall(r'name="(.*)"', text) == ["layer1_0_conv12", "layer1_0_conv1", "a-b"]


def test_a_function_that_halves_the_channels_is_no_activation_layer() -> None:
    """Keras' Activation layer says that its result has the shape of what arrives."""
    text = write(net("input 5x5x4", "glu", "conv 3 1x1"))
    assert "x = ops.glu(inputs, axis=-1)" in text


@pytest.mark.parametrize("name", CLASS_TEXTS)
def test_a_class_that_is_brought_along_is_laid_out_as_black_does(name: str) -> None:
    text, _ = CLASS_TEXTS[name]
    assert max(map(len, text.split("\n"))) <= 88
    black = pytest.importorskip("black")
    assert black.format_str(text, mode=black.Mode()).strip("\n") == text

"""Every way to write an input comes down to a shape."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.layers.base import NamedMatrix
from cnncalc.layers.input import Input
from cnncalc.matrices import matrix

PICTURE = NamedMatrix("picture", matrix([[0, 1, 1], [0, 1, 0]]))
SIGNAL = NamedMatrix("signal", matrix([[5, 4, 2, 3, 7]]))
TWO_SIGNALS = NamedMatrix("pair", matrix([[1, 2, 3]], [[4, 5, 6]]))


@pytest.mark.parametrize(
    ("written", "channels", "spatial"),
    [
        ({"size": (28, 28, 1)}, 1, (28, 28)),
        ({"size": (28, 28), "colour": "gray"}, 1, (28, 28)),
        ({"size": (28, 28), "colour": "grey"}, 1, (28, 28)),
        ({"size": (224, 224), "colour": "rgb"}, 3, (224, 224)),
        ({"size": (224, 224, 3), "colour": "rgb"}, 3, (224, 224)),
        ({"size": (8, 8), "colour": "rgba"}, 4, (8, 8)),
        ({"size": (224, 224), "channels": 3}, 3, (224, 224)),
        ({"size": (1000,), "channels": 8}, 8, (1000,)),
        ({"size": (16, 112, 112), "channels": 3}, 3, (16, 112, 112)),
        ({"size": (16, 112, 112), "colour": "rgb"}, 3, (16, 112, 112)),
        ({"size": (16, 112, 112, 3)}, 3, (16, 112, 112)),
        ({"size": (784,)}, 784, ()),
        ({"size": (3, 32, 48), "order": "channels_first"}, 3, (32, 48)),
        ({"size": (32, 48), "channels": 3, "order": "channels_first"}, 3, (32, 48)),
        ({"data": PICTURE}, 1, (2, 3)),
        ({"data": PICTURE, "size": (2, 3)}, 1, (2, 3)),
        ({"data": PICTURE, "size": (2, 3, 1)}, 1, (2, 3)),
        ({"data": SIGNAL}, 1, (5,)),
        ({"data": TWO_SIGNALS}, 2, (3,)),
    ],
)
def test_an_input_is_read_as_it_was_meant(written: dict[str, Any], channels: int, spatial: tuple[int, ...]) -> None:
    shape = Input(**written).output_shape(())
    assert (shape.channels, shape.spatial) == (channels, spatial)


def test_preprocessing_is_one_number_or_one_a_channel() -> None:
    Input(size=(8, 8), colour="rgb", scale=(1 / 255,), mean=(0.485, 0.456, 0.406), std=(0.2,)).output_shape(())


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ({"size": (8, 8, 3)}, []),
        (
            {"size": (8, 8, 3), "preprocessing": "imagenet"},
            [
                ("red of white", "(255 * 1/255 - 0.485) / 0.229", "2.24891"),
                ("green of white", "(255 * 1/255 - 0.456) / 0.224", "2.42857"),
                ("blue of white", "(255 * 1/255 - 0.406) / 0.225", "2.64"),
            ],
        ),
        (
            {"size": (8, 8, 3), "preprocessing": "caffe"},
            [
                ("blue of white", "255 * 1 - 103.939", "151.061"),
                ("green of white", "255 * 1 - 116.779", "138.221"),
                ("red of white", "255 * 1 - 123.68", "131.32"),
            ],
        ),
        ({"size": (8, 8, 1), "scale": (1 / 127.5,)}, [("white", "255 * 1/127.5", "2")]),
        ({"size": (8, 8, 1), "std": (0.5,)}, [("white", "(255 * 1/255) / 0.5", "2")]),
        ({"size": (100,), "scale": (0.5,)}, []),
    ],
)
def test_what_a_white_pixel_becomes_is_worked_out(written: dict[str, Any], lines: list[tuple[str, str, str]]) -> None:
    _, *formulas = Input(**written).formulas(())[:-2]
    assert [(one.quantity, one.numbers, one.result) for one in formulas] == lines

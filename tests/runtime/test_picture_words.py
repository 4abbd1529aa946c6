"""What an input line says of pictures gives the numbers that torchvision and Keras give, bit for bit."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.diagnostics import InputError
from cnncalc.geometry import Shape
from cnncalc.layers.input import Input
from cnncalc.runtime.images import Preprocessing, read


def drawn(width: int, height: int) -> Image.Image:
    """A picture with edges of all lengths."""
    y, x = np.indices((height, width))
    return Image.fromarray(np.stack([(x * 7 + y * 3) % 256, (x * x + 5 * y) % 256, (x * y) % 256], 2).astype(np.uint8))


def line(size: int, **words: object) -> tuple[Preprocessing, Shape]:
    made = Input(size=(size, size, 3), **words)  # type: ignore[arg-type]
    shape = made.output_shape(())
    return Preprocessing.of(made, shape), shape


def array(tmp_path: Path, picture: Image.Image, size: int, **words: object) -> np.ndarray:
    picture.save(tmp_path / "picture.png")
    preprocessing, shape = line(size, **words)
    return read(tmp_path / "picture.png", shape, preprocessing)[0, :, 0]


TORCHVISION = [
    ((300, 200), 224, {}, "fef2d8a3eea4e67f"),
    ((201, 333), 224, {}, "2d281872360af3a8"),
    ((257, 255), 224, {"resize": 256}, "f59aa294dd0738e9"),
    ((37, 50), 224, {}, "72a1d81826c41417"),
    ((256, 256), 224, {}, "0484f4e0d0a5b3c2"),
    ((500, 375), 299, {}, "af5b603c3fcb25fe"),
    ((301, 203), 224, {"interpolation": "bicubic"}, "b0b9796719ac3803"),
    ((64, 49), 32, {}, "dde6a33a54e35a6d"),
]
"""Width and height, the input, further words, and the first digits of the SHA-256 of the float32 array that torchvision
0.29 makes: Resize (256; 342 for 299, 37 for 32), CenterCrop, ToTensor, Normalize with ImageNet's mean and deviation."""


@pytest.mark.parametrize(("size", "side", "words", "digits"), TORCHVISION)
def test_imagenet_gives_torchvisions_array_bit_for_bit(
    tmp_path: Path, size: tuple[int, int], side: int, words: dict[str, object], digits: str
) -> None:
    found = array(tmp_path, drawn(*size), side, preprocessing="imagenet", **words)
    assert (found.dtype, found.shape) == (np.float32, (3, side, side))
    assert hashlib.sha256(np.ascontiguousarray(found).tobytes()).hexdigest()[:16] == digits


def test_minus1to1_and_caffe_are_keras_preprocess_input_bit_for_bit(tmp_path: Path) -> None:
    """keras.src.applications.imagenet_utils: x / 127.5 - 1, and BGR minus 103.939, 116.779, 123.68, in float32."""
    picture = drawn(16, 16)
    pixels = np.asarray(picture, np.float32).transpose(2, 0, 1)
    np.testing.assert_array_equal(
        array(tmp_path, picture, 16, preprocessing="minus1to1"), pixels / np.float32(127.5) - np.float32(1)
    )
    mean = np.array([103.939, 116.779, 123.68], np.float32).reshape(3, 1, 1)
    np.testing.assert_array_equal(array(tmp_path, picture, 16, preprocessing="caffe"), pixels[::-1] - mean)


def test_bgr_puts_blue_first_and_numbers_are_in_that_order(tmp_path: Path) -> None:
    red = Image.new("RGB", (4, 4), (255, 0, 51))
    assert array(tmp_path, red, 4, bgr=True)[:, 0, 0].tolist() == pytest.approx([0.2, 0.0, 1.0])
    shifted = array(tmp_path, red, 4, bgr=True, mean=(0.2, 0.0, 0.0))
    assert shifted[:, 0, 0].tolist() == pytest.approx([0.0, 0.0, 1.0])


def test_a_border_is_a_pixel_of_that_value_and_is_scaled_like_one(tmp_path: Path) -> None:
    """114 of 255 is what YOLOv5 puts around a picture, 127.5 Darknet."""
    wide = Image.new("RGB", (8, 4), (255, 255, 255))
    assert array(tmp_path, wide, 4, border=114.0)[:, 0, 0].tolist() == pytest.approx([114 / 255] * 3)
    assert array(tmp_path, wide, 4, border=127.5, scale=(1.0,), mean=(1.0,))[0, :, 0].tolist() == [
        126.5,
        254,
        254,
        126.5,
    ]


def test_a_scale_of_0_makes_every_value_0(tmp_path: Path) -> None:
    assert not array(tmp_path, drawn(8, 8), 8, scale=(0.0,)).any()


def test_the_shorter_side_of_imagenet_grows_with_the_input_unless_it_is_written() -> None:
    """torchvision: 256 for 224, 342 for 299; ConvNeXt-T 236 for 224."""
    assert [line(size, preprocessing="imagenet")[0].resize for size in (224, 299, 32)] == [256, 342, 37]
    assert line(224, preprocessing="imagenet", resize=236)[0].resize == 236
    assert line(224, preprocessing="imagenet", picture="stretch")[0].resize == "stretch"
    assert line(224, preprocessing="minus1to1")[0].resize == "fit"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            {"preprocessing": "imagenet"},
            (
                "shorter side resized to 256, the middle 224x224 cut out; values 0..1, minus (0.485, 0.456, 0.406), "
                "divided by (0.229, 0.224, 0.225)"
            ),
        ),
        (
            {"preprocessing": "caffe", "picture": "stretch", "interpolation": "bicubic"},
            "stretched to 224x224 (bicubic); blue, green, red; values 0..255, minus (103.939, 116.779, 123.68)",
        ),
        ({"border": 114.0}, "fitted into 224x224 as a whole, the rest filled with 114 of 255; values 0..1"),
        (
            {"preprocessing": "minus1to1"},
            "fitted into 224x224 as a whole, the rest filled with the mean; values 0..2, minus 1",
        ),
    ],
)
def test_what_is_done_to_a_picture_is_said_in_words(words: dict[str, object], said: str) -> None:
    preprocessing, shape = line(224, **words)
    assert preprocessing.text(shape) == said


def test_a_strip_whose_longer_side_would_become_enormous_is_refused_before_it_is_resized(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="with a shorter side of 256 pixels the longer one would have 256,000"):
        array(tmp_path, Image.new("RGB", (1000, 1)), 224, preprocessing="imagenet")


def test_a_number_that_does_not_fill_the_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a picture with a shorter side of 200 pixels does not fill 224x224"):
        read(tmp_path / "never-opened.png", Shape(3, (224, 224)), Preprocessing(200))


def test_writing_that_is_inverted_is_not_cut_a_second_time(tmp_path: Path) -> None:
    """It was cut to the writing and centred already: with and without resize the same picture is seen."""
    paper = Image.new("L", (60, 60), 230)
    paper.paste(20, (20, 10, 26, 50))
    paper.save(tmp_path / "paper.png")
    fitted, cut = (
        read(tmp_path / "paper.png", Shape(1, (28, 28)), Preprocessing(way, ink="light")) for way in ("fit", 32)
    )
    np.testing.assert_array_equal(fitted, cut)

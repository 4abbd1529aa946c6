"""Writing the other way round: a dark stroke on light paper becomes what a net trained on MNIST knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

import cnncalc
from cnncalc.diagnostics import InputError
from cnncalc.geometry import Shape
from cnncalc.runtime.images import Preprocessing, read, read_batch

EXAMPLES = Path(__file__).parents[2] / "examples"
GRAY = Shape(1, (28, 28))
INK = Preprocessing(ink="light")


def paper_with_stroke(path: Path, paper: int = 220, ink: int = 40) -> Path:
    """A thin vertical stroke far from the middle of a tall sheet, in uneven light."""
    light = np.linspace(paper, paper - 60, 160)[np.newaxis, :].repeat(240, axis=0).astype(np.uint8)
    picture = Image.fromarray(light)
    ImageDraw.Draw(picture).line([(30, 40), (30, 140)], fill=ink, width=8)
    picture.save(path)
    return path


def test_a_dark_stroke_on_light_paper_becomes_light_centred_and_twenty_pixels_high(tmp_path: Path) -> None:
    values = read(paper_with_stroke(tmp_path / "stroke.png"), GRAY, INK)[0, 0, 0]
    rows, columns = np.nonzero(values > 0.5)
    assert values.max() == pytest.approx(1.0, abs=0.02)
    assert values[:3].max() == 0  # the shadow of the paper is gone
    assert (rows.min(), rows.max() + 1) == (4, 24)  # MNIST: 20 of 28 pixels
    assert 12 <= columns.min() <= columns.max() <= 15


def test_a_picture_that_is_the_right_way_round_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "light.png"
    Image.fromarray(np.pad(np.full((6, 6), 200, np.uint8), 11)).save(path)
    assert read_batch([path], GRAY, INK)[1] == ()
    np.testing.assert_array_equal(read(path, GRAY, INK), read(path, GRAY))


def test_an_even_sheet_has_nothing_to_turn_round(tmp_path: Path) -> None:
    path = tmp_path / "white.png"
    Image.new("L", (60, 60), 255).save(path)
    assert read_batch([path], GRAY, INK)[1] == ()


def test_a_net_that_knows_dark_ink_gets_dark_ink(tmp_path: Path) -> None:
    path = tmp_path / "light.png"
    Image.fromarray(np.pad(np.full((6, 6), 200, np.uint8), 11)).save(path)
    values = read(path, GRAY, Preprocessing(ink="dark"))
    assert values[0, 0, 0, 0, 0] == 1.0
    assert values[0, 0, 0, 14, 14] == 0.0


def test_a_photograph_of_sixteen_bits_is_turned_round_as_well(tmp_path: Path) -> None:
    eight = np.asarray(Image.open(paper_with_stroke(tmp_path / "eight.png")))
    Image.fromarray(eight.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    deep, shallow = (read(tmp_path / name, GRAY, INK) for name in ("deep.png", "eight.png"))
    np.testing.assert_allclose(deep, shallow, atol=0.02)


def test_ink_is_for_gray_inputs() -> None:
    with pytest.raises(InputError, match="ink=light is for gray pictures, but the input has 3 channels"):
        cnncalc.load("input 28x28x3 ink=light\nconv 3 3x3\n")


@pytest.mark.parametrize("digit", range(10))
def test_the_shipped_net_reads_the_digits_of_the_examples(digit: int) -> None:
    picture = read(EXAMPLES / "digits" / f"{digit}.png", GRAY, INK)[0, 0, 0]
    probabilities = cnncalc.load("mnist-convnet").run(picture)[0]
    assert probabilities.argmax() == digit
    assert probabilities[digit] > 0.9


def test_the_shipped_net_reads_a_photographed_digit() -> None:
    path = EXAMPLES / "digits" / "photographed-4.jpg"
    assert read_batch([path], GRAY, INK)[1] == (path,)
    probabilities = cnncalc.load("mnist-convnet").run(read(path, GRAY, INK)[0, 0, 0])[0]
    assert probabilities.argmax() == 4


def test_a_seed_asks_for_random_weights_even_where_trained_ones_ship() -> None:
    picture = np.ones((28, 28))
    net = cnncalc.load("mnist-convnet")
    assert net.run(picture, seed=0).max() < 0.5 < net.run(read(EXAMPLES / "digits" / "3.png", GRAY)[0, 0, 0]).max()

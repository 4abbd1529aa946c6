"""Where a picture lies in the input is known to the pixel, whichever way it was resized."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.geometry import Shape
from cnncalc.runtime.images import Preprocessing, read, upright, upright_size
from cnncalc.runtime.placement import Placement, placed

SQUARE = Shape(3, (64, 64))


@pytest.mark.parametrize(
    ("size", "way", "wanted"),
    [
        ((128, 64), "fit", Placement(64, 128, 0.5, 0.5, 16, 0)),
        ((64, 128), "fit", Placement(128, 64, 0.5, 0.5, 0, 16)),
        ((32, 16), "fit", Placement(16, 32, 2, 2, 16, 0)),
        ((128, 32), "stretch", Placement(32, 128, 2, 0.5, 0, 0)),
        ((128, 64), "crop", Placement(64, 128, 1, 1, 0, -32)),
        ((200, 100), "crop", Placement(100, 200, 0.64, 0.64, 0, -32)),
        ((200, 100), 80, Placement(100, 200, 0.8, 0.8, -8, -48)),
        ((64, 64), "fit", Placement(64, 64, 1, 1, 0, 0)),
    ],
)
def test_a_picture_lies_where_its_way_of_resizing_puts_it(size, way, wanted):
    assert placed(size, SQUARE, way) == pytest.approx(wanted)


def test_an_odd_rest_is_larger_below_and_to_the_right():
    """100 x 33 becomes 64 x 21: 43 rows are left, 21 above and 22 below."""
    place = placed((100, 33), SQUARE, "fit")
    assert (place.top, place.scale_y, place.scale_x) == (21, 21 / 33, 0.64)


@pytest.mark.parametrize("way", ["fit", "stretch", "crop", 80])
@pytest.mark.parametrize("size", [(200, 120), (120, 200), (160, 160)])
def test_a_square_in_the_picture_is_found_where_it_was(way, size, tmp_path: Path):
    """A white square is seen in the input; its border there leads back to its border in the picture, to 2 pixels."""
    picture = Image.new("RGB", size)
    left, top = size[0] // 2 - 20, size[1] // 2 - 10
    picture.paste((255, 255, 255), (left, top, left + 40, top + 30))
    picture.save(tmp_path / "a.png")
    seen = read(tmp_path / "a.png", SQUARE, Preprocessing(way))[0, 0, 0] > 0.5
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    box = np.array([[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]], float)
    found = placed(size, SQUARE, way).in_picture(box)[0]
    assert found == pytest.approx([left, top, left + 40, top + 30], abs=2)


def test_what_lies_beside_the_picture_is_cut_at_its_border():
    place = placed((128, 64), SQUARE, "fit")
    boxes = np.array([[-10.0, 0, 70, 80], [0, 0, 64, 16]])
    assert place.in_picture(boxes).tolist() == [[0, 0, 128, 64], [0, 0, 128, 0]]


def test_a_photograph_that_was_taken_sideways_is_upright(tmp_path: Path):
    picture = Image.new("RGB", (30, 20), (200, 0, 0))
    notes = Image.Exif()
    notes[0x0112] = 6
    picture.save(tmp_path / "a.jpg", exif=notes)
    assert upright_size(tmp_path / "a.jpg") == upright(tmp_path / "a.jpg").size == (20, 30)


def test_a_picture_of_sixteen_bits_is_shown_in_colours_of_eight(tmp_path: Path):
    Image.fromarray(np.full((4, 4), 65535 // 2, np.uint16)).save(tmp_path / "deep.png")
    assert upright(tmp_path / "deep.png").getpixel((0, 0)) == (127, 127, 127)

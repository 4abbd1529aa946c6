"""The picture of a worked number shows the numbers of the decks: window, kernel, products, result, the sum below."""

from __future__ import annotations

import pytest

from cnncalc.pictures.cells.cell_picture import cell_picture
from cnncalc.pictures.cells.field_picture import Photo
from cnncalc.pictures.cells.number_texts import is_rounded, shown
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Image, Rectangle, Scene, Text

from .checklist import faults
from .decks import DECK_000, DECK_001, DECK_004, TWO, WEIGHTS, cell_of


def texts(scene: Scene) -> list[str]:
    return [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]


def filled(scene: Scene, role: str) -> int:
    return sum(isinstance(shape, Rectangle) and shape.fill == role for shape in flat(scene.shapes))


def test_the_first_number_of_deck_000_is_320() -> None:
    """Deck 000: 105*5 - 102 - 103 = 320; what the padding of zeros adds is not written."""
    said = texts(cell_picture(cell_of(DECK_000 + "conv filter=sharpen same", "1,1")))
    assert "105·5 − 102 − 103 = 320" in said
    assert {"525", "−102", "−103", "The padding holds zeros."} <= set(said)


def test_the_stride_of_deck_001_is_drawn() -> None:
    """Deck 001, padding 1 and stride 2: the third number of the second row is 3."""
    scene = cell_picture(cell_of(DECK_001 + "conv filter=sharpen padding=1 stride=2", "2,3"))
    assert "1·5 − 0 − 1 − 1 = 3" in texts(scene)
    assert "3×3, stride 2" in texts(scene)


def test_the_signal_of_deck_004_is_flipped_and_said_so() -> None:
    """Deck 004: y[1] = -2/3 of the full convolution."""
    said = texts(cell_picture(cell_of(DECK_004 + "conv filter=h full flip", "2")))
    assert "(−2)·(1/3) + 0·(1/3) = −2/3" in said
    assert "× kernel, flipped" in said
    assert "flipped along each axis" in " ".join(said)


def test_a_dilated_window_has_holes() -> None:
    """Four cells of a 3x3 frame are under the kernel; three products are not 0."""
    scene = cell_picture(cell_of(DECK_001 + "conv filter=[1 2; 3 4] dilation=2", "2,2"))
    assert filled(scene, "conv.node") == 4 + 2
    assert "1 + 0·2 + 1·3 + 0·4 = 4" in texts(scene)


def test_each_channel_has_a_row_and_a_sum() -> None:
    said = texts(cell_picture(cell_of(TWO + f"conv 1 2x2 {WEIGHTS} bias=[1/3]", "1,2")))
    assert said[-3:] == ["channel 1: 2 + (−1)·2 − 1 = −1", "channel 2: 1 + 0 + 2 = 3", "(−1) + 3 + (1/3) (bias) = 7/3"]
    assert said.count("kernel") == 2


def test_the_largest_number_under_a_pool_is_marked() -> None:
    scene = cell_picture(cell_of(DECK_001 + "maxpool 2", "1,1"))
    assert filled(scene, "pool.node") == 2
    assert "max(0, 1, 0, 1) = 1" in texts(scene)


def test_what_lands_on_a_place_of_a_transposed_convolution_is_drawn_with_its_weights() -> None:
    said = texts(cell_picture(cell_of(TWO + f"upconv 1 2x2 stride=2 {WEIGHTS} bias=[1]", "2,3")))
    assert said.count("weights that land here") == 2
    assert "(−2) + 1 + 1 (bias) = 0" in said


def test_words_behind_a_layer_are_worked_out_below() -> None:
    said = texts(cell_picture(cell_of(TWO + f"conv 2 2x2 groups=2 {WEIGHTS} bias=[1 -2] relu", "2,1,2")))
    assert said[-1] == "relu: max(0, −2) = 0"


SEVENTHS = " ".join(f"{-2 + at * 0.081234:.6f}" for at in range(49))
LONG = f"data p = [{'; '.join(' '.join(f'{(r * 7 + c * 3) % 11 - 5}.123456' for c in range(30)) for r in range(30))}]"
PICTURES = [
    (DECK_000 + "conv filter=sharpen same", "5,5"),
    (DECK_001 + "conv filter=[1 2; 3 4] dilation=2", "2,2"),
    (DECK_004 + "conv filter=h full flip", "5"),
    (TWO + f"conv 1 2x2 {WEIGHTS} bias=[1/3]", "1,2"),
    (TWO + f"upconv 1 2x2 stride=2 {WEIGHTS} bias=[1]", "6,6"),
    (TWO + "a: relu\nadd a a", "1,2"),
    (TWO + "softmax", "1,2,2"),
    (TWO + f"flatten\nx{'W' * 200}: dense 1 weights=[{' '.join(map(str, range(18)))}] bias=[1]", "1"),
    (f"{LONG}\ninput from p\nconv 1 7x7 stride=2 padding=3 weights=[{SEVENTHS}] nobias", "1,15"),
    (f"{LONG}\ninput from p\nmaxpool 3 stride=2", "7,7"),
    (f"{LONG}\ninput from p\ngap", "1"),
]


@pytest.mark.parametrize(("text", "at"), PICTURES)
def test_no_text_touches_a_text_or_leaves_the_paper(text: str, at: str) -> None:
    scene = cell_picture(cell_of(text, at))
    assert faults(scene) == []
    assert scene.width <= 1300


def test_a_photo_is_beside_the_sums_where_these_leave_room_and_below_them_where_not() -> None:
    photo = Photo(b"a picture")
    wide, narrow = cell_picture(cell_of(*PICTURES[8]), photo), cell_picture(cell_of(TWO + "softmax", "1,2,2"), photo)
    for scene, is_beside in ((wide, True), (narrow, False)):
        (image,) = [shape for shape in flat(scene.shapes) if isinstance(shape, Image)]
        assert (image.x > 420) is is_beside
        assert faults(scene) == []


def test_the_map_before_the_words_behind_a_layer_is_called_so() -> None:
    said = texts(cell_picture(cell_of(TWO + f"conv 2 2x2 groups=2 {WEIGHTS} bias=[1 -2] relu", "2,1,2")))
    assert "output before relu, channel 2 of 2" in said


def test_products_of_0_are_left_out_of_long_sums_only_and_said_to_be() -> None:
    zeros = "data p = [0 0 0 0; 0 2 0 0; 0 0 0 0; 0 0 0 0]\ninput from p\n"
    long = texts(cell_picture(cell_of(zeros + f"conv 1 4x4 weights=[{'1 ' * 16}] nobias", "1,1")))
    assert {"2 = 2", "Of long sums, the products of 0 are left out."} <= set(long)
    short = texts(cell_picture(cell_of(zeros + f"conv 1 3x3 weights=[{'1 ' * 9}] nobias", "1,1")))
    assert "0 + 0 + 0 + 0 + 2 + 0 + 0 + 0 + 0 = 2" in short


def test_whole_numbers_of_an_array_are_drawn_as_whole_ones_and_nothing_is_said_to_be_rounded() -> None:
    """An array of whole floats is drawn as the same net with stated numbers, whose notes say nothing of decimals."""
    assert [shown(one) for one in (7.0, -3.0, 5.0)] == ["7", "−3", "5"]
    assert [is_rounded(one) for one in (7.0, 0.25, 0.12345)] == [False, False, True]


def test_a_very_small_number_of_a_grid_is_no_wider_than_others_and_not_written_as_0() -> None:
    small = "data p = [0 0.0001; 1 2]\ninput from p\nconv 1 2x2 weights=[1 1; 1 1] nobias"
    said = texts(cell_picture(cell_of(small, "1,1")))
    assert (said.count("0.000"), said.count("0")) == (2, 2)


def test_of_a_large_map_the_neighbourhood_is_drawn_and_where_it_lies() -> None:
    said = texts(cell_picture(cell_of(*PICTURES[8])))
    assert {"rows 1 to 6 of 30", "columns 25 to 30 of 30", "7×7, stride 2"} <= set(said)
    assert "0.123456" not in "".join(said)

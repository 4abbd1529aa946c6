"""How maps become pictures: which are shown, how large, how values became greys, in pixels and in words."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import cnncalc
from cnncalc.pictures.maps.first_filters import first_filters
from cnncalc.pictures.maps.greys import clipped, signed, stretched
from cnncalc.pictures.maps.map_names import map_file_name
from cnncalc.pictures.maps.map_sheet import is_map_sheet, map_sheet, png_bytes
from cnncalc.pictures.maps.map_tiles import map_tiles
from cnncalc.pictures.maps.montage import columns_of, montage
from cnncalc.pictures.maps.terminal_maps import drawn_lines, terminal_tiles
from cnncalc.pictures.maps.terminal_picture import kitty_picture, picture_lines
from cnncalc.runtime.weights import Weights

RED = (230, 25, 75)
EACH = "each from its smallest value, black, to its largest, white"


def levels(picture: Image.Image) -> list[list[int]]:
    return np.asarray(picture).tolist()


def test_each_map_is_stretched_from_its_own_black_to_its_own_white() -> None:
    maps = np.array([[[0, 1], [2, 4]], [[-10, 0], [0, 10]]], np.float32)
    shown = montage(maps, tile=2)
    assert levels(shown.image) == [[0, 64, 255, 0, 128], [128, 255, 255, 128, 255]]
    assert shown.words == f"all 2 maps of 2x2; {EACH}; they lie from -10 to 10"


def test_a_map_that_differs_by_rounding_alone_is_one_grey() -> None:
    """Two floats of 24 bits that follow each other are 0.3 and 0.3 in any digits that are shown."""
    next_one = np.nextafter(np.float32(0.3), np.float32(1))
    alone = montage(np.array([[[0.3, next_one]]], np.float32).reshape(1, 2, 1), tile=2)
    assert levels(alone.image) == [[128], [128]]
    assert alone.words == "one map of 2x1; all values are 0.3"
    maps = np.array([[[0.3], [next_one]], [[0], [1e-30]]], np.float32)
    shown = montage(maps, tile=2)
    assert levels(shown.image) == [[128, 255, 0], [128, 255, 255]]
    assert shown.words.endswith("1 map is one other value everywhere (grey)")


def test_small_maps_are_enlarged_by_a_whole_number_without_a_blur() -> None:
    shown = montage(np.array([[[0, 9]]] * 2, np.float32).reshape(1, 2, 2), tile=5)
    assert levels(shown.image) == [[0, 0, 255, 255]] * 4
    assert shown.words == "one map of 2x2; enlarged 2 times; black is 0, white is 9"


def test_large_maps_are_reduced_by_means_and_keep_their_last_pixels() -> None:
    """5 pixels at 1:2 are 3: (0 + 0) / 2, (255 + 255) / 2 and the last alone."""
    shown = montage(np.array([[[0, 0, 4, 4, 2]] * 2], np.float32), tile=4)
    assert levels(shown.image) == [[0, 255, 128]]
    assert "shown at 1:2" in shown.words


def test_a_long_and_narrow_map_keeps_the_height_that_it_has() -> None:
    """96 pixels for 2000 columns are one for 21; the 10 rows would be less than a pixel, and 3 rows are enlarged."""
    maps = np.zeros((1, 10, 2000), np.float32)
    shown = map_tiles(maps, 1, 96)
    assert shown.pictures[0].size == (96, 10)
    assert shown.words.startswith("one map of 10x2000; heights as they are, widths shown at 1:21;")
    assert map_tiles(maps.transpose(0, 2, 1)[:, :, :3], 1, 96).pictures[0].size == (12, 96)


def test_of_many_maps_the_most_varied_are_shown_in_their_order() -> None:
    maps = np.zeros((5, 2, 2), np.float32)
    maps[1, 0, 0], maps[3, 0, 0] = 1, 9
    tiles = map_tiles(maps, 2, 2)
    assert tiles.names == ("2", "4")
    assert tiles.words.startswith("the 2 most varied of 5 maps of 2x2;")


@pytest.mark.parametrize(
    ("value", "level", "words"),
    [(0, 0, "all values are 0"), (7, 128, "all values are 7"), (-2.5, 128, "all values are -2.5")],
)
def test_a_constant_map_is_black_where_it_is_0_and_grey_elsewhere(value: float, level: int, words: str) -> None:
    shown = montage(np.full((1, 2, 2), value, np.float32), tile=2)
    assert levels(shown.image) == [[level] * 2] * 2
    assert shown.words == f"one map of 2x2; {words}"


def test_constant_maps_among_others_are_counted() -> None:
    maps = np.stack([np.zeros((2, 2)), np.full((2, 2), 3), [[0, 1], [2, 3]]]).astype(np.float32)
    said = "1 map is 0 everywhere (black); 1 map is one other value everywhere (grey)"
    assert montage(maps, tile=2).words == f"all 3 maps of 2x2; {EACH}; they lie from 0 to 3; {said}"


def test_what_is_not_finite_is_red_even_where_a_map_is_reduced() -> None:
    maps = np.array([[[0, np.nan], [1, 2]], [[np.inf, -np.inf], [0, 1]]], np.float32)
    shown = montage(maps, tile=2).image
    assert [shown.getpixel(place) for place in ((1, 0), (3, 0), (4, 0), (1, 1))] == [RED, RED, RED, (255, 255, 255)]
    large = np.zeros((1, 64, 64), np.float32)
    large[0, 5, 5] = np.nan
    reduced = montage(large, tile=2)
    assert reduced.image.getpixel((0, 0)) == RED
    assert reduced.words.endswith("all values are 0; red: 1 value is not finite (NaN or infinity)")


def test_only_numbers_that_are_not_finite_make_no_range() -> None:
    assert montage(np.full((1, 2, 2), np.nan, np.float32), tile=2).words == (
        "one map of 2x2; red: 4 values are not finite (NaN or infinity)"
    )


def test_the_largest_numbers_of_float32_have_greys() -> None:
    top = np.finfo(np.float32).max
    assert stretched(np.array([[-top, 0, top]], np.float32)).levels.tolist() == [[0, 128, 255]]


def test_maps_of_one_row_become_the_rows_of_one_picture_with_one_scale() -> None:
    shown = montage(np.array([[[0, 1, 2]], [[4, 4, 4]]], np.float32), most=1, tile=1)
    assert levels(shown.image) == [[0, 0, 64, 64, 128, 128]] * 3 + [[255] * 6] * 3
    assert shown.words == "all 2 maps of length 3, each a row; black is 0, white is 4"


def test_signed_values_have_a_middle_grey_and_clipped_ones_stay_what_they_are() -> None:
    assert signed(np.array([[-2.0, 0, 1]]), 100).levels.tolist() == [[0, 128, 191]]
    assert signed(np.array([[-2.0, 0, 1]]), 100).words == "grey is 0, black is -2, white is 2"
    assert signed(np.zeros((1, 2))).words == "all values are 0"
    assert clipped(np.array([[-1.0, 0.2, 3]])).levels.tolist() == [[0, 51, 255]]


def test_filters_of_three_channels_are_colours_and_others_are_grey() -> None:
    """One filter: red positive, green 0, blue negative; its largest weight is 2."""
    net = cnncalc.load("input 8x8x3\nconv 1 2x2 nobias\n").analysis
    weights = np.zeros((1, 3, 2, 2), np.float32)
    weights[0, 0], weights[0, 2] = 2, -2
    found = first_filters(net, Weights({"conv1.weight": weights}, "", "float32"), 64, 2)
    assert found is not None
    assert found.row == 1
    assert found.tiles.pictures[0].getpixel((0, 0)) == (255, 128, 0)
    assert found.tiles.words.startswith("all 1 filters of 2x2x3; their channels are red, green and blue")


def test_filters_of_a_bgr_net_have_the_colours_that_they_see() -> None:
    net = cnncalc.load("input 8x8x3 caffe\nconv 1 2x2 nobias\n").analysis
    weights = np.zeros((1, 3, 2, 2), np.float32)
    weights[0, 0] = 1
    found = first_filters(net, Weights({"conv1.weight": weights}, "", "float32"), 64, 2)
    assert found is not None
    assert found.tiles.pictures[0].getpixel((0, 0)) == (128, 128, 255)


@pytest.mark.parametrize("text", ["input 8x8x3\nconv 4 1x1\n", "input 8x8x3\nmaxpool 2x2\n"])
def test_filters_of_one_number_are_no_pictures(text: str) -> None:
    net = cnncalc.load(text).analysis
    arrays = {"conv1.weight": np.ones((4, 3, 1, 1), np.float32)}
    assert first_filters(net, Weights(arrays, "", "float32"), 64, 96) is None


def test_a_file_has_the_number_and_the_name_of_its_line() -> None:
    net = cnncalc.load("input 8x8x1\nedges: conv 2 3x3\nmaxpool 2x2\n").analysis
    assert [map_file_name(net, row) for row in net.rows] == ["00-input1.png", "01-edges.png", "02-maxpool1.png"]
    assert map_file_name(net, net.rows[1], "filters") == "01-edges-filters.png"


def test_a_sheet_says_its_line_and_is_known_as_one() -> None:
    tiles = map_tiles(np.array([[[0, 1], [2, 4]]], np.float32), 64, 96)
    title = "\x1b[2J\u202e" + "x" * 100_000
    file = png_bytes(map_sheet(title, tiles))
    assert is_map_sheet(file[:4096])
    assert not is_map_sheet(b"\x89PNG\r\n\x1a\nanother")
    sheet = map_sheet("1 conv1: conv", tiles)
    assert sheet.size == (480, 163)
    assert np.asarray(sheet)[-13:-12, 12:108, 0].tolist() == [[128] * 48 + [255] * 48]
    assert min(np.asarray(sheet)[12:28].ravel()) == 0


def test_half_blocks_have_two_pixels_in_24_bits_or_24_greys() -> None:
    picture = Image.fromarray(np.array([[0, 0], [255, 255]], np.uint8))
    assert picture_lines(picture, "24-bit") == ["\x1b[38;2;0;0;0;48;2;255;255;255m▀▀\x1b[0m"]
    assert picture_lines(picture, "greys") == ["\x1b[38;5;232;48;5;255m▀▀\x1b[0m"]


def test_letters_get_denser_with_brightness_and_say_what_is_not_finite() -> None:
    ramp = Image.fromarray(np.arange(0, 256, 28, np.uint8)[None].repeat(2, 0))
    assert picture_lines(ramp, "letters") == [" .:-=+*#%@"]
    odd = montage(np.array([[[0, np.nan], [0, 1]]], np.float32), tile=2)
    assert picture_lines(odd.image, "letters") == [" ?"]


def test_an_odd_row_of_pixels_is_a_line_too() -> None:
    assert len(picture_lines(Image.new("L", (3, 5)), "letters")) == 3


def test_kitty_gets_the_file_in_pieces_of_which_the_last_says_so() -> None:
    """https://sw.kovidgoyal.net/kitty/graphics-protocol: at most 4096 letters, m=1 for all but the last."""
    pieces = kitty_picture(b"x" * 4000).split("\x1b\\")
    assert [piece[:16] for piece in pieces] == ["\x1b_Ga=T,f=100,m=1", "\x1b_Gm=0;eHh4eHh4e"[:16], ""]
    assert all(len(piece) < 4130 for piece in pieces)


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("shape", [(64, 5, 5), (3, 224, 224), (1, 28, 28), (8, 1, 5000), (4, 400, 2), (9, 2, 3000)])
def test_maps_fit_into_every_width(width: int, shape: tuple[int, int, int]) -> None:
    maps = np.random.default_rng(0).random(shape, np.float32)
    lines = drawn_lines(terminal_tiles(maps, width), "letters")
    assert lines
    assert {len(line) for line in lines} <= set(range(1, width + 1))


def test_columns_leave_few_gaps() -> None:
    assert [columns_of(count, 62, 78) for count in (1, 3, 4, 16, 32, 64)] == [1, 3, 4, 4, 8, 8]


def test_of_filters_with_slices_the_words_say_which_one_is_shown() -> None:
    net = cnncalc.load("input 8x8x8 channels 1\nconv 4 3x3x3\n").analysis
    weights = Weights({"conv1.weight": np.ones((4, 1, 3, 3, 3), np.float32)}, "", "float32")
    found = first_filters(net, weights, 64, 3)
    assert found is not None
    assert found.tiles.words.startswith("slice 2 of 3 of each filter; all 4 filters of 3x3; ")

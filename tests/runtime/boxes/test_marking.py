"""Boxes are drawn where they are, in a colour of their class, with a name that can be read on it."""

from __future__ import annotations

import pytest
from PIL import Image

from cnncalc.diagnostics import InputError
from cnncalc.runtime.boxes import Box
from cnncalc.runtime.boxes.marking import COLOURS, colour_of, label_of, letter_colour, with_boxes
from cnncalc.runtime.picture_files import picture_format

GRAY = (128, 128, 128)
NAMES = ("cat", "dog")


def plain(width=320, height=240):
    return Image.new("RGB", (width, height), GRAY)


def contrast(one, other):
    """The ratio of WCAG 2.1, worked out anew: 1 for equal colours, 21 for black on white."""

    def luminance(colour):
        parts = [value / 255 for value in colour]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_a_frame_of_two_pixels_runs_inside_its_box():
    marked = with_boxes(plain(), [Box(1, 0.9, 100, 60, 80, 50)], NAMES)
    colour = colour_of(1)
    for x, y in ((100, 80), (101, 80), (179, 80), (178, 80), (140, 60), (140, 61), (140, 109), (140, 108)):
        assert marked.getpixel((x, y)) == colour, (x, y)
    for x, y in ((99, 80), (102, 80), (180, 80), (177, 80), (140, 62), (140, 110), (140, 107)):
        assert marked.getpixel((x, y)) == GRAY, (x, y)


def test_the_name_stands_above_the_box_and_below_its_upper_side_where_there_is_no_room():
    above = with_boxes(plain(), [Box(0, 0.9, 100, 60, 80, 50)], NAMES)
    assert above.getpixel((101, 59)) == colour_of(0)
    below = with_boxes(plain(), [Box(0, 0.9, 100, 0, 80, 50)], NAMES)
    assert below.getpixel((103, 3)) == colour_of(0)


def test_the_name_does_not_leave_the_picture_on_the_right():
    marked = with_boxes(plain(), [Box(0, 0.9, 310, 60, 10, 50)], ("a very long name of a class",))
    assert marked.getpixel((319, 59)) == colour_of(0)
    assert marked.getpixel((250, 58)) in (colour_of(0), letter_colour(colour_of(0)))


def test_lines_grow_with_the_picture():
    marked = with_boxes(plain(3000, 2000), [Box(0, 0.9, 500, 400, 1000, 800)], NAMES)
    row = [marked.getpixel((x, 800)) for x in range(490, 520)]
    assert row.count(colour_of(0)) == 10


def test_the_most_confident_box_is_on_top():
    marked = with_boxes(plain(), [Box(0, 0.9, 100, 60, 80, 50), Box(1, 0.5, 100, 60, 80, 50)], NAMES)
    assert marked.getpixel((140, 109)) == colour_of(0)


def test_the_picture_that_was_given_is_left_alone():
    picture = plain()
    with_boxes(picture, [Box(0, 0.9, 100, 60, 80, 50)], NAMES)
    assert set(picture.get_flattened_data() if hasattr(picture, "get_flattened_data") else picture.getdata()) == {GRAY}


def test_a_gray_picture_gets_coloured_boxes():
    assert with_boxes(Image.new("L", (320, 240)), [Box(0, 0.9, 10, 60, 80, 50)], NAMES).getpixel((10, 80)) == COLOURS[0]


@pytest.mark.parametrize("colour", COLOURS)
def test_letters_can_be_read_on_every_colour(colour):
    """4.5 is the ratio that WCAG 2.1 asks for."""
    assert contrast(letter_colour(colour), colour) >= 4.5


def test_colours_differ_and_begin_anew_after_the_last():
    assert len(set(COLOURS)) == len(COLOURS) == 18
    assert colour_of(18) == colour_of(0)


def test_a_class_without_a_name_shows_its_number():
    assert label_of(Box(16, 0.974, 0, 0, 1, 1), NAMES) == "class 16 97 %"


@pytest.mark.parametrize(("path", "kind"), [("a.png", "PNG"), ("A.JPG", "JPEG"), ("b/c.jpeg", "JPEG")])
def test_the_ending_says_the_format(path, kind):
    assert picture_format(path) == kind


@pytest.mark.parametrize("path", ["a.txt", "png", "a.gif", "a"])
def test_other_endings_are_refused(path):
    with pytest.raises(InputError, match="does not end like a picture"):
        picture_format(path)

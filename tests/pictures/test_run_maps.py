"""The maps of a run from Python: chosen by name, shown in a notebook, written to a folder; bounded and harmless."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnncalc
from cnncalc.runtime.line_results import line_results
from cnncalc.runtime.weights import seeded

NET = "input 4x4x1\npool: maxpool 2x2\nflatten\n"
PICTURE = np.arange(16, dtype=np.float32).reshape(4, 4)


def test_each_row_is_seen_once_with_the_maps_of_the_first_image() -> None:
    analysis = cnncalc.load(NET).analysis
    seen: dict[int, list[object]] = {}
    given = np.stack([PICTURE, PICTURE * 0]).reshape(2, 1, 1, 4, 4)
    line_results(analysis, seeded(analysis, 0), {"input1": given}, lambda row, maps: seen.update({row: maps.tolist()}))
    assert list(seen) == [0, 1, 2]
    assert seen[1] == [[[5, 7], [13, 15]]]
    assert seen[2] == [[[5]], [[7]], [[13]], [[15]]]


def test_the_maps_of_lines_have_their_names_and_vectors_have_none() -> None:
    maps = cnncalc.load(NET).maps(PICTURE)
    assert maps.names == ("input1", "pool")
    square = np.asarray(maps["pool"])[-12 - 96 : -12, 12 : 12 + 96]
    assert square[24::48, 24::48].tolist() == [[0, 51], [204, 255]]


def test_a_volume_shows_its_middle_slice_and_says_which() -> None:
    volume = np.zeros((3, 2, 2, 1), np.float32)
    volume[1] = [[[0], [1]], [[2], [4]]]
    maps = cnncalc.load("input 3x2x2 channels 1\nmaxpool 1x1x1\n").maps(volume)
    assert maps.pictures[0].title.endswith("3x2x2x1, slice 2 of 3")
    assert maps.pictures[0].words == "one map of 2x2; enlarged 48 times; black is 0, white is 4"


def test_a_picture_is_read_as_the_net_wants_it(tmp_path: Path) -> None:
    Image.new("L", (8, 8), 255).save(tmp_path / "white.png")
    (words, *_) = (picture.words for picture in cnncalc.load(NET).maps(tmp_path / "white.png").pictures)
    assert words == "one map of 4x4; enlarged 24 times; all values are 1"


def test_the_input_of_a_picture_in_colours_is_shown_in_colours_before_its_channels(tmp_path: Path) -> None:
    """Blue, green, red, less their means: the picture is red again, and its channels are constant."""
    Image.new("RGB", (4, 4), (250, 10, 20)).save(tmp_path / "red.png")
    net = cnncalc.load("input 4x4x3 caffe stretch\nmaxpool 2x2\n")
    (picture, *_) = net.maps(tmp_path / "red.png").pictures
    assert picture.words.startswith("the picture as the network gets it, then its channels: all 3 maps of 4x4;")
    sheet = np.asarray(net.maps(tmp_path / "red.png")["input1"].convert("RGB"))
    assert sheet[-30 - 48, [12 + 48, 12 + 102 + 48]].tolist() == [[250, 10, 20], [128, 128, 128]]
    array = net.maps(np.zeros((4, 4, 3))).pictures[0]
    assert array.words.startswith("all 3 maps")


def test_a_name_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(cnncalc.InputError, match="did you mean `pool`"):
        cnncalc.load(NET).maps(PICTURE)["pol"]


def test_all_are_saved_and_saved_again(tmp_path: Path) -> None:
    maps = cnncalc.load(NET).maps(PICTURE)
    assert maps.save(tmp_path / "m") == ("00-input1.png", "01-pool.png")
    assert maps.save(tmp_path / "m") == tuple(sorted(os.listdir(tmp_path / "m")))


def test_a_net_of_vectors_has_none() -> None:
    maps = cnncalc.load("input 3\ndense 2\n").maps(np.zeros(3))
    assert maps.names == ()
    assert maps._repr_html_() == "<p>No line has maps: every line gives a vector.</p>"
    with pytest.raises(cnncalc.InputError, match="has no maps"):
        maps.save("nowhere")


def test_a_notebook_shows_pictures_without_a_script_and_a_strangers_title_is_text() -> None:
    maps = cnncalc.load(NET).maps(PICTURE)
    hostile = maps.pictures[1]._replace(title="</summary><script>alert(1)</script>\u202e" + "x" * 100_000)
    html = type(maps)(maps.analysis, (maps.pictures[0], hostile))._repr_html_()
    assert html.count("<details") == 2
    assert "<script" not in html
    assert "\u202e" not in html
    assert "src='data:image/png;base64,iVBOR" in html
    assert len(html) < 20_000

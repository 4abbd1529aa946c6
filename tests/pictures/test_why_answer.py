"""Occlusion maps from Python, and their pictures where something is odd: tiny, long, many channels, nothing red."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnncalc
from cnncalc.pictures.maps.heat_picture import with_heat
from cnncalc.pictures.maps.why_answer import WhyAnswer

NET = "input 12x12x1\nflatten\ndense 2 nobias\n"


def answer(tmp_path: Path, net: str, image: object, weight: np.ndarray, of: int | None = None) -> WhyAnswer:
    np.savez(tmp_path / "w.npz", **{"dense1.weight": weight.astype(np.float32)})
    return cnncalc.load(net).why(image, of=of, weights=tmp_path / "w.npz")


def test_the_scores_of_an_array_are_those_of_run(tmp_path: Path) -> None:
    """The mean is 1: hiding the only place that class 1 reads takes its score from 8 to 1."""
    image = np.zeros((3, 3), np.float32)
    image[1, 2], image[0, 0] = 8, 1
    weight = np.zeros((2, 9))
    weight[1, 5] = 1
    why = answer(tmp_path, NET.replace("12x12", "3x3"), image, weight)
    assert (why.number, why.before) == (1, 8)
    assert why.scores.tolist() == [[8, 8, 8], [8, 8, 1], [8, 8, 8]]
    assert why.text.split("\n") == [
        "class 1: 9 runs, each with a patch of 1x1 pixels of the number 1 at another place",
        "the score falls most, from 8 to 1, with the patch on row 2, column 3 of 3x3",
    ]


def test_it_is_a_picture_in_a_notebook_and_in_a_file(tmp_path: Path) -> None:
    Image.new("L", (12, 12), 255).save(tmp_path / "p.png")
    why = answer(tmp_path, NET, tmp_path / "p.png", np.eye(2, 144))
    shown = why._repr_png_()
    assert shown is not None
    why.save(tmp_path / "why.png")
    with Image.open(io.BytesIO(shown)) as one, Image.open(tmp_path / "why.png") as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))
    why.save(tmp_path / "why.png")  # the same bytes
    Image.new("L", (1, 1)).save(tmp_path / "why.png")
    with pytest.raises(cnncalc.InputError, match="exists already") as refused:
        why.save(tmp_path / "why.png")
    assert refused.value.diagnostics[0].help == "give another name, or force=True to replace it"
    with pytest.raises(cnncalc.InputError, match=r"p\.png is read by this command"):
        why.save(tmp_path / "p.png", force=True)


def test_a_name_that_the_net_does_not_have_is_refused() -> None:
    with pytest.raises(cnncalc.InputError, match="there is no class `cat`"):
        cnncalc.load(NET).why(np.zeros((12, 12)), of="cat")


def test_names_are_those_that_ship_with_the_net_or_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("left\nright\n", encoding="utf-8")
    image = np.zeros((12, 12), np.float32)
    named = cnncalc.load(NET).why(image, of="Right", labels=tmp_path / "names.txt")
    assert named.number == 1
    assert named.text.startswith("class 1 (right): ")
    shipped = cnncalc.load("mnist-convnet").why(np.zeros((28, 28)), of="digit 7")
    assert shipped.text.startswith("class 7 (digit 7): ")
    with pytest.raises(cnncalc.InputError) as unnamed:
        cnncalc.load(NET).why(image, of="cat")
    assert unnamed.value.diagnostics[0].help == "give a number from 0 to 1, or the names: labels=FILE"


@pytest.mark.parametrize(
    ("size", "pixels"), [("1x1x1", (448, 448)), ("2x2000x1", (400, 24)), ("2000x1x3", (24, 400)), ("4x4x7", (448, 448))]
)
def test_odd_sizes_are_seen_and_bounded(size: str, pixels: tuple[int, int], tmp_path: Path) -> None:
    height, width, channels = map(int, size.split("x"))
    net = f"input {size}\nglobalavgpool\ndense 1 nobias\n"
    why = answer(tmp_path, net, np.ones((height, width, channels), np.float32), np.ones((1, channels)))
    assert why.picture.width == 2 * max(320, pixels[0]) + 4 * 12
    assert pixels[1] < why.picture.height < pixels[1] + 200


def test_where_hiding_only_helps_nothing_is_red_and_that_is_said(tmp_path: Path) -> None:
    """The score is minus the one bright pixel: hiding it lets the score rise from -1 to -1/144."""
    image = np.zeros((12, 12), np.float32)
    image[5, 5] = 1
    weight = np.zeros((1, 144))
    weight[0, 65] = -1
    why = answer(tmp_path, NET.replace("dense 2", "dense 1"), image, weight)
    assert why.text.split("\n")[1:] == [
        "no place matters: wherever the patch is, the score does not fall below -1",
        "it rises most, to -0.006944, with the patch on rows 5 to 6, columns 5 to 6",
    ]


def test_heat_is_darker_than_every_grey_below_it_so_that_it_is_seen_in_a_grey_print() -> None:
    photo = Image.fromarray(np.array([[0, 128, 255]], np.uint8)).convert("RGB")
    cold, hot = (np.asarray(with_heat(photo, np.full((1, 3), heat)).convert("L")) for heat in (0.0, 1.0))
    assert hot.max() + 50 < cold.min()
    assert hot[0, 0] < hot[0, 1] < hot[0, 2]


def test_of_several_outputs_the_vector_furthest_down_is_meant_and_named() -> None:
    """GoogLeNet lists its main output first, and its auxiliary ones branch off above it."""
    net = "input 6x6x1\nf: flatten\na: dense 2\nb: dense 3 from f\noutput b a\n"
    why = cnncalc.load(net).why(np.ones((6, 6)), of=2)
    assert why.map.class_words == "class 2 at b"

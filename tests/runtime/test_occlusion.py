"""Occlusion maps: where patches are put, what their colour is, and that each score is that of a run of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import cnncalc
from cnncalc.layers.input import Input
from cnncalc.pictures.maps.input_photo import photo_of
from cnncalc.runtime.images import Preprocessing, read
from cnncalc.runtime.occlusion import Asked, Fill, Occlusion, Places, mean_fill, occlusion, pictures_at_once
from cnncalc.runtime.weights import Weights, seeded

NET = "input 6x9x1\nconv 2 3x3 relu\nflatten\ndense 3 softmax\n"


def found(net: str, array: Any, number: int, weights: Weights | None = None) -> Occlusion:
    """The map of a class of a net with one output, hidden with 0.5."""
    analysis = cnncalc.load(net).analysis
    volume = np.asarray(array, np.float32).reshape(1, 1, 1, *np.shape(array))
    name = analysis.nodes[analysis.graph.outputs[0]].node.name
    return occlusion(analysis, weights or seeded(analysis, 0), volume, Asked(name, number, Fill((0.5,))))


def reading(pixel: tuple[int, int], side: int) -> tuple[str, Weights]:
    """A net whose only score is one pixel of its input."""
    net = f"input {side}x{side}x1\nflatten\ndense 1 nobias\n"
    weight = np.zeros((1, side * side), np.float32)
    weight[0, pixel[0] * side + pixel[1]] = 1
    return net, Weights({"dense1.weight": weight}, "by hand", "float32")


def test_patches_are_a_sixth_of_each_side_and_cover_every_pixel_with_at_most_225_places() -> None:
    """224: a patch of 37 moves by ceil(187 / 14) = 14, 13 times whole and once by the rest."""
    large = Places.on(224, 100)
    assert (large.height, large.width) == (37, 17)
    assert large.tops == (*range(0, 187, 14), 187)
    assert large.lefts == (*range(0, 83, 6), 83)
    for height, width in ((1, 1), (7, 7), (28, 28), (2, 10_000), (299, 299)):
        places = Places.on(height, width)
        assert 1 <= places.total <= 225
        rows = {row for top in places.tops for row in range(top, top + places.height)}
        columns = {column for left in places.lefts for column in range(left, left + places.width)}
        assert (rows, columns) == (set(range(height)), set(range(width)))


def test_a_tiny_picture_is_hidden_pixel_by_pixel() -> None:
    assert Places.on(7, 7) == Places(1, 1, (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4, 5, 6))
    assert Places.on(1, 1) == Places(1, 1, (0,), (0,))


def test_each_score_is_that_of_a_run_with_the_patch_painted_in() -> None:
    picture = np.random.default_rng(1).random((6, 9), np.float32)
    one = found(NET, picture, 2)
    model = cnncalc.load(NET)
    assert one.scores.shape == (6, 8)
    assert one.before == pytest.approx(float(model.run(picture, seed=0)[0, 2]), abs=1e-6)
    for row, top in enumerate(one.places.tops):
        for column, left in enumerate(one.places.lefts):
            painted = picture.copy()
            painted[top : top + 1, left : left + 2] = 0.5
            assert one.scores[row, column] == pytest.approx(float(model.run(painted, seed=0)[0, 2]), abs=1e-6)


def test_a_net_that_reads_one_corner_needs_that_corner_alone() -> None:
    """Of the patches of 2x2 that move by 1 only the first hides the corner; it takes the score from 1 to 0.5."""
    net, weights = reading((0, 0), 12)
    one = found(net, np.ones((12, 12)), 0, weights)
    assert one.before == 1
    assert np.argwhere(one.falls > 0).tolist() == [[0, 0]]
    assert one.scores[0, 0] == 0.5
    assert one.box(one.most) == (0, 0, 2, 2)
    assert one.heat[:3, :3].tolist() == [[0.5, 0.25, 0], [0.25, 0.125, 0], [0, 0, 0]]


def test_the_hottest_pixel_is_the_one_that_the_net_reads() -> None:
    """Every patch over it takes 0.5, so does their mean; a pixel beside it is hidden by others as well."""
    net, weights = reading((8, 3), 12)
    one = found(net, np.ones((12, 12)), 0, weights)
    assert np.argwhere(one.heat == one.hottest).tolist() == [[8, 3]]
    assert one.hottest == 0.5
    assert one.ties == 4
    assert one.box(one.most) == (7, 2, 9, 4)


def test_a_score_that_rises_is_a_fall_below_0() -> None:
    net, weights = reading((0, 0), 6)
    one = found(net, np.zeros((6, 6)), 0, weights)
    assert one.falls.min() == -0.5
    assert one.box(one.least) == (0, 0, 1, 1)
    assert one.hottest == 0


def test_the_patch_has_the_mean_colour_as_whole_levels(tmp_path: Path) -> None:
    """Two columns of (10, 20, 30) and one of (40, 80, 120): means 20, 40 and 60."""
    pixels = np.full((3, 3, 3), (10, 20, 30), np.uint8)
    pixels[:, 2] = (40, 80, 120)
    Image.fromarray(pixels).save(tmp_path / "p.png")
    node = cnncalc.load("input 3x3x3 caffe stretch\nflatten\ndense 2\n").analysis.nodes[0]
    assert isinstance(node.node.layer, Input)
    preprocessing = Preprocessing.of(node.node.layer, node.output)
    array = read(tmp_path / "p.png", node.output, preprocessing)
    fill = mean_fill(array, preprocessing)
    assert fill.pixel == (20, 40, 60)
    assert fill.values == pytest.approx((60 - 103.939, 40 - 116.779, 20 - 123.68), abs=1e-4)
    assert np.asarray(photo_of(array, preprocessing)).tolist() == pixels.tolist()


def test_the_patch_on_plain_numbers_has_their_mean() -> None:
    numbers = np.array([1, 2, 6, 7], np.float32).reshape(1, 1, 1, 2, 2)
    assert mean_fill(numbers, None) == Fill((4.0,))


def test_a_scale_of_0_leaves_a_black_picture_without_a_warning() -> None:
    nothing = Preprocessing(scale=(0.0,))
    assert mean_fill(np.zeros((1, 1, 1, 2, 2), np.float32), nothing).pixel == (0,)


def test_pictures_are_run_together_in_portions_of_bounded_memory() -> None:
    """226 runs in portions of at most 32 are 8 of 29; 35 MB of maps a picture leave room for 5."""
    small = cnncalc.load(NET).analysis
    assert pictures_at_once(small, seeded(small, 0), 226) == 29
    large = cnncalc.load("input 512x512x1\nconv 16 1x1\nconv 16 1x1\nglobalavgpool\n").analysis
    assert pictures_at_once(large, seeded(large, 0), 226) == 5


def test_numbers_that_are_not_finite_make_no_map() -> None:
    net, weights = reading((0, 0), 6)
    weights.arrays["dense1.weight"][0, 1] = np.nan
    assert not found(net, np.ones((6, 6)), 0, weights).is_finite

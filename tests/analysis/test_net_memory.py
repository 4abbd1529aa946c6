"""The memory of a net: what is alive at once and where, and how many images fit."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.analysis import analyse
from cnncalc.analysis.net_memory import fitting, net_memory

VGG16 = cnncalc.load("vgg16").analysis


def test_vgg16_has_the_activations_that_are_known_of_it() -> None:
    """15,237,608 numbers, 60.95 MB: input, all maps and the three dense layers (Simonyan and Zisserman 2014)."""
    memory = net_memory(VGG16)
    assert (memory.size, memory.activations) == (15_237_608, 60_950_432)
    assert sum(line.size for line in memory.lines) == memory.size
    assert sum(line.weights for line in memory.lines) == memory.weights == 553_430_176


def test_most_of_vgg16_is_alive_while_its_second_convolution_reads_what_the_first_wrote() -> None:
    memory = net_memory(VGG16)
    rows = [VGG16.rows[row].nodes[0].node.name for row in memory.peak_holders]
    assert (memory.peak, rows) == (2 * 4 * 224 * 224 * 64, ["conv1", "conv2"])
    assert VGG16.rows[memory.peak_row].nodes[0].node.name == "conv2"
    assert memory.inference == 553_430_176 + 25_690_112


def test_what_a_later_join_needs_is_in_memory_at_the_peak() -> None:
    """The map of the left way, held over the bend of the U: 64 of 64 x 64 stays while the pool and more are made."""
    text = "input 64x64x1\na: conv 64 3x3 same\nmaxpool 2x2\nconv 8 3x3 same\nupsample 2\nconcat a\n"
    analysis = cnncalc.load(text).analysis
    memory = net_memory(analysis)
    assert [analysis.rows[row].row.word for row in memory.peak_holders] == ["conv", "upsample", "concat"]
    assert memory.peak_size == 64 * 64 * (64 + 8 + 72)


def test_the_holders_at_the_peak_hold_all_of_it() -> None:
    for name in ("unet", "resnet50", "densenet121", "googlenet", "lenet5"):
        memory = net_memory(cnncalc.load(name).analysis)
        assert sum(memory.lines[row].activations for row in memory.peak_holders) == memory.peak, name


def test_the_largest_batch_fits_and_one_more_does_not() -> None:
    analysis = cnncalc.load("resnet50").analysis
    limit = 8 * 10**9
    memory = net_memory(analysis, optimizer="adam", within=limit)
    assert memory.fitting is not None
    assert memory.training_fitting is not None
    for trains, found in ((False, memory.fitting), (True, memory.training_fitting)):
        for images, fits in ((found.images, True), (found.images + 1, False)):
            batch = net_memory(analyse(analysis.graph, images), optimizer="adam")
            assert batch.training is not None
            taken = batch.training.total if trains else batch.inference
            assert (taken <= limit) is fits
            assert taken == found.fixed + found.each * images


@pytest.mark.parametrize(
    ("limit", "images", "taken"), [(99, 0, 110), (109, 0, 110), (110, 1, 110), (129, 2, 120), (130, 3, 130)]
)
def test_where_not_one_image_fits_it_is_said_what_one_would_take(limit: int, images: int, taken: int) -> None:
    assert fitting(limit, 100, 10)[1:3] == (images, taken)


def test_a_batch_multiplies_activations_and_no_weights() -> None:
    one, four = net_memory(VGG16), net_memory(analyse(VGG16.graph, 4))
    assert (four.activations, four.peak, four.weights) == (4 * one.activations, 4 * one.peak, one.weights)
    assert four.peak_holders == one.peak_holders

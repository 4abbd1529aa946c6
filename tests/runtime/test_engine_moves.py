"""What moves numbers and computes few: borders, joins, channels elsewhere, pools of regions; the rarer activations."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import seeded

from .comparing import LARGEST_ERROR, errors, exact, livened
from .nets import analysed, given

BORDERS = [
    ("pad 1,2,0,3\nconv 20 3x3", ["convolution"]),
    ("pad 1\nconv 40 3x3", ["winograd"]),
    ("crop 1,0,2,3\nconv 40 3x3", ["winograd"]),
    ("crop 2\nconv 20 3x3 same", ["pointwise", "convolution"]),
    ("pad 2\ncrop 1,0,3,2\ndwconv 3x3 stride=2", ["depthwise"]),
    ("pad 2,0,1,1\nconv 20 3x3 padding=1 relu", ["convolution"]),
    ("pad 1,2,0,1\nsepconv 20 3x3 stride=2", ["depthwise", "convolution"]),
    ("pad 1\nmaxpool 3x3 stride=2", ["pool"]),
    ("pad 1,2,2,1\navgpool 3x3 stride=2", ["pool"]),
    ("pad 2\nsumpool 4x4", ["pool"]),
    ("pad 1\nmaxpool 3x3 stride=2 ceil", ["pointwise", "pool"]),
    ("pad 1\nmaxpool 3x3 padding=1", ["pointwise", "pool"]),
    ("pad 0,1,0,1\ncrop 1,0,1,0\navgpool 1x1 stride=2", ["pool"]),
    ("pad 1 edge\nconv 20 3x3", ["border", "convolution"]),
    ("pad 1\nconv 8 3x3 edge", ["convolution"]),
    ("pad 1\nconv 8 3x3 edge padding=1", ["pointwise", "border", "convolution"]),
    ("pad 5,9,2,11 reflect", ["border"]),
    ("pad 5,9,2,11 wrap\nbn relu", ["border", "pointwise"]),
    ("conv 40 3x3 same reflect relu", ["border", "winograd"]),
    ("dwconv 5x5 same wrap bn", ["border", "depthwise"]),
    ("sepconv 20 3x3 stride=2 padding=1,0,2,1 edge relu", ["border", "depthwise", "convolution"]),
    ("pad 1\nbn relu6", ["pointwise"]),
    ("conv 192 1x1 relu\ncrop 1,0,1,0\ndwconv 3x3", ["convolution", "depthwise"]),
    ("conv 192 1x1 relu\npad 1,0,1,0\ndwconv 3x3", ["stripes"]),
    ("a: pad 1\nb: maxpool 3x3\nc: avgpool 3x3 from a\nd: sumpool 3x3 from a\nconcat b c d", ["pool"] * 3),
]


@pytest.mark.parametrize(("text", "kernels"), BORDERS)
def test_windows_do_the_pads_and_crops_before_them(text: str, kernels: list[str]) -> None:
    size = "60x50" if "192" in text else "13x17"
    for head in (f"input {size}x32", f"input {size}x32\nrelu", f"input {size}x32\nconv 37 1x1\nbn"):
        for batch in (1, 3):
            worst, found = errors(f"{head}\n{text}\n", batch)
            assert worst <= LARGEST_ERROR
            assert [kernel for kernel in found if kernel != "copy_channels"][-len(kernels) :] == kernels


MOVES = [
    ("adaptavg 3x2", "region_pool"),
    ("adaptmax 2x5", "region_pool"),
    ("pad 2,1,0,3\nrelu", "pointwise"),
    ("pad 0,0,2,1 reflect", "border"),
    ("slice 0:1", "copy_channels"),
    ("padchannels 21,6", "copy_channels"),
    ("padchannels 0,1", "copy_channels"),
    ("upconv 20 3x4 stride=2 padding=0,1,2,1", "convolution"),
    ("lrn 3 alpha=1 beta=1", "lrn"),
    ("lrn 8 alpha=2 beta=0.25", "lrn"),
    ("gn 1", "layer_norm"),
    ("upsample 3x2 bilinear", "resize.bilinear"),
    ("ln", "layer_norm"),
    ("prelu", "pointwise"),
    ("elu 2", "pointwise"),
    ("selu", "pointwise"),
    ("gelu", "pointwise"),
    ("mish", "pointwise"),
]


@pytest.mark.parametrize("lanes", [4, 8, 16])
@pytest.mark.parametrize(("text", "kernel"), MOVES)
def test_what_moves_and_pools_does_so_at_every_width(text: str, kernel: str, lanes: int) -> None:
    for size, channels, batch in (("7x5", 1, 2), ("1x3", 37, 1), ("19x33", 16, 2)):
        worst, kernels = errors(f"input {size}x{channels}\n{text}\n", batch, lanes)
        assert worst <= LARGEST_ERROR
        is_of_each_channel = text == "gn 1" and channels == 1
        assert set(kernels) == {"instance_norm" if is_of_each_channel else kernel}


JOINS = [
    ("a: relu\nadd a a relu6", 3),
    ("a: relu\nb: conv 32 1x1 tanh\nc: dwconv 3x3 same\nadd a b c relu", 4),
    ("a: relu\nb: dwconv 3x3 same\nc: conv 32 1x1 from a\nadd a b c\nadd b", 4),
    ("a: relu\nb: dwconv 3x3\nadd a b crop", 2),
    ("a: relu\nb: dwconv 2x3\nadd b a crop\nrelu\nadd b", 3),
    ("a: relu\nb: dwconv 3x1\nc: dwconv 1x4 from a\nadd b c crop tanh", 4),
    ("a: relu\nb: conv 32 1x1 tanh\nmul a b", 2),
    ("a: relu\nmul a a", 2),
    ("a: relu\nb: dwconv 3x3\nc: gap\nmul a b c crop", 3),
    ("a: relu\nb: gap\nc: gmp from a\nmul b a c", 3),
    ("a: gap\nb: dense 32 sigmoid\nmul a b", 1),
]


@pytest.mark.parametrize(("text", "count"), JOINS)
def test_sums_and_products_of_any_maps(text: str, count: int) -> None:
    for batch in (1, 3):
        worst, kernels = errors(f"input 11x13x32\n{text}\n", batch)
        assert worst <= LARGEST_ERROR
        assert "readable" not in kernels
        assert kernels.count("pointwise") == count


@pytest.mark.parametrize(
    ("line", "channels"),
    [
        ("spacetodepth 2", 5),
        ("spacetodepth 3x2", 16),
        ("depthtospace 2", 80),
        ("depthtospace 2x3", 12),
        ("shuffle 5", 45),
        ("shuffle 3", 9),
    ],
)
def test_channels_are_dealt_to_places_and_to_each_other(line: str, channels: int) -> None:
    for batch in (1, 3):
        worst, kernels = errors(f"input 12x18x{channels}\n{line}\n", batch)
        assert worst == 0
        assert kernels == ["channel_shuffle"]


@pytest.mark.parametrize("word", ["elu", "selu", "gelu", "mish", "prelu", "silu", "tanh", "hardswish", "leaky"])
def test_activations_far_from_zero_and_near_it(word: str) -> None:
    analysis = analysed(f"input 3x1x501\n{word}\n")
    weights = livened(analysis)
    wide = np.concatenate([np.linspace(-150, 150, 501), np.linspace(-5, 5, 501), np.linspace(-1e-3, 1e-3, 501)])
    inputs = {"input1": wide.reshape(1, 3, 501).transpose(0, 2, 1).reshape(1, 501, 1, 3, 1).astype(np.float32)}
    ready = prepare(plan(analysis), weights)
    found = ready.run(inputs)[f"{word}1"]
    wanted = exact(analysis, weights, inputs, 1)[f"{word}1"]
    np.testing.assert_allclose(found, wanted, rtol=2e-6, atol=5e-7)
    inputs["input1"][0, 7, 0, 1, 0] = np.nan
    assert np.argwhere(np.isnan(ready.run(inputs)[f"{word}1"])).tolist() == [[0, 7, 0, 1, 0]]


MOVING = (
    "a: pad 1,0,2,1\nmaxpool 2x2 stride=1\nb: padchannels 3\nc: slice 5:40 from a\ncrop 0,1,1,0\nd: lrn 5\n"
    "concat b d crop\nconcat b crop\nln\nadaptavg 5x4\n"
)


def test_a_nan_comes_out_of_all_that_moves_where_the_readable_kernels_let_it_out() -> None:
    analysis = analysed(f"input 12x10x40\n{MOVING}")
    weights, inputs = livened(analysis), given(analysis)
    inputs["input1"][0, 7, 0, 3, 4] = np.nan
    found, wanted = prepare(plan(analysis), weights).run(inputs), exact(analysis, weights, inputs, 1)
    for name, array in wanted.items():
        np.testing.assert_array_equal(np.isnan(found[name]), np.isnan(array))
        assert 0 < np.isnan(array).sum() < array.size / 2


def test_a_nan_spoils_its_own_group_of_its_own_image() -> None:
    analysis = analysed("input 6x5x44\ngn 4\n")
    inputs = given(analysis, 2)
    inputs["input1"][1, 12, 0, 3, 4] = np.nan
    lost = np.isnan(prepare(plan(analysis, 2), seeded(analysis)).run(inputs)["gn1"])
    assert lost[1, 11:22].all()
    assert not lost[0].any()
    assert lost.sum() == 11 * 6 * 5


def test_what_moves_is_the_same_bits_with_any_number_of_threads() -> None:
    analysis = analysed(f"input 12x10x40\nconv 40 1x1\ngn 8\n{MOVING}")
    prepared, weights, inputs = plan(analysis, 2), livened(analysis), given(analysis, 2)
    sessions = [Session(prepared, weights.arrays, engine_plan(prepared, 16, threads), threads) for threads in (1, 2, 3)]
    inputs_by_node = {step.node: inputs[step.name] for step in prepared.steps if step.kernel == INPUT}
    first, *others = (next(iter(session.run(inputs_by_node).values())) for session in sessions)
    for other in others:
        np.testing.assert_array_equal(other, first)

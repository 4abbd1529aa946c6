"""The engine computes what the readable kernels compute, on every kind of layer, at every width, with any threads."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.runtime.engine.ops.winograd import Winograd
from cnncalc.runtime.planning import plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import seeded

from .comparing import LARGEST_ERROR, errors, livened
from .nets import analysed, given

LAYERS = [
    ("conv 1 1x1", "convolution"),
    ("conv 17 1x1 relu", "convolution"),
    ("conv 80 1x1 stride=2 bn", "convolution"),
    ("conv 48 3x3 stride=2 padding=1 bn relu6", "convolution"),
    ("conv 33 3x3 dilation=2", "convolution"),
    ("conv 33 2x5 stride=3x1 padding=0,1,2,3 leaky", "convolution"),
    ("conv 40 3x3 same flip", "winograd"),
    ("conv 64 3x3 bn silu", "winograd"),
    ("conv 64 3x3 same groups=2 tanh", "convolution"),
    ("conv 32 3x3 same groups=8", "convolution"),
    ("dwconv 3x3 same bn relu6", "depthwise"),
    ("dwconv 5x3 stride=2 flip", "depthwise"),
    ("dwconv 3x3 dilation=2 sigmoid", "depthwise"),
    ("upconv 24 2x2 stride=2", "convolution"),
    ("upconv 24 4x4 stride=2 padding=1 bn relu", "convolution"),
    ("upconv 24 3x3 stride=2 padding=1 output_padding=1", "convolution"),
    ("upconv 19 5x3 stride=3x2 flip", "convolution"),
    ("upconv 19 3x3 padding=1", "convolution"),
    ("upconv 24 7x5 stride=2 padding=4,4,5,3", "convolution"),
    ("upconv 24 1x1 stride=2", "readable"),
    ("upconv 24 3x3 stride=2 dilation=2", "readable"),
    ("upconv 24 4x4 stride=2 groups=4", "readable"),
    ("maxpool 3x3 stride=2 ceil", "pool"),
    ("maxpool 3x3 stride=2 padding=1", "pool"),
    ("avgpool 3x3 stride=2 padding=1", "pool"),
    ("avgpool 3x3 stride=1 same countpad", "pool"),
    ("sumpool 2x2", "pool"),
    ("gap", "region_pool"),
    ("gmp", "region_pool"),
    ("adaptavg 1x1", "region_pool"),
    ("adaptavg 4x4", "region_pool"),
    ("adaptmax 5x3", "region_pool"),
    ("adaptmax 11x30", "region_pool"),
    ("pad 1,0,2,3", "pointwise"),
    ("crop 1,0,2,3", "pointwise"),
    ("bn hardswish", "pointwise"),
    ("scale", "pointwise"),
    ("upsample 2", "resize.nearest"),
    ("upsample 2 bilinear", "resize.bilinear"),
    ("upsample 3x4 bilinear", "resize.bilinear"),
    ("dropout 0.5", "pointwise"),
    ("dropout 0.5\nbn\nrelu", "pointwise"),
    ("slice 5:25", "copy_channels"),
    ("padchannels 16", "copy_channels"),
    ("padchannels 3,30", "copy_channels"),
    ("prelu", "pointwise"),
    ("conv 20 1x1 gelu", "convolution"),
    ("conv 40 3x3 same elu 0.7", "winograd"),
    ("dwconv 3x3 selu", "depthwise"),
    ("bn mish", "pointwise"),
    ("lrn 5 alpha=3 bias=2", "lrn"),
    ("lrn 20 alpha=40 beta=0.5", "lrn"),
    ("lrn 40 alpha=40", "readable"),
    ("lrn 5 beta=0.6", "readable"),
    ("gn 4", "layer_norm"),
    ("gn 32", "instance_norm"),
    ("gn 4 noscale noshift", "layer_norm"),
    ("instancenorm", "instance_norm"),
    ("instancenorm noscale", "instance_norm"),
    ("ln", "layer_norm"),
    ("ln noscale", "layer_norm"),
    ("rmsnorm", "readable"),
    ("conv 20 3x3 clip -0.1 0.3", "convolution"),
    ("affine 0.5 -1\nclip low=0", "pointwise"),
    ("shift\nscale shared\nprelu shared", "pointwise"),
    ("shift all", "readable"),
    ("glu", "readable"),
    ("function softsign", "pointwise"),
    ("l2norm", "readable"),
    ("ln all", "readable"),
]


@pytest.mark.parametrize(("line", "kernel"), LAYERS)
def test_each_layer_is_what_float64_makes_of_it(line: str, kernel: str) -> None:
    for size, batch in (("23x19", 1), ("9x14", 3)):
        worst, kernels = errors(f"input {size}x32\n{line}\n", batch)
        assert worst <= LARGEST_ERROR
        assert set(kernels) == {kernel}


@pytest.mark.parametrize("lanes", [4, 8, 16])
def test_narrower_vectors_make_the_same_of_a_net(lanes: int) -> None:
    text = (
        "input 24x20x3\nconv 40 3x3 same bn relu\nconv 40 3x3 same bn relu\ndwconv 3x3 same bn silu\n"
        "maxpool 2x2\nconv 24 1x1\ngap\ndense 7 tanh\n"
    )
    worst, kernels = errors(text, lanes=lanes)
    assert worst <= LARGEST_ERROR
    assert kernels == ["convolution", "winograd", "depthwise", "pool", "convolution", "region_pool", "dense"]


@pytest.mark.parametrize("size", ["1x1", "1x7", "5x1", "2x2", "13x13", "31x1"])
def test_maps_smaller_than_a_tile(size: str) -> None:
    for channels in (1, 5, 16, 37):
        text = f"input {size}x{channels}\nconv 19 1x1 relu\nconv 21 3x3 same\ndwconv 3x3 same\nflatten\ndense 3\n"
        assert errors(text)[0] <= LARGEST_ERROR


@pytest.mark.parametrize(
    "text",
    [
        "a: relu\nconv 32 3x3 same bn\nadd a relu",
        "a: relu\nconv 32 1x1 bn relu\nadd a",
        "a: relu\nconv 32 3x3 same leaky\nadd a\nconv 32 3x3 same\nadd a relu",
        "a: conv 32 1x1\nb: conv 32 3x3 same\nadd a b relu",
        "a: relu\ndwconv 3x3 same\nadd a relu",
        "a: relu\nadd a a",
        "a: relu\nb: gap\nmul a b",
        "a: relu\nb: conv 16 1x1\nc: conv 48 3x3 same relu\nconcat b c a\nconv 20 1x1",
        "a: relu\nb: conv 7 1x1\nc: conv 13 3x3 same\nconcat b a c\nconv 20 3x3 same",
        "a: conv 32 3x3 same\nb: concat a a\nc: conv 16 1x1\nd: concat b c\nconv 16 1x1\nconcat d\nmaxpool 3x3 same",
        "a: relu\nb: slice 16:32\nc: conv 16 3x3 same\nconcat c b a\nrelu",
        "a: relu\nb: conv 32 3x3\nc: conv 16 2x3 from a\nconcat a b c crop\nconv 24 1x1",
        "a: relu\nb: conv 7 3x3\nc: conv 33 2x2 from a\nconcat a b c crop\ndropout 0.5",
        "a: relu\nb: conv 16 1x1\nconcat b a\ndropout 0.5\nconv 20 3x3 same",
        "a: slice 3:20\nb: padchannels 1,40\nc: slice 1:2\nd: padchannels 5,0 from a\nconcat c b a d",
        "conv 45 1x1\ngn 5 relu\nconv 20 3x3",
        "conv 37 1x1\nln gelu\nflatten\nln all\ndense 5",
        "a: tanh\nb: maxpool 3x3 padding=1 stride=1\nc: avgpool 3x3 padding=1 stride=1\nadd b c",
        "sepconv 40 3x3 same bn relu\nsepconv 8 5x5 same",
        "dropout 0.5\nconv 16 1x1\ndropout 0.5\nrelu\nflatten\ndropout 0.5\ndense 30 relu\ndense 2 softmax",
    ],
)
def test_joins_and_chains(text: str) -> None:
    for batch in (1, 5):
        assert errors(f"input 18x15x32\n{text}\n", batch)[0] <= LARGEST_ERROR


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("input 70x66x8\nconv 40 1x1 relu6\ndwconv 3x3 same bn relu", ["stripes"]),
        ("input 70x66x8\nconv 33 1x1 bn\ndwconv 3x3 same stride=2 silu", ["stripes"]),
        ("input 71x63x24\nconv 72 1x1\ndwconv 5x5 stride=2 padding=0,1,2,3", ["stripes"]),
        ("input 70x66x8\nconv 40 1x1\ndwconv 3x3 dilation=2", ["stripes"]),
        ("input 261x130x3\nconv 32 3x3 stride=2 padding=1 relu\ndwconv 3x3 same relu", ["stripes"]),
        ("input 60x60x16\nconv 64 1x1 relu\nsepconv 20 3x3 same", ["stripes", "convolution"]),
        ("input 70x66x8\na: conv 40 1x1\nb: dwconv 3x3 same\nadd a b", ["convolution", "depthwise", "pointwise"]),
        ("input 30x30x8\nconv 40 1x1\ndwconv 3x3 same", ["convolution", "depthwise"]),
    ],
)
def test_a_wide_map_before_a_depthwise_convolution_is_made_stripe_by_stripe(text: str, steps: list[str]) -> None:
    for batch, lanes in ((1, 16), (2, 16), (1, 8), (3, 4)):
        worst, kernels = errors(f"{text}\n", batch, lanes)
        assert worst <= LARGEST_ERROR
        assert kernels == steps


def test_stripes_are_the_same_bits_with_any_number_of_threads() -> None:
    analysis = analysed("input 90x71x8\nconv 40 1x1 relu\ndwconv 3x3 same stride=2\n")
    prepared, weights, inputs = plan(analysis), livened(analysis), given(analysis)
    first = prepare(prepared, weights, 1).run(inputs)["dwconv1"]
    for threads in (2, 3, 7):
        for _ in range(5):
            np.testing.assert_array_equal(prepare(prepared, weights, threads).run(inputs)["dwconv1"], first)


SWEPT = "input 61x58x40\na: relu\nconv 56 3x3 same bn relu\nconv 40 3x3 same\nadd a relu\n"
"""Winograd's frequencies of so many tiles do not stay in a core's cache: some tiles are swept after the others."""


@pytest.mark.parametrize(("batch", "lanes"), [(1, 16), (2, 16), (1, 8), (1, 4)])
def test_winograd_in_sweeps(batch: int, lanes: int) -> None:
    worst, kernels = errors(SWEPT, batch, lanes)
    assert worst <= LARGEST_ERROR
    assert kernels == ["pointwise", "winograd", "winograd"]


def test_sweeps_are_the_same_bits_however_long_they_are() -> None:
    analysis = analysed(SWEPT)
    prepared, weights, inputs = plan(analysis), livened(analysis), given(analysis)
    found, lengths = [], set()
    for threads in (1, 2, 3, 5, 8):
        ready = prepare(prepared, weights, threads)
        assert ready.session is not None
        lengths |= {step.op.swept for step in ready.session.engine.steps if isinstance(step.op, Winograd)}
        found += [next(iter(ready.run(inputs).values())) for _ in range(3)]
    assert len(lengths) > 1
    assert min(lengths) > 0
    for array in found[1:]:
        np.testing.assert_array_equal(array, found[0])


@pytest.mark.parametrize("size", ["24x20", "61x58", "23x19", "12x13", "62x60"])
def test_a_pool_after_winograd_is_part_of_it(size: str) -> None:
    text = (
        f"input {size}x40\na: relu\nconv 56 3x3 same relu\nmaxpool 2x2\nb: conv 40 3x3 same\nconv 40 3x3 same\nadd b\n"
    )
    text += "maxpool 2x2\n"
    for batch, lanes in ((1, 16), (3, 16), (1, 8), (2, 4)):
        worst, kernels = errors(text, batch, lanes)
        assert worst <= LARGEST_ERROR
        assert kernels[1] == "pooled_winograd"


@pytest.mark.parametrize("pool", ["maxpool 2x2 ceil", "maxpool 3x3 stride=2", "maxpool 2x2 stride=1", "avgpool 2x2"])
def test_other_pools_are_steps_of_their_own(pool: str) -> None:
    worst, kernels = errors(f"input 23x19x40\nrelu\nconv 56 3x3 same relu\n{pool}\n")
    assert worst <= LARGEST_ERROR
    assert kernels == ["pointwise", "winograd", "pool"]


def test_a_map_that_others_read_is_not_pooled_away() -> None:
    worst, kernels = errors("input 24x20x40\na: conv 56 3x3 same relu\nmaxpool 2x2\nupsample 2\nconcat a\n")
    assert worst <= LARGEST_ERROR
    assert kernels[:2] == ["winograd", "pool"]


NET = (
    "input 30x30x3\nconv 48 3x3 same relu\nconv 48 3x3 same relu\nmaxpool 2x2\n"
    "dwconv 3x3 same\nconv 64 1x1\nflatten\ndense 40\n"
)


def test_results_do_not_depend_on_the_number_of_threads() -> None:
    analysis = analysed(NET)
    prepared, weights, inputs = plan(analysis), livened(analysis), given(analysis)
    first = prepare(prepared, weights, 1).run(inputs)["dense1"]
    for threads in (2, 3, 5):
        ready = prepare(prepared, weights, threads)
        for _ in range(20):
            np.testing.assert_array_equal(ready.run(inputs)["dense1"], first)


def test_images_of_a_batch_do_not_touch_each_other() -> None:
    analysis = analysed(NET)
    weights, inputs = livened(analysis), given(analysis, 3)
    together = prepare(plan(analysis, 3), weights).run(inputs)["dense1"]
    alone = prepare(plan(analysis), weights)
    for image in range(3):
        single = alone.run({"input1": inputs["input1"][image : image + 1]})["dense1"]
        np.testing.assert_allclose(together[image : image + 1], single, rtol=1e-4, atol=1e-5)


def test_nan_comes_out_and_is_forgotten_by_the_next_run() -> None:
    analysis = analysed("input 20x20x40\nconv 40 3x3 relu\nmaxpool 2x2\ndwconv 3x3 relu6\nconv 40 1x1\n")
    ready, inputs = prepare(plan(analysis), livened(analysis)), given(analysis)
    before = ready.run(inputs)["conv2"]
    struck = inputs["input1"].copy()
    struck[0, 3, 0, 0, 0] = np.nan
    reached = np.isnan(ready.run({"input1": struck})["conv2"]).any(axis=(0, 1, 2))
    assert reached[0, 0]
    assert not reached[2:, :].any()
    assert not reached[:, 2:].any()
    np.testing.assert_array_equal(ready.run(inputs)["conv2"], before)


def test_the_readable_kernels_run_where_nothing_may_be_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analysed("input 8x8x3\nconv 4 3x3\n")
    monkeypatch.setattr("cnncalc.runtime.running.available", lambda: False)
    ready = prepare(plan(analysis), seeded(analysis))
    assert ready.session is None
    assert ready.run(given(analysis))["conv1"].shape == (1, 4, 1, 6, 6)
    assert ready.seconds(given(analysis)) == {}

"""The engine computes what the readable kernels compute, on every kind of layer, at every width, with any threads."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis import Analysis
from cnncalc.runtime.engine.planning import engine_plan
from cnncalc.runtime.engine.sessions import Session
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import Weights, seeded

from .nets import Array, analysed, given

LARGEST_ERROR = 1e-5
"""Of the largest value, against float64; Winograd's is 1e-6 to 4e-6 here, the direct sums' below 1e-6."""


def livened(analysis: Analysis, seed: int = 0) -> Weights:
    """Weights in which no bias is 0 and no batch norm does nothing."""
    weights, random = seeded(analysis), np.random.default_rng(seed)
    for name, array in weights.arrays.items():
        if array.ndim == 1:
            array[...] = random.uniform(0.5, 1.5, array.shape) - (0.9 if name.endswith("bias") else 0)
    return weights


def exact(analysis: Analysis, weights: Weights, inputs: dict[str, Array], batch: int) -> dict[str, Array]:
    double = Weights({name: array.astype("float64") for name, array in weights.arrays.items()}, "", "float64")
    return execute(plan(analysis, batch, "float64"), double, inputs)


def errors(text: str, batch: int = 1, lanes: int | None = None, seed: int = 0) -> tuple[float, list[str]]:
    """(largest error over the largest value, kernels of the steps)."""
    analysis = analysed(text)
    prepared, weights, inputs = plan(analysis, batch, "float32"), livened(analysis), given(analysis, batch, seed)
    if lanes is None:
        ready = prepare(prepared, weights, 2)
        assert ready.session is not None
        found, steps = ready.run(inputs), ready.session.engine.steps
    else:
        session = Session(prepared, weights.arrays, engine_plan(prepared, lanes, 2), 2)
        made = session.run({step.node: inputs[step.name] for step in prepared.steps if step.kernel == INPUT})
        found, steps = {prepared.steps[node].name: array for node, array in made.items()}, session.engine.steps
    worst = 0.0
    for name, wanted in exact(analysis, weights, inputs, batch).items():
        assert found[name].shape == wanted.shape
        worst = max(worst, float(np.abs(found[name] - wanted).max() / np.abs(wanted).max()))
    return worst, [step.kernel for step in steps if step.kernel != "moved"]


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
    ("dwconv 3x3 same bn relu6", "windows"),
    ("dwconv 5x3 stride=2 flip", "windows"),
    ("dwconv 3x3 dilation=2 sigmoid", "windows"),
    ("upconv 24 2x2 stride=2", "convolution"),
    ("upconv 24 4x4 stride=2 padding=1 bn relu", "convolution"),
    ("upconv 24 3x3 stride=2 padding=1 output_padding=1", "convolution"),
    ("upconv 19 5x3 stride=3x2 flip", "convolution"),
    ("upconv 19 3x3 padding=1", "convolution"),
    ("upconv 24 7x5 stride=2 padding=4,4,5,3", "convolution"),
    ("upconv 24 1x1 stride=2", "readable"),
    ("upconv 24 3x3 stride=2 dilation=2", "readable"),
    ("upconv 24 4x4 stride=2 groups=4", "readable"),
    ("maxpool 3x3 stride=2 ceil", "windows"),
    ("maxpool 3x3 stride=2 padding=1", "windows"),
    ("avgpool 3x3 stride=2 padding=1", "windows"),
    ("avgpool 3x3 stride=1 same countpad", "windows"),
    ("sumpool 2x2", "windows"),
    ("gap", "regions"),
    ("gmp", "regions"),
    ("adaptavg 1x1", "regions"),
    ("adaptavg 4x4", "regions"),
    ("adaptmax 5x3", "regions"),
    ("adaptmax 11x30", "regions"),
    ("pad 1,0,2,3", "pointwise"),
    ("crop 1,0,2,3", "pointwise"),
    ("bn hardswish", "pointwise"),
    ("scale", "pointwise"),
    ("upsample 2", "enlarged"),
    ("slice 5:25", "spliced"),
    ("padchannels 16", "spliced"),
    ("padchannels 3,30", "spliced"),
    ("prelu", "pointwise"),
    ("conv 20 1x1 gelu", "convolution"),
    ("conv 40 3x3 same elu 0.7", "winograd"),
    ("dwconv 3x3 selu", "windows"),
    ("bn mish", "pointwise"),
    ("lrn 5 alpha=3 bias=2", "responses"),
    ("lrn 20 alpha=40 beta=0.5", "responses"),
    ("lrn 40 alpha=40", "readable"),
    ("lrn 5 beta=0.6", "readable"),
    ("gn 4", "readable"),
]


@pytest.mark.parametrize(("line", "kernel"), LAYERS)
def test_each_layer_is_what_float64_makes_of_it(line: str, kernel: str) -> None:
    for size, batch in (("23x19", 1), ("9x14", 3)):
        worst, kernels = errors(f"input {size}x32\n{line}\n", batch)
        assert worst <= LARGEST_ERROR
        assert set(kernels) == {kernel}


BORDERS = [
    ("pad 1,2,0,3\nconv 20 3x3", ["convolution"]),
    ("pad 1\nconv 40 3x3", ["winograd"]),
    ("crop 1,0,2,3\nconv 40 3x3", ["winograd"]),
    ("crop 2\nconv 20 3x3 same", ["pointwise", "convolution"]),
    ("pad 2\ncrop 1,0,3,2\ndwconv 3x3 stride=2", ["windows"]),
    ("pad 2,0,1,1\nconv 20 3x3 padding=1 relu", ["convolution"]),
    ("pad 1,2,0,1\nsepconv 20 3x3 stride=2", ["windows", "convolution"]),
    ("pad 1\nmaxpool 3x3 stride=2", ["windows"]),
    ("pad 1,2,2,1\navgpool 3x3 stride=2", ["windows"]),
    ("pad 2\nsumpool 4x4", ["windows"]),
    ("pad 1\nmaxpool 3x3 stride=2 ceil", ["pointwise", "windows"]),
    ("pad 1\nmaxpool 3x3 padding=1", ["pointwise", "windows"]),
    ("pad 0,1,0,1\ncrop 1,0,1,0\navgpool 1x1 stride=2", ["windows"]),
    ("pad 1 edge\nconv 20 3x3", ["bordered", "convolution"]),
    ("pad 1\nconv 8 3x3 edge", ["convolution"]),
    ("pad 1\nconv 8 3x3 edge padding=1", ["pointwise", "bordered", "convolution"]),
    ("pad 5,9,2,11 reflect", ["bordered"]),
    ("pad 5,9,2,11 wrap\nbn relu", ["bordered", "pointwise"]),
    ("conv 40 3x3 same reflect relu", ["bordered", "winograd"]),
    ("dwconv 5x5 same wrap bn", ["bordered", "windows"]),
    ("sepconv 20 3x3 stride=2 padding=1,0,2,1 edge relu", ["bordered", "windows", "convolution"]),
    ("pad 1\nbn relu6", ["pointwise"]),
    ("conv 192 1x1 relu\ncrop 1,0,1,0\ndwconv 3x3", ["convolution", "windows"]),
    ("conv 192 1x1 relu\npad 1,0,1,0\ndwconv 3x3", ["stripes"]),
    ("a: pad 1\nb: maxpool 3x3\nc: avgpool 3x3 from a\nd: sumpool 3x3 from a\nconcat b c d", ["windows"] * 3),
]


@pytest.mark.parametrize(("text", "kernels"), BORDERS)
def test_windows_do_the_pads_and_crops_before_them(text: str, kernels: list[str]) -> None:
    size = "60x50" if "192" in text else "13x17"
    for head in (f"input {size}x32", f"input {size}x32\nrelu", f"input {size}x32\nconv 37 1x1\nbn"):
        for batch in (1, 3):
            worst, found = errors(f"{head}\n{text}\n", batch)
            assert worst <= LARGEST_ERROR
            assert [kernel for kernel in found if kernel != "spliced"][-len(kernels) :] == kernels


MOVES = [
    ("adaptavg 3x2", "regions"),
    ("adaptmax 2x5", "regions"),
    ("pad 2,1,0,3\nrelu", "pointwise"),
    ("pad 0,0,2,1 reflect", "bordered"),
    ("slice 0:1", "spliced"),
    ("padchannels 21,6", "spliced"),
    ("padchannels 0,1", "spliced"),
    ("upconv 20 3x4 stride=2 padding=0,1,2,1", "convolution"),
    ("lrn 3 alpha=1 beta=1", "responses"),
    ("lrn 8 alpha=2 beta=0.25", "responses"),
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
        assert set(kernels) == {kernel}


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
        assert kernels == ["dealt"]


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


@pytest.mark.parametrize("lanes", [4, 8, 16])
def test_narrower_vectors_make_the_same_of_a_net(lanes: int) -> None:
    text = (
        "input 24x20x3\nconv 40 3x3 same bn relu\nconv 40 3x3 same bn relu\ndwconv 3x3 same bn silu\n"
        "maxpool 2x2\nconv 24 1x1\ngap\ndense 7 tanh\n"
    )
    worst, kernels = errors(text, lanes=lanes)
    assert worst <= LARGEST_ERROR
    assert kernels == ["convolution", "winograd", "windows", "windows", "convolution", "regions", "products"]


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
        ("input 70x66x8\na: conv 40 1x1\nb: dwconv 3x3 same\nadd a b", ["convolution", "windows", "pointwise"]),
        ("input 30x30x8\nconv 40 1x1\ndwconv 3x3 same", ["convolution", "windows"]),
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


MOVING = (
    "a: pad 1,0,2,1\nmaxpool 2x2 stride=1\nb: padchannels 3\nc: slice 5:40 from a\ncrop 0,1,1,0\nd: lrn 5\n"
    "concat b d crop\nconcat b crop\nadaptavg 5x4\n"
)


def test_a_nan_comes_out_of_all_that_moves_where_the_readable_kernels_let_it_out() -> None:
    analysis = analysed(f"input 12x10x40\n{MOVING}")
    weights, inputs = livened(analysis), given(analysis)
    inputs["input1"][0, 7, 0, 3, 4] = np.nan
    found, wanted = prepare(plan(analysis), weights).run(inputs), exact(analysis, weights, inputs, 1)
    for name, array in wanted.items():
        np.testing.assert_array_equal(np.isnan(found[name]), np.isnan(array))
        assert 0 < np.isnan(array).sum() < array.size / 2


def test_what_moves_is_the_same_bits_with_any_number_of_threads() -> None:
    analysis = analysed(f"input 12x10x40\nconv 40 1x1\n{MOVING}")
    prepared, weights, inputs = plan(analysis, 2), livened(analysis), given(analysis, 2)
    sessions = [Session(prepared, weights.arrays, engine_plan(prepared, 16, threads), threads) for threads in (1, 2, 3)]
    inputs_by_node = {step.node: inputs[step.name] for step in prepared.steps if step.kernel == INPUT}
    first, *others = (next(iter(session.run(inputs_by_node).values())) for session in sessions)
    for other in others:
        np.testing.assert_array_equal(other, first)


def test_the_readable_kernels_run_where_nothing_may_be_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analysed("input 8x8x3\nconv 4 3x3\n")
    monkeypatch.setattr("cnncalc.runtime.running.available", lambda: False)
    ready = prepare(plan(analysis), seeded(analysis))
    assert ready.session is None
    assert ready.run(given(analysis))["conv1"].shape == (1, 4, 1, 6, 6)
    assert ready.seconds(given(analysis)) == {}


def test_a_batch_that_moves_much_and_computes_little_is_run_image_by_image() -> None:
    analysis = analysed("input 256x256x3\nconv 16 1x1 relu\ndwconv 3x3 same relu\nconv 8 1x1\ngap\n")
    weights, inputs = livened(analysis), given(analysis, 5)
    ready = prepare(plan(analysis, 5), weights)
    assert ready.session is not None
    assert ready.session.plan.batch == 1
    found, wanted = ready.run(inputs)["gap1"], exact(analysis, weights, inputs, 5)["gap1"]
    assert found.shape == wanted.shape
    assert float(np.abs(found - wanted).max() / np.abs(wanted).max()) <= LARGEST_ERROR
    assert min(ready.seconds(inputs).values()) > 0

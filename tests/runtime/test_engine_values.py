"""Values that the engine once got wrong, each with its kind: at every width, step by step."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.api import load
from cnncalc.runtime.engine.chain import ALL
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.ops.pool import Counting, Pool, Pooling, PoolTile
from cnncalc.runtime.engine.ops.registry import RULES
from cnncalc.runtime.engine.ops.softmax import Softmax
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.engine.weights import Arena, LayerArrays, LostLayerError
from cnncalc.runtime.engine.window import Window
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import seeded

from .comparing import exact
from .engine_maps import LANES, LARGEST_ERROR, error, kernels_of, worst_step
from .nets import analysed

FOLDED_AFTER_DENSE = [
    "input 4\ndense 4\nscale",
    "input 4\ndense 4\nscale 2",
    "input 4\ndense 3 bn",
    "input 40\ndense 37 bn relu\nscale 0.5\ndense 16\nscale",
    "input 5x3x2\nflatten\ndense 33\nbn\nbn\nsigmoid\ndense 3 softmax",
]


def holds(text: str, batches: tuple[int, ...] = (1, 3)) -> None:
    """No map of the net is further from the readable kernels than rounding explains."""
    for lanes in LANES:
        for batch in batches:
            worst = worst_step(f"{text}\n", lanes, batch)
            assert worst.error <= LARGEST_ERROR, (lanes, batch, worst)


@pytest.mark.parametrize("text", FOLDED_AFTER_DENSE)
def test_a_dense_layer_keeps_its_batch_norm_and_its_factors(text: str) -> None:
    holds(text)


AFFINES = [
    "upconv 20 3x3 stride=2 {}",
    "dwconv 3x3 same {}",
    "subsample 2 {}",
    "sepconv 17 3x3 {}",
    "conv 17 3x3 same {}",
    "conv 32 3x3 same groups=2 {}",
    "conv 16 3x3 groups=16 {}",
    "maxpool 2 {}",
    "avgpool 2 {}",
    "gap {}",
    "add a a {}",
    "mul a a {}",
    "concat a a {}",
    "prelu {}",
    "ln {}",
    "gn 4 {}",
    "lrn 5 {}",
    "softmax {}",
    "flatten {}",
    "slice 3:20 {}",
    "upsample 2 {}",
    "pad 1 {}",
    "pad 1 reflect {}",
    "crop 1 {}",
    "shuffle 4 {}",
    "dropout 0.5 {}",
    "tanh {}",
]


@pytest.mark.parametrize("line", AFFINES)
def test_what_follows_a_layer_is_done_whatever_the_layer_is(line: str) -> None:
    for after in ("bn\nscale\ntanh", "scale 2\nrelu", "relu\nbn"):
        holds("input 9x7x32\na: conv 32 1x1\n" + line.format(f"\n{after}"), (2,))


CROPPED = [
    "input 8x8x3\nconv 3 1x1\ncrop 1\nconv 3 1x1",
    "input 8x8x20\nconv 33 1x1\ncrop 0,1,0,2\nconv 17 1x1 relu",
    "input 8x8x20\na: conv 33 1x1\ncrop 0,0,1,0\nsepconv 17 1x1\nb: crop 2 from a\nconv 16 1x1",
    "input 8x1x20\nconv 16 1x1\ncrop 1,0,0,0\nconv 17 1x1",
    "input 1x1x20\nconv 16 1x1\npad 1\ncrop 1\nconv 17 1x1",
    "input 8x8x20\na: conv 16 1x1\nb: conv 16 1x1\nconcat a b\ncrop 1,2,3,0\nconv 17 1x1",
]


@pytest.mark.parametrize("text", CROPPED)
def test_a_1x1_convolution_behind_a_crop_reads_the_rows_that_are_left(text: str) -> None:
    holds(text)


VECTORS = [
    "input 32\nreshape 1x1x32\nconv 8 3x3 same",
    "input 100\nreshape 1x1x100\nupconv 64 4",
    "input 32\nreshape 1x1x32\nmaxpool 3 same",
    "input 17\nreshape 1x1x17\navgpool 3 same",
    "x: input 1x1x32\nv: relu\nconv 32 3x3 padding=2\nmul v",
    "x: input 1x1x40\nv: relu\na: conv 40 3x3 padding=2\nb: maxpool 3 same from v\nmul a v b",
    "input 5x5x7\nv: flatten\nreshape 1x1x175\nconv 20 3x3 same\nd: dense 20 from v\nreshape 1x1x20\nconv 3 3x3 same",
    "input 3x3x18\na: adaptavg 1x1\nf: flatten\nb: dense 18\nc: upconv 18 3x3 from a\nmul c b a",
    "input 33\na: dense 33\nb: softmax\nreshape 1x1x33\nconv 5 3x3 same\nd: dense 5 from b\nadd d",
    "input 1x1x33\na: softmax\nb: maxpool 3 same\nc: conv 20 3x3 same from a\nd: flatten from a\nmul b d",
    "input 100\ndense 98 relu\nreshape 7x7x2\nconv 16 3x3 same",
]


@pytest.mark.parametrize("text", VECTORS)
def test_a_vector_that_others_read_as_a_map_with_a_halo_stays_a_vector(text: str) -> None:
    holds(text)


SUMS = [
    "input 6x6x2\na: conv 2 1x1\nadd a a a a\nconv 2 1x1",
    "input 6x6x2\na: conv 2 1x1\nb: conv 2 1x1\nc: add a a b\nd: add a a a\nconcat c d",
    "input 6x6x20\na: conv 20 1x1\nb: conv 20 2x2\nadd a b crop mish mish\nconv 3 1x1",
    "input 6x6x16\na: conv 16 1x1\nb: mul a a a a\nc: mul a a a\nd: mul a a\nconcat b c d\nconv 3 3x3 same",
    "input 6x6x16\na: conv 16 1x1\nb: conv 16 1x1\nc: add a a b tanh\nd: add a a b relu\ne: add a a b\nadd c d e c",
    "input 6x6x17\na: conv 17 1x1\nv: gap\nw: gmp from a\nb: mul a v w v\nc: mul a v w\nd: mul a v\nadd b c d",
    "input 5x5x17\na: conv 17 1x1\nb: relu\nc: relu from a\nadd b c b c gelu gelu gelu",
    "input 7x7x20\na: conv 20 1x1\nb: conv 20 3x3\nc: crop 1 from a\nadd a b c a b c crop sigmoid\nadd b\nadd b",
    "input 1x1x5\na: relu\nadd a a a\nmul a a a\nadd a a a",
]


@pytest.mark.parametrize("text", SUMS)
def test_a_sum_so_far_is_nobody_elses_map(text: str) -> None:
    holds(text)


@pytest.mark.parametrize("size", ["8x8x16", "9x7x17", "1x1x3", "2x5x33"])
def test_averages_are_the_same_at_every_width(size: str) -> None:
    for pool in ("avgpool 2", "avgpool 3 stride=1 same", "avgpool 3x2 stride=2 padding=1 countpad", "avgpool 2 ceil"):
        if "same" in pool or not size.startswith(("1x1", "2x5")):
            holds(f"input {size}\n{pool}")


def test_a_factor_after_a_dense_layer_doubles_it() -> None:
    assert kernels_of("input 4\ndense 4\nscale 2\n") == ["dense", "pointwise"]


def test_a_chain_with_a_layer_that_no_kernel_does_is_run_by_the_readable_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "dense", RULES["dense"]._replace(takes=ALL))  # type: ignore[arg-type]
    text = "input 40\ndense 37 bn relu\n"
    assert kernels_of(text) == ["readable", "readable", "readable"]
    holds(text)


def test_who_packs_weights_cannot_pass_over_what_is_folded() -> None:
    prepared = plan(analysed("input 40\ndense 37 bn\n"), 1, "float32")
    weights = seeded(analysed("input 40\ndense 37 bn\n")).arrays
    dense = next(step for step in engine_plan(prepared, 16, 1).steps if step.op.kernel == "dense")
    pool = Pool(PoolTile(1, 1, 16, 16, 16, Pooling.LARGEST), Window(), Counting.ONE)
    ops: tuple[Op, ...] = (dense.op, Softmax(), pool)

    def packed(op: Op, *nodes: int) -> None:
        op.pack_all(dense, LayerArrays(prepared.steps, weights, nodes, 37), Arena([10_000]))

    packed(dense.op, 1)
    for op in ops:
        with pytest.raises(LostLayerError, match="layers 2 are folded"):
            packed(op, 1, 2)


LONG_SUMS = [
    ("input 2x1x100000\nsoftmax", "softmax", 4e-4),
    ("input 400000\ndense 2", "dense", 4e-4),
    ("input 200000\nln", "layer_norm", 6e-3),
    ("input 1x100000x3\ngap", "region_pool", 2e-4),
    ("input 100000x1x3\nadaptavg 2x1", "region_pool", 1e-4),
    ("input 150x300x1\nconv 1 150x300", "readable", 4e-5),
    ("input 150x300x1\navgpool 150x300", "readable", 6e-5),
]
"""A net, the kernel that sums, and how far off it was when it summed in sequence in float32, with vectors of four."""


@pytest.mark.parametrize(("text", "kernel", "before"), LONG_SUMS)
def test_long_sums_of_near_equal_numbers_are_no_further_off_than_short_ones(
    text: str, kernel: str, before: float
) -> None:
    most = min(LARGEST_ERROR, before / 4)
    analysis = analysed(f"{text}\n")
    prepared, weights = plan(analysis, 1, "float32"), seeded(analysis)
    for name, array in weights.arrays.items():
        array[...] = 0.0 if name.endswith("bias") else 0.1
    near = 0.1 + 1e-4 * np.random.default_rng(0).standard_normal(prepared.steps[0].output)
    inputs = {"input1": near.astype(np.float32)}
    (wanted,) = exact(analysis, weights, inputs, 1).values()
    (readable,) = execute(prepared, weights, inputs).values()
    assert error(readable, wanted) <= LARGEST_ERROR
    engine = engine_plan(prepared, min(LANES), 2)
    assert kernel in {step.op.kernel for step in engine.steps}
    (found,) = Session(prepared, weights.arrays, engine, 2).run({0: inputs["input1"]}).values()
    assert error(found, wanted) <= most


@pytest.mark.parametrize("mode", ["nearest", "nearestexact"])
def test_a_row_that_is_as_long_after_a_factor_repeats_its_first_pixel(mode: str) -> None:
    """PyTorch 2.13: `F.interpolate(x, scale_factor=1.25, mode="nearest")` of 0 1 2; `nearest-exact` keeps 0 1 2."""
    net = load(f"input 3 channels 1\nupsample 1.25 {mode}\n")
    found = net.run(np.array([[0.0], [1.0], [2.0]], np.float32))
    assert isinstance(found, np.ndarray)
    assert found.ravel().tolist() == ([0, 0, 1] if mode == "nearest" else [0, 1, 2])

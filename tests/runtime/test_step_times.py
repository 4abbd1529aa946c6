"""Steps and their times: what each has to do, worked out by hand; what a clock must not change; which limit binds."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import InputError
from cnncalc.geometry import Shape
from cnncalc.kernels.engine.clock import cycle_rate, cycles_here, has_counter
from cnncalc.net_files import checked
from cnncalc.runtime import step_times as stage
from cnncalc.runtime.engine import session as session_module
from cnncalc.runtime.engine.ops.registry import RULES
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.engine.work import Work, works
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.running import Ready, prepare
from cnncalc.runtime.step_times import Machine, NetworkSteps, StepTime, step_times
from cnncalc.runtime.weights import seeded
from cnncalc.sources import find

from .nets import analysed, given

NET = "input 8x8x3\nconv 16 3x3 same bn relu\nlrn\nsepconv 8 3x3 same\nflatten\ndense 5 softmax\n"

WORK = [
    # 2 * 8*8*16 * 3*3*3; maps 8*8*3 and 8*8*16, 16*3*3*3 weights and 16 offsets (the batch norm's fold into both)
    (("conv1",), "convolution", "direct", 55_296, 4 * (192 + 1024 + 432 + 16)),
    (("conv1",), "layout_copy", "copy", 0, 4 * (1024 + 1024)),
    (("lrn1",), "readable", "readable", 0, 4 * (1024 + 1024)),
    (("lrn1",), "layout_copy", "copy", 0, 4 * (1024 + 1024)),
    # 2 * 8*8*16 * 3*3, 16*3*3 weights; then 2 * 8*8*8 * 16, 8*16 weights and 8 biases
    (("sepconv1",), "depthwise", "depthwise", 18_432, 4 * (1024 + 1024 + 144)),
    (("sepconv1",), "convolution", "direct", 16_384, 4 * (1024 + 512 + 128 + 8)),
    (("flatten1",), "layout_copy", "flatten", 0, 4 * (512 + 512)),
    (("dense1",), "dense", "dense", 5_120, 4 * (512 + 5 + 2560 + 5)),  # 2 * 512*5
    (("dense1",), "softmax", "softmax", 0, 4 * (5 + 5)),
]

needs_counter = pytest.mark.skipif(not has_counter(), reason="this processor has no counter that may be read")


@pytest.fixture(autouse=True)
def _slow_lrn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the engine learns, here `lrn` is done by the kernel that anybody can read."""
    monkeypatch.delitem(RULES, "lrn", raising=False)  # type: ignore[arg-type]


def machine(batch: int = 1, threads: int = 1) -> Machine:
    return Machine(batch, threads, 0.0, "a processor", 1e11, 1e10)


def timed(text: str, batch: int = 1) -> NetworkSteps:
    return step_times("net", analysed(text), machine(batch))


def session(analysis: Analysis, threads: int) -> Session:
    ready = prepare(plan(analysis, dtype="float32"), seeded(analysis, 0, "float32"), threads)
    assert ready.session is not None
    return ready.session


def by_node(analysis: Analysis, seed: int = 0) -> dict[int, Any]:
    named = given(analysis, seed=seed)
    return {step.node: named[step.name] for step in plan(analysis).steps if step.kernel == INPUT}


def test_every_step_is_listed_once_with_its_work() -> None:
    found = timed(NET)
    assert [(step.lines, step.kernel, step.way, step.flops, step.bytes) for step in found.steps] == WORK
    assert [step.windows for step in found.steps if step.windows] == [((3, 3, 1),), ((3, 3, 1),), ((1, 1, 1),)]
    assert found.steps[0].output == Shape(16, (8, 8))
    assert found.steps[-1].output == Shape(5)


def test_the_flops_of_all_steps_are_those_of_the_formulas() -> None:
    assert timed(NET).total.flops == 95_232 == 2 * analysed(NET).totals.figures.cost.macs


@pytest.mark.parametrize("name", ["unet", "xception", "resnext50"])
def test_no_work_of_a_network_is_lost_or_counted_twice(name: str) -> None:
    analysis = analyse(checked(find(name)))
    planned = plan(analysis, 2, "float32")
    macs = [node.figures.cost.macs for node in analysis.nodes]
    found = works(planned, engine_plan(planned, 16, 2).steps, macs)
    assert sum(work.flops for work in found) == 2 * 2 * analysis.totals.figures.cost.macs


def test_times_are_above_nothing_and_add_up() -> None:
    found = timed(NET)
    assert all(step.seconds > 0 for step in found.steps if step.kernel == "readable")
    assert found.total.seconds == pytest.approx(sum(step.seconds for step in found.steps))
    assert found.whole_seconds > 0
    kinds = found.kinds
    assert sum(kind.seconds for kind in kinds.values()) == pytest.approx(found.total.seconds)
    assert {kind: share.count for kind, share in kinds.items()} == {
        "direct 3x3": 1,
        "copy": 2,
        "readable": 1,
        "depthwise 3x3": 1,
        "direct 1x1": 1,
        "flatten": 1,
        "dense": 1,
        "softmax": 1,
    }
    seconds = [share.seconds for share in kinds.values()]
    assert seconds == sorted(seconds, reverse=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the sum's second map is read too: three maps of 8*8*16, 16*16 weights, 16 biases
        (
            "input 8x8x16\na: relu\nconv 16 1x1\nconv 16 1x1\nadd a\n",
            (("conv2", "add1"), "direct", 32_768, 4 * (3 * 1024 + 256 + 16)),
        ),
        # here it is the map that is read anyway
        (
            "input 8x8x16\na: relu\nconv 16 1x1\nadd a\n",
            (("conv1", "add1"), "direct", 32_768, 4 * (2 * 1024 + 256 + 16)),
        ),
        # a tap of four: 2 * 4*4*16*8 FLOPs, a quarter of 8*8*8 outputs and of 16*8*2*2 weights, 8 biases
        ("input 4x4x16\nupconv 8 2x2 stride=2\n", (("upconv1",), "transposed", 4_096, 4 * (256 + 128 + 128 + 8))),
        # of a map of 8*8*32 only the half that is handed on
        ("input 8x8x32\nrelu\nslice 16:32\n", (("slice1",), "slice", 0, 4 * (1024 + 1024))),
        ("input 8x8x16\nmaxpool 2x2\ncrop 1\n", (("crop1",), "crop", 0, 4 * 2 * 2 * 2 * 16)),
        # a factor and an offset for each channel
        ("input 8x8x16\nmaxpool 2x2\nbn\n", (("bn1",), "bn", 0, 4 * (256 + 256 + 32))),
    ],
)
def test_what_a_step_has_to_do(text: str, expected: tuple[tuple[str, ...], str, int, int]) -> None:
    assert expected in [(step.lines, step.way, step.flops, step.bytes) for step in timed(text).steps]


def test_a_copy_of_a_join_moves_its_own_part_only() -> None:
    copies = [
        step
        for step in timed("input 8x8x9\na: conv 7 1x1\nb: conv 9 1x1\nconcat b a\n").steps
        if "concat1" in step.lines
    ]
    assert [step.bytes for step in copies[:2]] == [2 * 4 * 64 * 9, 2 * 4 * 64 * 7]
    assert {step.way for step in copies} == {"copy"}


def test_steps_done_together_have_the_work_of_both() -> None:
    """224x224 maps of 32 channels are wider than a cache, so the two convolutions go stripe by stripe."""
    found = timed("input 224x224x3\nconv 32 3x3 same bn relu\ndwconv 3x3 stride=2 same\n").steps
    striped = next(step for step in found if step.kernel == "stripes")
    assert striped.lines == ("conv1", "dwconv1")
    assert striped.windows == ((3, 3, 1), (3, 3, 2))
    assert striped.flops == 2 * (224 * 224 * 32 * 27 + 112 * 112 * 32 * 9)
    assert striped.bytes == 4 * (224 * 224 * 3 + 112 * 112 * 32 + 32 * 27 + 32 + 32 * 9 + 32)


def test_a_batch_that_is_run_image_by_image_reads_its_weights_as_often() -> None:
    text = "input 768x768x3\nconv 16 1x1 relu\nmaxpool 3x3 same relu\nconv 8 1x1\ngap\n"
    one, five = timed(text), timed(text, 5)
    assert [5 * step.flops for step in one.steps] == [step.flops for step in five.steps]
    assert [5 * step.bytes for step in one.steps] == [step.bytes for step in five.steps]


def test_a_batch_that_is_run_at_once_reads_its_weights_once() -> None:
    found = timed(NET, 3).steps
    assert found[0].bytes == 4 * (3 * (192 + 1024) + 432 + 16)
    assert found[0].flops == 3 * 55_296


@needs_counter
@pytest.mark.parametrize("threads", [1, 2])
def test_a_clocked_run_computes_the_same_bits(threads: int) -> None:
    text = "input 40x40x3\nconv 32 3x3 same relu\nconv 32 3x3 same relu\nlrn\nconv 32 3x3 same\ngap\ndense 9\n"
    analysis = analysed(text)
    net, (first, second) = session(analysis, threads), (by_node(analysis, seed) for seed in (0, 1))
    wanted = net.run(first)
    assert not np.array_equal(*(run[max(run)] for run in (wanted, net.run(second))))
    seconds = net.clocked(first)
    assert len(seconds) == len(net.engine.steps)
    for node, array in wanted.items():
        np.testing.assert_array_equal(net._leaving[node], array)
    np.testing.assert_array_equal(net.run(second)[max(wanted)], net.run(second)[max(wanted)])


@needs_counter
def test_clocked_seconds_are_most_of_the_time_that_goes_by_and_no_more() -> None:
    analysis = analysed("input 64x64x32\n" + "conv 64 3x3 same relu\n" * 6)
    net, inputs = session(analysis, 2), by_node(analysis)
    net.clocked(inputs)
    shares = []
    for _ in range(20):
        start = perf_counter()
        seconds = net.clocked(inputs)
        shares.append(sum(seconds) / (perf_counter() - start))
        assert min(seconds) >= 0
    assert max(shares) < 1.02
    assert max(shares) > 0.5


@needs_counter
def test_readable_steps_may_begin_end_and_follow_one_another() -> None:
    found = timed("input 8x8x4\nlrn\nlrn\nconv 4 3x3\nrelu\nlrn\n")
    readable = [step.lines[0] for step in found.steps if step.kernel == "readable"]
    assert readable == ["lrn1", "lrn2", "lrn3"]
    assert all(step.seconds > 0 for step in found.steps if step.kernel == "readable")
    assert next(step.seconds for step in found.steps if step.kernel == "convolution") > 0


def test_without_a_counter_steps_are_timed_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "has_counter", lambda: False)
    monkeypatch.setattr(Session, "_clocked", None)
    found = timed(NET)
    assert [(step.lines, step.kernel, step.way, step.flops, step.bytes) for step in found.steps] == WORK
    assert found.steps[2].seconds > 0
    assert min(step.seconds for step in found.steps) >= 0


def test_without_an_engine_every_operation_is_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.runtime.running.available", lambda: False)
    found = step_times("net", analysed("input 8x8x3\nconv 4 3x3 relu\n"), Machine(1, 1, 0.0, "a processor", None, None))
    # 2 * 6*6*4 * 27; maps 8*8*3 and 6*6*4, 4*27 weights, 4 biases
    assert [(step.flops, step.bytes) for step in found.steps] == [(7_776, 4 * (192 + 144 + 108 + 4)), (0, 4 * 288)]
    assert {(step.kernel, step.limit, step.reached) for step in found.steps} == {("readable", None, None)}
    assert all(step.seconds > 0 for step in found.steps)
    assert found.total.reached is None


@needs_counter
def test_the_counter_keeps_time() -> None:
    begun, start = cycles_here(), perf_counter()
    while perf_counter() < start + 0.02:
        pass
    assert (cycles_here() - begun) / cycle_rate() == pytest.approx(perf_counter() - start, rel=0.05)


def test_the_larger_of_two_times_is_the_limit() -> None:
    assert stage._limit(machine(), Work(1_000_000, 1_000)) == (1e-5, "compute")
    assert stage._limit(machine(), Work(1_000_000, 1_000_000)) == (1e-4, "memory")
    assert stage._limit(machine(), Work(0, 1_000)) == (1e-7, "memory")


def test_rates_and_shares_of_the_limit() -> None:
    about = {"lines": ("a",), "kernel": "k", "way": "w", "windows": (), "output": Shape(1)}
    first = StepTime(1, 2e-5, 1_000_000, 1_000, 1e-5, limit="compute", **about)
    second = StepTime(1, 4e-5, 0, 100_000, 1e-5, limit="memory", **about)
    assert (first.flops_rate, first.bytes_rate, first.reached) == pytest.approx((5e10, 5e7, 0.5))
    total = NetworkSteps("net", 1e-4, (first, second)).total
    assert (total.count, total.flops, total.bytes) == (2, 1_000_000, 101_000)
    assert (total.seconds, total.reached) == pytest.approx((6e-5, 1 / 3))


def test_an_ordinary_run_needs_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analysed(NET)
    net = session(analysis, 1)

    def never(*_: object) -> None:
        raise AssertionError("clocked all the same")

    monkeypatch.setattr(type(net._pool), "clocked", never)
    net.run(by_node(analysis))
    if has_counter():
        with pytest.raises(AssertionError, match="clocked"):
            net.clocked(by_node(analysis))


def test_a_net_too_large_is_refused_before_its_weights_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Ready:
        raise AssertionError("drawn all the same")

    monkeypatch.setattr(stage, "seeded", never)
    with pytest.raises(InputError) as caught:
        step_times("net", analysed("input 1000000\ndense 100000\n"), machine())
    assert caught.value.diagnostics[0].code == "not-enough-memory"


def test_a_machine_without_memory_for_the_measurement_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.runtime.free_memory.available_bytes", lambda: 200_000_000)
    monkeypatch.setattr(stage, "thread_count", lambda: 4)
    with pytest.raises(InputError) as caught:
        stage.machine(threads=2)
    assert caught.value.diagnostics[0].message.startswith("measuring the memory's bandwidth needs 256.0 MB")


def test_the_machine_knows_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "peak_flops", lambda threads: 1e11 * threads)
    monkeypatch.setattr(stage, "memory_bandwidth", lambda threads: 1e10 * threads)
    monkeypatch.setattr(stage, "thread_count", lambda: 2)
    found = stage.machine(4, 1, 1.5)
    assert (found.batch, found.threads, found.seconds, found.peak, found.bandwidth) == (4, 1, 1.5, 1e11, 1e10)
    assert found.processor


def test_more_threads_than_cores_do_not_raise_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "peak_flops", lambda threads: 1e11 * threads)
    monkeypatch.setattr(stage, "memory_bandwidth", lambda threads: 1e10 * threads)
    monkeypatch.setattr(stage, "thread_count", lambda: 2)
    found = stage.machine(threads=16)
    assert (found.threads, found.peak, found.bandwidth) == (16, 2e11, 2e10)

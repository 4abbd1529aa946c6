"""The benchmark: turns, medians and ratios, with peers that are played by functions of known duration."""

from __future__ import annotations

from time import sleep
from typing import Any

import numpy as np
import pytest

from cnncalc.diagnostics import InputError
from cnncalc.runtime import benchmark as bench
from cnncalc.runtime import peers
from cnncalc.runtime.benchmark import NetworkTime, Setting, benchmark, geometric_mean
from cnncalc.runtime.peers import contestants as stage
from cnncalc.runtime.reference_run import largest_error, reference_run

from .nets import analysed

NET = "input 8x8x3\nconv 4 3x3 same bn relu\nflatten\ndense 5 softmax\n"
PEAK = 1e11


def setting(seconds: float = 0.0, batch: int = 1) -> Setting:
    return Setting(batch, 1, seconds, "a processor", PEAK, {}, {})


def play(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    """Let peers of these names take so long, and give the right outputs."""

    def ready(analysis: Any, given: Any, threads: int) -> Any:
        def actor(duration: float) -> Any:
            return lambda: (sleep(duration), [exact.astype(np.float32) for exact in given.reference])[1]

        return {name.replace("_", " "): actor(duration) for name, duration in seconds.items()}, {}

    monkeypatch.setattr(bench, "contestants", ready)
    monkeypatch.setattr(bench, "outputs_of", lambda found: found)


def test_the_ratio_is_our_time_over_the_better_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, pytorch_eager=0.04, pytorch_frozen=0.02, onnxruntime=0.03)
    time = benchmark("net", analysed(NET), setting())
    assert time.pytorch_way == "frozen"
    assert time.pytorch_ms is not None
    assert 20 <= time.pytorch_ms < 40
    assert time.onnxruntime_ms is not None
    assert time.onnxruntime_ms >= 30
    assert time.ratio == time.ours_ms / min(time.pytorch_ms, time.onnxruntime_ms)


def test_a_batch_is_timed_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch)
    time = benchmark("net", analysed(NET), setting(batch=3))
    assert time.share_of_peak is not None
    assert time.share_of_peak * PEAK * time.ours_ms / 1000 == pytest.approx(3 * 2 * (8 * 8 * 27 * 4 + 256 * 5))
    assert (time.ratio, time.pytorch_ms, time.onnxruntime_ms) == (None, None, None)


def test_a_way_of_pytorch_that_is_far_slower_drops_out(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    runs = {
        "ours": lambda: calls.append("ours"),
        "pytorch eager": lambda: (calls.append("eager"), sleep(0.03)),
        "pytorch frozen": lambda: (calls.append("frozen"), sleep(0.003)),
    }
    times = bench._in_turns(runs, 0.6)
    assert set(times) == {"ours", "pytorch frozen"}
    assert calls.count("eager") == 2 * bench.FEWEST_TURNS
    assert calls[-1] != "eager"


def test_a_peer_that_computes_something_else_is_taken_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, onnxruntime=0.0)
    monkeypatch.setattr(bench, "outputs_of", lambda found: [2 * values for values in found])
    time = benchmark("net", analysed(NET), setting())
    assert time.onnxruntime_ms is None
    assert time.failed == (("onnxruntime", "differs from float64 by 1e+00"),)


def test_a_peer_that_cannot_take_the_net_is_told_about_and_the_others_run() -> None:
    ready: dict[str, Any] = {}
    failed: dict[str, str] = {}

    def refusing() -> Any:
        raise ValueError("no such operator\nand much more")

    stage._prepare("onnxruntime", refusing, ready, failed)
    stage._prepare("pytorch eager", lambda: list, ready, failed)
    assert list(ready) == ["pytorch eager"]
    assert failed == {"onnxruntime": "its own error (ValueError: no such operator)"}


def test_without_peers_ours_is_timed_and_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    found = bench.setting(threads=1)
    assert found.versions == {}
    assert found.absent == {
        "torch": "PyTorch is not installed (pip install torch)",
        "onnxruntime": "ONNX Runtime is not installed (pip install onnxruntime onnx torch)",
    }
    time = benchmark("net", analysed(NET), setting())
    assert time.ours_ms > 0
    assert time.largest_error < 1e-5


def test_onnx_runtime_without_what_writes_onnx_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None if name == "onnx" else name)
    assert peers.missing("torch") == ""
    assert peers.missing("onnxruntime") == "ONNX Runtime gets the net through onnx (pip install onnx)"


def test_a_net_too_large_to_compare_is_refused_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("drawn all the same")

    monkeypatch.setattr(bench, "reference_run", never)
    with pytest.raises(InputError) as caught:
        benchmark("net", analysed("input 1000000\ndense 100000\n"), setting())
    assert caught.value.diagnostics[0].code == "not-enough-memory"


def test_the_setting_knows_the_machine() -> None:
    found = bench.setting(threads=1)
    assert found.processor
    assert found.peak is None or found.peak > 1e9


def test_every_weight_of_a_trial_matters_and_results_stay_near_one() -> None:
    analysis = analysed("input 16x16x3\n" + "conv 8 3x3 same bn relu\n" * 20 + "gap\ndense 4\n")
    given = reference_run(analysis)
    assert all(np.ptp(array) > 0 for array in given.weights.arrays.values())
    assert 0.1 < np.abs(given.reference[0]).max() < 100
    assert all(array.dtype == np.float32 for array in given.weights.arrays.values())


def test_the_largest_error_is_over_the_largest_value() -> None:
    exact = np.array([1.0, -4.0])
    assert largest_error([np.array([1.0, -3.0], np.float32)], (exact,)) == 0.25
    assert largest_error([np.array([np.nan, -4.0], np.float32)], (exact,)) == 1.0


def test_means_of_ratios_are_geometric() -> None:
    assert geometric_mean([0.25, 4.0]) == 1.0
    assert NetworkTime("net", 3.0, 2.0, None, None, 0.0).ratio == 1.5

"""An engine that computes something else is noticed by all who run it, and the readable kernels take its place."""

from __future__ import annotations

import json
import re
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.cli import main
from cnncalc.report.bench_report import bench_json, bench_sheet
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.plan_report import plan_sheet
from cnncalc.report.steps_report import steps_json, steps_sheet
from cnncalc.runtime import prepared_runs
from cnncalc.runtime.benchmark import Setting, benchmark
from cnncalc.runtime.checked_run import checked_run
from cnncalc.runtime.compare_values import INSTEAD
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.running import whose_plan
from cnncalc.runtime.step_times import Machine, step_times
from cnncalc.runtime.weights import save, seeded
from tests.time_limits import allowed

from .nets import Array, analysed, given
from .tampering import REFUSED, TAMPERED, Tamper, forget_folded_layers

every_tampering = pytest.mark.parametrize(("text", "tamper"), TAMPERED.values(), ids=TAMPERED.keys())
every_refusal = pytest.mark.parametrize(("text", "tamper", "found"), REFUSED.values(), ids=REFUSED.keys())

CapSys = pytest.CaptureFixture[str]

NET = "input 6x6x2\nconv 5 3x3 bn relu\nflatten\ndense 4\n"


def readable(text: str, inputs: dict[str, Array]) -> list[Array]:
    analysis = analysed(text)
    batch = max(len(array) for array in inputs.values())
    return list(execute(plan(analysis, batch), seeded(analysis), inputs).values())


@pytest.mark.parametrize("text", [text for text, *_ in (*TAMPERED.values(), *REFUSED.values())])
def test_an_engine_that_is_right_is_used(text: str) -> None:
    analysis = analysed(text)
    found, _ = checked_run(plan(analysis), seeded(analysis), given(analysis))
    assert found.difference == ""
    assert found.ready.session is not None
    assert confirm(analysis, seeded(analysis), given(analysis)).confirmed


JOINED = ("add x l", "sub x l", "mul x l", "div x l", "max x l", "min x l", "avg x l", "absdiff x l", "concat x l")
ALONE = ("learned 3x4x2", "constant 3x4x2 0.5")


@pytest.mark.parametrize("alone", ALONE)
@pytest.mark.parametrize("join", [*JOINED, "matmul x l transpose", "attention x l heads=2"])
def test_what_is_the_same_for_every_image_is_joined_with_each_of_them(join: str, alone: str) -> None:
    text = f"x: input 3x4x2\nl: {alone}\n{join}\nconv 2 1x1\n"
    pictures = np.random.default_rng(0).random((3, 3, 4, 2))
    net = cnncalc.load(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        together = net.run(pictures, seed=1)
        one_by_one = [net.run(picture[None], seed=1)[0] for picture in pictures]
    np.testing.assert_allclose(together, one_by_one, rtol=1e-5, atol=1e-6)


@every_tampering
@pytest.mark.parametrize(("batch", "verify"), [(1, False), (3, False), (1, True), (3, True)])
def test_a_run_is_not_confirmed_and_shows_the_readable_results(
    text: str, tamper: Tamper, batch: int, verify: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = analysed(text)
    inputs = given(analysis, batch)
    tamper(monkeypatch)
    confirmation = confirm(analysis, seeded(analysis), inputs, verify)
    assert not confirmation.confirmed
    (difference,) = confirmation.differences
    assert "engine: " in difference
    assert difference.endswith("; results and times are those of the readable kernels")
    for output, exact in zip(confirmation.outputs, readable(text, inputs), strict=True):
        np.testing.assert_array_equal(output.values, exact)


@every_tampering
def test_python_gets_the_readable_results_and_a_warning(
    text: str, tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(monkeypatch)
    model, analysis = cnncalc.load(text), analysed(text)
    inputs = given(analysis, 2)
    (volume,) = inputs.values()
    shape = analysis.nodes[0].output
    array = np.moveaxis(volume.reshape(2, *shape.sizes("channels_first")), 1, -1)
    for _ in range(2):
        with pytest.warns(RuntimeWarning, match="engine: .*; results and times are those of the readable") as caught:
            found = model.run(array)
        assert caught[0].filename == __file__
        (exact,) = readable(text, inputs)
        np.testing.assert_array_equal(np.moveaxis(found, -1, 1).ravel(), exact.ravel())


@every_tampering
def test_bench_says_so_in_its_foot(text: str, tamper: Tamper, monkeypatch: pytest.MonkeyPatch) -> None:
    tamper(monkeypatch)
    monkeypatch.setattr("cnncalc.runtime.benchmark.contestants", lambda *_: ({}, {}))
    setting = Setting(1, 1, 0.0, "a processor", None, {}, {})
    measured = benchmark("the net", analysed(text), setting)
    assert measured.difference.startswith("engine: ")
    assert measured.largest_error < 1e-5
    assert "the net  engine: " in drawn(bench_sheet([measured], setting, None), Canvas(None))
    assert json.loads(bench_json([measured]))["networks"][0]["difference"] == measured.difference


def test_the_steps_of_a_wrong_engine_are_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_folded_layers(monkeypatch)
    machine = Machine(1, 1, 0.0, "a processor", None, None)
    measured = step_times("the net", analysed(NET), machine)
    assert {step.kernel for step in measured.steps} == {"readable"}
    assert "results and times are those" in drawn(steps_sheet(measured, machine, "channels_last"), Canvas(None))
    assert json.loads(steps_json([(measured, "channels_last")], machine))["networks"][0]["difference"]


@every_refusal
@pytest.mark.parametrize("batch", [1, 3])
def test_what_the_engines_own_checks_refuse_is_run_by_the_readable_kernels(
    text: str, tamper: Tamper, found: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(monkeypatch)
    analysis = analysed(text)
    inputs = given(analysis, batch)
    confirmation = confirm(analysis, seeded(analysis), inputs)
    assert confirmation.confirmed
    assert re.fullmatch(rf"engine: its own check refuses its plan \({found}.*\); {INSTEAD}", confirmation.refused)
    for output, exact in zip(confirmation.outputs, readable(text, inputs), strict=True):
        np.testing.assert_array_equal(output.values, exact)
    checked, _ = checked_run(plan(analysis, batch), seeded(analysis), inputs)
    assert checked.difference == confirmation.refused


@every_refusal
def test_run_says_in_one_line_that_its_plan_is_refused(
    text: str, tamper: Tamper, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: CapSys
) -> None:
    tamper(monkeypatch)
    (tmp_path / "net.txt").write_text(text)
    np.save(tmp_path / "image.npy", given(analysed(text))["input1"].squeeze().transpose(1, 2, 0))
    words = ["run", str(tmp_path / "net.txt"), "--input-array", str(tmp_path / "image.npy")]
    assert main(words) == 0
    assert re.search(r"Engine +its own check refuses its plan", capsys.readouterr().out)
    assert main([*words, "--json"]) == 0
    assert re.search(found, json.loads(capsys.readouterr().out)["run"]["engine_refused"])


def test_the_plan_of_a_net_whose_plan_is_refused_is_that_of_the_readable_kernels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, tamper, _ = REFUSED["a map that is overwritten"]
    prepared = plan(analysed(text))
    tamper(monkeypatch)
    planned, refused = whose_plan(prepared)
    assert planned is prepared
    assert refused.startswith("engine: its own check refuses its plan (step ")
    assert refused.endswith("); the readable kernels run the net")
    shown = drawn(plan_sheet(prepared, planned, refused), Canvas())
    assert "Engine  its own check refuses its plan (step " in shown
    assert all(" ".join(row) in " ".join(shown.split()) for row in prepared.table)


def test_an_engine_that_would_fill_the_memory_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stores sixteen channels where there is one: 1 GB of input once took 24 GB."""
    analysis = analysed("input 64x64x1\nmaxpool 2\n")
    monkeypatch.setattr("cnncalc.runtime.running.available_bytes", lambda: 200_000)
    confirmation = confirm(analysis, seeded(analysis), given(analysis))
    assert confirmation.confirmed
    said = "engine: it would need .* kB, more than half of the 200.0 kB that are left; results and times are those of"
    assert re.match(said, confirmation.refused)


def test_what_is_saved_is_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: CapSys) -> None:
    forget_folded_layers(monkeypatch)
    (tmp_path / "net.txt").write_text(NET)
    images = np.random.default_rng(1).standard_normal((3, 6, 6, 2)).astype(np.float32)
    np.save(tmp_path / "images.npy", images)
    out = tmp_path / "out.npz"
    words = ["run", str(tmp_path / "net.txt"), "--input-array", str(tmp_path / "images.npy"), "--save", str(out)]
    assert main(words) == 1
    assert "NOT CONFIRMED" in capsys.readouterr().out
    volume = np.moveaxis(images, -1, 1)[:, :, None]
    (exact,) = readable(NET, {"input1": np.ascontiguousarray(volume)})
    with np.load(out) as saved:
        np.testing.assert_array_equal(saved["dense1"], exact[:, :, 0, 0, 0])


def test_the_check_is_made_once_for_weights_and_number_of_images(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    checked = prepared_runs.checked_run
    monkeypatch.setattr(prepared_runs, "checked_run", lambda *all: (calls.append(all[0].batch), checked(*all))[1])
    model, image = cnncalc.load(NET), np.ones((6, 6, 2), np.float32)
    first = model.run(image)
    np.testing.assert_array_equal(model.run(image), first)
    assert calls == [1]
    model.run(image, seed=1)
    model.run(np.stack([image, image]), seed=1)
    model.run(np.stack([image, image]), seed=1)
    assert calls == [1, 1, 2]


def test_a_file_of_weights_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    model, image, path = cnncalc.load(NET), np.ones((6, 6, 2), np.float32), tmp_path / "weights.npz"
    for seed in (1, 2):
        save(path, seeded(model.analysis, seed).arrays, force=True)
        np.testing.assert_array_equal(model.run(image, weights=path), cnncalc.load(NET).run(image, seed=seed))


def test_further_runs_cost_what_the_net_costs() -> None:
    model, image = cnncalc.load("mnist-convnet"), np.ones((28, 28, 1), np.float32)
    model.run(image)
    start = time.process_time()
    for _ in range(20):
        model.run(image)
    assert (time.process_time() - start) / 20 < allowed(0.02)

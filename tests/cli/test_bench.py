"""`cnncalc bench` from the outside: what it takes, what it refuses, what it prints without peers."""

from __future__ import annotations

import json

import pytest

from cnncalc.diagnostics import input_error
from cnncalc.runtime import benchmark, peers, step_times
from cnncalc.runtime.engine.ops.registry import RULES

from .conftest import Command


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No peers: their own tests are in tests/against, and they are slow to start."""
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    monkeypatch.setattr(benchmark, "peak_flops", lambda threads: 1e11)
    monkeypatch.setattr(step_times, "peak_flops", lambda threads: 1e11)
    monkeypatch.setattr(step_times, "memory_bandwidth", lambda threads: 1e10)


def test_ours_alone_is_timed_and_the_missing_are_named(command: Command) -> None:
    outcome = command("bench", "small.txt", "lenet5", "--seconds", "0.01", columns=80)
    assert outcome.status == 0
    assert "small.txt" in outcome.out
    assert "lenet5" in outcome.out
    assert "PyTorch is not installed (pip install torch)" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_json_is_json_and_the_missing_are_named_beside_it(command: Command) -> None:
    outcome = command("bench", "lenet5", "--seconds", "0.01", "--batch", "2", "--threads", "1", "--json")
    (network,) = json.loads(outcome.out)["networks"]
    assert network["name"] == "lenet5"
    assert network["ours_ms"] > 0
    assert network["pytorch_ms"] is network["ratio"] is None
    assert "ONNX Runtime is not installed" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "needs MODEL, or --all"),
        (("--steps",), "needs MODEL, or --all"),
        (("no-such-net", "--steps"), "no file and no shipped network"),
        (("no-such-net",), "no file and no shipped network"),
        (("lenet5", "--batch", "0"), "batch"),
        (("lenet5", "--seconds", "-1"), "seconds"),
        (("two_faults.txt",), "error["),
    ],
)
def test_what_cannot_be_timed_is_refused(command: Command, arguments: tuple[str, ...], said: str) -> None:
    outcome = command("bench", *arguments)
    assert outcome.status == 2
    assert said in outcome.err
    assert outcome.out == ""


def test_all_means_every_network_once(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc.sources import shipped_names

    found: list[str] = []

    def timed(name: str, *_: object) -> benchmark.NetworkTime:
        found.append(name)
        return benchmark.NetworkTime(name, 1.0, 2.0, None, None, 0.0)

    monkeypatch.setattr(benchmark, "benchmark", timed)
    outcome = command("bench", "vgg16", "--all")
    assert outcome.status == 0
    assert sorted(found) == sorted(shipped_names())
    assert "geometric mean" in outcome.out


def test_one_net_that_does_not_fit_leaves_the_others(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def timed(name: str, *_: object) -> benchmark.NetworkTime:
        if name == "vgg16":
            raise input_error("not-enough-memory", "this comparison needs 9 GB")
        return benchmark.NetworkTime(name, 1.0, None, None, None, 0.0)

    monkeypatch.setattr(benchmark, "benchmark", timed)
    outcome = command("bench", "vgg16", "lenet5")
    assert outcome.status == 0
    assert "this comparison needs 9 GB" in outcome.out
    assert command("bench", "vgg16").status == 2


def test_what_was_done_before_ctrl_c_is_printed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def timed(name: str, *_: object) -> benchmark.NetworkTime:
        if name == "vgg16":
            raise KeyboardInterrupt
        return benchmark.NetworkTime(name, 1.0, None, None, None, 0.0)

    monkeypatch.setattr(benchmark, "benchmark", timed)
    outcome = command("bench", "lenet5", "vgg16")
    assert outcome.status == 130
    assert "lenet5" in outcome.out


def test_steps_are_a_table_for_each_net_and_name_no_peers(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "padchannels", raising=False)  # type: ignore[arg-type]
    outcome = command("bench", "small.txt", "resnet20-cifar", "--steps", "--seconds", "0.01", columns=80)
    assert outcome.status == 0
    assert outcome.err == ""
    lines = outcome.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.startswith("Steps of ")] == ["Steps of small.txt", "Steps of resnet20-cifar"]
    second = lines[lines.index("Steps of resnet20-cifar") :]
    numbers = [line.split()[0] for line in second if line[:2].strip().isdigit()]
    assert numbers == [str(number) for number in range(len(numbers))]
    assert any("padchannels1" in line and "readable" in line for line in second)
    assert any("Winograd 3x3" in line and "compute" in line for line in second)
    assert "100 GFLOP/s in float32" in outcome.out
    assert "10 GB/s read" in outcome.out
    assert "PyTorch" not in outcome.out


def test_steps_as_json(command: Command) -> None:
    outcome = command(
        "bench", "lenet5", "small.txt", "--steps", "--seconds", "0.01", "--batch", "2", "--threads", "1", "--json"
    )
    assert outcome.err == ""
    network, other = json.loads(outcome.out)["networks"]
    assert (network["name"], other["name"]) == ("lenet5", "small.txt")
    assert list(network) == ["name", "whole_ms", "peak_gflops", "bandwidth_gbs", "difference", "steps"]
    assert (network["peak_gflops"], network["bandwidth_gbs"]) == (100, 10)
    assert sum(step["share"] for step in network["steps"]) == pytest.approx(1)
    assert sum(step["flops"] for step in network["steps"]) == 2 * 2 * 416_520  # LeNet-5's MACs, two images
    assert network["steps"][0]["lines"] == ["conv1"]
    assert network["steps"][0]["output"] == [28, 28, 6]


def test_steps_need_no_peers(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(name: str) -> None:
        raise AssertionError(f"looked for {name}")

    monkeypatch.setattr(peers, "find_spec", never)
    assert command("bench", "lenet5", "--steps", "--seconds", "0.01").status == 0


def test_steps_of_one_net_that_does_not_fit_leave_the_others(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = step_times.step_times

    def timed(name: str, *rest: object) -> step_times.NetworkSteps:
        if name == "vgg16":
            raise input_error("not-enough-memory", "this run needs 9 GB")
        return measured(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(step_times, "step_times", timed)
    outcome = command("bench", "vgg16", "lenet5", "--steps", "--seconds", "0.01")
    assert outcome.status == 0
    assert "Steps of lenet5" in outcome.out
    assert outcome.err == "vgg16: this run needs 9 GB\n"
    assert command("bench", "vgg16", "--steps").status == 2


def test_steps_that_were_timed_before_ctrl_c_are_printed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = step_times.step_times

    def timed(name: str, *rest: object) -> step_times.NetworkSteps:
        if name == "vgg16":
            raise KeyboardInterrupt
        return measured(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(step_times, "step_times", timed)
    outcome = command("bench", "lenet5", "vgg16", "--steps", "--seconds", "0.01")
    assert outcome.status == 130
    assert "Steps of lenet5" in outcome.out

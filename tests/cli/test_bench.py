"""`cnncalc bench` from the outside: what it takes, what it refuses, what it prints without peers."""

from __future__ import annotations

import json

import pytest

from cnncalc.diagnostics import input_error
from cnncalc.runtime import benchmark, peers

from .conftest import Command


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No peers: their own tests are in tests/against, and they are slow to start."""
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    monkeypatch.setattr(benchmark, "peak_flops", lambda threads: 1e11)


def test_ours_alone_is_timed_and_the_missing_are_named(command: Command) -> None:
    outcome = command("bench", "small.txt", "lenet5", "--seconds", "0", columns=80)
    assert outcome.status == 0
    assert "small.txt" in outcome.out
    assert "lenet5" in outcome.out
    assert "PyTorch is not installed (pip install torch)" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_json_is_json_and_the_missing_are_named_beside_it(command: Command) -> None:
    outcome = command("bench", "lenet5", "--seconds", "0", "--batch", "2", "--threads", "1", "--json")
    (network,) = json.loads(outcome.out)["networks"]
    assert network["name"] == "lenet5"
    assert network["ours_ms"] > 0
    assert network["pytorch_ms"] is network["ratio"] is None
    assert "ONNX Runtime is not installed" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name at least one network"),
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

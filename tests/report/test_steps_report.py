"""The table of steps and its JSON, of times that are known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cnncalc.geometry import Shape
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.steps_report import steps_json, steps_sheet
from cnncalc.runtime.step_times import Machine, NetworkSteps, StepTime

MACHINE = Machine(1, 2, 5.0, "A Processor 9000", 200e9, 50e9)
NET = NetworkSteps(
    "net.txt",
    0.0013,
    (
        StepTime(
            1,
            600e-6,
            120_000_000,
            5_000_000,
            600e-6,
            lines=("residual1.narrow1.conv1", "residual1.add1"),
            kernel="winograd",
            way="Winograd",
            windows=((3, 3, 1),),
            output=Shape(64, (56, 56)),
            limit="compute",
        ),
        StepTime(
            1,
            300e-6,
            10_000_000,
            500_000,
            50e-6,
            lines=("conv2", "dwconv1"),
            kernel="stripes",
            way="striped",
            windows=((1, 1, 1), (3, 3, 2)),
            output=Shape(96, (28, 28)),
            limit="compute",
        ),
        StepTime(
            1,
            200e-6,
            15_000_000,
            1_500_000,
            75e-6,
            lines=("conv3",),
            kernel="winograd",
            way="Winograd",
            windows=((3, 3, 1),),
            output=Shape(64, (28, 28)),
            limit="compute",
        ),
        StepTime(
            1,
            100e-6,
            0,
            10_000_000,
            200e-6,
            lines=("lrn1",),
            kernel="readable",
            way="readable",
            windows=(),
            output=Shape(64, (28, 28)),
            limit="memory",
        ),
    ),
)

TABLE = """\
Steps of net.txt
one image in float32, 2 threads; medians, each step timed within the whole run

                                                      % of  GFLOP         of its
#  lines                   kernel                µs    run     /s          limit
────────────────────────────────────────────────────────────────────────────────
0  residual1..conv1 + …    Winograd 3x3         600   50.0    200  compute 100 %
1  conv2 + dwconv1         striped 1x1+3x3/2    300   25.0   33.3   compute 17 %
2  conv3                   Winograd 3x3         200   16.7   75.0   compute 37 %
3  lrn1                    readable             100    8.3          memory 200 %
────────────────────────────────────────────────────────────────────────────────
   2 steps                 Winograd 3x3         800   66.7    169           84 %
   1 step                  striped 1x1+3x3      300   25.0   33.3           17 %
   1 step                  readable             100    8.3                 200 %
   4 steps                 all                1,200  100.0    121           77 %

Not shown  output, GB/s: the whole table takes 104 columns (--width 104)
Whole      1,300 µs for an ordinary run, inputs and outputs copied; the steps
           add up to 1,200 µs
Compute    200 GFLOP/s in float32 with these threads, measured
Memory     50 GB/s read with these threads, measured
Limit      what takes longer at these rates: 2 FLOPs a MAC of the formula, or
           every map and weight of the step once; an estimate, which may be
           passed: Winograd multiplies less, and caches are faster than the
           memory
Machine    A Processor 9000
"""


def test_the_table_fits_eighty_columns_and_keeps_what_matters() -> None:
    text = drawn(steps_sheet(NET, MACHINE, "channels_last"), Canvas(80))
    assert text == TABLE


def test_with_room_every_column_is_there() -> None:
    lines = drawn(steps_sheet(NET, MACHINE, "channels_first"), Canvas(None)).splitlines()
    assert [word for line in lines[3:5] for word in line.split()] == [
        *("%", "of", "GFLOP", "GB", "of", "its"),
        *("#", "lines", "kernel", "output", "µs", "run", "/s", "/s", "limit"),
    ]
    assert lines[6].split() == [
        *("0", "residual1.narrow1.conv1", "+", "add1", "Winograd", "3x3", "64x56x56"),
        *("600", "50.0", "200", "8.3", "compute", "100", "%"),
    ]


def test_without_limits_none_are_told() -> None:
    bare = replace(MACHINE, peak=None, bandwidth=None)
    steps = tuple(replace(step, limit=None, least=None) for step in NET.steps)
    text = drawn(steps_sheet(replace(NET, steps=steps), bare, "channels_last"), Canvas(80))
    assert "compute" not in text
    assert "Limit" not in text
    assert "A Processor 9000" in text
    (found,) = json.loads(steps_json([(replace(NET, steps=steps), "channels_last")], bare))["networks"]
    assert found["peak_gflops"] is found["bandwidth_gbs"] is found["steps"][0]["share_of_limit"] is None


def test_a_batch_and_one_thread_are_told() -> None:
    text = drawn(steps_sheet(NET, replace(MACHINE, batch=8, threads=1), "channels_last"), Canvas(80))
    assert "8 images in float32, 1 thread;" in text


def test_the_json_has_exactly_these_keys() -> None:
    found = json.loads(steps_json([(NET, "channels_last")], MACHINE))
    assert list(found) == ["networks"]
    (network,) = found["networks"]
    assert list(network) == ["name", "whole_ms", "peak_gflops", "bandwidth_gbs", "difference", "steps"]
    assert (network["whole_ms"], network["peak_gflops"], network["bandwidth_gbs"]) == (1.3, 200, 50)
    assert [step["share"] for step in network["steps"]] == pytest.approx([0.5, 0.25, 1 / 6, 1 / 12])
    assert network["steps"][1] == {
        "step": 1,
        "lines": ["conv2", "dwconv1"],
        "kernel": "stripes",
        "way": "striped",
        "windows": [[1, 1, 1], [3, 3, 2]],
        "output": [28, 28, 96],
        "ms": pytest.approx(0.3),
        "share": pytest.approx(0.25),
        "flops": 10_000_000,
        "bytes": 500_000,
        "gflops": pytest.approx(100 / 3),
        "gbs": pytest.approx(5 / 3),
        "limit": "compute",
        "share_of_limit": pytest.approx(1 / 6),
    }

"""The benchmark's table and its JSON."""

from __future__ import annotations

import json

from cnncalc.report.bench_report import bench_json, bench_sheet
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.runtime.benchmark import NetworkTime, Setting

SETTING = Setting(1, 2, 5.0, "A Processor 9000", 229e9, {"PyTorch": "2.13.0"}, {"onnxruntime": "ONNX Runtime is gone"})
TIMES = (
    NetworkTime("inception-resnet-v2", 1234.56, 2345.6, 999.95, 0.876, 1.23e-6, "channels"),
    NetworkTime("lenet5", 0.0612, None, None, None, 3e-7, "", (("onnxruntime", "ValueError: no such operator"),)),
)

TABLE = """\
Time of one run
one image in float32, 2 threads each, medians of runs in turn

                        ours  PyTorch            ONNX RT           of  largest
network                   ms       ms  way            ms  ratio  peak    error
──────────────────────────────────────────────────────────────────────────────
inception-resnet-v2  1,234.6  2,345.6  channels  1,000.0   1.23  88 %  1.2e-06
lenet5                  0.06        -                  -      -     -  3.0e-07
──────────────────────────────────────────────────────────────────────────────
geometric mean                                             1.23
"""


def test_the_table_fits_eighty_columns() -> None:
    text = drawn(bench_sheet(TIMES, SETTING, 1.2345), Canvas(80))
    assert text.startswith(TABLE)
    assert max(map(len, text.splitlines())) <= 80


def test_the_foot_says_what_the_numbers_mean_and_what_is_missing() -> None:
    text = drawn(bench_sheet(TIMES, SETTING, None, [("yolov1", "needs 9 GB")]), Canvas(None))
    assert "229 GFLOP/s" in text
    assert "A Processor 9000; PyTorch 2.13.0" in text
    assert "ONNX Runtime is gone" in text
    assert "not run by onnxruntime: ValueError: no such operator" in text
    assert "needs 9 GB" in text
    assert "geometric" not in text


def test_a_batch_and_one_thread_are_told() -> None:
    eight = Setting(8, 1, 5.0, "x", None, {}, {})
    assert "8 images in float32, 1 thread each" in drawn(bench_sheet(TIMES[1:], eight, None), Canvas(80))


def test_the_json_has_exactly_these_keys() -> None:
    found = json.loads(bench_json(TIMES))
    assert list(found) == ["networks"]
    assert found["networks"][0] == {
        "name": "inception-resnet-v2",
        "ours_ms": 1234.56,
        "pytorch_ms": 2345.6,
        "onnxruntime_ms": 999.95,
        "ratio": 1234.56 / 999.95,
        "share_of_peak": 0.876,
        "largest_error": 1.23e-6,
        "difference": None,
    }
    assert found["networks"][1]["pytorch_ms"] is None
    assert found["networks"][1]["ratio"] is None

"""`cnncalc roofline`: its table, its exact numbers, its chart; and the columns of a summary about bytes."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import cnncalc

from .conftest import Command

MACHINE = ("--peak", "10T", "--bandwidth", "900G")


def test_the_table_says_what_bounds_each_line_and_the_whole(command: Command) -> None:
    done = command("roofline", "vgg16", *MACHINE, "--width", "120")
    said = " ".join(done.out.split())
    assert done.status == 0
    for words in (
        "conv 64 3x3 same relu 3.71 G 25.8 M 143.43 compute 370.58 10.1%",
        "dense 4096 relu 206 M 411 M 0.50 memory 456.86 12.5%",
        "Ridge 11.11 FLOPs a byte",
        "a multiply-add being 2 FLOPs",
        "Time at least 3.66 ms: at most 274 images a second",
        "By memory 8 lines, 583.72 µs, 16.0% of the time",
    ):
        assert words in said


def test_json_and_csv_have_exact_numbers_of_every_layer(command: Command) -> None:
    found = json.loads(command("roofline", "resnet18", *MACHINE, "--json", "--batch", "4").out)
    rows = [
        *csv.DictReader(io.StringIO(command("roofline", "resnet18", *MACHINE, "--format", "csv", "--batch", "4").out))
    ]
    assert sum(int(row["bytes"]) for row in rows) == found["bytes"]
    assert sum(int(row["flops"]) for row in rows) == found["flops"]
    assert abs(sum(float(row["seconds"]) for row in rows) - found["seconds"]) < 1e-5 * found["seconds"]
    assert abs(found["images_per_second"] * found["seconds"] - 4) < 1e-9
    assert {layer["bound"] for layer in found["layers"]} == {"compute", "memory", "neither"}


def test_the_chart_has_every_line_and_is_not_written_over(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "roofline.svg"
    assert command("roofline", "lenet5", *MACHINE, "-o", str(file)).status == 0
    drawn = file.read_text(encoding="utf-8")
    assert "Roofline: LeNet-5" in drawn
    assert "dense1: dense 120 tanh" in drawn
    file.write_text("mine", encoding="utf-8")
    refused = command("roofline", "lenet5", *MACHINE, "-o", str(file))
    assert (refused.status, file.read_text(encoding="utf-8")) == (2, "mine")


def test_a_summary_has_columns_of_bytes_and_of_intensity(command: Command) -> None:
    done = command("summary", "vgg16", "--columns", "bytes,intensity", "--dtype", "float16", "--width", "80")
    said = " ".join(done.out.split())
    assert "conv 64 3x3 same relu 12,918,912 286.85" in said
    assert "total 337,362,464 91.81" in said
    assert "Moved what a line reads (its inputs and weights) and writes, each number once and as float16" in said


def test_python_gives_the_same_table_exact_times_and_the_chart(command: Command, tmp_path: Path) -> None:
    found = cnncalc.load("lenet5").roofline(1e13, "900G")
    assert str(found) == command("roofline", "lenet5", *MACHINE, "--width", "80").out.rstrip("\n")
    assert found.seconds == sum(line.seconds for line in found.lines)
    assert found.ridge == Fraction(100, 9)
    found.chart("17cm").save(tmp_path / "roofline.svg")
    assert "Roofline: LeNet-5" in (tmp_path / "roofline.svg").read_text(encoding="utf-8")


def test_the_chart_says_which_part_of_the_time_it_does_not_show() -> None:
    net = cnncalc.load("input 8x8x3\nconv 4 3x3 same\ncrop 1\n")
    words = net.roofline("10T", "900G").chart()._repr_svg_()
    assert "not shown: 1 line without FLOPs" in words


def test_a_short_net_is_timed_in_ns_and_a_long_one_in_s() -> None:
    net = cnncalc.load("input 8x8x3\ncrop 1\n")
    times = [str(net.roofline("10T", "900G", batch=batch)) for batch in (1, 10**9)]
    assert "at least 1.33 ns: at most" in " ".join(times[0].split())
    assert "at least 1.33 s for" in " ".join(times[1].split())
    assert "0 FLOPs and 1.20 kB" in " ".join(times[0].split()) or "0 FLOPs and 1,200 bytes" in times[0]


def test_csv_has_no_column_for_the_bars(command: Command) -> None:
    found = command("roofline", "lenet5", *MACHINE, "--format", "csv").out.splitlines()[0]
    assert found == "line,name,layer,flops,bytes,intensity,bound,seconds,share"

"""`cnncalc compare`: its table, its exit status, its other formats and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import cnncalc

from .conftest import Command

A = "input 8x8x1\nconv 6 5x5 tanh\nflatten\ndense 4\n"
B = "input 8x8x1\nconv 6 3x3 tanh\nflatten\ndense 4\n"


@pytest.fixture(name="nets")
def _nets(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("a.txt", A), ("b.txt", B)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "a.txt"), str(tmp_path / "b.txt")


def test_one_wrong_line_is_the_one_that_is_changed_and_those_below_are_the_same(
    command: Command, nets: tuple[str, str]
) -> None:
    outcome = command("compare", *nets, columns=80)
    assert outcome.status == 1
    lines = [line.split() for line in outcome.out.splitlines()]
    assert ["~", "2", "2", "conv", "6", "5x5", "tanh", "-96", "-456"] in lines  # 16 * 150 and 36 * 54 MACs
    assert ["kernel", "size", "5x5", "->", "3x3"] in lines
    assert ["=", "4", "4", "dense", "4", "+480", "+480"] in lines  # 96 and 216 numbers arrive
    assert ["difference", "+384", "+24"] in lines
    assert "Kernel size  5x5 -> 3x3 in conv1 (line 2): params -96, MACs -456\n" in outcome.out


def test_the_same_network_leaves_with_0_and_one_sentence(command: Command, nets: tuple[str, str]) -> None:
    outcome = command(
        "compare", nets[0], "-", stdin=b'order channels_first\ntitle "Other"\n' + A.replace("8x8x1", "1x8x8").encode()
    )
    assert outcome.status == 0
    assert "The same  every layer, shape and number: 4 lines, 544 params, 2,784 MACs\n" in outcome.out
    assert outcome.out.count("the same shapes in another order") == 1


def test_the_second_network_may_be_a_part_of_the_first_or_both_may_end_with_a_line(
    command: Command, nets: tuple[str, str]
) -> None:
    outcome = command("compare", nets[0], "--until-b", "conv1", "--json")
    found = json.loads(outcome.out)
    assert (outcome.status, found["b"]["params"]) == (1, 156)  # 25 * 6 + 6
    assert found["remarks"] == [{"about": "--until", "text": "B ends with conv1"}]
    both = json.loads(command("compare", *nets, "--until", "conv1", "--json").out)
    assert (both["a"]["params"], both["b"]["params"]) == (156, 60)
    refused = command("compare", *nets, "--until-b", "conv7")
    assert refused.status == 2
    assert "this is network B" in refused.err


def test_the_second_network_may_be_the_first_at_another_size(command: Command, nets: tuple[str, str]) -> None:
    outcome = command("compare", nets[0], "--input-b", "16x16x1", "--json")
    found = json.loads(outcome.out)
    assert (outcome.status, found["same"], found["a"]["inputs"], found["b"]["inputs"]) == (
        1, False, [[8, 8, 1]], [[16, 16, 1]],
    )  # fmt: skip
    assert found["totals"]["params"] == sum(row["difference"]["params"] for row in found["rows"]) == 4 * 6 * (144 - 16)
    assert found["totals"]["macs"] == sum(fact["difference"]["macs"] for fact in found["facts"])


def test_csv_has_a_line_for_each_line(command: Command, nets: tuple[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(command("compare", *nets, "--format", "csv").out)))
    assert [row["sign"] for row in rows] == ["same", "changed", "arrives", "arrives"]
    assert (rows[1]["changes"], rows[1]["output_a"], rows[1]["output_b"]) == (
        "kernel size 5x5 -> 3x3",
        "4x4x6",
        "6x6x6",
    )


def test_an_error_says_in_which_of_the_two_networks_it_is(command: Command, nets: tuple[str, str]) -> None:
    (Path(nets[0]).parent / "broken.txt").write_text("input 8x8x1\nconv 6 9x9\n", encoding="utf-8")
    outcome = command("compare", nets[0], str(Path(nets[0]).parent / "broken.txt"))
    assert outcome.status == 2
    assert "error[kernel-too-large]" in outcome.err
    assert "this is network B" in outcome.err


def test_a_program_without_a_size_is_given_that_of_the_other_network(command: Command, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("from torch import nn\nnet = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh())\n")
    (tmp_path / "net.txt").write_text("input 8x8x1\nconv 6 5x5 tanh\n")
    outcome = command("compare", str(tmp_path / "net.py"), str(tmp_path / "net.txt"))
    assert outcome.status == 0
    assert "A says no size of its own and is given B's" in outcome.out
    assert command("compare", str(tmp_path / "net.py"), str(tmp_path / "net.py")).status == 2


def test_a_network_alone_is_compared_with_nothing(command: Command) -> None:
    assert "`cnncalc compare` needs a second network" in command("compare", "lenet5").err


def test_what_fits_forty_columns_has_every_number(command: Command) -> None:
    out = command("compare", "lenet5", "lenet5-1998", columns=40).out
    assert max(map(len, out.splitlines())) <= 40
    assert all(number in out for number in ("+48,120", "-48,120", "-900", "-90,840", "-1,706"))


def test_python_gives_the_table_that_the_command_prints(command: Command, nets: tuple[str, str]) -> None:
    found = cnncalc.compare(*nets)
    assert (found.same, found.totals.params, found.totals.macs) == (False, 384, 24)
    assert f"{found}\n" == command("compare", *nets, columns=80).out
    assert "<table>" in found._repr_html_()


def test_what_freezing_changes_is_said_with_the_totals(command: Command, tmp_path: Path) -> None:
    """5 * 5 * 6 + 6 = 156 frozen params of 156 + 96 * 4 + 4."""
    for name, text in (("a.txt", A), ("b.txt", A.replace("tanh", "tanh frozen"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    nets = (str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    assert "\nTrainable  544 -> 388: -156 (-28.7%)\n" in command("compare", *nets, columns=80).out
    totals = json.loads(command("compare", *nets, "--json").out)
    assert [totals[net]["frozen_params"] for net in ("a", "b")] == [0, 156]

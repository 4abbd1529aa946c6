"""What a program makes and never calls is counted as PyTorch counts it, and the foot says so."""

from __future__ import annotations

import json
from dataclasses import replace

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Count, Graph
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.summary import summary_sheet
from cnncalc.report.summary_json import summary_json

WEIGHTS_OF_BN = 2 * 8
"""torch.nn.BatchNorm2d(8): weight and bias are learned; running_mean and running_var are buffers."""


def _net(count: Count | None = None, *names: str) -> Graph:
    graph, faults = load_graph(Source("net.txt", "input 32x32x1\nconv 6 5x5\n"))
    assert not faults
    uncalled = tuple((name, WEIGHTS_OF_BN, 16, 0) for name in names or ("aux.bn",))
    return replace(graph, count=count, uncalled=uncalled)


def test_totals_hold_parts_that_are_never_called() -> None:
    figures = analyse(_net()).totals.figures
    assert (figures.params, figures.buffers) == (156 + 16, 16)
    assert figures.cost.macs == 28 * 28 * 6 * 25


def test_shares_of_lines_are_of_all_params() -> None:
    assert analyse(_net()).rows[1].params_share * 172 == 156


def test_the_foot_names_them_with_their_params() -> None:
    shown = drawn(summary_sheet(analyse(_net())), Canvas(None))
    assert "Never called      made by the program, not used: aux.bn 16; the total counts these params\n" in shown


def test_where_keras_counts_its_running_statistics_count_too() -> None:
    assert ": aux.bn 32; " in drawn(summary_sheet(analyse(_net("keras"))), Canvas(None))


def test_of_many_the_first_are_named_and_how_many_there_are() -> None:
    shown = drawn(summary_sheet(analyse(_net(None, *(f"b{i}" for i in range(30))))), Canvas(None))
    assert "b0 16, b1 16, b2 16, b3 16, b4 16, b5 16, b6 16, b7 16 ... (30 parts); the total" in shown


def test_json_lists_them_only_where_there_are_any() -> None:
    totals = json.loads(summary_json(analyse(_net())))["totals"]
    assert totals["uncalled"] == [{"name": "aux.bn", "params": 16}]
    plain = json.loads(summary_json(analyse(replace(_net(), uncalled=()))))["totals"]
    assert "uncalled" not in plain

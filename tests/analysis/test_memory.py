"""What a net takes in memory, exact to the byte, and sums over lines."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.analysis.stored_bytes import memory
from cnncalc.analysis.sums import sum_of, sum_of_rows
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.sources import shipped


def analysis_of(source: Source, batch: int = 1) -> Analysis:
    graph, faults = load_graph(source)
    assert faults == ()
    return analyse(graph, batch)


@pytest.mark.parametrize(
    ("dtype", "weights", "activations", "peak"),
    [
        ("float64", 204_881_216, 135_900_992, 19_267_584),
        ("float32", 102_440_608, 67_950_496, 9_633_792),
        ("float16", 51_220_304, 33_975_248, 4_816_896),
        ("bfloat16", 51_220_304, 33_975_248, 4_816_896),
        ("int8", 25_610_152, 16_987_624, 2_408_448),
    ],
)
def test_resnet50_takes_so_many_bytes(dtype: str, weights: int, activations: int, peak: int) -> None:
    """25,557,032 learned numbers and 53,120 running statistics (counting.md) count alike, whatever their type."""
    found = memory(analysis_of(shipped("resnet50")).totals, dtype)
    assert (found.weights, found.activations, found.peak_activations) == (weights, activations, peak)


def test_only_activations_grow_with_the_batch() -> None:
    one = memory(analysis_of(shipped("lenet5")).totals)
    many = memory(analysis_of(shipped("lenet5"), batch=32).totals)
    assert (many.weights, many.activations) == (one.weights, 32 * one.activations)
    assert many.weights == 4 * 61_706


def test_a_sum_over_all_rows_is_the_total() -> None:
    net = analysis_of(shipped("resnet50"))
    assert sum_of_rows(net, range(len(net.rows))) == net.totals.figures
    assert sum_of_rows(net, ()).params == 0


def test_a_sum_over_operations_keeps_every_kind_of_work() -> None:
    net = analysis_of(shipped("mobilenet-v3"))
    found = sum_of(node.figures for node in net.nodes)
    assert (found.params, found.buffers, found.cost, found.connections) == (
        net.totals.figures.params,
        net.totals.figures.buffers,
        net.totals.figures.cost,
        net.totals.figures.connections,
    )

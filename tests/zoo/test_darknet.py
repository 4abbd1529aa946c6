"""Darknet's own figures: the BFLOPs it prints beside each convolution, and the operations it counts in all.

Two operations make a multiply-accumulate.  Darknet counts convolutions and dense layers and forgets local ones.
"""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.model import RowAnalysis
from cnncalc.graph import load_graph
from cnncalc.sources import find

PRINTED = {
    "darknet19": """
        0.113 0.604 0.604 0.067 0.604 0.604 0.067 0.604 0.604 0.067 0.604 0.067 0.604 0.604 0.067 0.604 0.067 0.604
        0.131
    """,
    "yolov1": """
        0.944 2.775 0.154 1.850 0.411 7.399 0.206 1.850 0.206 1.850 0.206 1.850 0.206 1.850 0.411 7.399 0.206 1.850
        0.206 1.850 3.699 0.925 0.925 0.925
    """,
    "yolov2": """
        0.639 3.407 3.407 0.379 3.407 3.407 0.379 3.407 3.407 0.379 3.407 0.379 3.407 3.407 0.379 3.407 0.379 3.407
        6.814 6.814 0.095 8.517 0.314
    """,
    "yolov2-tiny": """
        0.150 0.399 0.399 0.399 0.399 0.399 1.595 1.595 0.074
    """,
    "yolov3": """
        0.639 3.407 0.379 3.407 3.407 0.379 3.407 0.379 3.407 3.407 0.379 3.407 0.379 3.407 0.379 3.407 0.379 3.407
        0.379 3.407 0.379 3.407 0.379 3.407 0.379 3.407 3.407 0.379 3.407 0.379 3.407 0.379 3.407 0.379 3.407 0.379
        3.407 0.379 3.407 0.379 3.407 0.379 3.407 3.407 0.379 3.407 0.379 3.407 0.379 3.407 0.379 3.407 0.379 3.407
        0.379 3.407 0.379 3.407 0.189 0.095 0.568 3.407 0.379 3.407 0.379 3.407 0.377 0.095 0.568 3.407 0.379 3.407
        0.379 3.407 0.754
    """,
    "yolov3-tiny": """
        0.150 0.399 0.399 0.399 0.399 0.399 1.595 0.089 0.399 0.044 0.011 1.196 0.088
    """,
}
"""The last column of `darknet`'s table of layers (f6afaab), convolution by convolution, in thousands of millions."""

OPERATIONS = {
    "darknet19": 7290748928,
    "yolov1": 40190248448,
    "yolov2": 62938253312,
    "yolov2-tiny": 5406442496,
    "yolov3": 140691900416,
    "yolov3-tiny": 5564961792,
}
"""floating_point_operations of the networks that Darknet builds from its .cfg files (f6afaab)."""


def rows(name: str, *words: str) -> list[RowAnalysis]:
    graph, faults = load_graph(find(name))
    assert not faults
    return [row for row in analyse(graph).rows if row.row.word in words]


@pytest.mark.parametrize("name", PRINTED)
def test_each_convolution_takes_the_bflops_that_darknet_prints(name: str) -> None:
    """Printed with three decimals: 0.1132 becomes 0.113."""
    found = [f"{2 * row.figures.cost.macs / 1e9:.3f}" for row in rows(name, "conv")]
    assert found == PRINTED[name].split()


@pytest.mark.parametrize("name", OPERATIONS)
def test_all_operations_are_those_that_darknet_counts(name: str) -> None:
    assert sum(2 * row.figures.cost.macs for row in rows(name, "conv", "dense")) == OPERATIONS[name]


@pytest.mark.parametrize(("name", "gflops"), [("yolov5n", "4.5"), ("yolov5s", "16.4")])
def test_yolov5_takes_the_gflops_that_ultralytics_prints(name: str, gflops: str) -> None:
    """4.5 and 16.4 for the fused nets at 640x640: two for each multiply-accumulate of the convolutions."""
    assert f"{sum(2 * row.figures.cost.macs for row in rows(name, 'conv')) / 1e9:.1f}" == gflops

"""Networks that ship, run on the picture in examples/: everything measured is as predicted.

The large ones run on a smaller input, which changes no layer but the first dense one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.graph import load_graph
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.images import read
from cnncalc.runtime.weights import seeded
from cnncalc.sources import find

PHOTO = Path(__file__).parents[2] / "examples" / "photo.jpg"


@pytest.mark.parametrize(
    ("name", "size", "verify"),
    [
        ("lenet5", None, True),
        ("lenet5-1998", None, True),
        ("mnist-convnet", None, True),
        ("keras-cnn-small", None, True),
        ("keras-cnn-100", None, True),
        ("alexnet", None, False),
        ("vgg16", "32x32x3", True),
        ("resnet50", "64x64x3", True),
        ("unet", "188x188x1", False),
    ],
)
def test_a_network_is_confirmed_on_a_picture(name: str, size: str | None, verify: bool) -> None:
    graph, faults = load_graph(find(name), size)
    assert not faults
    analysis = analyse(graph)
    entrance = analysis.nodes[0]
    confirmation = confirm(
        analysis, seeded(analysis), {entrance.node.name: read(PHOTO, entrance.output)}, verify, threads=2
    )
    assert [row.differences for row in confirmation.rows if row.differences] == []
    assert confirmation.confirmed
    assert [row.measured.text() for row in confirmation.rows] == [row.output.text() for row in analysis.rows]
    assert sum(row.params for row in confirmation.rows) == analysis.totals.figures.params
    if verify:
        assert sum(row.macs or 0 for row in confirmation.rows) == analysis.totals.figures.cost.macs
        assert any(row.field_proved for row in confirmation.rows)

"""The totals of every network that ships, against published ones.

`params` is what PyTorch counts; Keras prints params + buffers, the running statistics of batch norm.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.graph import load_graph
from cnncalc.sources import find

HERE = Path(__file__).parent
NETS = sorted(path.stem for path in (HERE.parents[1] / "cnncalc" / "zoo").glob("*.txt"))
HEAD, *LINES = (HERE / "totals.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES]


def test_every_network_that_ships_has_its_totals_with_their_source() -> None:
    assert HEAD.split("\t") == ["name", "params", "buffers", "macs", "source"]
    assert [row[0] for row in ROWS] == NETS
    assert all(row[4] for row in ROWS)


@pytest.mark.parametrize(("name", "params", "buffers", "macs"), [row[:4] for row in ROWS], ids=[row[0] for row in ROWS])
def test_totals_are_the_published_ones(name: str, params: str, buffers: str, macs: str) -> None:
    graph, faults = load_graph(find(name))
    assert not faults
    figures = analyse(graph).totals.figures
    assert (figures.params, figures.buffers, figures.cost.macs) == (int(params), int(buffers), int(macs))

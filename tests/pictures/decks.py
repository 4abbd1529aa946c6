"""Small nets of the lecture decks and how one of their numbers is found, for the tests of its pictures."""

from __future__ import annotations

from functools import cache

from cnncalc.analysis import Analysis, analyse
from cnncalc.analysis.by_hand import values
from cnncalc.analysis.traced_cell import TracedCell, traced
from cnncalc.analysis.worked_cells.addresses import address_of
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph

DECK_000 = """data p = [105 102 100 97 96
                          103 99 103 101 102; 101 98 104 102 100; 99 101 106 104 99; 104 104 104 100 98]
input from p
"""
DECK_001 = """data p = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]
input from p
"""
DECK_004 = """data x = [-2 0 -3]
filter h = 1/3 * [1 1 1]
input from x
"""
TWO = "data p = [1 2 0; 0 1 -1; 2 0 3] [0 1 1; 1 0 2; -1 1 0]\ninput from p\n"
WEIGHTS = "weights=[1 0; -1 2] [0 1; 1 1]"


@cache
def analysis_of(text: str) -> Analysis:
    """A net without faults, analysed."""
    graph, faults = load_graph(Source("net.txt", text))
    assert not faults
    return analyse(graph)


def cell_of(text: str, at: str) -> TracedCell:
    """A number of the last line."""
    analysis = analysis_of(text)
    row = analysis.rows[-1]
    return traced(analysis, row, address_of(at, row.output), values(analysis).get)

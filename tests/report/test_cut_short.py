"""A table that ends at a fault shows nothing that the net never had."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.net_files import read
from cnncalc.report.column_choice import ChosenColumns
from cnncalc.report.sheet import text_of
from cnncalc.report.summary import Choices, summary_sheet

COLUMNS = ChosenColumns(("layer", "output", "params"), frozenset(("params",)))
NET = (
    "block inner\n  conv 4 3x3\n  conv 8 9x9\nend\n"
    "block outer\n  conv 2 1x1\n  inner\n  conv 5 1x1\nend\n"
    "block fine\n  conv 3 1x1\nend\n"
    "input 8x8x1\nfine\nouter times 2\ndense 3\n"
)


@pytest.mark.parametrize("depth", [None, 0, 1, 2])
def test_a_block_cut_short_has_no_output_and_is_shown_open(depth: int | None) -> None:
    graph, faults = read(Source("net.txt", NET))
    assert [fault.code for fault in faults] == ["kernel-too-large"]
    sheet = summary_sheet(analyse(graph), Choices(COLUMNS, depth=depth, stops_short=True))
    lines = [tuple(text_of(cell).strip() for cell in line.cells) for line in sheet.lines]
    fine = [("fine", "8x8x3", "6")] if depth == 0 else [("fine", "8x8x3", "(6)"), ("conv 3 1x1", "8x8x3", "6")]
    assert lines == [
        ("input 8x8x1", "8x8x1", "0"),
        *fine,
        ("outer times 2", "", ""),
        ("conv 2 1x1", "8x8x2", "8"),
        ("inner", "", ""),
        ("conv 4 3x3", "6x6x4", "76"),
        ("... the table ends here: see the error", "", ""),
    ]


def test_a_call_whose_second_round_fails_has_no_output_either() -> None:
    graph, faults = read(Source("net.txt", "block b\n  conv 4 5x5\nend\ninput 8x8x1\nb times 2\n"))
    assert faults
    lines = summary_sheet(analyse(graph), Choices(COLUMNS, stops_short=True)).lines
    assert [text_of(line.cells[1]) for line in lines[:3]] == ["8x8x1", "", "4x4x4"]

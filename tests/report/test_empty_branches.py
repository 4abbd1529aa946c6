"""A branch without a line is known: where it ends, how deep it is, and what it passes on."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.summary import Choices, summary_sheet

from .nets import analysis_of_text


def empty_branches(text: str) -> list[tuple[int, tuple[int, int]]]:
    """The row under each empty branch, its level and the node that it passes on."""
    graph, faults = load_graph(Source("net.txt", text))
    assert faults == ()
    return [(row.index, branch) for row in graph.rows for branch in row.empty_branches]


FIRST = "input 8x8x4\nsplit\nbranch\nbranch\nconv 4 1x1\njoin add\n"
LAST = "input 8x8x4\nsplit\nbranch\nconv 4 1x1\nbranch\njoin add\n"
ALL = "input 8x8x4\nsplit\nbranch\nbranch\njoin add\n"
NESTED = "input 8x8x4\nsplit\nbranch\nbranch\nsplit\nbranch\nbranch\nconv 4 1x1\njoin add\njoin add\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FIRST, [(1, (1, 0))]),
        (LAST, [(2, (1, 0))]),
        (ALL, [(1, (1, 0)), (1, (1, 0))]),
        (NESTED, [(1, (1, 0)), (1, (2, 0))]),
    ],
)
def test_an_empty_branch_ends_before_the_row_that_comes_next(text: str, expected: list[object]) -> None:
    assert empty_branches(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FIRST, ["├ (the input itself)", "├ conv 4 1x1", "add"]),
        (LAST, ["├ conv 4 1x1", "├ (the input itself)", "add"]),
        (ALL, ["├ (the input itself)", "├ (the input itself)", "add"]),
        (NESTED, ["├ (the input itself)", "├ ├ (the input itself)", "│ ├ conv 4 1x1", "│ add", "add"]),
    ],
)
def test_an_empty_branch_is_drawn_in_its_place(text: str, expected: list[str]) -> None:
    lines = drawn(summary_sheet(analysis_of_text(text), Choices()), Canvas()).split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("─")) + 2
    assert [line.split("  8x8x4")[0].rstrip() for line in lines[start : start + len(expected)]] == expected


def test_an_empty_branch_of_a_block_is_drawn_below_the_blocks_header() -> None:
    text = "block unit\n  split\n  branch\n  branch\n    conv 4 1x1\n  join add\nend\ninput 8x8x4\nunit\n"
    lines = drawn(summary_sheet(analysis_of_text(text)), Canvas()).split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("─")) + 2
    shown = [line.split("  8x8x4")[0].rstrip() for line in lines[start : start + 4]]
    assert shown == ["unit", "  ├ (the input itself)", "  ├ conv 4 1x1", "  add"]

"""The answer `padding`: how many rows and columns of pads a line puts around its input."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import own_claims
from cnncalc.report.answer_marks import own_findings
from cnncalc.spec.parsing import parse


def verdicts(text: str) -> list[bool | None]:
    graph, faults = load_graph(Source("pads.txt", text))
    assert not faults, faults
    return [one.verdict.ok for one in own_findings(analyse(graph))]


@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        ("conv 8 5x5 same", "2", "1"),
        ("conv 8 5x5 same bn relu", "2", "4"),  # the post words pad nothing; the line still does
        ("conv 8 5x3 same", "2x1", "1x2"),
        ("conv 8 5x3 same", "2,2,1,1", "2,1,2,1"),
        ("conv 8 3x3 same stride=2", "0,1,0,1", "1"),  # Keras' rule: the odd row at the bottom
        ("conv 8 3x3 full", "2", "1"),
        ("conv 8 3x3", "0", "1"),
        ("conv 8 3x3 dilation=2 same", "2", "1"),
        ("maxpool 3x3 stride=2 padding=1", "1", "0"),
        ("pad 0,1,2,3", "0,1,2,3", "1,0,3,2"),
    ],
)
def test_pads_are_judged_side_by_side(line: str, right: str, wrong: str) -> None:
    assert verdicts(f"input 28x28x1\n{line} => padding {right}\n") == [True]
    assert verdicts(f"input 28x28x1\n{line} => padding {wrong}\n") == [False]
    assert verdicts(f"input 28x28x1\n{line} => padding ?\n") == [None]


def test_a_signal_is_padded_at_two_ends() -> None:
    assert verdicts("input 10 channels 4\nconv 4 3 same => padding 1,1\nconv 4 5 same => padding 2") == [True, True]


def test_a_line_that_pads_nothing_is_not_judged() -> None:
    assert verdicts("input 28x28x1\nflatten => padding 0\n") == [None]


@pytest.mark.parametrize(
    ("line", "given", "slip"),
    [
        ("conv 8 5x5 same", "4", "padding-twice"),  # both sides together
        ("conv 8 5x5 same", "0", "padding-forgotten"),
        ("conv 8 3x3 dilation=2 same", "1", "dilation-forgotten"),
        ("conv 8 3x3 stride=2 same", "1", "stride-forgotten"),
        ("conv 8 3x5 same", "2x1", "axes-exchanged"),
    ],
)
def test_slips_in_pads_have_names(line: str, given: str, slip: str) -> None:
    graph, faults = load_graph(Source("pads.txt", f"input 28x28x1\n{line} => padding {given}\n"))
    assert not faults
    analysis = analyse(graph)
    (found,) = findings(analysis, own_claims(analysis))
    assert found.status == "slip"
    assert slip in found.slips


def test_four_sides_come_back_as_they_were_written() -> None:
    text = "input 28x28x1\nconv 8 3x3 same stride=2  => padding 0,1,0,1\n"
    assert formatted(parse(Source("pads.txt", text))[0]) == text

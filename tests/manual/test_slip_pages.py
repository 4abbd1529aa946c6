"""Every slip has a page; its example makes exactly that slip, and the page shows what is right."""

from __future__ import annotations

import re

import pytest

from cnncalc.analysis import analyse
from cnncalc.cli.explaining import explained_subject
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import own_claims
from cnncalc.homework.slips import HINTS
from cnncalc.manual import Block, pages
from cnncalc.report.canvas import Canvas

PAGES = {name: page for name, page in pages().items() if page.group == "slips"}


def examples(name: str) -> list[str]:
    return [part.text for part in PAGES[name].parts if isinstance(part, Block) and part.kind == "slip"]


def test_every_slip_has_a_page_and_no_other_page_is_among_them() -> None:
    assert sorted(PAGES) == sorted(HINTS)


@pytest.mark.parametrize("name", HINTS)
def test_the_example_of_a_slip_makes_that_slip_alone(name: str) -> None:
    (text,) = examples(name)
    graph, faults = load_graph(Source(name, text))
    assert not faults
    key = analyse(graph)
    wrong = [finding for finding in findings(key, own_claims(key)) if finding.status != "right"]
    assert [finding.slips for finding in wrong] == [(name,)]


@pytest.mark.parametrize("name", HINTS)
def test_the_page_of_a_slip_says_it_in_its_own_words_and_how_to_avoid_it(name: str) -> None:
    page = explained_subject(name, Canvas(80))
    assert page is not None
    flat = re.sub(r"\s+", " ", page)
    assert f"looks as if {HINTS[name]}." in flat
    assert "is wrong; right is" in flat
    assert "How to avoid it: " in flat


def test_the_list_of_slips_says_each_in_a_sentence() -> None:
    listed = explained_subject("slips", Canvas(120))
    assert listed is not None
    assert "\npadding-twice             The padding was counted twice.\n" in listed
    assert "\nplus-one-forgotten        The +1 at the end of the formula was left" in listed


def test_the_page_of_one_bias_shows_the_wrong_and_the_right_number() -> None:
    """120 * 84 + 1 = 10,081 is published for LeNet-5's dense layer; (120 + 1) * 84 = 10,164."""
    page = explained_subject("one-bias", Canvas(80))
    assert page is not None
    assert "params 10081 is wrong; right is 10,164:" in page
    assert "           = (120 + 1) * 84\n           = 10,164\n" in page

"""What pictures, traces and pages make of nets that nobody would draw: each fault in words.

A picture is judged by its checklist at three widths, a random number of each line by the run that computes it too, a
page by its parts: every line of the net once, in a table that closes what it opens.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from cnncalc.analysis import Analysis
from cnncalc.analysis.model import RowAnalysis
from cnncalc.analysis.traced_cell import traced
from cnncalc.analysis.worked_cells.addresses import nth
from cnncalc.diagnostics import InputError
from cnncalc.pictures.nets.net_picture import PAPER, PHONE, SLIDE, Look, net_picture
from cnncalc.pictures.page.page_html import page_html
from cnncalc.report.answer_marks import own_findings
from cnncalc.runtime.cell_runs import computed, line_run
from cnncalc.runtime.planning import Plan, part_of, plan
from cnncalc.runtime.seen_part import seen_part
from cnncalc.runtime.weights import seeded

from ..pictures.checklist import faults
from ..runtime.nets import Array, analysed, given

EMPTY = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"])
"""Elements of HTML that are never closed."""


def faults_of(text: str, number: int = 0) -> Iterator[str]:
    """Every fault of a net's picture, traces and page; `number` chooses the cells."""
    analysis = analysed(text)
    yield from picture_faults(analysis)
    yield from trace_faults(analysis, random.Random(number))
    yield from page_faults(analysis)


def picture_faults(analysis: Analysis) -> Iterator[str]:
    for width in (SLIDE, PAPER, PHONE):
        for inside in (True, False):
            scene = net_picture(analysis, Look(width, narrow=width == PHONE, inside=inside))
            yield from (f"picture at {width}: {fault}" for fault in faults(scene, len(analysis.rows)))
            if scene.width > width:
                yield f"picture at {width}: it is {scene.width} wide"


def trace_faults(analysis: Analysis, chance: random.Random) -> Iterator[str]:
    whole, inputs = plan(analysis, 1), given(analysis)
    for row in analysis.rows:
        if row.inputs:
            yield from _row_faults(analysis, row, chance, part_of(whole, row.row.last), inputs)


def _row_faults(
    analysis: Analysis, row: RowAnalysis, chance: random.Random, part: Plan, inputs: Mapping[str, Array]
) -> Iterator[str]:
    address = nth(chance.randrange(row.output.elements), row.output)
    seen = seen_part(part, *address)
    run = line_run(row, seen, seeded(analysis, 0, everything=False, part=seen.plan), inputs)
    try:
        cell = traced(analysis, row, address, run.values, run.own_weights)
    except InputError as error:
        yield f"trace of {row.row.text}: {error}"
        return
    for work, one in zip(cell.works, computed(cell, run), strict=True):
        if not one.confirmed:
            yield f"trace of {row.row.text} at {address}: {work.result} worked out, {one.value} computed"


class _Elements(HTMLParser):
    """The elements that are open, and what was closed without being open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (theirs)
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Shapes of SVG close themselves."""

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.wrong.append(tag)


def page_faults(analysis: Analysis) -> Iterator[str]:
    html = page_html(analysis, None, own_findings(analysis))
    elements = _Elements()
    elements.feed(html)
    elements.close()
    if elements.open or elements.wrong:
        yield f"page: {elements.open} stays open, {elements.wrong} was not open"
    shown = sorted(map(int, re.findall(r'<tr class="layer" id="r(\d+)"', html)))
    if shown != [*range(len(analysis.rows))]:
        yield f"page: the table has the lines {shown} of {len(analysis.rows)}"

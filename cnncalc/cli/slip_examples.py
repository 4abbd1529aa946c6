"""The page of a slip with its example worked out: what is wrong in it, what is right, and the formula with numbers.

Only the mistake stands in the page; the slip's own words, the right value and its formula are those of a check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.analysis import analyse
from cnncalc.asked import FIELD, QUANTITIES
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.examining import Examiner
from cnncalc.homework.findings import own_claims
from cnncalc.homework.policy import Telling
from cnncalc.homework.slips import hint
from cnncalc.manual import Block, Page, Paragraph, Part

_FORMULA = re.compile(r"[a-zA-Z, ]+ = ")
_NAMES = {one.name: one.symbol_name for one in QUANTITIES if one.symbol_name} | {FIELD.name: FIELD.help}


def worked(page: Page) -> Page:
    """The page with what its slip says first, and with the right values behind its examples."""
    said = Paragraph(f"The answer looks as if {hint(page.name)}.")
    return page._replace(parts=(said, *(one for part in page.parts for one in _worked(part))))


def _worked(part: Part) -> Iterator[Part]:
    if not isinstance(part, Block) or part.kind != "slip":
        yield part
        return
    yield part._replace(kind="cnncalc")
    examiner = Examiner(analyse(load_graph(Source("example.txt", part.text))[0]))
    for finding in examiner.findings(own_claims(examiner.key)):
        if finding.status != "right":
            asked = _NAMES.get(finding.asked, finding.asked)
            told = Telling(steps=True).told(finding, examiner.truth)
            text = f"`cnncalc check` says that {asked} {finding.given} is wrong; right is {told.solution}"
            lines = [line for step in told.steps for line in _in_lines(step)]
            yield Paragraph(f"{text}{':' if lines else '.'}")
            if lines:
                yield Block("text", tuple(lines))


def _in_lines(step: str) -> Iterator[str]:
    """`params = a = b` with every step in a line of its own, the signs one below the other; any other line as it is."""
    if not _FORMULA.match(step):
        yield step
        return
    name, first, *more = step.split(" = ")
    yield f"{name} = {first}"
    yield from (f"{' ' * len(name)} = {one}" for one in more)

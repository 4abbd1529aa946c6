"""The formulas of a page: a line's as HTML, and all of them in little room.

Lines of one kind differ in their numbers alone.  So the HTML around the numbers is held once, and of each line only the
numbers: the script puts them in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.layers.base import Formula
from cnncalc.pictures.page.formula_math import formula_html
from cnncalc.pictures.page.page_text import with_times, words
from cnncalc.report.explanation_lines import steps_of
from cnncalc.report.field_formulas import Told
from cnncalc.report.line_formulas import Part, line_formulas

_NUMBER = re.compile(r"\d[\d,.]*")

MOST_LETTERS = 400_000
"""Of all formulas of a page together; the lines after that have none in the page."""


class FormulaTexts:
    """The formulas of a page's lines."""

    def __init__(self) -> None:
        self.around: list[list[str]] = []
        self._known: dict[tuple[str, ...], int] = {}
        self._room = MOST_LETTERS

    def of_row(self, analysis: Analysis, row: RowAnalysis) -> list[int | str] | None:
        """The number of what is around this line's numbers, and the numbers; None where there is no room for more."""
        html = told_html(chain(*line_formulas(analysis, row, summed=False)))
        around, numbers = parted(html)
        known = self._known.get(around)
        self._room -= sum(map(len, numbers)) + (sum(map(len, around)) if known is None else 0)
        if self._room < 0:
            return None
        if known is None:
            known = self._known[around] = len(self.around)
            self.around.append(list(around))
        return [known, " ".join(numbers)]


def parted(html: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is around the numbers, and the numbers between: one more of the former, and in turn they are the whole.

    >>> parted("<mn>3</mn>x<mn>12</mn>")
    (('<mn>', '</mn>x<mn>', '</mn>'), ('3', '12'))
    """
    return tuple(_NUMBER.split(html)), tuple(_NUMBER.findall(html))


def told_html(told: Iterable[Told | Part]) -> str:
    """What a line's formulas say, as lists with headings."""
    written, lines = "", ""
    for one in told:
        if isinstance(one, Formula):
            steps = "".join(f"<dd>= {formula_html(step)}</dd>" for step in steps_of(one))
            lines += f'<div class="steps"><dt>{words(one.quantity)}</dt>{steps}</div>'
        elif not isinstance(one, Part) and all(one):
            lines += f"<div><dt>{words(one[0])}</dt><dd>{words(with_times(one[1]))}</dd></div>"
        else:
            written, lines = f"{written}{_listed(lines)}{_heading(one)}", ""
    return written + _listed(lines)


def _heading(told: Part | tuple[str, str]) -> str:
    """What the following lines are about; or, without a name, a note on those before."""
    name, note = (told.name, "") if isinstance(told, Part) else told
    return f"<h4>{words(name)}</h4>" if name else f"<p>{words(note)}</p>"


def _listed(lines: str) -> str:
    return f"<dl>{lines}</dl>" if lines else ""

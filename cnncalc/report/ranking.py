"""Layers by size, the largest first: the lines of `--sort` and `--top`, without the structure of the net.

What is not among the largest is one line with its sums, so that a column still adds up.  Sums come from the analysis.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, Figures
from cnncalc.analysis.sums import sum_of, sum_of_rows
from cnncalc.diagnostics import input_error
from cnncalc.graph.ir import Count
from cnncalc.report.column_choice import ChosenColumns, column_meant
from cnncalc.report.columns import NUMBERS, QUOTIENTS, USUAL, column
from cnncalc.report.entries import Entry

USUAL_RANKED = ("line", "layer", "name", "output", "params", "params_share", "macs", "macs_share")
"""The usual columns of a ranking: a line has its number and its name, since nothing else says where it is."""


SORTABLE = (*NUMBERS, *QUOTIENTS)
"""The columns by which layers can be sorted."""


class Ranking(NamedTuple):
    """By which column of numbers layers are sorted, and how many are shown (None: all)."""

    column: str
    top: int | None = None

    def places(self, layers: Sequence[Entry], count: Count | None) -> list[int]:
        """The indexes of all layers from the largest to the smallest; equal ones keep their order."""
        sizes = [0 if layer.figures is None else self._size(layer.figures, count) for layer in layers]
        return sorted(range(len(layers)), key=lambda n: -sizes[n])

    def _size(self, figures: Figures, count: Count | None) -> int | Fraction:
        if self.column in NUMBERS:
            return NUMBERS[self.column](figures, count)
        return QUOTIENTS[self.column](figures) or 0

    def lines(self, analysis: Analysis, layers: Sequence[Entry]) -> list[Entry]:
        """The largest layers without their indentation, and one line for the others."""
        places = self.places(layers, analysis.graph.count)
        shown = [layers[n]._replace(depth=0, lead="", aside="") for n in places[: self.top]]
        left = [layers[n] for n in places[len(shown) :]]
        return [*shown, the_others(analysis, left)] if left else shown

    def columns(self, chosen: ChosenColumns) -> ChosenColumns:
        """The usual columns of a ranking, or those that were asked for, and the one that it is by."""
        names = USUAL_RANKED if chosen.names == USUAL else chosen.names
        return ChosenColumns(tuple(dict.fromkeys((*names, self.column))), chosen.pinned | {self.column})

    def in_words(self, count: Count | None, work: str) -> str:
        """What the foot says of the order; `work` is what the column of a convention's work is called."""
        heading = work if self.column == "work" else " ".join(column(self.column, count).heading)
        return f"by {heading}, the largest first, not in the order of the network"


def ranking(sort: str | None, top: int | None, usual: str = "macs") -> Ranking | None:
    """What `--sort` and `--top` ask for: None is the net's own order, `--top` alone sorts by the `usual` column.

    `params%` and `params_share` sort as `params` does.  Raises InputError for a column without numbers.
    """
    if sort is None and top is None:
        return None
    name = usual if sort is None else sort.strip().lower().removesuffix("%").removesuffix("_share")
    if name not in SORTABLE:
        advice = column_meant(name, SORTABLE, "the columns of numbers")
        raise input_error("unknown-column", f"layers cannot be sorted by `{sort}`", help=advice)
    return Ranking(name, top)


def the_others(analysis: Analysis, left: Sequence[Entry]) -> Entry:
    """One line for layers that are not shown, with their sums and the marks of their answers."""
    rows = (layer.row for layer in left if layer.kind == "row")
    figures = sum_of(
        [sum_of_rows(analysis, rows), *(layer.figures for layer in left if layer.kind != "row" and layer.figures)]
    )
    answers = tuple(finding for layer in left for finding in layer.findings)
    return Entry("rest", f"and {len(left)} more", (), figures, findings=answers)

"""Questions about numbers from Python: `cnncalc.compare` and its like, each about one net or about several.

A net is given as a `Model`, a file, the name of a network that ships, or a text.  An answer is a frozen noun with its
numbers; `str()` of it is what the command prints, and a notebook shows its table.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.api import Model, load

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.questions.compared import ComparedRow, Comparison, Difference, Finding

Net: TypeAlias = "Model | str | os.PathLike[str]"
"""A net as it is given: read already, or what `cnncalc.load` reads."""


def analysed(net: Net) -> Analysis:
    """The numbers of a net; raises InputError."""
    return (net if isinstance(net, Model) else load(net)).analysis


@dataclass(frozen=True)
class NetComparison:
    """What differs between two nets: lines, totals and the facts that make the difference (B's minus A's numbers)."""

    comparison: Comparison

    @property
    def same(self) -> bool:
        """Whether every layer, shape and number is the same."""
        return self.comparison.same

    @property
    def rows(self) -> tuple[ComparedRow, ...]:
        """The lines of both nets, in A's order."""
        return self.comparison.rows

    @property
    def totals(self) -> Difference:
        """The difference of the totals, to which those of the rows and those of the facts add up."""
        return self.comparison.totals

    @property
    def facts(self) -> tuple[Finding, ...]:
        """What makes the difference: causes of one kind together, the largest first."""
        return self.comparison.findings

    def __str__(self) -> str:
        from cnncalc.report.canvas import Canvas
        from cnncalc.report.compare_report import compare_text

        return compare_text(self.comparison, Canvas(80)).rstrip("\n")

    def _repr_html_(self) -> str:
        from cnncalc.report.compare_report import compare_sheet
        from cnncalc.report.notebook import html

        return html(compare_sheet(self.comparison))


def compare(a: Net, b: Net) -> NetComparison:
    """What differs between two nets, aligned by their structure, as `cnncalc compare` shows it.

    >>> compare("vgg16", "vgg16-bn").totals.params
    8448
    """
    from cnncalc.questions.comparison import comparison

    return NetComparison(comparison(analysed(a), analysed(b)))

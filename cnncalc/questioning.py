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
    from cnncalc.questions.reconcile import Reconciled, Reconciliation

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


@dataclass(frozen=True)
class NumberAnswers:
    """What published numbers of a net count."""

    reconciliation: Reconciliation

    @property
    def explained(self) -> bool:
        """Whether every number is explained."""
        return self.reconciliation.explained

    @property
    def numbers(self) -> tuple[Reconciled, ...]:
        """Number by number what it may be, the likeliest first, with what makes the difference to our own count."""
        return self.reconciliation.numbers

    def __str__(self) -> str:
        from cnncalc.report.canvas import Canvas
        from cnncalc.report.reconciled_page import reconciled_text

        return reconciled_text(self.reconciliation, Canvas(80)).rstrip("\n")

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def reconcile(net: Net, *numbers: str | float) -> NumberAnswers:
    """Which counts published numbers of a net are, as `cnncalc reconcile` shows it; a float has the digits it shows.

    >>> answers = reconcile("resnet50", "4.11G", 25.6e6)
    >>> answers.numbers[0].findings[0].candidate.convention, answers.numbers[1].findings[0].candidate.claim
    ('fvcore', 'parameters')
    """
    from cnncalc.questions.reconcile import reconciled, stated_counts

    stated = stated_counts([_as_stated(number) for number in numbers])
    model = net if isinstance(net, Model) else load(net)
    return NumberAnswers(reconciled(model.analysis, stated, model._input_size, model._settings))


def _as_stated(number: str | float) -> str:
    """The number in digits; the zeros at the end of a float are none of its own."""
    from decimal import Decimal

    if not isinstance(number, float):
        return str(number)
    written = Decimal(repr(float(number))).normalize().to_eng_string()
    for power, unit in (("E+3", "k"), ("E+6", "M"), ("E+9", "G"), ("E+12", "T")):
        written = written.removesuffix(power) + unit if written.endswith(power) else written
    return written

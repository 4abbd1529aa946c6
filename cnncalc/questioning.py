"""Questions about numbers from Python: `cnncalc.compare` and its like, each about one net or about several.

A net is given as a `Model`, a file, the name of a network that ships, or a text.  An answer is a frozen noun with its
numbers; `str()` of it is what the command prints, and a notebook shows its table.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.api import LONGEST, Model, load, setting_texts, size_text, source_of
from cnncalc.diagnostics.letters import printable
from cnncalc.report.printed_answers import PrintedTable, PrintedText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.analysis.model import Analysis
    from cnncalc.analysis.stored_bytes import DType
    from cnncalc.diagnostics import InputError
    from cnncalc.pictures.drawn_picture import DrawnPicture
    from cnncalc.questions.compared import ComparedRow, Comparison, Difference, Finding
    from cnncalc.questions.net_question import NetAnswer
    from cnncalc.questions.reconcile import Reconciled, Reconciliation
    from cnncalc.questions.solve_layer import LayerSolution, LayerSolutions
    from cnncalc.questions.sweep import Sweep, SweepRow, SweptNet
    from cnncalc.report.canvas import Canvas
    from cnncalc.report.sheet import Sheet

MOST_NAMED = 4
"""Numbers that the `repr` of an answer repeats."""

Net: TypeAlias = "Model | str | os.PathLike[str]"
"""A net as it is given: read already, or what `cnncalc.load` reads."""


def analysed(net: Net) -> Analysis:
    """The numbers of a net; raises InputError."""
    return (net if isinstance(net, Model) else load(net)).analysis


@dataclass(frozen=True, repr=False)
class NetComparison(PrintedTable):
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

    def __repr__(self) -> str:
        totals = self.totals
        said = "the same" if self.same else f"{totals.params:+,} params, {totals.macs:+,} MACs"
        return f"<cnncalc.NetComparison: {said}>"

    def _text(self, canvas: Canvas) -> str:
        from cnncalc.report.compare_report import compare_text

        return compare_text(self.comparison, canvas)

    def _sheet(self) -> Sheet:
        from cnncalc.report.compare_report import compare_sheet

        return compare_sheet(self.comparison)


def compare(a: Net, b: Net) -> NetComparison:
    """What differs between two nets, aligned by their structure, as `cnncalc compare` shows it.

    >>> compare("vgg16", "vgg16-bn").totals.params
    8448
    """
    from cnncalc.questions.comparison import comparison

    return NetComparison(comparison(analysed(a), analysed(b)))


@dataclass(frozen=True, repr=False)
class NumberAnswers(PrintedText):
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

    def __repr__(self) -> str:
        named = ", ".join(printable(one.stated.text[:LONGEST]) for one in self.numbers[:MOST_NAMED])
        more = " ..." if len(self.numbers) > MOST_NAMED else ""
        return f"<cnncalc.NumberAnswers: {named}{more}, {'' if self.explained else 'not '}explained>"

    def _text(self, canvas: Canvas) -> str:
        from cnncalc.report.reconciled_page import reconciled_text

        return reconciled_text(self.reconciliation, canvas)


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


def _as_read(net: Net) -> SweptNet:
    """The text of a net, and how it was read: a `Model` keeps the size, the settings and the last line it has."""
    from cnncalc.questions.sweep import SweptNet

    if isinstance(net, Model):
        return SweptNet(net.graph.source, net._input_size, net._settings or {}, net.graph.until)
    return SweptNet(source_of(net))


def _as_stated(number: str | float) -> str:
    """The number in digits; the zeros at the end of a float are none of its own."""
    from decimal import Decimal

    if not isinstance(number, float):
        return str(number)
    written = Decimal(repr(float(number))).normalize().to_eng_string()
    for power, unit in (("E+3", "k"), ("E+6", "M"), ("E+9", "G"), ("E+12", "T")):
        written = written.removesuffix(power) + unit if written.endswith(power) else written
    return written


@dataclass(frozen=True, repr=False)
class LayerAnswers(PrintedText):
    """What the unknowns of a layer may be."""

    found: LayerSolutions

    @property
    def solutions(self) -> tuple[LayerSolution, ...]:
        """Every answer, the simplest first: its text, what arrives and leaves, its formulas, params and MACs."""
        return self.found.solutions

    def __repr__(self) -> str:
        first = f", the simplest {printable(self.solutions[0].text[:LONGEST])}" if self.solutions else ""
        return f"<cnncalc.LayerAnswers: {len(self.solutions)} solutions{first}>"

    def _text(self, canvas: Canvas) -> str:
        from cnncalc.report.solve_report import solve_text

        return solve_text(self.found, canvas)


def solve(
    layer: str,
    input: str | Sequence[int] | None = None,
    output: str | Sequence[int] | None = None,
    params: str | int | None = None,
    macs: str | int | None = None,
) -> LayerAnswers:
    """What each `?` in a layer may be, as `cnncalc solve` shows it; sizes are written channels last.

    >>> solve("conv ? 5x5 stride=2 padding=?", input="224x224x3", output="112x112x64").solutions[0].text
    'conv 64 5x5 stride=2 padding=2'
    >>> solve("conv ? ?", input=(28, 28, 3), params=2432).solutions[1].values
    (('filters', '32'), ('kernel_size', '5x5'))
    """
    from cnncalc.diagnostics.python_words import python_words
    from cnncalc.questions.layer_question import is_layer_question
    from cnncalc.questions.solve_layer import solve_layer

    with python_words():
        if not isinstance(layer, str) or not is_layer_question(layer):
            raise _no_layer(layer)
        sizes = _as_sizes(input=input, output=output)
        amounts = [None if amount is None else str(amount) for amount in (params, macs)]
        return LayerAnswers(solve_layer(layer, *sizes, *amounts))


def _as_sizes(**given: str | int | Sequence[int] | None) -> list[str | None]:
    """The sizes as the command has them, each named by its argument where it is none."""
    return [None if size is None else size_text(size, name) for name, size in given.items()]


def _no_layer(given: object) -> InputError:
    from cnncalc.diagnostics import input_error

    advice = (
        'write its word first, and ? for what is asked: solve("conv 64 5x5 padding=?", ...); a net is for solve_net'
    )
    return input_error("no-question", f"`{str(given)[:40]}` is no layer", help=advice)


@dataclass(frozen=True, repr=False)
class NetSolution(PrintedTable):
    """What was asked about a whole net; `answer` has the numbers: `NetSizes`, several `OutputSizes`, or `NetWidths`."""

    answer: NetAnswer

    def __repr__(self) -> str:
        several = len(self.answer) if type(self.answer) is tuple else 1
        one = self.answer[0] if type(self.answer) is tuple and self.answer else self.answer
        return f"<cnncalc.NetSolution: {several} {type(one).__name__}>"

    def _sheet(self) -> Sheet:
        from cnncalc.report.net_answers import net_answer_sheet

        return net_answer_sheet(self.answer)


def solve_net(
    net: Net,
    input: str | int | Sequence[int] | None = None,
    *,
    output: str | int | Sequence[int] | None = None,
    params: str | int | None = None,
    macs: str | int | None = None,
    settings: Mapping[str, object] | None = None,
) -> NetSolution:
    """Which input sizes fit a net, which give an `output`, or which width gives so many `params` or `macs`.

    >>> [one.sizes for one in solve_net("unet", input="760x540").answer.nearest]
    [(748, 540), (764, 540)]
    >>> solve_net("yolov5s", params=1_872_157).answer.nearest.value
    Fraction(1, 2)
    """
    from cnncalc.diagnostics.python_words import python_words
    from cnncalc.questions.net_question import net_answer

    sizes = _as_sizes(input=input, output=output)
    counts = {name: None if count is None else str(count) for name, count in (("params", params), ("macs", macs))}
    values = setting_texts(settings)
    own = _as_read(net)
    known, size = {**own.settings, **values}, sizes[0] or own.input_size
    with python_words():
        return NetSolution(net_answer(own.source, size, known, output=sizes[1], counts=counts, until=own.until))


@dataclass(frozen=True, repr=False)
class NetSweep(PrintedTable):
    """A net at several sizes, widths and batches."""

    found: Sweep

    @property
    def rows(self) -> tuple[SweepRow, ...]:
        """Variant by variant the totals and the memory, or the fault of one that does not fit."""
        return self.found.rows

    def draw(self, measure: str = "macs", theme: str = "light") -> DrawnPicture:
        """A chart of one measure: params, macs, flops, activations, peak or weights."""
        from cnncalc.pictures.charts.sweep_chart import sweep_chart
        from cnncalc.pictures.drawn_picture import DrawnPicture
        from cnncalc.pictures.net_drawing import Drawn
        from cnncalc.pictures.nets.net_picture import PAPER
        from cnncalc.report.sweep_report import measure_named

        return DrawnPicture(Drawn(sweep_chart(self.found, measure_named(measure), PAPER), ""), theme)

    def __repr__(self) -> str:
        shown = printable(self.found.source.shown[:LONGEST])
        return f"<cnncalc.NetSweep: {len(self.rows)} variants of {shown}>"

    def _sheet(self) -> Sheet:
        from cnncalc.report.sweep_report import sweep_sheet

        return sweep_sheet(self.found)


def sweep(
    net: Net,
    input: object = None,
    settings: Mapping[str, object] | None = None,
    batch: object = None,
    dtype: DType = "float32",
) -> NetSweep:
    """A net at several sizes, widths and batches, as `cnncalc sweep` counts them.

    Values are written as there, or are a list: `input="96..320:32"`, `settings={"alpha": [0.5, 1]}`, `batch=[1, 8]`.

    >>> [(row.text, row.params) for row in sweep("mobilenet", settings={"alpha": [0.25, 1]}).rows]
    [('alpha 0.25', 470072), ('alpha 1', 4231976)]
    """
    from cnncalc.analysis.stored_bytes import dtype_named
    from cnncalc.diagnostics.python_words import python_words
    from cnncalc.questions.sweep import sweep_of

    with python_words():
        setting_texts(settings)
        named = {name: ",".join(_values(values)) for name, values in (settings or {}).items()}
        asked = sweep_of(_values(input), named, _values(batch))
        return NetSweep(asked.counted(_as_read(net), dtype_named(dtype)))


def _values(values: object) -> tuple[str, ...]:
    """Values as the command line has them, a size of several numbers as `28x28x1`; empty where none are given."""
    if values is None:
        return ()
    if not isinstance(values, (list, tuple, range)):
        return (str(values),)
    return tuple(size_text(one, "input") if isinstance(one, (list, tuple)) else str(one) for one in values)

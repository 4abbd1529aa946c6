"""A comparison of two nets as a sheet: what differs line by line, the totals, and the few facts in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics.letters import printable
from cnncalc.layers.base import counted
from cnncalc.quantities import grouped, percent
from cnncalc.questions.compared import Comparison, Difference, Finding, Sign
from cnncalc.report.canvas import Canvas
from cnncalc.report.compare_lines import Shown, shown_lines
from cnncalc.report.layout import drawn, foot_lines
from cnncalc.report.sheet import Column, Fact, Line, Phrase, Sheet

SIGNS: dict[Sign, str] = {"same": "=", "arrives": "=", "changed": "~", "moved": "~", "added": "+", "removed": "-"}

MOST_FACTS = 12
"""Facts that are said one by one; the others are summed."""

_COLUMNS = (
    Column("sign", ("",), "mark"),
    Column("line_a", ("A",), right=True),
    Column("line_b", ("B",), right=True),
    Column("line", ("line",), "text"),
    Column("params", ("params",), right=True),
    Column("macs", ("MACs",), right=True),
)


def compare_text(comparison: Comparison, canvas: Canvas, *, every: bool = False) -> str:
    """The comparison as text; of nets that are the same only their names and one sentence, unless `every` line is
    asked for.
    """
    sheet = compare_sheet(comparison, every=every)
    if comparison.same and not every:
        return "".join(f"{line}\n" for line in foot_lines(sheet.foot, canvas)[1:])
    return drawn(sheet, canvas)


def compare_sheet(comparison: Comparison, *, every: bool = False) -> Sheet:
    """The table, its totals and the facts below it."""
    title = f"{_named(comparison.a)} and {_named(comparison.b)}"
    foot = (*_heads(comparison), *_foot(comparison))
    shown = shown_lines(comparison, every=every)
    margin = 3 + sum(2 + max(1, *(len(getattr(one, name)) for one in shown)) for name in ("lines_a", "lines_b"))
    lines = [line for one in shown for line in _lines(one, margin)]
    return Sheet(title, "", _COLUMNS, tuple(lines), _totals(comparison), foot)


def _named(net: Analysis) -> str:
    return printable(net.graph.source.shown)


def _lines(one: Shown, margin: int) -> Iterator[Line]:
    indent = "  " * one.depth
    text = printable(one.text)
    if one.sign is None:
        yield Line(("", one.lines_a, one.lines_b, text, "", ""), "header")
        return
    quiet = one.sign == "same"
    tail = f"×{one.copies}" if one.copies > 1 else ""
    cell = Phrase(indent + text, indent + text, tail=tail)
    numbers = ("", "") if quiet else (signed(one.difference.params), signed(one.difference.macs))
    yield Line((SIGNS[one.sign], one.lines_a, one.lines_b, cell, *numbers), "faint" if quiet else "plain")
    if one.change:
        yield Line((" " * margin + indent + "  " + printable(one.change), *[""] * 5), "note")


def signed(number: int) -> str:
    """A difference with its sign: `+26,560`, `-1`, `0`."""
    return f"{number:+,}" if number else "0"


def _totals(comparison: Comparison) -> tuple[Line, ...]:
    def line(sign: str, text: str, params: str, macs: str) -> Line:
        return Line((sign, "", "", text, params, macs), "total")

    a, b = comparison.a.totals.figures, comparison.b.totals.figures
    return (
        line("", "total of A", grouped(a.params), grouped(a.cost.macs)),
        line("", "total of B", grouped(b.params), grouped(b.cost.macs)),
        line("", "difference", signed(comparison.totals.params), signed(comparison.totals.macs)),
    )


# ---------------------------------------------------------------------- the foot
def _heads(comparison: Comparison) -> Iterator[Fact]:
    for name, net in (("A", comparison.a), ("B", comparison.b)):
        heading, where = printable(net.graph.heading), printable(net.graph.where)
        yield Fact(name, f"{heading} ({where})" if heading and heading != where else where)


def _foot(comparison: Comparison) -> Iterator[Fact]:
    if comparison.same:
        figures = comparison.a.totals.figures
        numbers = f"{grouped(figures.params)} params, {grouped(figures.cost.macs)} MACs"
        many = counted(len(comparison.rows), "line")
        yield Fact("The same", f"every layer, shape and number: {many}, {numbers}", "good")
    for name, text in comparison.differences:
        yield Fact(name, printable(text))
    findings = [one for one in comparison.findings if (one.word, one.name) != ("input", "size")]  # said already
    for finding in findings[:MOST_FACTS]:
        name, text = fact_words(comparison, finding)
        yield Fact(name, f"{printable(text)}: {in_words(finding.difference)}")
    left = findings[MOST_FACTS:]
    if left:
        rest = Difference()
        for finding in left:
            rest += finding.difference
        yield Fact("Others", f"{counted(len(left), 'smaller difference')}: {in_words(rest)}")
    yield from _whole(comparison)
    for name, text in comparison.remarks:
        yield Fact(name, printable(text))


def fact_words(comparison: Comparison, finding: Finding) -> tuple[str, str]:
    """A fact's name and what it says, without its numbers."""
    kind, word, many = finding.kind, finding.word, finding.layers
    said = _said(tuple(text.removeprefix(f"{finding.name} ") for text in finding.texts))
    if kind in ("added", "removed", "moved") and not word:
        return kind.capitalize(), f"{counted(many, 'line')} ({said})"
    if kind in _WORDS:
        name, text = _WORDS[kind]
        return name, text.format(many=grouped(many), s="" if many == 1 else "s", said=said)
    where = f"in {'all ' if finding.everywhere else ''}{many} {word}"
    if len(finding.rows) == 1:
        where = f"in {_place(comparison, finding.rows[0])}"
    if kind in ("added", "removed"):
        return word.capitalize(), f"{kind} {where}" if len(finding.rows) == 1 else f"{kind} in {counted(many, 'line')}"
    what = (finding.name or _OF_KIND.get(kind, kind)).capitalize()
    return what, said if word == "input" else f"{said} {where}"


def _place(comparison: Comparison, index: int) -> str:
    """The name of a line, A's where it has one, and where it is: `conv2 (line 5)`."""
    row = comparison.rows[index]
    net, lines = (comparison.a, row.rows_a) if row.rows_a else (comparison.b, row.rows_b)
    first = net.rows[lines[0]]
    return f"{first.nodes[0].node.name} ({net.graph.source.line_words(first.row.origin.span.line)})"


_WORDS = {
    "stride": ("Stride", "{many} stride{s} moved from {said}"),
    "arrives": ("Arriving", "{many} layer{s} the same, but for what arrives"),
    "uncalled": ("Never called", "parts that a program makes and never calls"),
}
_OF_KIND = {"layer": "other layer", "lent": "arguments", "reads": "works on"}


def _said(texts: tuple[str, ...]) -> str:
    more = f" and {len(texts) - 3} others" if len(texts) > 4 else ""
    return ", ".join(texts if len(texts) <= 4 else texts[:3]) + more


def in_words(difference: Difference) -> str:
    """`params +26,560, MACs -231,211,008`; what is not changed is left out."""
    parts = [("params", difference.params), ("buffers", difference.buffers), ("MACs", difference.macs)]
    said = ", ".join(f"{name} {signed(number)}" for name, number in parts if number)
    if said:
        return said
    return f"FLOPs {signed(difference.flops)}" if difference.flops else "all counts the same"


def _whole(comparison: Comparison) -> Iterator[Fact]:
    """The totals in words; the same layers in more lines of a text take more memory at once, which is no difference."""
    if comparison.same:
        return
    a, b = comparison.a.totals, comparison.b.totals
    trained = ("Trainable", a.figures.trainable_params, b.figures.trainable_params)
    for name, before, after in (
        ("Params", a.figures.params, b.figures.params),
        *([trained] if a.figures.frozen or b.figures.frozen else []),
        ("MACs", a.figures.cost.macs, b.figures.cost.macs),
        ("FLOPs", a.figures.cost.flops, b.figures.cost.flops),
        ("Buffers", a.figures.buffers, b.figures.buffers),
        ("Peak memory", a.peak_activation_size, b.peak_activation_size),
    ):
        if before == after:
            continue
        share = Fraction(after - before, before) if before else None
        part = f" ({'+' if after > before else '-'}{percent(abs(share))})" if share is not None else ""
        unit = " numbers alive at once" if name == "Peak memory" else ""
        yield Fact(name, f"{grouped(before)} -> {grouped(after)}{unit}: {signed(after - before)}{part}")

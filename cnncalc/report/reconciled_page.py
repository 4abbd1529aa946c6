"""Stated numbers with what each of them is, as text and as JSON.

The counts and the differences are `cnncalc.questions.reconcile`'s; the words around them, and how many of the findings
are shown, are here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.quantities import grouped, mebibytes, megabytes, percent
from cnncalc.questions.candidates import Candidate
from cnncalc.questions.gaps import Gap, GapTerm
from cnncalc.questions.measures import MEASURES
from cnncalc.questions.reconcile import MOST_REBUILT, Finding, Reconciled, Reconciliation
from cnncalc.report.canvas import Canvas
from cnncalc.report.summary_json import as_text
from cnncalc.stated_numbers import StatedNumber

MOST_SHOWN = 3
"""Findings of one number that are shown without --all."""

MOST_TERMS = 5
"""Terms of one difference that are shown without --all."""

AS_LIKELY = 1.2
"""How much more far-fetched than the first a finding may be to be shown without --all."""

SURE_DIGITS = 4
"""Digits that agree by chance with none of a few hundred sizes."""

WIDE_ENOUGH = 50


def reconciled_text(found: Reconciliation, canvas: Canvas, *, every: bool = False) -> str:
    """The net's own counts, then number by number what it is; `every`: all findings, each with its difference."""
    lines = list(_head(found.analysis, canvas))
    room = max(cells(printable(one.stated.text)) for one in found.numbers) + 3
    for one in found.numbers:
        lines.append("")
        lines += _number(one, room, canvas, every=every)
    if found.bounded:
        bound = (
            "The network is large, so that not every network with one thing different was looked through: at most "
            f"{grouped(MOST_REBUILT)} layers of such networks are."
        )
        lines += ["", *wrapped(bound, canvas.width)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _head(analysis: Analysis, canvas: Canvas) -> Iterator[str]:
    graph, totals = analysis.graph, analysis.totals
    title = printable(graph.heading or graph.where)
    yield from (canvas.paint(line, "title") for line in wrapped(title, canvas.width))
    figures = totals.figures
    sizes = ", ".join(shape.text(graph.order) for shape in totals.inputs)
    counts = (
        f"{grouped(figures.params)} parameters, {grouped(figures.cost.macs)} MACs, {grouped(figures.cost.flops)} FLOPs"
    )
    of = (f" at {sizes}" if sizes else "") + ("" if graph.until is None else f", up to {printable(graph.until)}")
    yield from wrapped(f"Our counts{of}: {counts}.", canvas.width, 2)


def _number(one: Reconciled, room: int, canvas: Canvas, *, every: bool) -> Iterator[str]:
    """The number in the margin, and what is said of it beside that; below it where there is little room."""
    name = printable(one.stated.text)
    beside = canvas.width is None or canvas.width >= WIDE_ENOUGH
    margin = room if beside else 2
    width = canvas.width and canvas.width - margin
    if not beside:
        yield canvas.paint(name, "name")
        name = ""
    for text, hang in _said(one, every=every):
        for line in wrapped(text, width, hang):
            yield canvas.paint(f"{name:<{margin}}", "name") + line
            name = ""


def _said(one: Reconciled, *, every: bool) -> Iterator[tuple[str, int]]:
    """Sentences about a number, each with how far its further lines are indented."""
    if not one.findings:
        yield from _not_found(one)
        return
    first = one.findings[0]
    likely = [found for found in one.findings if found.score <= first.score + AS_LIKELY]
    shown = one.findings if every else likely[:MOST_SHOWN]
    for place, found in enumerate(shown):
        differs = not place or (found.way, found.digits) != (first.way, first.digits)
        yield f"{'or ' if place else ''}{_claim(found)}{_sure(one.stated, found) if differs else ''}", 2
        if every or not place:
            yield from ((f"  {text}", 4) for text in _details(one.stated, found, every=every))
    if len(one.findings) > len(shown):
        yield f"and {len(one.findings) - len(shown)} less likely: --all shows them", 2


def _claim(found: Finding) -> str:
    candidate = found.candidate
    if not candidate.each:
        return f"{grouped(candidate.amount)} {candidate.claim}"
    product = f"{candidate.claim}: {grouped(candidate.numbers)} x {candidate.each} bytes"
    sizes = _sizes(candidate.amount)
    meant = found.mislabelled
    if not meant:
        return f"{product} = {' = '.join(sizes)}"
    written = meant.replace("i", "") if "i" in meant else f"{meant[0]}iB"
    return f"{product} = {sizes[len(sizes) > 1 and 'i' in meant]}, written as {written}"


def _sizes(count: int) -> tuple[str, ...]:
    """The bytes in powers of 1000 and of 1024, in units that show some of their digits.

    >>> _sizes(246824), _sizes(102228128)
    (('246.8 kB', '241.0 KiB'), ('102.23 MB', '97.49 MiB'))
    """
    if count >= 10**6:
        return megabytes(count), mebibytes(count)
    if count < 1000:
        return (f"{count} bytes",)
    return f"{count / 1000:.1f} kB", f"{count / 1024:.1f} KiB"


def _sure(stated: StatedNumber, found: Finding) -> str:
    """How the number is the count, and how many of its digits say so."""
    digits = "1 digit agrees" if found.digits == 1 else f"{found.digits} digits agree"
    if found.way == "exact":
        return " (every digit agrees)"
    if found.way == "cut":
        return f" ({digits}; cut off, not rounded{_rounded(stated, found)})"
    if found.way == "zeros":
        return f" ({digits}; its last zeros are no digits)"
    return f" ({digits})"


def _rounded(stated: StatedNumber, found: Finding) -> str:
    """What the count is when it is rounded to as many digits."""
    if found.mislabelled:
        return ""
    units = int((found.candidate.amount + stated.step / 2) // stated.step)
    decimals = len((re.search(r"\.([0-9]*)", stated.text) or ["", ""])[1])
    text = str(units).rjust(decimals + 1, "0")
    written = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else grouped(units)
    return f": that gives {re.sub('[0-9][0-9.,_]*', written, printable(stated.text), count=1)}"


def _details(stated: StatedNumber, found: Finding, *, every: bool) -> Iterator[str]:
    asked, is_tool = (stated.unit, found.candidate.quantity), bool(found.candidate.convention)
    if asked == ("flops", "macs") and not is_tool:
        yield "these are MACs: papers often call them FLOPs"
    elif asked == ("macs", "flops") and not is_tool:
        yield "these are FLOPs: there are two in each MAC"
    if _is_guess(found):
        yield "a guess: many input sizes were tried, and this one fits"
    if found.gap is not None:
        yield _difference(found.gap, every=every)
    same = [one.claim for one in found.same if every or one.shipped]
    if same:
        yield f"the same number: {'; '.join(same)}"


def _is_guess(found: Finding) -> bool:
    """Whether few digits and another size of the input are all that speaks for it."""
    near = found.candidate.near
    return near is not None and near.options.startswith("--input ") and found.digits < SURE_DIGITS


def _difference(gap: Gap, *, every: bool) -> str:
    """Our own count, and what has to be added to it."""
    terms = gap.terms if every or len(gap.terms) <= MOST_TERMS else gap.terms[: MOST_TERMS - 1]
    said = [_term(term) for term in terms]
    rest = sum(term.amount for term in gap.terms[len(terms) :])
    if len(terms) < len(gap.terms):
        said.append(f"{rest:+,} in {len(gap.terms) - len(terms)} other kinds of layers")
    return f"ours: {grouped(gap.ours)} {gap.ours_called}; {'; '.join(said or [f'{gap.amount:+,}'])}"


_ONE = {"biases": "bias", "softmax": "softmax"}


def _term(term: GapTerm) -> str:
    what = term.what if term.layers != 1 else _ONE.get(term.what, term.what.removesuffix("s"))
    layers = f"{grouped(term.layers)} {what}"
    return f"{term.amount:+,} = {term.rule} of {layers}" if term.rule else f"{term.amount:+,} in {layers}"


def _not_found(one: Reconciled) -> Iterator[tuple[str, int]]:
    yield "Not explained: no count of this network is this number.", 2
    near = [f"{_named(candidate)} ({_distance(one, candidate)})" for candidate in one.nearest]
    if near:
        yield f"The nearest: {'; '.join(near)}.", 2
    others: dict[str, str] = {}
    for other in one.elsewhere:
        others.setdefault(other.shipped, f"{other.shipped} ({grouped(other.amount)} {MEASURES[other.measure].called})")
    if others:
        yield f"Networks that ship have it: {', '.join(list(others.values())[:MOST_SHOWN])}.", 2


def _named(candidate: Candidate) -> str:
    if candidate.each:
        return f"{_sizes(candidate.amount)[0]} for {candidate.claim}"
    return f"{grouped(candidate.amount)} {candidate.claim}"


def _distance(one: Reconciled, candidate: Candidate) -> str:
    """How far a count is from the number: a share of it, or how many times as large."""
    ratio = candidate.amount / one.stated.value
    if ratio >= 2:
        return f"{grouped(round(ratio))} times as large"
    return f"{percent(abs(ratio - 1))} {'more' if ratio > 1 else 'less'}"


def reconciled_json(found: Reconciliation) -> str:
    """The same as JSON: every finding with its terms."""
    figures = found.analysis.totals.figures
    return as_text(
        {
            "cnncalc": 1,
            "title": found.analysis.graph.heading,
            "source": found.analysis.graph.where,
            "explained": found.explained,
            "bounded": found.bounded,
            "ours": {
                "params": figures.params,
                "total_params": figures.total_params,
                "macs": figures.cost.macs,
                "flops": figures.cost.flops,
            },
            "numbers": [_number_object(one) for one in found.numbers],
        }
    )


def _number_object(one: Reconciled) -> dict[str, Any]:
    return {
        "stated": one.stated.text,
        "value": _plain(one.stated.value),
        "unit": one.stated.unit or None,
        "explained": bool(one.findings),
        "findings": [_finding_object(finding) for finding in one.findings],
        "nearest": [_candidate_object(candidate) for candidate in one.nearest],
        "elsewhere": [_candidate_object(candidate) for candidate in one.elsewhere],
    }


def _plain(value: Any) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _candidate_object(candidate: Candidate) -> dict[str, Any]:
    return {
        "quantity": candidate.quantity,
        "count": candidate.amount,
        "claim": candidate.claim,
        "convention": candidate.convention or None,
        "change": candidate.near.claim if candidate.near else None,
        "options": (candidate.near.options or None) if candidate.near else None,
        "network": candidate.shipped or None,
    }


def _finding_object(found: Finding) -> dict[str, Any]:
    gap = found.gap
    return {
        **_candidate_object(found.candidate),
        "match": found.way,
        "digits": found.digits,
        "meant_unit": found.mislabelled or None,
        "same": [one.claim for one in found.same],
        "ours": gap.ours if gap else None,
        "difference": gap.amount if gap else None,
        "terms": [{"amount": t.amount, "rule": t.rule or None, "what": t.what, "layers": t.layers} for t in gap.terms]
        if gap
        else [],
    }

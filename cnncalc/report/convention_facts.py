"""What stands under a table of the work that one convention counts: its sum, what it leaves out, and the difference.

Every number is in the counts of the convention or in the analysis; words without a rule are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.conventions import ConventionCounts, Term, named
from cnncalc.analysis.conventions.counted_analysis import difference_to_ours
from cnncalc.analysis.model import Analysis
from cnncalc.quantities import grouped
from cnncalc.report.sheet import Fact

MOST_TERMS = 8
"""So many terms of a sum are written out."""


def convention_facts(analysis: Analysis, counts: ConventionCounts) -> Iterator[Fact]:
    """The facts in the order in which they are printed."""
    one, cost = counts.convention, analysis.totals.figures.cost
    yield Fact("Convention", f"{one.tool}, in {one.counts}. {one.about}")
    terms = _sum(counts.terms) or "0"
    if counts.total is None:
        named = ", ".join(f"`{word}`" for word in counts.unknown)
        yield Fact(
            "Unknown", f"no rule is known for {named}: its lines and the total are ?; the others are {terms}", "warning"
        )
        return
    yield Fact("Sum", f"{grouped(counts.total)} = {terms}" if counts.terms else terms)
    ours = cost.flops if one.counts == "FLOPs" else cost.macs
    yield Fact("Ours", f"{grouped(ours)} {one.counts}{_difference(analysis, counts, counts.total - ours)}")


def _term(term: Term) -> str:
    return f"{grouped(term.amount)} ({term.rule} of {grouped(term.layers)} {named(term.kind, term.layers)})"


def _sum(terms: Sequence[Term]) -> str:
    """The terms, and where there are many of them the last ones as one amount."""
    many = len(terms) > MOST_TERMS + 1
    shown, rest = (terms[:MOST_TERMS], terms[MOST_TERMS:]) if many else (terms, ())
    left = [f"{grouped(sum(term.amount for term in rest))} ({len(rest)} more kinds)"] if rest else []
    return " + ".join([*map(_term, shown), *left])


def _difference(analysis: Analysis, counts: ConventionCounts, more: int) -> str:
    """`; fvcore gives 22,328,320 more: + 22,227,968 batch norms + 100,352 global average pools`."""
    terms = difference_to_ours(analysis, counts)
    if not terms:
        return ", the same"
    signed = [
        f"{'+' if term.amount > 0 else '-'} {grouped(abs(term.amount))} {named(term.kind, term.layers)}"
        for term in terms
    ]
    left = [f"and {len(signed) - MOST_TERMS} more"] if len(signed) > MOST_TERMS else []
    much = f"{grouped(abs(more))} {'more' if more > 0 else 'less'}" if more else "as many"
    return f"; {counts.convention.name} gives {much}: {' '.join([*signed[:MOST_TERMS], *left])}"

"""The total of a net as each tool and paper counts it, one line each: what `summary --convention all` shows.

Every number is in the counts of a convention or in the analysis.
"""

from __future__ import annotations

from cnncalc.analysis.conventions import CONVENTIONS, ConventionCounts, convention_counts
from cnncalc.analysis.model import Analysis
from cnncalc.quantities import grouped
from cnncalc.report.sheet import Column, Fact, Line, Sheet
from cnncalc.report.summary import titles

COLUMNS = (
    Column("convention", ("convention",), "text"),
    Column("total", ("total",), right=True),
    Column("counts", ("counts",)),
    Column("more", ("more than", "ours"), right=True, keep=2),
    Column("tool", ("tool",), keep=1),
)


def every_convention(analysis: Analysis, *, plain_digits: bool = False) -> Sheet:
    """A line for each convention; `plain_digits`: numbers for a machine."""
    cost = analysis.totals.figures.cost
    every = [convention_counts(analysis, name) for name in CONVENTIONS]
    lines = []
    for counts in every:
        one = counts.convention
        more = None if counts.total is None else counts.total - (cost.flops if one.counts == "FLOPs" else cost.macs)
        numbers = (_written(counts.total, plain_digits), one.counts, _written(more, plain_digits))
        lines.append(Line((one.name, *numbers, one.tool)))
    title, subtitle = titles(analysis)
    ours = f"{grouped(cost.macs)} MACs; {grouped(cost.flops)} FLOPs, with every other operation"
    return Sheet(title, subtitle, COLUMNS, tuple(lines), (), (Fact("Ours", ours), *_unknown(every)))


def _written(number: int | None, plain_digits: bool) -> str:
    if number is None:
        return "?"
    return str(number) if plain_digits else grouped(number)


def _unknown(every: list[ConventionCounts]) -> tuple[Fact, ...]:
    """Which words have no known rule where."""
    said = [f"{one.convention.name} for {', '.join(one.unknown)}" for one in every if one.unknown]
    return (Fact("Unknown", f"no rule is known of {'; '.join(said)}", "warning"),) if said else ()

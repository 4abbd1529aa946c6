"""`summary --convention`: the work of a net as a tool counts it, or the totals of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.analysis.conventions import ConventionCounts
    from cnncalc.analysis.model import Analysis
    from cnncalc.report.sheet import Fact, Sheet

EVERY = "all"
"""The name that asks for the totals of every convention."""


def asks_for_all(name: str | None) -> bool:
    """Whether the totals of every convention are asked for."""
    return name is not None and name.strip().lower() == EVERY


def counted_work(
    analysis: Analysis, name: str | None, *asked: str | None
) -> tuple[Analysis, ConventionCounts | None, tuple[Fact, ...]]:
    """The analysis with what the convention counts, its counts, and what the foot says of them.

    `asked` are the columns that are named to be shown or sorted by.
    """
    if name is None:
        _refuse_work_of_nobody(asked)
    if name is None or asks_for_all(name):
        return analysis, None, ()
    from cnncalc.analysis.conventions import convention_counts
    from cnncalc.analysis.conventions.counted_analysis import counted_by
    from cnncalc.report.convention_facts import convention_facts

    counts = convention_counts(analysis, name)
    return counted_by(analysis, counts), counts, tuple(convention_facts(analysis, counts))


def _refuse_work_of_nobody(asked: tuple[str | None, ...]) -> None:
    """Refuses the column `work` of `--columns` or `--sort` where no convention says what it counts."""
    words = (word.strip(" +").lower() for names in asked for word in (names or "").split(","))
    if any(word in ("work", "work_share") for word in words):
        from cnncalc.diagnostics import input_error

        advice = "write the convention too: --convention fvcore; `macs` and `flops` are our own counts"
        raise input_error("unknown-column", "the column `work` is what a convention counts", help=advice)


def totals_of_all(analysis: Analysis, *, plain_digits: bool) -> Sheet:
    """The sheet of `--convention all`."""
    from cnncalc.report.every_convention import every_convention

    return every_convention(analysis, plain_digits=plain_digits)

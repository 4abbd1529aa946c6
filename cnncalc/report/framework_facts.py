"""What stands under a summary whose params are counted as a framework counts them: the sum, and why it differs.

The rules are `cnncalc.analysis.framework_params`; here they are put into sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.framework_params import FRAMEWORKS, Difference, differences, remarks
from cnncalc.analysis.model import Analysis
from cnncalc.graph.ir import Count
from cnncalc.quantities import grouped
from cnncalc.report.sheet import Fact


def framework_facts(analysis: Analysis, framework: Count) -> Iterator[Fact]:
    """The total as the framework counts, each kind of numbers that it adds or leaves out, and its other defaults."""
    figures, name = analysis.totals.figures, FRAMEWORKS[framework]
    found = differences(analysis, framework)
    total = f"{grouped(figures.counted_params(framework))} in {name}"
    added = [one for one in found if one.counted]
    if len(added) == 1:
        yield Fact("Params", f"{total} = {grouped(figures.params)} learned + {_words(added[0])}")
    elif added:
        yield Fact("Params", f"{total} = {grouped(figures.params)} learned")
        yield from (Fact("", f"+ {_words(one)}") for one in added)
    else:
        yield Fact("Params", f"{total}: those that are learned, and no others")
    left_out = [one for one in found if not one.counted]
    if left_out:
        reasons = dict.fromkeys(one.reason for one in left_out)
        numbers = ", ".join(f"{grouped(one.amount)} {one.words}" for one in left_out)
        yield Fact("Not counted", f"{numbers}: {'; '.join(reasons)}")
    yield from (Fact("Remark", said) for said in remarks(analysis, framework))


def _words(one: Difference) -> str:
    why = f" ({one.reason})" if one.reason else ""
    return f"{grouped(one.amount)} {one.words}{why}"

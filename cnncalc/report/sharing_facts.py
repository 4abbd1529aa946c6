"""What stands under a summary with the columns of `sharing`: what they compare, and what a convolution saves in all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.analysis.model import Analysis
from cnncalc.quantities import grouped
from cnncalc.report import notation
from cnncalc.report.column_choice import SHARING
from cnncalc.report.columns import NOTHING_TO_COMPARE
from cnncalc.report.sheet import Fact

if TYPE_CHECKING:
    from cnncalc.questions.instead import AllPlain, KindSums

KINDS = {
    "separable": "depthwise, then 1x1",
    "bottleneck": "1x1 to fewer channels, a large kernel, 1x1 to more",
    "reduction": "1x1 to fewer channels, then a large kernel",
    "fire": "1x1 to fewer channels, then several kernels that read it",
    "factorised": "one convolution along each axis",
    "stack": "equal kernels on each other",
    "grouped": "filters that read a group of the channels",
    "depthwise": "filters that read one channel",
}
"""What is done in place of a plain convolution."""


def sharing_facts(analysis: Analysis, steps: AllPlain | None = None) -> Iterator[Fact]:
    """The facts, each below a table that shows one of the columns."""
    figures = analysis.totals.figures
    local = "the same connections with a kernel of its own at every place: no weights are shared"
    yield Fact("as local", local, of=("as_local",))
    dense = "the same output, where every number of it reads every number that arrives"
    yield Fact("as dense", dense, of=("as_dense", "dense_connections"))
    yield Fact(
        NOTHING_TO_COMPARE,
        "has no weights of its own; norms and slopes, which no such layer could replace, keep theirs",
        of=SHARING,
    )
    if figures.params and figures.connections:
        each = figures.connections // analysis.batch
        many = " for one image" if analysis.batch > 1 else ""
        used = f"each is used {notation.times(Fraction(each, figures.params))} on average"
        said = f"{grouped(figures.params)} params make {grouped(each)} connections{many}: {used}"
        yield Fact("Weight sharing", said, of=SHARING)
    if figures.dense_connections:
        share = notation.percentage(figures.connections, figures.dense_connections)
        said = f"{grouped(figures.connections)} of the {grouped(figures.dense_connections)} of dense layers: {share}"
        yield Fact("Sparse connections", said, of=SHARING)
    if steps is None or not steps.kinds:
        return
    for n, one in enumerate(steps.kinds):
        yield Fact("" if n else "In steps", _steps(one), of=SHARING)
    said = f"the whole network would have {grouped(steps.params)} params and {grouped(steps.macs)} MACs"
    yield Fact("All plain", f"with one plain convolution in place of each {said}", of=SHARING)


def _steps(one: KindSums) -> str:
    """How many there are, and what plain convolutions would count in their place."""
    params = f"{grouped(one.plain_params)} params ({_times(one.plain_params, one.params)})"
    macs = f"{grouped(one.plain_macs)} MACs ({_times(one.plain_macs, one.macs)})"
    own = f"{grouped(one.params)} params, {grouped(one.macs)} MACs"
    plain = "plain convolutions" if one.many > 1 else "a plain convolution"
    return f"{_many(one.many)} {KINDS[one.kind]}: {own}; as {plain} {params}, {macs}"


def _many(many: int) -> str:
    return "once" if many == 1 else f"{grouped(many)} times"


def _times(plain: int, own: int) -> str:
    return notation.times(Fraction(plain, own))

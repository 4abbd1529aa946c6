"""What stands under a summary with the columns of `sharing`: what they compare, and what a convolution saves in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis.model import Analysis
from cnncalc.quantities import grouped
from cnncalc.report import notation
from cnncalc.report.column_choice import SHARING
from cnncalc.report.columns import NOTHING_TO_COMPARE
from cnncalc.report.sheet import Fact

if TYPE_CHECKING:
    from cnncalc.questions.instead import KindSums

KINDS = {
    "separable": "depthwise, then 1x1",
    "bottleneck": "1x1 to fewer channels, a large kernel, 1x1 to more",
    "reduction": "1x1 to fewer channels, then a large kernel",
    "factorised": "one convolution along each axis",
    "stack": "equal kernels on each other",
    "grouped": "filters that read a group of the channels",
    "depthwise": "filters that read one channel",
}
"""What is done in place of a plain convolution."""


def sharing_facts(analysis: Analysis, steps: Sequence[KindSums] = ()) -> Iterator[Fact]:
    """The facts, each below a table that shows one of the columns."""
    figures = analysis.totals.figures
    local = "the same connections with a kernel of its own at every place: no weights are shared"
    yield Fact("as local", local, of=("as_local",))
    dense = "the same output, where every number of it reads every number that arrives"
    yield Fact("as dense", dense, of=("as_dense", "dense_connections"))
    yield Fact(
        NOTHING_TO_COMPARE,
        "has no weights; norms and slopes, which no such layer could replace, keep theirs",
        of=SHARING,
    )
    if figures.params and figures.connections:
        used = notation.ratio(figures.connections, figures.params * analysis.batch)
        said = f"{grouped(figures.params)} params make {grouped(figures.connections)} connections"
        yield Fact("Weight sharing", f"{said}: each is used {used} times on average", of=SHARING)
    if figures.dense_connections:
        share = notation.percentage(figures.connections, figures.dense_connections)
        said = f"{grouped(figures.connections)} of the {grouped(figures.dense_connections)} of dense layers: {share}"
        yield Fact("Sparse connections", said, of=SHARING)
    for n, one in enumerate(steps):
        yield Fact("" if n else "In steps", _steps(one), of=SHARING)
    if steps:
        params = figures.params + sum(one.plain_params - one.params for one in steps)
        macs = figures.cost.macs + analysis.batch * sum(one.plain_macs - one.macs for one in steps)
        said = f"the whole network would have {grouped(params)} params and {grouped(macs)} MACs"
        yield Fact("All plain", f"with one plain convolution in place of each {said}", of=SHARING)


def _steps(one: KindSums) -> str:
    """How many there are, and what plain convolutions would count in their place."""
    params = f"{grouped(one.plain_params)} params ({_times(one.plain_params, one.params)})"
    macs = f"{grouped(one.plain_macs)} MACs ({_times(one.plain_macs, one.macs)})"
    own = f"{grouped(one.params)} params, {grouped(one.macs)} MACs"
    return f"{one.many} times {KINDS[one.kind]}: {own}; as plain convolutions {params}, {macs}"


def _times(plain: int, own: int) -> str:
    return f"{notation.ratio(plain, own)} times"

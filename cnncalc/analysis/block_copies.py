"""One copy of a block that is repeated, `bottleneck 64 times 3`: as a call of its own, under its own name.

An analysis has one call for all copies; how the names of operations begin says where each copy starts.
"""

from __future__ import annotations

from itertools import groupby

from cnncalc.analysis.model import Analysis, GroupAnalysis, RowAnalysis
from cnncalc.analysis.sums import sum_of_rows
from cnncalc.graph.ir import Group


def name_in_call(group: Group, row: RowAnalysis) -> str:
    """What the names of a copy's operations begin with, by one of its rows: `stage1.bottleneck2`."""
    return ".".join(row.nodes[0].node.name.split(".")[: len(group.origin.trail) + 1])


def copies_of(analysis: Analysis, call: GroupAnalysis) -> tuple[tuple[str, GroupAnalysis], ...]:
    """Each copy of a repeated call with its name; none where it is not repeated, or a fault cut it short."""
    group = call.group
    if group.copies < 2 or not group.complete:
        return ()
    rows = analysis.rows[group.first : group.last + 1]
    parts = [(name, [*part]) for name, part in groupby(rows, lambda row: name_in_call(group, row))]
    if len(parts) != group.copies:
        return ()
    return tuple((name, _copy(analysis, call, name, part)) for name, part in parts)


def _copy(analysis: Analysis, call: GroupAnalysis, name: str, rows: list[RowAnalysis]) -> GroupAnalysis:
    first, last = rows[0].row.index, rows[-1].row.index
    own = {node.node.index for row in rows for node in row.nodes}
    read = dict.fromkeys(i for row in rows for node in row.nodes for i in node.node.inputs if i not in own)
    group = call.group._replace(first=first, last=last, copies=1, label=None, text=name, node=rows[-1].row.last)
    return GroupAnalysis(
        group,
        tuple(analysis.nodes[i].output for i in read),
        rows[-1].output,
        sum_of_rows(analysis, range(first, last + 1)),
        rows[-1].receptive_field,
    )

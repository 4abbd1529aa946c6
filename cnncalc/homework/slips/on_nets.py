"""Slips that concern the whole net: a pool that is not there, a line left out, one slip made above, everywhere, twice.

Each is the net told once more (`cnncalc.homework.what_if`), so what follows from the slip follows here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations, islice
from typing import NamedTuple

from cnncalc.asked.counting_answers import TOTAL_PARAMS
from cnncalc.graph.ir import Row
from cnncalc.homework.slips.edits import POOLS, Slip, argument_of
from cnncalc.homework.slips.on_weights import of_depth
from cnncalc.homework.truth import COUNTED, Subject, Truth
from cnncalc.homework.what_if import Alteration, Asked, Followed, Inputs, Memory, Reshaped, WhatIf
from cnncalc.layers.base import Layer

LARGEST_NET = 60
"""Nodes.  In larger nets a slip is looked for on the line itself and on all lines at once, not on every line above."""

LARGEST_RETOLD = 2_000
"""Nodes.  In a net larger than this a slip is looked for on its own line alone."""

MOST_TWICE = 1_000
"""What-ifs with the same slip on two lines, or with two slips on all lines, for one key."""

COMMONEST_FIRST = 12
"""As many slips are tried in pairs."""

POOL_NOT_THERE = Slip("pool-not-there", "there was a pooling layer that the net does not have", 3)
POOL_FORGOTTEN = Slip("pool-forgotten", "a pooling layer was left out", 4)
PICTURE_DEPTH = Slip("picture-depth-taken", "the line was given the depth of the picture, not of what arrives", 4)
LINE_FORGOTTEN = Slip("line-forgotten", "one line was left out of the sum", 4, beats=("one-line-alone",))
LINE_TWICE = Slip("line-twice", "one line was counted twice in the sum", 2)
LINE_ALONE = Slip("one-line-alone", "one line alone was given for the sum", 4)
POOLS_LEFT_OUT = Slip("pools-left-out", "the pooling layers were left out of the sum", 4)

NET_SLIPS = (POOL_NOT_THERE, POOL_FORGOTTEN, PICTURE_DEPTH, LINE_FORGOTTEN, LINE_TWICE, LINE_ALONE, POOLS_LEFT_OUT)


class Story(NamedTuple):
    """The net as somebody tells it who makes these slips, and the node at which (None: everywhere, or on no one)."""

    slips: tuple[Slip, ...]
    node: int | None
    argument: str
    told: WhatIf


def edits_of_net(truth: Truth) -> Iterator[tuple[Slip, int, Alteration]]:
    """What is different on one line because of others: a pool behind it, itself passed over, the picture's depth."""
    nodes = truth.graph.nodes
    pools = list(dict.fromkeys(node.layer for node in nodes if node.layer.word in POOLS))
    for row in truth.graph.rows:
        if nodes[row.last].layer.word in POOLS:
            yield POOL_FORGOTTEN, row.last, _passed_over
        elif nodes[row.last].output.rank and not _pooled_next(truth, row):
            yield from ((POOL_NOT_THERE, row.last, _pooled_by(pool)) for pool in pools)
    picture = next((node for node in nodes if node.is_input), None)
    if picture is not None:
        edit = partial(of_depth, channels=picture.output.channels)
        yield from (
            (PICTURE_DEPTH, node.index, edit) for node in nodes if node.inputs and picture.index not in node.inputs
        )


def stories(truth: Truth, memory: Memory, slips: Sequence[Slip]) -> Iterator[Story]:
    """Every slip on every line at once; in a small net every slip on each line, and what one line has of others."""
    nodes = truth.analysis.nodes
    if len(nodes) > LARGEST_RETOLD:
        return
    above = [(slip, edit) for slip in slips if slip.reach == "above" for edit in slip.alterations()]
    touched = [_touched(truth, edit) for _, edit in above]
    for (slip, edit), lines in zip(above, touched, strict=True):
        if len(lines) > 1:
            yield Story((slip,), None, argument_of(edit), _everywhere(truth, memory, edit))
    if len(nodes) > LARGEST_NET:
        return
    for (slip, edit), lines in zip(above, touched, strict=True):
        for node in lines:
            yield Story((slip,), node, argument_of(edit), WhatIf(truth, memory, {node: edit}))
    for slip, node, edit in edits_of_net(truth):
        if _applies(edit, truth, node):
            yield Story((slip,), node, "", WhatIf(truth, memory, {node: edit}))


def stories_of_two(truth: Truth, memory: Memory, slips: Sequence[Slip]) -> Iterator[Story]:
    """The same slip on two lines of several, then two of the commonest slips on all lines at once."""
    if len(truth.analysis.nodes) > LARGEST_NET:
        return
    found = _same_twice(truth, memory, sorted(slips, key=lambda slip: -slip.common))
    yield from islice(found, MOST_TWICE)
    commonest = sorted((s for s in slips if s.reach == "above"), key=lambda slip: -slip.common)[:COMMONEST_FIRST]
    for one, other in combinations(commonest, 2):
        first, second = next(one.alterations()), next(other.alterations())
        yield Story((one, other), None, "", _everywhere(truth, memory, first, second))


def _same_twice(truth: Truth, memory: Memory, slips: Sequence[Slip]) -> Iterator[Story]:
    for slip in slips:
        if slip.reach == "above":
            for edit in slip.alterations():
                nodes = _touched(truth, edit)
                if len(nodes) > 2:
                    for pair in combinations(nodes, 2):
                        yield Story((slip,), None, "", WhatIf(truth, memory, dict.fromkeys(pair, edit)))


def _touched(truth: Truth, edit: Alteration) -> list[int]:
    """The nodes whose layers have this slip."""
    return [node.node.index for node in truth.analysis.nodes if _applies(edit, truth, node.node.index)]


def _applies(edit: Alteration, truth: Truth, node: int) -> bool:
    found = truth.analysis.nodes[node]
    return bool(found.inputs) and edit(found.node.layer, found.inputs) is not None


def _everywhere(truth: Truth, memory: Memory, *edits: Alteration) -> WhatIf:
    tried = _tried(edits)
    return WhatIf(truth, memory, {n.node.index: tried for n in truth.analysis.nodes if n.inputs})


def _tried(edits: Sequence[Alteration]) -> Alteration:
    """The edits one after the other, each where it applies, else the layer as it is."""

    def altered(layer: Layer, inputs: Inputs) -> Asked:
        asked = layer, inputs
        for edit in edits:
            asked = edit(*asked) or asked
        return asked

    return altered


def _pooled_next(truth: Truth, row: Row) -> bool:
    readers = [node for node in truth.graph.nodes if row.last in node.inputs]
    return any(node.layer.word in POOLS for node in readers)


def _passed_over(layer: Layer, inputs: Inputs) -> Asked:
    return Reshaped(layer, inputs[0]), inputs


def _pooled_by(pool: Layer) -> Alteration:
    return lambda layer, inputs: (Followed(layer, pool), inputs)


# ---------------------------------------------------------------------- sums over lines
def sums(truth: Truth, total: Subject) -> Iterator[tuple[Slip, Subject]]:
    """The total with a line left out, with one counted twice, one line alone, and without the pools."""
    lines = [(row, subject) for row in truth.graph.rows if (subject := _line(truth, row)) is not None]
    for _, subject in lines:
        yield LINE_FORGOTTEN, _combined(total, [subject], lambda whole, own: whole - own)
        yield LINE_TWICE, _combined(total, [subject], lambda whole, own: whole + own)
        yield LINE_ALONE, _combined(total, [subject], lambda _, own: own)
    pools = [subject for row, subject in lines if truth.graph.nodes[row.last].layer.word in (*POOLS, "subsample")]
    if pools:
        yield POOLS_LEFT_OUT, _combined(total, pools, lambda whole, own: whole - own)


def _line(truth: Truth, row: Row) -> Subject | None:
    return truth.subject("row", row.index) if row.copy == row.copies else None


def _combined(total: Subject, lines: Sequence[Subject], together: Callable[[int, int], int]) -> Subject:
    """The total's own counts, each together with that of some lines."""
    counts = dict(total.copies[0])
    for name in (*COUNTED, TOTAL_PARAMS):
        counts[name] = together(counts[name], sum(copy[name] for line in lines for copy in line.copies))
    size = together(total.size, sum(line.size for line in lines))
    return total._replace(copies=[counts], size=size, output=None, field=None)

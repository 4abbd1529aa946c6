"""Slips that concern the whole net: a pool that is not there, a line left out, one slip made on every line or above.

Each is the net told once more (`cnncalc.homework.what_if`), so what follows from the slip follows here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.graph.ir import Row
from cnncalc.homework.slips.edits import POOLS, Slip, asked_safely
from cnncalc.homework.slips.on_sizes import LAYER_SLIPS
from cnncalc.homework.truth import Subject, Truth
from cnncalc.homework.what_if import Alteration, Asked, Followed, Inputs, Memory, Reshaped, WhatIf
from cnncalc.layers.base import Layer

LARGEST_NET = 60
"""Nodes.  In larger nets a slip is looked for on the line itself and on all lines at once, not on every line above."""

LARGEST_RETOLD = 2_000
"""Nodes.  In a net larger than this a slip is looked for on its own line alone."""

NET_SLIPS: tuple[Slip, ...] = (
    Slip("pool-not-there", "there was a pooling layer that the net does not have"),
    Slip("pool-forgotten", "a pooling layer was left out"),
    Slip("line-forgotten", "one line was left out of the sum"),
    Slip("line-twice", "one line was counted twice in the sum"),
)

_ABOVE = frozenset(
    (
        *("padding-forgotten", "padding-once", "padding-twice", "same-for-valid", "plus-one-forgotten", "depth-kept"),
        *("one-step-too-many", "rounded-up", "rounded-down", "stride-forgotten", "pool-stride-one", "bias-forgotten"),
        *("kernel-and-filters-exchanged", "dilation-forgotten", "wrong-direction", "flatten-incomplete", "one-bias"),
        *("add-and-concat-exchanged", "groups-ignored", "pool-learns", "bias-added", "bias-per-input-channel"),
        *("depth-forgotten", "depth-forgotten-one-bias", "depth-and-bias-forgotten"),
    )
)


class Story(NamedTuple):
    """The net as somebody tells it who makes one slip, and the node at which it is made (None: everywhere)."""

    name: str
    node: int | None
    told: WhatIf


def stories(truth: Truth, memory: Memory) -> list[Story]:
    """Every slip on every line at once; in a small net every slip on each line, and pools added and left out."""
    nodes = truth.analysis.nodes
    if len(nodes) > LARGEST_RETOLD:
        return []
    found = [
        Story(slip.name, None, WhatIf(truth, memory, {n.node.index: _tried(alter) for n in nodes if n.inputs}))
        for slip in LAYER_SLIPS
        for alter in slip.alterations
        if slip.name in _ABOVE
    ]
    if len(nodes) > LARGEST_NET:
        return found
    found += [
        Story(slip.name, node.node.index, WhatIf(truth, memory, {node.node.index: alter}))
        for slip in LAYER_SLIPS
        if slip.name in _ABOVE
        for alter in slip.alterations
        for node in nodes
        if _applies(alter, node.node.layer, node.inputs)
    ]
    found += [Story(name, node, WhatIf(truth, memory, {node: alter})) for name, node, alter in _pools(truth)]
    return found


def _tried(alter: Alteration) -> Alteration:
    """The alteration where it applies, else the layer as it is."""

    def altered(layer: Layer, inputs: Inputs) -> Asked:
        return asked_safely(alter, layer, inputs) or (layer, inputs)

    return altered


def _applies(alter: Alteration, layer: Layer, inputs: Inputs) -> bool:
    return bool(inputs) and asked_safely(alter, layer, inputs) is not None


def _pools(truth: Truth) -> Iterator[tuple[str, int, Alteration]]:
    """A pool like one of the net's own behind any line that has none, and each pool passed over."""
    nodes = truth.graph.nodes
    pools = list(dict.fromkeys(node.layer for node in nodes if node.layer.word in POOLS))
    for row in truth.graph.rows:
        if nodes[row.last].layer.word in POOLS:
            yield "pool-forgotten", row.last, _passed_over
        elif nodes[row.last].output.rank and not _pooled_next(truth, row):
            yield from (("pool-not-there", row.last, _pooled_by(pool)) for pool in pools)


def _pooled_next(truth: Truth, row: Row) -> bool:
    readers = [node for node in truth.graph.nodes if row.last in node.inputs]
    return any(node.layer.word in POOLS for node in readers)


def _passed_over(layer: Layer, inputs: Inputs) -> Asked:
    return Reshaped(layer, inputs[0]), inputs


def _pooled_by(pool: Layer) -> Alteration:
    return lambda layer, inputs: (Followed(layer, pool), inputs)


def line_sums(truth: Truth, asked: str, total: Subject) -> Iterator[tuple[str, int]]:
    """The total with one line left out, and with one counted twice."""
    whole = truth.quantity(total, asked)
    for row in truth.graph.rows:
        subject = truth.subject("row", row.index)
        if subject is not None and row.copy == row.copies:
            own = truth.quantity(subject, asked)
            if own:
                yield "line-forgotten", whole - own
                yield "line-twice", whole + own

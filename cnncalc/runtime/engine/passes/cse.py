"""Common subexpressions: steps that compute the same twice are left out, and whoever reads them reads the first.

NASNet's cells ask for the same activation, or the same pool, of one map several times.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace

from cnncalc.runtime.engine.ir import Map, Step


def drop_repeated(steps: Sequence[Step], outputs: Collection[int]) -> list[Step]:
    """The steps without repetitions; `outputs` are nodes whose results are handed out, each in memory of its own."""
    first: dict[Hashable, Map] = {}
    instead: dict[int, Map] = {}
    kept = []
    for given in steps:
        step = given
        if instead and any(read.map.key in instead for read in step.reads):
            reads = tuple(replace(read, map=instead.get(read.map.key, read.map)) for read in step.reads)
            step = replace(step, reads=reads)
        what = None if step.op.weighted or step.part else (type(step.op), step.op, step.reads, step.write.map.shape)
        if what is not None and what in first and step.write.map.key not in outputs:
            instead[step.write.map.key] = first[what]
        else:
            kept.append(step)
            if what is not None:
                first.setdefault(what, step.write.map)
    return kept


def needed(steps: Sequence[Step], outputs: Collection[int]) -> list[Step]:
    """The steps without those that nobody reads: pads and crops that all their readers do themselves."""
    read, found = set(outputs), []
    for step in reversed(steps):
        if step.write.map.key in read:
            read.update(access.map.key for access in step.reads)
            found.append(step)
    return found[::-1]

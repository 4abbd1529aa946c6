"""Steps that compute the same twice: later ones are left out, and whoever reads them reads the first.

NASNet's cells ask for the same activation, or the same pool, of one map several times.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace

from cnncalc.runtime.engine.nouns import EngineStep, Map

WITHOUT_WEIGHTS = ("pointwise", "windows", "regions")
"""Kernels that, without weights of a layer's own, make the same of the same map."""


def shared(steps: Sequence[EngineStep], outputs: Collection[int]) -> list[EngineStep]:
    """The steps without repetitions; `outputs` are nodes whose results are handed out, each in memory of its own."""
    first: dict[Hashable, Map] = {}
    instead: dict[int, Map] = {}
    kept = []
    for step in steps:
        reads = tuple(replace(read, map=instead.get(read.map.key, read.map)) for read in step.reads)
        found = replace(step, reads=reads)
        what = _computed(found)
        if what is not None and what in first and step.writes.map.key not in outputs:
            instead[step.writes.map.key] = first[what]
        else:
            kept.append(found)
            if what is not None:
                first.setdefault(what, step.writes.map)
    return kept


def _computed(step: EngineStep) -> Hashable:
    """What a step computes of what; None where it has weights, or writes a part of a map."""
    if step.kernel not in WITHOUT_WEIGHTS or step.weights or step.folded or step.numbers.get("order") == "part":
        return None
    numbers = tuple(sorted(step.numbers.items()))
    chain = step.activation, step.low, step.high, step.residual
    return step.kernel, step.shape, step.reads, numbers, chain, step.writes.map.shape

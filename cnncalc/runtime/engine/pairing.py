"""Pairs of steps that become one: where the map between the two is read by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from cnncalc.runtime.engine.nouns import EngineStep

Join = Callable[[EngineStep, EngineStep], EngineStep | None]
"""Both in one step; None where they stay apart."""


def paired(steps: Sequence[EngineStep], outputs: Collection[int], join: Join) -> list[EngineStep]:
    """The steps with such pairs joined, where the second stood; `outputs` are nodes whose results are handed out."""
    readers: dict[int, list[EngineStep]] = {}
    for step in steps:
        for access in step.reads:
            readers.setdefault(access.map.key, []).append(step)
    joined: dict[int, EngineStep] = {}
    gone: set[int] = set()
    for step in steps:
        following = readers.get(step.writes.map.key, [])
        if len(following) == 1 and step.writes.map.key not in outputs and id(step) not in joined:
            both = join(step, following[0])
            if both is not None:
                joined[id(following[0])] = both
                gone.add(id(step))
    return [joined.get(id(step), step) for step in steps if id(step) not in gone]

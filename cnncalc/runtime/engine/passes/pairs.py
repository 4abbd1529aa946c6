"""Pairs of steps that become one: where the map between the two is read by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from cnncalc.runtime.engine.ir import Step

Join = Callable[[Step, Step, int], Step | None]
"""Both in one step, for so many threads; None where they stay two."""


def join_pairs(steps: Sequence[Step], outputs: Collection[int], join: Join, threads: int) -> list[Step]:
    """The steps with such pairs joined, in place of the second; `outputs` are nodes whose results are handed out."""
    readers: dict[int, list[Step]] = {}
    for step in steps:
        for access in step.reads:
            readers.setdefault(access.map.key, []).append(step)
    joined: dict[int, Step] = {}
    gone: set[int] = set()
    for step in steps:
        following = readers.get(step.write.map.key, [])
        if len(following) == 1 and step.write.map.key not in outputs and id(step) not in joined:
            both = join(step, following[0], threads)
            if both is not None:
                joined[id(following[0])] = both
                gone.add(id(step))
    return [joined.get(id(step), step) for step in steps if id(step) not in gone]

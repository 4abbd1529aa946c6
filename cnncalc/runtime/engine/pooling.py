"""Convolutions by Winograd that keep only the largest of each 2x2 outputs: the pool after them costs nothing then.

A tile of 4x4 outputs holds four whole windows.  The map before the pool, the largest of VGG, is never written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cnncalc.runtime.engine.nouns import EngineStep
from cnncalc.runtime.engine.pairing import paired

HALVING = {"ky": 2, "kx": 2, "sy": 2, "sx": 2, "dy": 1, "dx": 1, "top": 0, "left": 0}


def pooled(steps: Sequence[EngineStep], outputs: Collection[int]) -> list[EngineStep]:
    """The steps, such pairs joined to one; `outputs` are nodes whose results are handed out."""
    return paired(steps, outputs, _joined)


def _joined(step: EngineStep, following: EngineStep) -> EngineStep | None:
    largest = following.kernel == "windows" and not following.weights and "counting" not in following.numbers
    if step.kernel != "winograd" or not largest or any(following.numbers[name] != n for name, n in HALVING.items()):
        return None
    (height, width), made = step.writes.map.shape[3:], following.writes.map.shape[3:]
    if made != (height // 2, width // 2):
        return None
    return EngineStep(
        "pooled", step.shape, step.nodes + following.nodes, step.reads, following.writes, parts=(step, following)
    )

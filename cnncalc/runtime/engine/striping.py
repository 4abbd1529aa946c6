"""Which convolutions are computed together with the depthwise convolution after them, stripe by stripe.

It pays where the map between the two is larger than a core's cache: it is never written out then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import prod

from cnncalc.runtime.engine.nouns import BLOCK, EngineStep, Storage
from cnncalc.runtime.engine.pairing import paired
from cnncalc.runtime.engine.tiling import tile_of

WIDE_BYTES = 500_000
"""A map between the two that is smaller stays in the caches of the cores anyway."""

STRIPE_BYTES = 250_000
"""Of the wide map in one stripe and one block of filters: a quarter of a core's second cache."""

MOST_TWICE = 0.2
"""The share of rows that two stripes compute, above which stripes are not worth it."""

UNITS_A_THREAD = 4


def striped(steps: Sequence[EngineStep], outputs: Collection[int], threads: int) -> list[EngineStep]:
    """The steps, such pairs joined to one; `outputs` are nodes whose results are handed out."""

    def join(step: EngineStep, following: EngineStep) -> EngineStep | None:
        rows = _rows(step, following, threads) if _fit(step, following) else 0
        return _joined(step, rows, following) if rows else None

    return paired(steps, outputs, join)


def _fit(step: EngineStep, following: EngineStep) -> bool:
    """Whether it is a convolution by tiles without a residual, and a depthwise one after it."""
    plain = step.kernel == "convolution" and step.weights in ("blocked", "planes") and not step.residual
    depthwise = following.kernel == "windows" and following.weights.startswith("depthwise")
    depthwise = depthwise and following.numbers["top"] >= 0 and following.numbers["left"] >= 0
    return plain and depthwise and step.writes.kind == "blocked"


def _joined(step: EngineStep, rows: int, following: EngineStep) -> EngineStep:
    _, _, vectors, lanes, *rest = step.shape
    columns = tile_of(1, step.writes.map.shape[4], vectors, lanes)[0]
    parts = replace(step, shape=(columns, 1, vectors, lanes, *rest)), following
    return EngineStep("stripes", (rows,), step.nodes + following.nodes, step.reads, following.writes, parts=parts)


def _rows(step: EngineStep, following: EngineStep, threads: int) -> int:
    """How many output rows a stripe has; 0 where stripes do not pay."""
    wide, height = step.writes.map, following.writes.map.shape[3]
    if 4 * prod(wide.shape[1:]) < WIDE_BYTES:
        return 0
    stripe = stripe_of(step, following, 1)
    more = stripe_of(step, following, 2).rows - stripe.rows
    room = STRIPE_BYTES // (4 * stripe.columns * BLOCK * stripe.blocks)
    most = max(1, 1 + (room - stripe.rows) // more)
    blocks = wide.shape[0] * -(-wide.blocks // stripe.blocks)
    stripes = max(-(-height // most), -(-UNITS_A_THREAD * threads // blocks))
    rows = -(-height // min(height, stripes))
    twice = -(-height // rows) * stripe_of(step, following, rows).rows / wide.shape[3] - 1
    return rows if twice <= MOST_TWICE else 0


def stripe_of(step: EngineStep, following: EngineStep, rows: int) -> Storage:
    """The part of the wide map, in one block of filters, that so many output rows see."""
    numbers, read = following.numbers, following.reads[0]
    seen = (rows - 1) * numbers["sy"] + numbers["dy"] * (numbers["ky"] - 1) + 1
    _, left, _, right = read.halo
    return Storage("blocked", 1, step.shape[2] * step.shape[3], seen, read.map.shape[4], (0, left, 0, right), 0.0)

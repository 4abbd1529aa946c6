"""How much memory a step takes beside its maps: packed weights, and scratch for each thread."""

from __future__ import annotations

from math import prod

from cnncalc.runtime.engine.nouns import BLOCK, EngineStep
from cnncalc.runtime.engine.striping import stripe_of
from cnncalc.runtime.engine.winograd import tiles_of

PATCHES = 3 * 6 * 6 * BLOCK
"""Numbers for the patches of one thread (`cnncalc.kernels.engine.winograd`)."""

UNROLLED = 4
"""Channels in one turn of a tile's loop: what a last block has beyond them is neither stored nor multiplied."""

FREQUENCIES = 36

APART = 80
"""Numbers between frequencies, so that they do not all fall into the same lines of a cache."""


def filter_blocks(step: EngineStep) -> tuple[int, int]:
    """(blocks of filters, filters in one)."""
    vectors, lanes = (step.shape[1], step.shape[2]) if step.kernel == "winograd" else (step.shape[2], step.shape[3])
    width = vectors * lanes
    return -(-step.writes.map.channels // width), width


def weight_floats(step: EngineStep) -> int:
    """Numbers of the packed weights, factors and offsets; dense layers use the caller's."""
    if step.parts:
        return sum(map(weight_floats, step.parts))
    blocks = step.writes.map.blocks * BLOCK
    if step.kernel in ("pointwise", "products", "standardised"):
        return 2 * blocks
    if step.weights.startswith("depthwise"):
        return int(blocks * (step.numbers["ky"] * step.numbers["kx"] + 1))
    if step.kernel == "windows" and "counting" in step.numbers:
        return int(prod(step.writes.map.shape[3:]))
    if step.kernel not in ("convolution", "winograd"):
        return 0
    count, width = filter_blocks(step)
    taps = FREQUENCIES if step.kernel == "winograd" else step.numbers["ky"] * step.numbers["kx"]
    return int(count * width * (deep(step) * taps + 1))


def deep(step: EngineStep) -> int:
    """How many channels a filter's packed weights hold."""
    seen: int = step.numbers["seen"]
    if step.weights == "planes":
        return seen
    if step.weights == "diagonal":
        return BLOCK
    whole = BLOCK if step.kernel == "winograd" else UNROLLED
    return -(-seen // whole) * whole


def sweep_floats(step: EngineStep) -> tuple[int, int, int]:
    """Of a Winograd step: (tiles held at once, distance of frequencies before the product, and after it)."""
    kept = step.shape[3] or tiles_of(step.writes.map)[0]
    count, width = filter_blocks(step)
    before, after = (channels * kept + APART for channels in (step.reads[0].map.blocks * BLOCK, count * width))
    return (kept, max(before, after), max(before, after)) if step.shape[3] else (kept, before, after)


def frequency_floats(step: EngineStep, threads: int) -> tuple[int, int]:
    """Of a Winograd step: numbers of the frequencies in all, and of each thread's own (0 where all threads share them).

    In a sweep one piece more than frequencies is enough: the sums of one go where the inputs of the one before were.
    """
    _, before, after = sweep_floats(step)
    own = (FREQUENCIES + 1) * before if step.shape[3] else 0
    return own * threads or FREQUENCIES * (before + after), own


def scratch_floats(step: EngineStep, threads: int) -> int:
    """Numbers of scratch, for each thread where each has its own; Winograd's patches lie behind its frequencies."""
    if step.kernel == "pooled":
        return scratch_floats(step.parts[0], threads)
    if step.kernel == "stripes":
        first, second = step.parts
        return threads * stripe_of(first, second, step.shape[0]).size
    if step.kernel != "winograd":
        return 0
    return frequency_floats(step, threads)[0] + threads * PATCHES


def multiplications(step: EngineStep) -> int:
    """About how many it takes; one for each number where nothing is weighted."""
    if step.parts:
        return sum(map(multiplications, step.parts))
    places = step.writes.map.shape[0] * prod(step.writes.map.shape[2:])
    if step.kernel in ("convolution", "winograd"):
        return int(places * step.writes.map.channels * step.numbers["seen"] * step.numbers["ky"] * step.numbers["kx"])
    if step.kernel == "products":
        return prod(step.reads[0].map.shape) * step.writes.map.channels
    return places * step.writes.map.channels

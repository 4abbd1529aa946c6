"""Where branches meet: sums and products of maps, and maps laid behind one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from operator import ge

from cnncalc.runtime.engine.fusing import Chain, adds_two
from cnncalc.runtime.engine.lowering.base import CODES, Lowering
from cnncalc.runtime.engine.nouns import BLOCK, Access, EngineStep, Map
from cnncalc.runtime.planning import Step

SUM, PRODUCT = 1, 3
"""What a second map does before it is stored, as kernels number it (`cnncalc.kernels.engine.fields.RESIDUAL_FIRST`)."""


def add(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Of two maps in one step, of more in one for each after the first, or of the middles of larger ones."""
    shape = (lowering.lanes, CODES[chain.activation], chain.mode)
    if adds_two(step, lowering.steps):
        yield lowering.step(chain, "pointwise", shape, Access(lowering.maps[step.reads[0]]))
        return
    target, sources = lowering.maps[chain.last], [lowering.maps[read] for read in step.reads]
    if not all(_reaches(source, target) for source in sources):
        return
    if chain == Chain(chain.nodes):
        yield from _together(lowering, chain.nodes, sources, SUM, target)
        return
    whole = lowering.new_map(step.node, target.shape)
    yield from _together(lowering, (step.node,), sources, SUM, whole)
    yield lowering.step(chain, "pointwise", shape, Access(whole))


def mul(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Of maps one after the other, then with each vector of channels."""
    target, sources = lowering.maps[chain.last], [lowering.maps[read] for read in step.reads]
    whole = [source for source in sources if prod(source.shape[3:]) > 1] or sources
    vectors = [source for source in sources if source not in whole]
    if not all(_reaches(source, target) for source in whole) or any(
        each.channels != target.channels for each in vectors
    ):
        return
    so_far = whole[0]
    if len(whole) > 1 or whole[0].shape != target.shape:
        so_far = lowering.new_map(step.node, target.shape) if vectors else target
        yield from _together(lowering, chain.nodes if so_far is target else (step.node,), whole, PRODUCT, so_far)
    for left, vector in zip(reversed(range(len(vectors))), vectors, strict=True):
        made = lowering.new_map(step.node, target.shape) if left else target
        reads = Access(so_far), Access(vector, flat=True)
        yield EngineStep(
            "pointwise",
            (lowering.lanes, 0, 0),
            (step.node,) if left else chain.nodes,
            reads,
            Access(made),
            weights="of map",
        )
        so_far = made


def _reaches(source: Map, target: Map) -> bool:
    """Whether nothing of a map has to be spread: it has all channels, and is as large as the target or larger."""
    return source.channels == target.channels and all(map(ge, source.shape[2:], target.shape[2:]))


def _together(
    lowering: Lowering, nodes: tuple[int, ...], sources: Sequence[Map], mode: int, target: Map
) -> Iterator[EngineStep]:
    """One map after the other, its middle where it is larger, meets what is there so far; the last step makes `target`.

    The first to be there is one that is as large as the result, or else a copy.
    """
    first = next((i for i, source in enumerate(sources) if source.shape == target.shape), None)
    so_far = None if first is None else sources[first]
    others = [source for i, source in enumerate(sources) if i != first]
    for left, source in zip(reversed(range(len(others))), others, strict=True):
        made = lowering.new_map(nodes[0], target.shape) if left else target
        met = 0 if so_far is None else mode
        reads = (Access(source),) if so_far is None else (Access(source), Access(so_far))
        yield EngineStep(
            "pointwise",
            (lowering.lanes, 0, met),
            nodes[:1] if left else nodes,
            reads,
            Access(made),
            _middle(source, target),
            residual=met,
        )
        so_far = made


def _middle(source: Map, target: Map) -> dict[str, int]:
    """From where on the middle of a larger map is read; the odd row is left out at the end."""
    (*_, tall, wide), (*_, height, width) = source.shape, target.shape
    return {"top": -((tall - height) // 2), "left": -((wide - width) // 2)}


def concat(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """One copy for each input, of its middle where it is cropped; placing leaves out those that are made in place."""
    target = lowering.maps[chain.last]
    channel = 0
    for read in step.reads:
        source = lowering.maps[read]
        whole = channel % BLOCK == source.channels % BLOCK == 0
        kernel, shape = ("pointwise", (lowering.lanes, 0, 0)) if whole else ("spliced", (lowering.lanes,))
        numbers = {"order": "part", "shift": -channel, **_middle(source, target)}
        yield lowering.step(chain, kernel, shape, Access(source), numbers=numbers, channel=channel)
        channel += source.channels

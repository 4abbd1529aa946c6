"""Layers that meet every number by itself, or only move it: activations, borders, slices, changes of shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from cnncalc.runtime.engine.fusing import Chain
from cnncalc.runtime.engine.lowering.base import CODES, Lowering, border, filled
from cnncalc.runtime.engine.nouns import BLOCK, Access, EngineStep
from cnncalc.runtime.planning import Step

DEALT = ("space_to_depth", "depth_to_space", "shuffle")
"""As the kernel numbers them (`cnncalc.kernels.engine.channel_shuffle`)."""


def pointwise(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Batch norms, factors and activations that no convolution before them could take in."""
    shape = (lowering.lanes, CODES[chain.activation], chain.mode)
    yield lowering.step(
        chain, "pointwise", shape, Access(lowering.maps[step.reads[0]]), weights="pointwise" if chain.folded else ""
    )


def prelu(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Each channel has a slope of its own, which no kernel that has weights already can hold."""
    shape = (lowering.lanes, CODES["prelu"], 0)
    yield lowering.step(chain, "pointwise", shape, Access(lowering.maps[step.reads[0]]), weights="own")


def standardised(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Group normalisation, and layer normalisation whose factors differ by channel only."""
    one_place = prod(step.output[2:]) == 1
    by_place = step.kernel == "ln" and (step.numbers["axes"] == "channels" or one_place)
    if step.kernel == "gn" or by_place:
        numbers = {"epsilon": step.numbers["epsilon"], "groups": step.numbers.get("groups", 1)}
        read, shape = Access(lowering.maps[step.reads[0]]), (lowering.lanes, int(by_place))
        yield lowering.step(chain, "standardised", shape, read, numbers=numbers, weights="own")


def responses(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Local response normalisation, where the power is made of square roots and neighbours are a block away at most."""
    size, quarters = step.numbers["size"], 4 * step.numbers["beta"]
    if size <= 2 * BLOCK + 1 and quarters in (1, 2, 3, 4):
        shape = (lowering.lanes, size // 2, (size - 1) // 2, int(quarters))
        numbers = {"factor": step.numbers["alpha"] / size, "bias": step.numbers["bias"]}
        yield lowering.step(chain, "responses", shape, Access(lowering.maps[step.reads[0]]), numbers=numbers)


def dealt(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Channels to places and back, or shuffled."""
    order = DEALT.index(step.kernel)
    deep, *factor = step.numbers.get("factor", (1, step.numbers.get("groups"), 1))
    if deep == 1:
        read = Access(lowering.maps[step.reads[0]])
        yield lowering.step(chain, "dealt", (order,), read, numbers=dict(zip(("ky", "kx"), factor, strict=True)))


def bordered(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A pad of zeros or a crop: the same map, read from within its halo or from further inside; other pads are made."""
    sides, repeated = border(step), None if step.kernel == "crop" else filled(lowering, step)
    if repeated is not None and chain == Chain(chain.nodes):
        yield replace(repeated[0], nodes=chain.nodes, writes=Access(lowering.maps[chain.last]))
    elif repeated is not None:
        yield repeated[0]
        yield from bordered(lowering, chain, repeated[1])
    elif sides is not None:
        top, left, below, right = *sides[0], *sides[1]
        halo = max(0, top), max(0, left), max(0, below), max(0, right)
        read = Access(lowering.maps[step.reads[0]], "blocked", halo, 0.0 if any(halo) else None)
        shape = (lowering.lanes, CODES[chain.activation], chain.mode)
        packed = "pointwise" if chain.folded else ""
        yield lowering.step(chain, "pointwise", shape, read, numbers={"top": top, "left": left}, weights=packed)


def softmax(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """It ends most nets, so it writes planes, as they are handed out."""
    last = Access(lowering.maps[chain.last], "planes")
    yield lowering.step(chain, "softmax", (), Access(lowering.maps[step.reads[0]]), writes=last)


def flatten(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """The numbers of a map as one long vector, in the order of the file."""
    read, flat = Access(lowering.maps[step.reads[0]]), Access(lowering.maps[chain.last], flat=True)
    yield lowering.step(chain, "moved", (), read, writes=flat, numbers={"order": step.numbers["order"]})


def reshape(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Only where a vector becomes another vector."""
    if prod(lowering.maps[step.reads[0]].shape[3:]) == prod(step.output[3:]) == 1:
        yield lowering.step(chain, "moved", (), Access(lowering.maps[step.reads[0]]), numbers={"order": "copy"})


def shifted(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Some neighbouring channels, or all of them between empty ones."""
    shift = step.numbers["first"] if step.kernel == "slice" else -step.numbers["ahead"]
    read = Access(lowering.maps[step.reads[0]])
    yield lowering.step(chain, "spliced", (lowering.lanes,), read, numbers={"shift": shift})


def upsample(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Each pixel several times, or pixels drawn between them."""
    deep, down, across = step.numbers["factor"]
    if deep == 1:
        kernel, shape = ("enlarged", ()) if step.numbers["mode"] == "nearest" else ("drawn", (lowering.lanes,))
        read = Access(lowering.maps[step.reads[0]])
        yield lowering.step(chain, kernel, shape, read, numbers={"ky": down, "kx": across})

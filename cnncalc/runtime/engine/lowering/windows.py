"""Layers whose windows see one channel at a time: depthwise convolutions and pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

from cnncalc.runtime.engine.fusing import Chain
from cnncalc.runtime.engine.lowering.base import CODES, Lowering, sliding_window, zero_fill
from cnncalc.runtime.engine.lowering.convolutions import direct_shape
from cnncalc.runtime.engine.nouns import BLOCK, Access, EngineStep, Fill, Map
from cnncalc.runtime.engine.tiling import columns_for
from cnncalc.runtime.planning import Step

DEPTHWISE, LARGEST, AVERAGE = range(3)


def dwconv(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """One filter for each channel; more of them have no kernel here."""
    source, target = lowering.maps[step.reads[0]], lowering.maps[chain.last]
    window = sliding_window(step, source, target)
    if window is None or not zero_fill(step) or step.numbers["multiplier"] != 1:
        return
    halo, numbers = window
    numbers["flip"] = step.numbers["flip"]
    read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
    yield lowering.step(
        chain,
        "windows",
        window_shape(lowering, target, numbers, DEPTHWISE, CODES[chain.activation]),
        read,
        numbers=numbers,
        weights="depthwise",
    )


def subsample(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A depthwise convolution whose taps all weigh the same."""
    source, target = lowering.maps[step.reads[0]], lowering.maps[chain.last]
    window = sliding_window(step, source, target)
    if window is not None:
        halo, numbers = window
        numbers["flip"] = False
        shape = window_shape(lowering, target, numbers, DEPTHWISE, CODES[chain.activation])
        read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
        yield lowering.step(chain, "windows", shape, read, numbers=numbers, weights="depthwise_of_sums")


def window_shape(lowering: Lowering, target: Map, numbers: Mapping[str, int], mode: int, code: int) -> tuple[int, ...]:
    """The tile of a window that sees one channel, over a blocked map."""
    columns = columns_for(target.shape[4], REGISTERS_OF_WINDOWS[lowering.lanes])
    return (columns, numbers["kx"], numbers["sx"] * BLOCK, numbers["dx"] * BLOCK, lowering.lanes, mode, code)


REGISTERS_OF_WINDOWS = {16: 14, 8: 7, 4: 14}
"""Lanes -> outputs in flight in a depthwise convolution or a pool."""


def sepconv(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A depthwise convolution into a map of its own, and a 1x1 convolution over that."""
    source, target = lowering.maps[step.reads[0]], lowering.maps[chain.last]
    window = sliding_window(step, source, target)
    if window is None or not zero_fill(step) or step.numbers["multiplier"] != 1:
        return
    middle = lowering.new_map(step.node, (*source.shape[:2], *target.shape[2:]))
    halo, numbers = window
    read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
    yield EngineStep(
        "windows",
        window_shape(lowering, target, numbers, DEPTHWISE, 0),
        (step.node,),
        (read,),
        Access(middle),
        {**numbers, "flip": False},
        "depthwise_of_separable",
    )
    mixing = {**dict.fromkeys(("ky", "kx", "sy", "sx", "dy", "dx"), 1), "top": 0, "left": 0, "flip": False}
    mixing |= {"seen": middle.channels, "groups": 1}
    yield lowering.step(
        chain,
        "convolution",
        direct_shape(lowering, chain, target, mixing),
        Access(middle),
        numbers=mixing,
        weights="mixing",
    )


def pool(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """The largest or the mean of each window.

    Only a maximum over negative numbers needs a halo of -inf; zeros from a pad before the pool (`fill`) all count.
    """
    source, target = lowering.maps[step.reads[0]], lowering.maps[chain.last]
    window = sliding_window(step, source, target)
    if window is None:
        return
    halo, numbers = window
    largest = step.kernel == "maxpool"
    zeros = "fill" in step.numbers
    fill: Fill = 0.0 if not largest or zeros or source.key in lowering.nonnegative else -inf
    counting = "inside" if step.kernel == "avgpool" and not step.numbers["countpad"] and not zeros else "padded"
    more = {} if largest else {"counting": "one" if step.kernel == "sumpool" else counting}
    shape = window_shape(lowering, target, numbers, LARGEST if largest else AVERAGE, 0)
    read = Access(source, "blocked", halo, fill if any(halo) else None)
    after = step.numbers["after"][1:]
    yield lowering.step(chain, "windows", shape, read, numbers={**numbers, **more, "after": after})


def region_pool(lowering: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Global pools, whose only region is the whole map, and adaptive ones."""
    mode = LARGEST if step.kernel.endswith("maxpool") else AVERAGE
    yield lowering.step(chain, "regions", (lowering.lanes, mode), Access(lowering.maps[step.reads[0]]))

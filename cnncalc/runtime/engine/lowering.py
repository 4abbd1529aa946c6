"""Names a kernel of the engine for each chain of operations, and says what it wants to find where.

What has no fast kernel (more than two spatial axes, other fills, normalisations over places, tables of connections)
becomes a step of the readable kernel between two changes of layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, prod
from typing import Any

from cnncalc.runtime.engine.fusing import Chain
from cnncalc.runtime.engine.nouns import BLOCK, Access, EngineStep, Fill, Halo, Map
from cnncalc.runtime.engine.tiling import columns_for, tile_of, vectors_for
from cnncalc.runtime.engine.winograd import pays_winograd, winograd_shape
from cnncalc.runtime.planning import Step

CODES = {
    name: code for code, name in enumerate(("clamp", "leaky", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid"))
}
"""Activations as kernels number them (`cnncalc.kernels.engine.vectors.ACTIVATIONS`)."""

DEPTHWISE, LARGEST, AVERAGE = range(3)


class Lowering:
    """Lowers chain after chain; `maps` are the results so far, by node."""

    def __init__(
        self, steps: Sequence[Step], lanes: int, threads: int, *, direct: bool, pictures: frozenset[int]
    ) -> None:
        self.steps, self.lanes, self.threads, self.direct, self.pictures = steps, lanes, threads, direct, pictures
        self.maps = {step.node: Map(step.node, step.output) for step in steps}
        self.nonnegative: set[int] = set()

    def lowered(self, chain: Chain) -> Iterator[EngineStep]:
        """The steps of one chain: one, or two for a separable convolution, or one for each tap of a transposed one."""
        first = self.steps[chain.nodes[0]]
        lower = LOWERINGS.get(first.kernel)
        found = list(lower(self, chain, first)) if lower is not None and _is_flat_map(first, self.steps) else []
        if found:
            yield from found
        else:
            yield from self._readable(chain)

    def step(self, chain: Chain, kernel: str, shape: tuple[int, ...], read: Access, **more: Any) -> EngineStep:
        """A step that does the whole chain; a residual is read as a second map."""
        reads = (read,) if chain.residual is None else (read, Access(self.maps[chain.residual]))
        return EngineStep(
            kernel,
            shape,
            chain.nodes,
            more.pop("reads", reads),
            more.pop("writes", Access(self.maps[chain.last])),
            folded=chain.folded,
            activation=chain.activation,
            low=chain.low,
            high=chain.high,
            residual=chain.mode,
            **more,
        )

    def _readable(self, chain: Chain) -> Iterator[EngineStep]:
        """Each node of the chain by itself, by the kernel that anybody can read."""
        for node in chain.nodes:
            step = self.steps[node]
            reads = tuple(Access(self.maps[read], "planes") for read in step.reads)
            yield EngineStep("readable", (), (node,), reads, Access(self.maps[node], "planes"))


def _is_flat_map(step: Step, steps: Sequence[Step]) -> bool:
    """Whether everything has at most two spatial axes."""
    return step.output[2] == 1 and all(steps[read].output[2] == 1 for read in step.reads)


def _window(step: Step, source: Map, target: Map) -> tuple[Halo, dict[str, int]] | None:
    """The halo that a sliding window needs, and its numbers on the two axes; None where it moves in depth."""
    n = step.numbers
    if any(n[name][0] != neutral for name, neutral in (("kernel", 1), ("before", 0), ("after", 0))):
        return None
    (_, ky, kx), (_, sy, sx), (_, dy, dx) = n["kernel"], n["stride"], n["dilation"]
    (_, top, left), (height, width), (_, _, _, h, w) = n["before"], target.shape[3:], source.shape
    below = max(0, (height - 1) * sy + dy * (ky - 1) + 1 - top - h)
    right = max(0, (width - 1) * sx + dx * (kx - 1) + 1 - left - w)
    numbers = {"ky": ky, "kx": kx, "sy": sy, "sx": sx, "dy": dy, "dx": dx, "top": top, "left": left}
    return (top, left, below, right), numbers


def _zero_fill(step: Step) -> bool:
    padded = any(step.numbers["before"]) or any(step.numbers["after"])
    return step.numbers["fill"] == "zeros" or not padded


def _conv(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    window = _window(step, source, target)
    if window is None or not _zero_fill(step):
        return
    halo, numbers = window
    groups, filters = step.numbers["groups"], target.channels
    numbers |= {"seen": source.channels // groups, "groups": groups, "flip": step.numbers["flip"]}
    if groups > 1:
        yield from _grouped(self, chain, Access(source, "blocked", halo, 0.0), numbers)
        return
    if source.key in self.pictures and source.channels < BLOCK:
        # One tap at a time: LLVM would keep inputs that neighbouring windows share in registers, and spill the sums.
        vectors = vectors_for(self.lanes, filters)
        tile = tile_of(*target.shape[3:], vectors, self.lanes)
        shape = (
            *tile,
            vectors,
            self.lanes,
            numbers["sx"],
            1,
            CODES[chain.activation],
        )
        yield self.step(
            chain, "convolution", shape, Access(source, "planes", halo, 0.0), numbers=numbers, weights="planes"
        )
        return
    read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
    if not self.direct and pays_winograd(source, target, numbers):
        product = winograd_shape(source, target, self.lanes, self.threads)
        yield self.step(
            chain,
            "winograd",
            (*product, CODES[chain.activation], chain.mode),
            read,
            numbers=numbers,
            weights="winograd",
        )
        return
    yield self.step(
        chain, "convolution", _direct_shape(self, chain, target, numbers), read, numbers=numbers, weights="blocked"
    )


def _direct_shape(
    self: Lowering, chain: Chain, target: Map, numbers: Mapping[str, int], narrow: bool = False
) -> tuple[int, ...]:
    vectors = vectors_for(self.lanes, target.channels, narrow)
    tile = tile_of(*target.shape[3:], vectors, self.lanes)
    return (*tile, vectors, self.lanes, numbers["sx"] * BLOCK, 4, CODES[chain.activation])


def _grouped(self: Lowering, chain: Chain, read: Access, numbers: dict[str, int]) -> Iterator[EngineStep]:
    """Groups of whole blocks one by one; groups smaller than a block together, with zeros between them."""
    target, groups = self.maps[chain.last], numbers["groups"]
    seen, made = numbers["seen"], target.channels // groups
    if seen % BLOCK == 0 and made % BLOCK == 0:
        shape = _direct_shape(self, chain, target, numbers, narrow=bool(made % 32))
        yield self.step(chain, "convolution", shape, read, numbers=numbers, weights="grouped")
    elif seen == made and BLOCK % seen == 0 and seen > 1:
        shape = _direct_shape(self, chain, target, numbers, narrow=True)
        yield self.step(chain, "convolution", shape, read, numbers=numbers, weights="diagonal")


def _dwconv(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    window = _window(step, source, target)
    if window is None or not _zero_fill(step) or step.numbers["multiplier"] != 1:
        return
    halo, numbers = window
    numbers["flip"] = step.numbers["flip"]
    read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
    yield self.step(
        chain,
        "windows",
        _window_shape(self, target, numbers, DEPTHWISE, CODES[chain.activation]),
        read,
        numbers=numbers,
        weights="depthwise",
    )


def _subsample(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A depthwise convolution whose taps all weigh the same."""
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    window = _window(step, source, target)
    if window is not None:
        halo, numbers = window
        numbers["flip"] = False
        shape = _window_shape(self, target, numbers, DEPTHWISE, CODES[chain.activation])
        read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
        yield self.step(chain, "windows", shape, read, numbers=numbers, weights="depthwise_of_sums")


def _connected_conv(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A convolution of all channels, with zeros where there is no connection."""
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    window = _window(step, source, target)
    if window is not None and _zero_fill(step):
        halo, numbers = window
        numbers |= {"seen": source.channels, "groups": 1, "flip": False}
        read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
        shape = _direct_shape(self, chain, target, numbers)
        yield self.step(chain, "convolution", shape, read, numbers=numbers, weights="connected")


def _window_shape(self: Lowering, target: Map, numbers: Mapping[str, int], mode: int, code: int) -> tuple[int, ...]:
    columns = columns_for(target.shape[4], REGISTERS_OF_WINDOWS[self.lanes])
    return (columns, numbers["kx"], numbers["sx"] * BLOCK, numbers["dx"] * BLOCK, self.lanes, mode, code)


REGISTERS_OF_WINDOWS = {16: 14, 8: 7, 4: 14}
"""Lanes -> outputs in flight in a depthwise convolution or a pool."""


def _sepconv(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    middle = Map(-1 - step.node, (*source.shape[:2], *target.shape[2:]))
    window = _window(step, source, target)
    if window is None or not _zero_fill(step) or step.numbers["multiplier"] != 1:
        return
    halo, numbers = window
    read = Access(source, "blocked", halo, 0.0 if any(halo) else None)
    yield EngineStep(
        "windows",
        _window_shape(self, target, numbers, DEPTHWISE, 0),
        (step.node,),
        (read,),
        Access(middle),
        {**numbers, "flip": False},
        "depthwise_of_separable",
    )
    mixing = {**dict.fromkeys(("ky", "kx", "sy", "sx", "dy", "dx"), 1), "top": 0, "left": 0, "flip": False}
    mixing |= {"seen": middle.channels, "groups": 1}
    yield self.step(
        chain,
        "convolution",
        _direct_shape(self, chain, target, mixing),
        Access(middle),
        numbers=mixing,
        weights="mixing",
    )


def _pool(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    window = _window(step, source, target)
    if window is None:
        return
    halo, numbers = window
    largest = step.kernel == "maxpool"
    fill: Fill = 0.0 if not largest or source.key in self.nonnegative else -inf
    counting = "inside" if step.kernel == "avgpool" and not step.numbers["countpad"] else "padded"
    more = {} if largest else {"counting": "one" if step.kernel == "sumpool" else counting}
    shape = _window_shape(self, target, numbers, LARGEST if largest else AVERAGE, 0)
    read = Access(source, "blocked", halo, fill if any(halo) else None)
    after = step.numbers["after"][1:]
    yield self.step(chain, "windows", shape, read, numbers={**numbers, **more, "after": after})


def _global_pool(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    source = self.maps[step.reads[0]]
    mode = LARGEST if step.kernel.endswith("maxpool") else AVERAGE
    yield self.step(chain, "whole_maps", (self.lanes, mode), Access(source))


def _adaptive_pool(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    if prod(target.shape[3:]) == 1:
        yield from _global_pool(self, chain, step)
    elif target.shape == source.shape:
        yield self.step(chain, "pointwise", (self.lanes, 0, 0), Access(source))


def _dense(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    source, target = self.maps[step.reads[0]], self.maps[chain.last]
    units = 4 if target.channels >= 4 else 1
    images = max(count for count in (1, 2, 4) if count <= target.shape[0])
    shape = (units, images, self.lanes, CODES[chain.activation])
    yield self.step(chain, "products", shape, Access(source), weights="dense")


def _pointwise(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    if step.kernel == "add" and (len(step.reads) != 2 or step.numbers["crop"] or step.reads[0] == step.reads[1]):
        return
    shape = (self.lanes, CODES[chain.activation], chain.mode)
    yield self.step(
        chain, "pointwise", shape, Access(self.maps[step.reads[0]]), weights="pointwise" if chain.folded else ""
    )


def _mul(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """A map times a vector of channels."""
    sources = [self.maps[read] for read in step.reads]
    whole = [source for source in sources if prod(source.shape[3:]) > 1]
    if len(sources) == 2 and len(whole) == 1:
        vector = next(source for source in sources if source is not whole[0])
        reads = (Access(whole[0]), Access(vector))
        yield self.step(chain, "pointwise", (self.lanes, 0, 0), reads[0], reads=reads, weights="of map")


def _softmax(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """It ends most nets, so it writes planes, as they are handed out."""
    last = Access(self.maps[chain.last], "planes")
    yield self.step(chain, "softmax", (), Access(self.maps[step.reads[0]]), writes=last)


def _flatten(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    yield self.step(chain, "moved", (), Access(self.maps[step.reads[0]]), numbers={"order": step.numbers["order"]})


def _reshape(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Only where a vector becomes another vector."""
    if prod(self.maps[step.reads[0]].shape[3:]) == prod(step.output[3:]) == 1:
        yield self.step(chain, "moved", (), Access(self.maps[step.reads[0]]), numbers={"order": "channels_first"})


def _concat(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """One copy for each input; placing leaves out those that are made in place."""
    if step.numbers["crop"] or len(chain.nodes) > 1:
        return
    channel = 0
    for read in step.reads:
        source = self.maps[read]
        kernel, shape = (
            ("moved", ()) if channel % BLOCK or source.channels % BLOCK else ("pointwise", (self.lanes, 0, 0))
        )
        yield self.step(chain, kernel, shape, Access(source), numbers={"order": "part"}, channel=channel)
        channel += source.channels


def _slice(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    yield self.step(
        chain, "moved", (), Access(self.maps[step.reads[0]]), numbers={"order": "slice", "first": step.numbers["first"]}
    )


def _upsample(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    factor = step.numbers["factor"]
    if step.numbers["mode"] == "nearest" and factor[0] == 1:
        yield self.step(
            chain, "enlarged", (), Access(self.maps[step.reads[0]]), numbers={"ky": factor[1], "kx": factor[2]}
        )


def _upconv(self: Lowering, chain: Chain, step: Step) -> Iterator[EngineStep]:
    """Kernels that do not overlap: a 1x1 convolution for each tap, which writes every stride-th pixel."""
    n, source, target = step.numbers, self.maps[step.reads[0]], self.maps[chain.last]
    apart = n["kernel"] == n["stride"] and n["dilation"] == (1, 1, 1) and n["kernel"][0] == 1
    if not apart or n["groups"] != 1 or any(n["before"]) or any(n["after"]) or any(n["output_padding"]):
        return
    one = {**dict.fromkeys(("ky", "kx", "sy", "sx", "dy", "dx"), 1), "top": 0, "left": 0, "flip": n["flip"]}
    small = replace(target, shape=(*target.shape[:3], *source.shape[3:]))
    shape = _direct_shape(self, chain, small, one)
    for y in range(n["kernel"][1]):
        for x in range(n["kernel"][2]):
            tap = {**one, "seen": source.channels, "groups": 1, "tap": (y, x), "apart": n["kernel"][1:]}
            yield self.step(chain, "convolution", shape, Access(source), numbers=tap, weights="transposed")


LOWERINGS: Mapping[str, Callable[[Lowering, Chain, Step], Iterator[EngineStep]]] = {
    "conv": _conv,
    "dwconv": _dwconv,
    "sepconv": _sepconv,
    "subsample": _subsample,
    "connected_conv": _connected_conv,
    "upconv": _upconv,
    **dict.fromkeys(("maxpool", "avgpool", "sumpool"), _pool),
    **dict.fromkeys(("global_avgpool", "global_maxpool"), _global_pool),
    **dict.fromkeys(("adaptive_avgpool", "adaptive_maxpool"), _adaptive_pool),
    "dense": _dense,
    "softmax": _softmax,
    "flatten": _flatten,
    "reshape": _reshape,
    "concat": _concat,
    "slice": _slice,
    "upsample": _upsample,
    "mul": _mul,
    **dict.fromkeys(
        (
            "bn",
            "scale",
            "times",
            "relu",
            "relu6",
            "leaky",
            "silu",
            "sigmoid",
            "tanh",
            "hardswish",
            "hardsigmoid",
            "add",
        ),
        _pointwise,
    ),
}
"""The first kernel of a chain -> how it is lowered; it yields nothing where the engine has no way."""

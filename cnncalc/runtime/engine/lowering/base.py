"""What every way of lowering needs: the results so far, the step of a chain, and the numbers of a sliding window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from cnncalc.runtime.engine.fusing import Chain
from cnncalc.runtime.engine.nouns import Access, EngineStep, Halo, Map
from cnncalc.runtime.planning import Step

CODES = {
    name: code
    for code, name in enumerate(
        (
            *("clamp", "leaky", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid"),
            *("elu", "gelu", "mish", "prelu"),
        )
    )
}
"""Activations as kernels number them (`cnncalc.kernels.engine.simd.ACTIVATIONS`)."""


class Lowering:
    """What is known while chain after chain is lowered; `maps` are the results so far, by node."""

    def __init__(
        self, steps: Sequence[Step], lanes: int, threads: int, *, direct: bool, pictures: frozenset[int]
    ) -> None:
        self.steps, self.lanes, self.threads, self.direct, self.pictures = steps, lanes, threads, direct, pictures
        self.maps = {step.node: Map(step.node, step.output, step.node) for step in steps}
        self.nonnegative: set[int] = set()
        self._on_the_way = 0

    def new_map(self, origin: int, shape: tuple[int, ...]) -> Map:
        """What is made on the way to the result of a node."""
        self._on_the_way += 1
        made = Map(-self._on_the_way, shape, origin)
        self.maps[made.key] = made
        return made

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

    def readable(self, chain: Chain) -> Iterator[EngineStep]:
        """Each node of the chain by itself, by the kernel that anybody can read."""
        for node in chain.nodes:
            step = self.steps[node]
            reads = tuple(Access(self.maps[read], "planes") for read in step.reads)
            yield EngineStep("readable", (), (node,), reads, Access(self.maps[node], "planes"))


def is_flat_map(step: Step, steps: Sequence[Step]) -> bool:
    """Whether everything has at most two spatial axes."""
    return step.output[2] == 1 and all(steps[read].output[2] == 1 for read in step.reads)


def sliding_window(step: Step, source: Map, target: Map) -> tuple[Halo, dict[str, int]] | None:
    """The halo that a sliding window needs, and its numbers on the two axes; None where it moves in depth."""
    n = step.numbers
    if any(n[name][0] != neutral for name, neutral in (("kernel", 1), ("before", 0), ("after", 0))):
        return None
    (_, ky, kx), (_, sy, sx), (_, dy, dx) = n["kernel"], n["stride"], n["dilation"]
    (_, top, left), (height, width), (_, _, _, h, w) = n["before"], target.shape[3:], source.shape
    below = max(0, (height - 1) * sy + dy * (ky - 1) + 1 - top - h)
    right = max(0, (width - 1) * sx + dx * (kx - 1) + 1 - left - w)
    numbers = {"ky": ky, "kx": kx, "sy": sy, "sx": sx, "dy": dy, "dx": dx, "top": top, "left": left}
    return (max(0, top), max(0, left), below, right), numbers


def zero_fill(step: Step) -> bool:
    """Whether what is not there counts as zero, as in a halo."""
    padded = any(step.numbers["before"]) or any(step.numbers["after"])
    return step.numbers["fill"] == "zeros" or not padded


def border(step: Step) -> tuple[list[int], list[int]] | None:
    """(rows and columns that a pad of zeros or a crop adds before, and after); None where it does something else."""
    sign = {"pad": 1, "crop": -1}.get(step.kernel, 0)
    if not sign or step.numbers.get("fill", "zeros") != "zeros":
        return None
    (deep, *before), (further, *after) = step.numbers["before"], step.numbers["after"]
    return None if deep or further else ([sign * rows for rows in before], [sign * rows for rows in after])


FILLS = ("edge", "reflect", "wrap")
"""As the kernel numbers them (`cnncalc.kernels.engine.border`)."""


def filled(lowering: Lowering, step: Step) -> tuple[EngineStep, Step] | None:
    """A border that is not zeros, in a map of its own, and the step that reads that; None where there is none."""
    n, source = step.numbers, lowering.maps[step.reads[0]]
    if n.get("fill") not in FILLS or n["before"][0] or n["after"][0] or zero_fill(step):
        return None
    spatial = (first + size + last for first, size, last in zip(n["before"], source.shape[2:], n["after"], strict=True))
    middle = lowering.new_map(step.node, (*source.shape[:2], *spatial))
    shape, numbers = (FILLS.index(n["fill"]),), {"pads": n["before"][1:]}
    made = EngineStep("bordered", shape, (), (Access(source),), Access(middle), numbers)
    none = {"before": (0, 0, 0), "after": (0, 0, 0), "fill": "zeros"}
    return made, replace(step, reads=(middle.key, *step.reads[1:]), numbers={**n, **none})


def unbordered(step: Step, steps: Sequence[Step]) -> Step:
    """A sliding window that does the pads of zeros and the crops before it itself: it begins further out or inside.

    Its own pads may hold nothing but zeros; what a crop takes away must not come back as a pad.
    """
    pools = "ceil" in step.numbers
    if "before" not in step.numbers or not (zero_fill(step) if "fill" in step.numbers else pools):
        return step
    if pools and (step.numbers["ceil"] or any(step.numbers["before"]) or any(step.numbers["after"])):
        return step
    (deep, *before), (further, *after), read = step.numbers["before"], step.numbers["after"], step.reads[0]
    while (more := border(steps[read])) is not None:
        sides = list(zip([*before, *after], [*more[0], *more[1]], strict=True))
        if any(rows > 0 and added < 0 for rows, added in sides):
            break
        (top, left, below, right), read = (rows + added for rows, added in sides), steps[read].reads[0]
        before, after = [top, left], [below, right]
    if read == step.reads[0]:
        return step
    numbers = {**step.numbers, "before": (deep, *before), "after": (further, *after), "fill": "zeros"}
    return replace(step, reads=(read, *step.reads[1:]), numbers=numbers)

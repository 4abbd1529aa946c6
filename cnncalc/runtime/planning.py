"""What a run will do, decided before an array exists: one step for each operation, and the memory it takes.

A `Plan` is data and can be printed.  Each step names its kernel and the algorithm that was chosen for it; the results
that nobody reads any more are freed after it.  It is the plan of the readable kernels (`cnncalc.runtime.execution`);
the engine makes its own of it, with fused steps, other layouts and shared memory.  No numpy, and nothing is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics import input_error
from cnncalc.geometry import Shape, lifted
from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.input import Input
from cnncalc.runtime.workspace import shares_memory, workspace

Precision = Literal["float32", "float64"]
Algorithm = Literal["auto", "direct"]
"""What may be asked for: the fastest known way, or the loops that a person could follow by hand."""

SPATIAL = (("depth", "height", "width"), ("out_depth", "out_height", "out_width"))
"""The names of spatial axes in weights, leading ones first; lower ranks leave out the leading ones."""

BYTES = {"float32": 4, "float64": 8}

INPUT = "input"
"""The word that stands for a kernel in steps that only hand over what the caller gave."""

DIRECT = frozenset({"conv"})
"""Kernels that have a second version, `NAME_direct`: plain loops in the order of the formula."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: `reads` and `frees` are indexes of nodes, which are the indexes of steps too.

    `weights` are (name, shape as the kernel wants it: spatial axes lifted to three); `output` is the predicted array
    `(n, c, z, y, x)`; `shares`: the result lies in the memory of what is read; `workspace` are the bytes that the
    kernel needs for itself while it runs.
    """

    node: int
    name: str
    kernel: str
    algorithm: str
    numbers: Mapping[str, Any]
    reads: tuple[int, ...]
    weights: tuple[tuple[str, tuple[int, ...]], ...]
    output: tuple[int, ...]
    shares: bool
    workspace: int
    frees: tuple[int, ...]
    lender: str = ""
    """The name of the node whose weights it uses; empty: its own."""

    rows: tuple[int, int] | None = None
    """Of its weights only these rows are needed, from the first to the last of them; None: all."""

    def arrays(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Its weights by their names, each as the kernel wants it, of all that are stored as `node.weight`."""
        return {name: stored[self.stored_name(name)].reshape(shape) for name, shape in self.weights}

    @property
    def kernel_numbers(self) -> Mapping[str, Any]:
        """What its kernel is told; where nothing arrives that would show it, also how many images there are."""
        return self.numbers if self.reads else {**self.numbers, "images": self.output[0]}

    def stored_name(self, weight: str) -> str:
        """Under which name a weight of this step is stored: the lender's, where there is one."""
        return f"{self.lender or self.name}.{weight}"


@dataclass(frozen=True)
class Plan:
    """Everything a run needs to know.  `peak_bytes`: weights, inputs, living results, workspace, at the worst."""

    steps: tuple[Step, ...]
    outputs: tuple[int, ...]
    batch: int
    dtype: Precision
    weight_bytes: int
    peak_bytes: int

    @property
    def stored_weights(self) -> dict[str, int]:
        """The weights that its steps use, under the names by which they are stored, with how many numbers each has."""
        return {step.stored_name(name): prod(shape) for step in self.steps for name, shape in step.weights}

    @property
    def stored_rows(self) -> dict[str, tuple[int, int]]:
        """The weights of which only some rows are used, under the names by which they are stored."""
        return {step.stored_name(name): step.rows for step in self.steps if step.rows for name, _ in step.weights}

    @property
    def table(self) -> tuple[tuple[str, ...], ...]:
        """What is printed of the steps, below its headings."""
        return ("#", "node", "kernel", "algorithm", "reads", "output", "frees"), *map(_columns, self.steps)

    @property
    def memory(self) -> str:
        """What it takes, in words."""
        return f"weights {self.weight_bytes:,} bytes, at most {self.peak_bytes:,} bytes in all"

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self.table, strict=True)]
        rows = ["  ".join(w.ljust(width) for w, width in zip(row, widths, strict=True)).rstrip() for row in self.table]
        head = f"plan for {self.batch} image{'s' if self.batch > 1 else ''} in {self.dtype}"
        return "\n".join([head, *rows, self.memory])


def plan(
    analysis: Analysis,
    batch: int = 1,
    dtype: Precision | None = None,
    algorithm: Algorithm = "auto",
    outputs: tuple[int, ...] | None = None,
) -> Plan:
    """The plan for `batch` images.  Without a `dtype`: float64 where a person checks by hand, else float32.

    `outputs` are other nodes than the net's own whose results are wanted, as for feature maps.
    """
    if batch < 1:
        raise input_error("batch-too-small", f"a batch of {batch} images cannot be run", help="give at least one image")
    chosen = dtype or precision(analysis)
    size = BYTES[chosen]
    wanted = analysis.graph.outputs if outputs is None else outputs
    frees = _frees(analysis.nodes, wanted)
    steps = tuple(
        _step(node, batch, size, "direct" if chosen == "float64" else algorithm, frees[i])
        for i, node in enumerate(analysis.nodes)
    )
    weight_bytes = size * sum(node.figures.total_params for node in analysis.nodes)
    return Plan(steps, wanted, batch, chosen, weight_bytes, weight_bytes + _peak(steps, size))


def part_of(whole: Plan, node: int) -> Plan:
    """The steps that one result depends on, in their order; what none of them reads any more is freed."""
    last = {node: len(whole.steps)}
    for step in reversed(whole.steps):
        if step.node in last:
            for read in step.reads:
                last.setdefault(read, step.node)
    steps = tuple(
        replace(step, frees=tuple(read for read in dict.fromkeys(step.reads) if last[read] == step.node))
        for step in whole.steps
        if step.node in last
    )
    part, size = replace(whole, steps=steps, outputs=(node,)), BYTES[whole.dtype]
    weight_bytes = size * sum(part.stored_weights.values())
    return replace(part, weight_bytes=weight_bytes, peak_bytes=weight_bytes + _peak(steps, size))


def precision(analysis: Analysis) -> Precision:
    """float64 for nets whose numbers the text states or claims (`data`, `values`), float32 for all others."""
    claims = any(answer.asked == "values" for row in analysis.graph.rows for answer in row.answers)
    stated = all(isinstance(weight.initial, tuple) for node in analysis.nodes for weight in node.weights)
    inputs = [node.node.layer for node in analysis.nodes if node.node.is_input]
    return "float64" if claims or (stated and all(map(_stated, inputs))) else "float32"


def array_shape(shape: Shape, batch: int) -> tuple[int, ...]:
    """`(n, c, z, y, x)` of a shape: missing leading axes, and all axes of a flat vector, have one place."""
    return (batch, shape.channels, *lifted(shape.spatial, 1))


def lifted_weight(weight: Weight) -> tuple[int, ...]:
    """The shape of a weight with its spatial axes lifted to depth, height, width.

    >>> lifted_weight(Weight("weight", (("filters", 6), ("channels", 1), ("height", 5), ("width", 5))))
    (6, 1, 1, 5, 5)
    """
    shape: list[int] = []
    names = {name for name, _ in weight.axes}
    for name, size in weight.axes:
        family = next((axes for axes in SPATIAL if name in axes), ())
        missing = [axis for axis in family if axis not in names]
        if family and name == next(axis for axis in family if axis in names):
            shape.extend(1 for _ in missing)
        shape.append(size)
    return tuple(shape)


def _step(node: NodeAnalysis, batch: int, size: int, algorithm: str, frees: tuple[int, ...]) -> Step:
    place, output = node.node, array_shape(node.output, batch)
    if place.is_input:
        return Step(place.index, place.name, INPUT, "-", _stated(place.layer), (), (), output, False, 0, frees)
    call = place.layer.kernel_call(node.inputs)
    alone = {"dtype": next(kind for kind, each in BYTES.items() if each == size)}
    arriving = [array_shape(shape, batch) for shape in node.inputs]
    return Step(
        place.index,
        place.name,
        call.kernel,
        algorithm if call.kernel in DIRECT else "auto",
        call.numbers if place.inputs else {**call.numbers, **alone},
        place.inputs,
        tuple((weight.name, lifted_weight(weight)) for weight in node.weights),
        output,
        shares_memory(call.kernel, call.numbers, batch),
        size * workspace(call.kernel, call.numbers, arriving, output),
        frees,
        "" if node.lender is None else node.lender.name,
    )


def _stated(layer: Layer) -> dict[str, Any]:
    """The numbers of an input that the text states itself, channel by channel, row by row."""
    if not isinstance(layer, Input) or layer.data is None:
        return {}
    return {"stated": tuple(map(float, layer.data.matrix.values()))}


def _columns(step: Step) -> tuple[str, ...]:
    """What a printed plan says of a step."""
    reads, frees = (" ".join(map(str, nodes)) or "-" for nodes in (step.reads, step.frees))
    output = "x".join(map(str, step.output)) + (" (shared)" if step.shares else "")
    return str(step.node), step.name, step.kernel, step.algorithm, reads, output, frees


def _frees(nodes: Sequence[NodeAnalysis], outputs: Sequence[int]) -> list[tuple[int, ...]]:
    """For each step the results that nobody reads after it; its own where nobody reads it at all."""
    last = {node.node.index: node.node.index for node in nodes}
    for node in nodes:
        last |= dict.fromkeys(node.node.inputs, node.node.index)
    frees: list[list[int]] = [[] for _ in nodes]
    for read, reader in last.items():
        if read not in outputs:
            frees[reader].append(read)
    return [tuple(freed) for freed in frees]


def _peak(steps: Sequence[Step], size: int) -> int:
    """The most bytes alive at once besides the weights; inputs belong to the caller and stay."""
    by_node, end = {step.node: step for step in steps}, steps[-1].node + 1
    owner: dict[int, int] = {}
    for step in steps:
        owner[step.node] = owner[step.reads[0]] if step.shares else step.node
    freed_at = {freed: step.node for step in steps for freed in step.frees}
    release: dict[int, int] = {}
    for step in steps:
        held = owner[step.node]
        never = end if by_node[held].kernel == INPUT else freed_at.get(step.node, end)
        release[held] = max(release.get(held, 0), never)
    dying: dict[int, list[int]] = {}
    for held, last in release.items():
        dying.setdefault(last, []).append(held)
    alive = sum(size * prod(step.output) for step in steps if step.kernel == INPUT)
    peak = alive
    for step in steps:
        if owner[step.node] == step.node and step.kernel != INPUT:
            alive += size * prod(step.output)
        peak = max(peak, alive + step.workspace)
        alive -= sum(size * prod(by_node[held].output) for held in dying.get(step.node, ()))
    return peak

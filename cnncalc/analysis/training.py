"""What training a net takes in memory, by one stated rule: weights, gradients, optimizer state, activations.

Activations are the most there are in the forward pass: what is kept by then for the backward pass, and what is alive
then.  What is kept is PyTorch's rule (`cnncalc.layers.backward`): an array is kept once, however many layers read it
again; nothing is kept where no gradient goes.  Everything is exact, and grows with the batch as `fixed + each * batch`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple, get_args

from cnncalc.analysis.liveness import row_of_node, sources
from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.analysis.stored_bytes import BYTES, DType
from cnncalc.diagnostics import input_error

Optimizer = Literal["sgd", "momentum", "adam", "adamw"]
OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)

STATES: dict[Optimizer, int] = {"sgd": 0, "momentum": 1, "adam": 2, "adamw": 2}
"""The numbers that an optimizer keeps for each trained parameter."""

INDEX, FLAG, STATISTIC, MASTER = 8, 1, 4, 4
"""Bytes of an index of a max pool (int64), of a dropout mask's flag, of a batch statistic and of a float32 copy."""


class KeptBytes(NamedTuple):
    """What is kept for the backward pass: bytes for each image, and for the batch however large it is."""

    each: int = 0
    once: int = 0

    def of(self, batch: int) -> int:
        return self.each * batch + self.once


class TrainingMemory(NamedTuple):
    """Bytes of one training step with `batch` images.

    `weights` are params and buffers; with `mixed` precision the params are float16, and `master` is their float32 copy,
    which the optimizer works on.  `kept` is what the whole forward pass keeps for the backward pass, the `images`
    themselves apart; `by_row` has it for one image line by line.  `fullest` is the most there is in the forward pass,
    kept or alive, for each image, at the line `fullest_row`; batch statistics count from the first line on.
    """

    optimizer: Optimizer
    mixed: bool
    dtype: DType
    batch: int
    trained: int
    weights: int
    gradients: int
    master: int
    state: int
    image: int
    kept: KeptBytes
    by_row: tuple[KeptBytes, ...]
    fullest: int
    fullest_row: int

    @property
    def kept_activations(self) -> int:
        """What the backward pass reads again."""
        return self.kept.of(self.batch)

    @property
    def passing(self) -> int:
        """What there is at the fullest line more than what is kept at the end."""
        return (self.fullest - self.kept.each) * self.batch

    @property
    def activations(self) -> int:
        """The most there is in the forward pass, kept or alive."""
        return self.kept_activations + self.passing

    @property
    def images(self) -> int:
        return self.image * self.batch

    @property
    def total(self) -> int:
        return self.fixed + self.each * self.batch

    @property
    def fixed(self) -> int:
        """What does not grow with the batch."""
        return self.weights + self.gradients + self.master + self.state + self.kept.once

    @property
    def each(self) -> int:
        """What every image adds."""
        return self.image + self.fullest


def optimizer_named(name: str) -> Optimizer:
    """The optimizer of this name.  Raises InputError."""
    found = next((one for one in OPTIMIZERS if one == name), None)
    if found is None:
        listed = f"the optimizers are: {', '.join(OPTIMIZERS)}"
        raise input_error("wrong-value", f"there is no optimizer {str(name)[:40]!r}", help=listed)
    return found


def refuse_training(optimizer: str | None, dtype: DType, *, mixed: bool) -> None:
    """Raises InputError for choices that do not go together."""
    if mixed and optimizer is None:
        raise input_error(
            "training-not-asked",
            "mixed precision is about training, which was not asked for",
            help="write --train --mixed",
        )
    if mixed and dtype != "float32":
        raise input_error(
            "training-type",
            f"mixed precision has float16 and float32 numbers, not {dtype}",
            help="leave --dtype TYPE out, or --mixed",
        )
    if optimizer is not None and dtype == "int8":
        raise input_error(
            "training-type",
            "a network is not trained in int8: gradients need fractions",
            help="write --dtype float16",
        )


def training_memory(
    analysis: Analysis, optimizer: Optimizer, dtype: DType = "float32", *, mixed: bool = False, batch: int = 1
) -> TrainingMemory:
    """The memory of one training step.

    With `mixed` weights, gradients and activations are float16, buffers float32, and the optimizer keeps a float32 copy
    of the trained params: 16 bytes a param with Adam (Rajbhandari et al. 2020, ZeRO, section 3.1).
    """
    figures = analysis.totals.figures
    kind: DType = "float16" if mixed else dtype
    each, kept_there = BYTES[kind], MASTER if mixed else BYTES[kind]
    unused = sum(one.trainable_params for _, one in analysis.totals.uncalled)
    trained = figures.trainable_params - unused
    by_row = tuple(kept_by_row(analysis, kind))
    forward = _forward_bytes(analysis, by_row, kind)
    fullest = max(forward, default=0)
    return TrainingMemory(
        optimizer,
        mixed,
        kind,
        batch,
        trained,
        figures.params * each + figures.buffers * kept_there,
        trained * each,
        trained * MASTER if mixed else 0,
        trained * STATES[optimizer] * kept_there,
        each * sum(shape.elements for shape in analysis.totals.inputs),
        KeptBytes(sum(row.each for row in by_row), sum(row.once for row in by_row)),
        by_row,
        fullest,
        forward.index(fullest) if forward else 0,
    )


def kept_by_row(analysis: Analysis, dtype: DType = "float32") -> Iterator[KeptBytes]:
    """What is kept for the backward pass, line by line, each array at the line that makes it; input lines keep none."""
    learning = _learning(analysis)
    arrays = _kept_arrays(analysis, learning)
    for row in analysis.rows:
        numbers = indexes = flags = statistics = 0
        for node in row.nodes:
            if node.node.index in arrays and node.node.inputs:
                numbers += node.output.elements
            if learning[node.node.index]:
                own = node.node.layer.kept_for_backward(node.inputs)
                numbers, indexes, flags = numbers + own.numbers, indexes + own.indexes, flags + own.flags
                statistics += own.statistics
        yield KeptBytes(
            numbers * BYTES[dtype] + indexes * INDEX + flags * FLAG, statistics * max(STATISTIC, BYTES[dtype])
        )


def _forward_bytes(analysis: Analysis, kept: Sequence[KeptBytes], dtype: DType) -> list[int]:
    """What there is of one image while each line is computed: all that is kept so far, and what else is alive.

    An array is alive from the line that makes it to the last that reads it, the net's outputs to the end, as in
    `liveness`; the images are not among them.
    """
    graph, rows = analysis.graph, row_of_node(analysis.graph)
    owner, kept_arrays = _owners(analysis), _kept_arrays(analysis, _learning(analysis))
    last: dict[int, int] = {}
    for row in graph.rows:
        last[owner[row.last]] = row.index
        last.update((owner[node], row.index) for node in sources(graph, row))
    last.update((owner[node], len(graph.rows)) for node in graph.outputs)
    change = [0] * (len(graph.rows) + 2)
    for array, end in last.items():
        if graph.nodes[array].inputs and array not in kept_arrays:
            change[rows[array]] += graph.nodes[array].output.elements * BYTES[dtype]
            change[end + 1] -= graph.nodes[array].output.elements * BYTES[dtype]
    return list(accumulate(more + line.each for more, line in zip(change, kept, strict=False)))


def _is_trained(node: NodeAnalysis) -> bool:
    frozen = node.node.frozen | (node.lender.frozen if node.lender is not None else frozenset())
    return any(weight.trainable and weight.name not in frozen for weight in node.weights)


def _learning(analysis: Analysis) -> list[bool]:
    """Whether a gradient goes through each node: its weights are trained, or those of a node before it."""
    found: list[bool] = []
    for node in analysis.nodes:
        found.append(_is_trained(node) or any(found[i] for i in node.node.inputs))
    return found


def _owners(analysis: Analysis) -> list[int]:
    """For each node the one whose array its output lies in; dropout writes an array of its own while it trains."""
    owner: list[int] = []
    for node in analysis.nodes:
        looks = (
            node.node.inputs and node.node.layer.is_view and not node.node.layer.kept_for_backward(node.inputs).flags
        )
        owner.append(owner[node.node.inputs[0]] if looks else node.node.index)
    return owner


def _kept_arrays(analysis: Analysis, learning: Sequence[bool]) -> set[int]:
    """The nodes whose outputs are kept."""
    owner, found = _owners(analysis), set[int]()
    for node in analysis.nodes:
        if not learning[node.node.index]:
            continue
        kept = node.node.layer.kept_for_backward(node.inputs)
        if kept.inputs and (_is_trained(node) or not kept.only_for_weights):
            found.update(owner[i] for i in node.node.inputs)
        if kept.output:
            found.add(owner[node.node.index])
    return found

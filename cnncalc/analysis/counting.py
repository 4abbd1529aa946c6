"""Parameters, buffers, work, connections and activations: sums over what the layers declare.

Every figure is an exact whole number.  A layer is asked once for each distinct (layer, input shapes), since repeated
blocks repeat; sums over rows and groups come from running totals, so the time is linear in the number of nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from cnncalc.analysis.model import Figures
from cnncalc.geometry import Shape, Window
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import ChannelSight, Cost, Layer, Notice, Weight

Counts = tuple[int, ...]
"""params, buffers, connections, activation size, the fields of Cost, moved numbers, frozen params: what adds up."""

NOTHING: Counts = (0,) * 12


class Facts(NamedTuple):
    """What a layer says about itself for the shapes that arrive, asked once."""

    weights: tuple[Weight, ...]
    cost: Cost
    connections: int
    windows: tuple[Window | None, ...]
    notices: tuple[Notice, ...]
    channels: ChannelSight

    @property
    def stored(self) -> int:
        """All numbers of its weights, trained or not."""
        return sum(weight.count for weight in self.weights)

    def counts(self, activation_size: int, batch: int, moved: int, *, frozen: bool) -> Counts:
        """Everything that adds up, for a batch of images; parameters do not grow with it."""
        params = sum(weight.count for weight in self.weights if weight.trainable)
        work = (self.cost.macs, self.cost.add, self.cost.compare, self.cost.exp, self.cost.divide, self.cost.multiply)
        grown = (n * batch for n in (self.connections, activation_size, *work))
        return (params, self.stored - params, *grown, moved, params if frozen else 0)


def facts_by_node(graph: Graph) -> list[Facts]:
    """The facts of every node, in order."""
    known: dict[tuple[Layer, tuple[Shape, ...]], Facts] = {}
    found = []
    for node in graph.nodes:
        key = (node.layer, input_shapes(graph, node))
        if key not in known:
            known[key] = facts_of(*key)
        found.append(known[key])
    return found


def facts_of(layer: Layer, inputs: tuple[Shape, ...]) -> Facts:
    """What a layer says about itself for these inputs."""
    return Facts(
        layer.weights(inputs),
        layer.cost(inputs),
        layer.connections(inputs),
        layer.windows(inputs),
        layer.notices(inputs),
        layer.channel_sight(inputs),
    )


Known = dict[tuple[Layer, tuple[Shape, ...]], Facts]
"""What layers have said of themselves, with the shapes that arrived."""


def net_figures(graph: Graph, known: Known | None = None) -> Figures:
    """The params, buffers and cost of a whole net, without the rest of its analysis: all else is 0 here.

    `known` is filled and may be given again for other nets with the same layers.
    """
    whole = figures(added(_weights_and_work(graph, {} if known is None else known)))
    return with_numbers_of(whole, (others for _, others in uncalled(graph)))


def figures_by_node(graph: Graph) -> list[Figures]:
    """The params, buffers and cost of every node alone."""
    return [figures(counts) for counts in _weights_and_work(graph, {})]


def _weights_and_work(graph: Graph, known: Known) -> list[Counts]:
    found = []
    for node in graph.nodes:
        key = (node.layer, input_shapes(graph, node))
        if key not in known:
            known[key] = Facts(key[0].weights(key[1]), key[0].cost(key[1]), 0, (), (), "own")
        counts = known[key].counts(0, 1, 0, frozen=node.frozen)
        found.append(counts if node.shares is None else without_weights(counts))
    return found


def input_shapes(graph: Graph, node: Node) -> tuple[Shape, ...]:
    """The shapes that arrive at a node."""
    return tuple(graph.nodes[i].output for i in node.inputs)


def figures(counts: Counts) -> Figures:
    """Summed counts under their names."""
    params, buffers, connections, activation_size, *work, moved, frozen = counts
    return Figures(params, buffers, Cost(*work), connections, activation_size, frozen, moved)


def added(counts: Iterable[Counts]) -> Counts:
    """The sum of several counts."""
    return tuple(map(sum, zip(*counts, strict=True))) or NOTHING


def with_activation(counts: Counts, activation_size: int) -> Counts:
    """The same counts for another activation size: a row holds only its last node's output, a view in a sum nothing."""
    return (*counts[:3], activation_size, *counts[4:])


def with_moved(counts: Counts, moved: int) -> Counts:
    """The same counts for another number of moved numbers: a row's words work on what is moved once."""
    return (*counts[:-2], moved, counts[-1])


def without_weights(counts: Counts) -> Counts:
    """The same counts for a node that uses the weights of another: they are counted there."""
    return (0, 0, *counts[2:-1], 0)


def uncalled(graph: Graph) -> tuple[tuple[str, Figures], ...]:
    """What a program makes and never calls, by path: it has numbers and does no work."""
    return tuple((name, figures((params, buffers, *NOTHING[2:]))) for name, params, buffers in graph.uncalled)


def with_numbers_of(whole: Figures, others: Iterable[Figures]) -> Figures:
    """The figures of a whole net that holds the params and buffers of these as well."""
    for other in others:
        whole = whole._replace(params=whole.params + other.params, buffers=whole.buffers + other.buffers)
    return whole


def running_totals(counts: Sequence[Counts]) -> list[Counts]:
    """The sums of the first 0, 1, 2 ... counts: the sum of any stretch is a difference of two of them."""
    return list(accumulate(counts, lambda so_far, more: tuple(map(int.__add__, so_far, more)), initial=NOTHING))


def between(totals: Sequence[Counts], first: int, last: int) -> Counts:
    """The sum from `first` to `last`, both included; nothing when `last < first`."""
    return tuple(b - a for a, b in zip(totals[first], totals[max(first, last + 1)], strict=True))

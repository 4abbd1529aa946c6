"""Parameters, buffers, work, connections and activations: sums over what the layers declare.

Every figure is an exact whole number.  A layer is asked once for each distinct (layer, input shapes), since repeated
blocks repeat; sums over rows and groups come from running totals, so the time is linear in the number of nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate
from typing import NamedTuple

from cnncalc.analysis.framework_params import more_params
from cnncalc.analysis.model import Figures
from cnncalc.geometry import Shape, Window
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import ChannelSight, Cost, Layer, Notice, Weight, learned, learned_of

Counts = tuple[int, ...]
"""What adds up: params, buffers, connections, activation size, the fields of Cost, connections as dense layers, moved
numbers; then what a node that uses another's weights has none of: frozen params, what PyTorch and Caffe count beyond
these params, and the params as locally connected and as dense layers."""

_WEIGHTS_AGAIN = 12
"""Where the last part begins."""

NOTHING: Counts = (0,) * (_WEIGHTS_AGAIN + 5)


Others = Callable[[Layer, tuple[Shape, ...]], tuple[int, int, int]]
"""What other layers in the place of one would count (`cnncalc.analysis.alternatives.by_other_layers`)."""


class Elsewhere(NamedTuple):
    """What a layer's numbers would be elsewhere: in a framework that counts more, or as other layers.

    A layer that no other could replace keeps its numbers.  They are 0 where nobody asked for other layers.
    """

    torch_more: int = 0
    caffe_more: int = 0
    local_params: int = 0
    dense_params: int = 0
    dense_connections: int = 0


class Facts(NamedTuple):
    """What a layer says about itself for the shapes that arrive, asked once."""

    weights: tuple[Weight, ...]
    cost: Cost
    connections: int
    windows: tuple[Window | None, ...]
    notices: tuple[Notice, ...]
    channels: ChannelSight
    elsewhere: Elsewhere
    stored: int
    """All numbers of its weights, trained or not."""
    params: int
    """Those that are learned."""

    def counts(self, activation_size: int, batch: int, moved: int, frozen: AbstractSet[str]) -> Counts:
        """Everything that adds up, for a batch of images; parameters do not grow with it."""
        work = (self.cost.macs, self.cost.add, self.cost.compare, self.cost.exp, self.cost.divide, self.cost.multiply)
        there = self.elsewhere
        grown = (n * batch for n in (self.connections, activation_size, *work, there.dense_connections))
        again = (there.torch_more, there.caffe_more, there.local_params, there.dense_params)
        held = learned_of(self.weights, frozen) if frozen else 0
        return (self.params, self.stored - self.params, *grown, moved, held, *again)


def facts_by_node(graph: Graph, others: Others | None = None) -> list[Facts]:
    """The facts of every node, in order; with `others` also what other layers would count in their place."""
    known: dict[tuple[Layer, tuple[Shape, ...]], Facts] = {}
    same: dict[tuple[int, ...], Facts] = {}
    found = []
    for node in graph.nodes:
        inputs = input_shapes(graph, node)
        identity = (id(node.layer), *map(id, inputs))
        if identity not in same:  # the same objects, as most are, are found sooner than equal ones
            key = (node.layer, inputs)
            same[identity] = known[key] = known.get(key) or facts_of(*key, others)
        found.append(same[identity])
    return found


def facts_of(layer: Layer, inputs: tuple[Shape, ...], others: Others | None = None) -> Facts:
    """What a layer says about itself for these inputs."""
    weights = layer.weights(inputs)
    return Facts(
        weights,
        layer.cost(inputs),
        layer.connections(inputs),
        layer.windows(inputs),
        layer.notices(inputs),
        layer.channel_sight(inputs),
        _elsewhere(layer, weights, others(layer, inputs) if others else (0, 0, 0)),
        _stored(weights),
        learned(weights),
    )


def _stored(weights: tuple[Weight, ...]) -> int:
    return sum(weight.count for weight in weights)


def _elsewhere(layer: Layer, weights: tuple[Weight, ...], others: tuple[int, int, int] = (0, 0, 0)) -> Elsewhere:
    buffers = _stored(weights) - learned(weights)
    return Elsewhere(more_params(layer, weights, "pytorch"), more_params(layer, weights, "caffe") - buffers, *others)


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
            weights = key[0].weights(key[1])
            there, sums = _elsewhere(key[0], weights), (_stored(weights), learned(weights))
            known[key] = Facts(weights, key[0].cost(key[1]), 0, (), (), "own", there, *sums)
        counts = known[key].counts(0, 1, 0, node.frozen)
        found.append(counts if node.shares is None else without_weights(counts))
    return found


def input_shapes(graph: Graph, node: Node) -> tuple[Shape, ...]:
    """The shapes that arrive at a node."""
    return tuple(graph.nodes[i].output for i in node.inputs)


def figures(counts: Counts) -> Figures:
    """Summed counts under their names."""
    params, buffers, connections, activation_size = counts[:4]
    dense_connections, moved, frozen, torch_more, caffe_more, local_params, dense_params = counts[10:]
    return Figures(
        params,
        buffers,
        Cost(*counts[4:10]),
        connections,
        activation_size,
        frozen,
        moved,
        torch_more=torch_more,
        caffe_more=caffe_more,
        local_params=local_params,
        dense_params=dense_params,
        dense_connections=dense_connections,
    )


def added(counts: Iterable[Counts]) -> Counts:
    """The sum of several counts."""
    return tuple(map(sum, zip(*counts, strict=True))) or NOTHING


def with_activation(counts: Counts, activation_size: int) -> Counts:
    """The same counts for another activation size: a row holds only its last node's output, a view in a sum nothing."""
    return (*counts[:3], activation_size, *counts[4:])


def with_moved(counts: Counts, moved: int) -> Counts:
    """The same counts for another number of moved numbers: a row's words work on what is moved once."""
    return (*counts[: _WEIGHTS_AGAIN - 1], moved, *counts[_WEIGHTS_AGAIN:])


def without_weights(counts: Counts) -> Counts:
    """The same counts for a node that uses the weights of another: they are counted there."""
    return (0, 0, *counts[2:_WEIGHTS_AGAIN], *NOTHING[_WEIGHTS_AGAIN:])


def uncalled(graph: Graph) -> tuple[tuple[str, Figures], ...]:
    """What a program makes and never calls, by path: it has numbers and does no work."""
    return tuple(
        (name, Figures(params, buffers, Cost(), 0, 0, frozen)) for name, params, buffers, frozen in graph.uncalled
    )


def with_numbers_of(whole: Figures, others: Iterable[Figures]) -> Figures:
    """The figures of a whole net that holds the params and buffers of these as well."""
    for other in others:
        whole = whole._replace(
            params=whole.params + other.params,
            buffers=whole.buffers + other.buffers,
            frozen=whole.frozen + other.frozen,
        )
    return whole


def running_totals(counts: Sequence[Counts]) -> list[Counts]:
    """The sums of the first 0, 1, 2 ... counts: the sum of any stretch is a difference of two of them."""
    return list(accumulate(counts, lambda so_far, more: tuple(map(int.__add__, so_far, more)), initial=NOTHING))


def between(totals: Sequence[Counts], first: int, last: int) -> Counts:
    """The sum from `first` to `last`, both included; nothing when `last < first`."""
    return tuple(b - a for a, b in zip(totals[first], totals[max(first, last + 1)], strict=True))

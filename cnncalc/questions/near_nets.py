"""The nets that a published number may be about instead: this one with a single thing different.

Each is made of the net itself (`rebuilt_nets`, or its text read with other settings), so that no number here has a
formula of its own.  What a number then is, and whether it is the one that was stated, is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import InputError
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.depthwise import DepthwiseConv
from cnncalc.layers.input import Input
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.net_files import checked
from cnncalc.questions.rebuilt_nets import Rebuilt, ancestors, readers, rebuilt, unchanged
from cnncalc.spec.document import Let

USUAL_SIZES = (224, 227, 256, 299, 320, 384, 416, 512, 608, 640, 28, 32, 64, 96, 128, 160, 192, 240, 260, 288, 300, 331)
"""Sides of the pictures that published numbers are about, the most usual first."""

SIDES = range(32, 1025)
"""Sides among which the one that gives a number is searched."""

CLASSES = (1000, 10, 100, 1001, 21, 2, 365, 21841)
"""How many classes published nets have, the most usual first."""

WIDTHS = ("0.25", "0.35", "0.5", "0.75", "1", "1.25", "1.3", "1.4", "1.5", "2")
WIDTH_NAMES = ("alpha", "width", "width_multiplier", "width_mult", "multiplier", "w", "widen", "k")
"""Constants of a text (`let alpha = 1`) that make it wider or narrower, and the values of published nets."""

BATCHES = (2, 4, 8, 16, 32, 64, 128, 256)


class NearNet(NamedTuple):
    """A net with one thing different.

    `claim` says it as the end of a sentence (`with a bias in every convolution`); `rank` is how far-fetched it is, from
    3; `options` are those of the command line that make the same net, where there are some.
    """

    rank: float
    claim: str
    net: Rebuilt
    options: str = ""


Made = Iterator[NearNet | None]


def near_nets(graph: Graph, input_size: str | None, settings: Mapping[str, str]) -> Iterator[NearNet]:
    """Every net with one thing different that can be made of this one, the likeliest kinds first."""
    kinds = (_strides, _heads, _tops, _norms, _biases, _classes, _plain)
    for kind in kinds:
        yield from filter(None, kind(graph))
    yield from _widths(graph, input_size, settings)


def _near(rank: float, claim: str, net: Rebuilt | None, options: str = "") -> NearNet | None:
    return None if net is None else NearNet(rank, claim, net, options)


def _changed(
    graph: Graph, layers: Mapping[int, tuple[Layer, ...]], kept: Iterable[int] | None = None
) -> Rebuilt | None:
    """The net with these nodes replaced; None where nothing is."""
    if not layers and kept is None:
        return None
    return rebuilt(graph, lambda node: layers.get(node.index, (node.layer,)), kept)


# ---------------------------------------------------------------------- other sizes of the picture
def side_of(graph: Graph) -> int | None:
    """The side of the square pictures that the net reads; None where it reads anything else."""
    shapes = [node.output for node in graph.nodes if node.is_input]
    spatial = shapes[0].spatial if len(shapes) == 1 else ()
    return spatial[0] if len(spatial) == 2 and spatial[0] == spatial[1] else None


def with_usual_sides(graph: Graph) -> Iterator[NearNet]:
    """The net on square pictures of the sizes that published numbers are about."""
    yield from filter(None, (with_side(graph, side) for side in USUAL_SIZES))


def with_side(graph: Graph, side: int) -> NearNet | None:
    """The net on square pictures of another size; None where its layers do not fit them."""
    if side_of(graph) in (None, side):
        return None
    node = next(node for node in graph.nodes if node.is_input)
    layer = node.layer
    if not isinstance(layer, Input) or layer.size is None:
        return None
    size = _other_side(layer, side)
    rank = 3.6 if side in USUAL_SIZES else 5.0
    net = _changed(graph, {node.index: (replace(layer, size=size),)})
    return _near(rank, f"at {side}x{side}", net, f"--input {side}")


def _other_side(layer: Input, side: int) -> tuple[int, ...]:
    size = layer.size or ()
    if len(size) == 2:
        return (side, side)
    return (size[0], side, side) if size[1] == size[2] != size[0] else (side, side, size[2])


# ---------------------------------------------------------------------- what one layer has otherwise
def _strides(graph: Graph) -> Made:
    """The stride of each bottleneck on the other of its first two convolutions (1x1, then 3x3, then 1x1)."""
    reads = readers(graph)
    to_small, to_large, kernel = dict[int, tuple[Layer, ...]](), dict[int, tuple[Layer, ...]](), ""
    for small, large in _bottlenecks(graph, reads):
        before, after = small.layer, large.layer
        assert isinstance(before, Conv)
        assert isinstance(after, Conv)
        swapped = {
            small.index: (replace(before, stride=after.stride),),
            large.index: (replace(after, stride=before.stride),),
        }
        if max(after.stride) > max(before.stride) == 1:
            to_small |= swapped
        elif max(before.stride) > max(after.stride) == 1:
            to_large |= swapped
        kernel = "x".join(map(str, after.kernels(large.output.rank)))
    yield _near(3.0, "with the stride on the 1x1 convolution of each bottleneck", _changed(graph, to_small))
    yield _near(3.0, f"with the stride on the {kernel} convolution of each bottleneck", _changed(graph, to_large))


def _bottlenecks(graph: Graph, reads: Mapping[int, list[int]]) -> Iterator[tuple[Node, Node]]:
    """The first two convolutions of each 1x1, kxk, 1x1."""
    for node in graph.nodes:
        if _is_pointwise(node):
            middle = _next_conv(graph, reads, node)
            last = None if middle is None else _next_conv(graph, reads, middle)
            if middle is not None and last is not None and not _is_pointwise(middle) and _is_pointwise(last):
                yield node, middle


def _is_pointwise(node: Node) -> bool:
    return isinstance(node.layer, Conv) and set(node.layer.kernels(node.output.rank)) == {1}


def _next_conv(graph: Graph, reads: Mapping[int, list[int]], node: Node) -> Node | None:
    """The convolution that alone reads what this one makes, after layers that work in place."""
    while len(following := reads.get(node.index, [])) == 1:
        node = graph.nodes[following[0]]
        if isinstance(node.layer, Conv):
            return node
        if not node.layer.in_place or len(node.inputs) > 1:
            return None
    return None


def _norms(graph: Graph) -> Made:
    norms: dict[int, tuple[Layer, ...]] = {n.index: () for n in graph.nodes if isinstance(n.layer, BatchNorm)}
    if norms:
        yield _near(3.1, "without batch norm", _changed(graph, norms))
        fed = {graph.nodes[i].inputs[0] for i in norms}
        folded = {
            i: (_with_bias(graph.nodes[i].layer, True),) for i in fed if _has_bias(graph.nodes[i].layer) is not None
        }
        yield _near(3.2, "with batch norm folded into the convolutions' biases", _changed(graph, norms | folded))
        return
    convs = [
        node for node in graph.nodes if isinstance(node.layer, SlidingWindow) and _has_bias(node.layer) is not None
    ]
    yield _near(
        3.2,
        "with batch norm after every convolution",
        _changed(graph, {n.index: (n.layer, BatchNorm()) for n in convs}),
    )


def _has_bias(layer: Layer) -> bool | None:
    """Whether it has a bias that may be left out or added; None for a layer without that choice."""
    given = getattr(layer, "weights_given", None) is not None or getattr(layer, "bias_given", None) is not None
    bias = None if given else getattr(layer, "bias", None)
    return bias if isinstance(bias, bool) else None


def _with_bias(layer: Layer, bias: bool) -> Layer:
    return replace(layer, bias=bias)  # type: ignore[type-var]


def _biases(graph: Graph) -> Made:
    def other(bias: bool, chosen: Callable[[Layer], bool]) -> Rebuilt | None:
        found = [n for n in graph.nodes if _has_bias(n.layer) is not bias and _has_bias(n.layer) is not None]
        return _changed(graph, {n.index: (_with_bias(n.layer, bias),) for n in found if chosen(n.layer)})

    yield _near(3.2, "with a bias in every convolution", other(True, lambda layer: not isinstance(layer, Dense)))
    yield _near(3.2, "without biases in the convolutions", other(False, lambda layer: not isinstance(layer, Dense)))
    yield _near(3.3, "without any bias", other(False, lambda _: True))


def _plain(graph: Graph) -> Made:
    """Grouped convolutions, depthwise ones among them, as if they were not."""
    plain = dict[int, tuple[Layer, ...]]()
    for node in graph.nodes:
        layer = node.layer
        if isinstance(layer, Conv) and layer.groups > 1:
            plain[node.index] = (replace(layer, groups=1),)
        elif isinstance(layer, DepthwiseConv) and layer.weights_given is None:
            same = {name: getattr(layer, name) for name in ("kernel_size", "stride", "padding", "dilation", "bias")}
            plain[node.index] = (Conv(filters=node.output.channels, **same),)
    yield _near(3.8, "with every grouped convolution as a plain one", _changed(graph, plain))


# ---------------------------------------------------------------------- less of the net, or another end
def _heads(graph: Graph) -> Made:
    """Without what a program makes and never calls; each output alone, where there are several."""
    if graph.uncalled:
        yield _near(3.0, "without the parts that are never called", rebuilt(replace(graph, uncalled=())))
    if len(graph.outputs) > 1:
        for index in graph.outputs[:MOST_OUTPUTS]:
            claim = f"without its other outputs than `{graph.nodes[index].name}`"
            yield _near(3.0, claim, rebuilt(graph, unchanged, ancestors(graph, index)))


MOST_OUTPUTS = 5


def _tops(graph: Graph) -> Made:
    """Without all that comes after the last map (Keras' include_top=False); without the last layer with weights."""
    end = graph.outputs[0] if len(graph.outputs) == 1 else None
    if end is None or _is_map(graph.nodes[end]):
        return
    body = max(
        (i for i in ancestors(graph, end) if _is_map(graph.nodes[i]) and not graph.nodes[i].is_input), default=None
    )
    if body is not None:
        shape = graph.nodes[body].output.text(graph.order)
        claim = f"without the top (include_top=False: it ends with {shape})"
        yield _near(3.0, claim, rebuilt(graph, unchanged, ancestors(graph, body)))
    last = _last_weighted(graph, end)
    if last is not None and last.inputs and last.inputs[0] != body:
        yield _near(3.1, "without its last layer", rebuilt(graph, unchanged, ancestors(graph, last.inputs[0])))


def _is_map(node: Node) -> bool:
    return max(node.output.spatial, default=1) > 1


def _last_weighted(graph: Graph, output: int) -> Node | None:
    """The dense layer or convolution nearest to an output, which gives a number for each class."""
    found = (graph.nodes[i] for i in sorted(ancestors(graph, output), reverse=True))
    return next((node for node in found if isinstance(node.layer, (Dense, Conv))), None)


def _classes(graph: Graph) -> Made:
    """With another number of classes."""
    last = {node.index: node for i in graph.outputs if (node := _last_weighted(graph, i)) is not None}
    counts = {node.output.channels for node in last.values()}
    given = any(_has_bias(node.layer) is None for node in last.values())
    if len(counts) != 1 or given or any(_is_map(node) for node in last.values()):
        return
    for count in CLASSES:
        if count not in counts:
            yield _near(
                3.3, f"with {count:,} classes", _changed(graph, {i: (_of(n.layer, count),) for i, n in last.items()})
            )


def _of(layer: Layer, count: int) -> Layer:
    return replace(layer, units=count) if isinstance(layer, Dense) else replace(layer, filters=count)  # type: ignore[type-var]


# ---------------------------------------------------------------------- other settings of its text
def _widths(graph: Graph, input_size: str | None, settings: Mapping[str, str]) -> Iterator[NearNet]:
    """The text with another width, where it has a constant for that."""
    statements = document.statements if (document := graph.whole_document) is not None else ()
    names = [one.name.text for one in statements if isinstance(one, Let)]
    for name in (one for one in names if one.lower() in WIDTH_NAMES):
        for value in WIDTHS:
            if value == settings.get(name):
                continue
            try:
                net = checked(graph.source, input_size, {**settings, name: value}, graph.until)
            except InputError:
                continue
            yield NearNet(3.4, f"with {name}={value}", Rebuilt(net, ()), f"--set {name}={value}")

"""A net written as Darknet's .cfg, section by section; what Darknet has no section for is refused with its line.

Every section is read again as it is written, and must give the layers that it was made of.  A layer that works on
another than the one before it gets a [route] to it, as people write it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cnncalc.diagnostics import Diagnostic, InputError
from cnncalc.dialects.darknet.cfg_detectors import DETECTORS
from cnncalc.dialects.darknet.cfg_layers import EPSILON, KINDS, reorg_layers
from cnncalc.dialects.darknet.cfg_section_list import SectionList, Written
from cnncalc.dialects.darknet.cfg_sections import (
    SECTIONS,
    NotInDarknetError,
    Options,
    activation_words,
    as_section,
)
from cnncalc.geometry import Shape
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import layer_class

LARGEST_EPSILON = 1.0001e-5
"""Darknet's own is 0.000001; up to PyTorch's the difference is too small to matter, and is said in the file."""


def write(graph: Graph) -> str:
    """The text of the .cfg; raises InputError with every line that Darknet has no section for."""
    writer = _Writer(graph)
    sections = writer.written()
    labels = {row.last: row.label for row in graph.rows if row.label}
    lines = [*writer.comments(), *_net(graph)]
    for number, section in enumerate(sections):
        label = labels.get(section.node) if section.head is not None else None
        lines += ["", *([f"# {label}"] if label and label != f"layer{number}" else []), f"[{section.name}]"]
        lines += [f"{key}={value}" for key, value in section.options.items()]
    return "\n".join(lines) + "\n"


def written_sections(graph: Graph) -> tuple[Written, ...]:
    """The sections behind [net] in the order of Darknet's numbers; raises InputError as `write` does."""
    return _Writer(graph).written()


def _net(graph: Graph) -> list[str]:
    shape = next(node.output for node in graph.nodes if node.is_input)
    sizes = {"inputs": shape.channels}
    if shape.rank:
        sizes = {"width": shape.width, "height": shape.height, "channels": shape.channels}
    return ["[net]", "batch=1", "subdivisions=1", *(f"{key}={value}" for key, value in sizes.items())]


class _Writer(SectionList):
    """Makes a section of each node that no other has taken in."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self._epsilons: set[float] = set()
        self._special: dict[str, Callable[[Node], None]] = {
            "input": self._input,
            "flatten": self._flatten,
            "identity": self.identity,
            "concat": self.concat,
            "add": self.add,
            "mul": self.mul,
            "slice": self.slice,
            "padchannels": self.filled,
            "maxpool": self._thinned,
            "rearrange": self._rearranged,
            "scale": self._cooled,
        }

    def comments(self) -> list[str]:
        """What stands above the first section."""
        found = [f"# {self.graph.heading}"] if self.graph.heading else []
        others = ", ".join(f"{value:g}" for value in sorted(self._epsilons - {EPSILON}))
        return found + ([f"# Darknet adds {EPSILON:g} to a variance, this net {others}"] if others else [])

    def written(self) -> tuple[Written, ...]:
        """All sections; raises InputError with every line that is none."""
        nodes, last = self.graph.nodes, max(self.graph.outputs)
        finds = {end for end in self.graph.outputs if nodes[end].layer.word in DETECTORS}
        faults = [
            _fault(nodes[end], "it hands out its last layer and what its detectors find, no result on the way")
            for end in self.graph.outputs
            if end != last and end not in finds and (finds or self.readers[end])
        ]
        for node in nodes:
            if node.index in self.taken:
                continue
            try:
                self._node(node)
            except NotInDarknetError as fault:
                faults.append(_fault(node, str(fault)))
                self.layer_of[node.index] = len(self.sections) - 1
        if faults:
            raise InputError(tuple(faults[:20]), self.graph.source)
        return tuple(self.sections)

    def _node(self, node: Node) -> None:
        if node.shares is not None:
            raise NotInDarknetError("its layers share no weights")
        special = self._special.get(node.layer.word)
        if special is not None:
            special(node)
        elif type(node.layer) is layer_class(node.layer.word) and node.layer.word in SECTIONS:
            self._plain(node)
        else:
            self._activation(node)

    # ------------------------------------------------------------------ layers of one input
    def _input(self, node: Node) -> None:
        if node.index and any(other.is_input for other in self.graph.nodes[: node.index]):
            raise NotInDarknetError("a net has one input")
        if node.output.rank not in (0, 2):
            raise NotInDarknetError("Darknet has pictures of a height and a width alone")
        self.layer_of[node.index] = -1

    def _plain(self, node: Node) -> None:
        """A layer with its own section, its batch norm and its activation."""
        kind, shape = SECTIONS[node.layer.word], self.shape(node)
        options = kind.options(node.layer, shape)
        chain = [node]
        if kind.activated:
            norm = self._norm_of(node)
            chain += [norm] if norm else []
            word, activated = self.word_after(chain[-1])
            chain += activated
            options = {**({"batch_normalize": "1"} if norm else {}), **options, "activation": word}
        elif node.layer.word in ("upsample", "crop"):
            chain += self._followed(node, options)
        self._verify(kind.name, options, chain, shape)
        self.arrive(node.inputs[0])
        self.put(Written(kind.name, options, node.index, chain[-1].index), *chain)

    def _norm_of(self, node: Node) -> Node | None:
        """The batch norm of a layer without a bias; a layer of Darknet has one of both."""
        if getattr(node.layer, "bias", True):
            return None
        norm = self.next(node)
        if norm is None or norm.layer.word != "bn" or node.layer.word == "local":
            raise NotInDarknetError("such a layer has a bias, or a batch norm right after it")
        return norm

    def _followed(self, node: Node, options: Options) -> list[Node]:
        """What a section has in one that is a layer of its own here: a factor, or twice the numbers less 1."""
        after = self.next(node)
        if after is None:
            return []
        factor = getattr(after.layer, "factor", None) if after.layer.word == "scale" else None
        if node.layer.word == "upsample" and factor is not None:
            options["scale"] = f"{factor:.9g}"
            return [after]
        adjusted = layer_class("affine")(factor=(2.0,), offset=(-1.0,))  # type: ignore[call-arg]
        if node.layer.word == "crop" and after.layer == adjusted:
            del options["noadjust"]
            return [after]
        return []

    def _activation(self, node: Node) -> None:
        """An activation by itself, the first of two where Darknet has a word for both."""
        second = self.next(node)
        chains = [[node, second], [node]] if second is not None else [[node]]
        for chain in chains:
            nodes = [one for one in chain if one is not None]
            word = activation_words().get(tuple(one.layer for one in nodes))
            if word is not None:
                self.arrive(node.inputs[0])
                self.put(Written("activation", {"activation": word}, node.index, nodes[-1].index), *nodes)
                return
        raise NotInDarknetError("there is no section for it")

    def _verify(self, name: str, options: Options, chain: Sequence[Node], shape: Shape) -> None:
        """Refuse a section that would not be read as these layers."""
        make = KINDS[name].make if name in KINDS else None
        if make is None:
            return
        try:
            made = [layer for layer, _ in make(as_section(name, options), shape) if layer.word != "flatten"]
        except Fault as fault:
            raise NotInDarknetError(fault.diagnostic.message) from None
        for node, again in zip(chain, made, strict=False):
            self._compare(node, again)
        if len(made) != len(chain):
            raise NotInDarknetError("a section of it would be other layers")

    def _compare(self, node: Node, again: Layer) -> None:
        layer, shape = node.layer, self.shape(node)
        if getattr(layer, "weights_given", None) is not None or getattr(layer, "bias_given", None) is not None:
            raise NotInDarknetError("no .cfg has numbers of weights in it")
        if layer.word == "bn":
            self._compare_norms(layer, again)
        elif layer.word in ("conv", "dwconv", "local"):
            alike = layer.axes(shape) == again.axes(shape)  # type: ignore[attr-defined]
            if not alike or layer.fill != "zeros" or getattr(layer, "flip", False):  # type: ignore[attr-defined]
                raise NotInDarknetError("its sections have no option for all of it")
        elif layer.word not in ("maxpool", "gap") and layer.kernel_call((shape,)) != again.kernel_call((shape,)):
            raise NotInDarknetError("its sections have no option for all of it")

    def _compare_norms(self, layer: Layer, again: Layer) -> None:
        if not (layer.scale and layer.shift):  # type: ignore[attr-defined]
            raise NotInDarknetError("a batch norm has factors and shifts")
        epsilon: float = layer.epsilon  # type: ignore[attr-defined]
        if epsilon > LARGEST_EPSILON:
            own: float = again.epsilon  # type: ignore[attr-defined]
            raise NotInDarknetError(f"it adds {own:g} to a variance, not {epsilon:g}")
        self._epsilons.add(epsilon)

    def _flatten(self, node: Node) -> None:
        """No section: Darknet reads a map as a row, its channels first; the weights behind it can be sorted."""
        shape, after = self.shape(node), self.readers[node.index]
        is_first = node.layer.order == "channels_first"  # type: ignore[attr-defined]
        if not is_first and shape.elements > shape.channels > 1 and any(one.layer.word != "dense" for one in after):
            raise NotInDarknetError("Darknet flattens with the channels first; write `flatten channels_first`")
        self.layer_of[node.index] = self.layer_of[node.inputs[0]]

    def _cooled(self, node: Node) -> None:
        """A factor right before a softmax: its temperature."""
        after, factor = self.next(node), getattr(node.layer, "factor", None)
        if after is None or after.layer.word != "softmax" or not factor:
            self._activation(node)
            return
        self.arrive(node.inputs[0])
        options = {"temperature": f"{1 / factor:.9g}", **SECTIONS["softmax"].options(after.layer, self.shape(node))}
        self.put(Written("softmax", options, node.index, after.index), node, after)

    def _rearranged(self, node: Node) -> None:
        """Darknet's reorg is three layers of ours in turn."""
        second = self.next(node)
        third = self.next(second) if second is not None else None
        shape, output = self.shape(node), node.output
        if second is not None and third is not None and shape.rank == output.rank == 2:
            stride = output.width // shape.width
            if stride > 1 and reorg_layers(stride) == [node.layer, second.layer, third.layer]:
                self.arrive(node.inputs[0])
                section = Written("reorg", {"stride": str(stride)}, node.index, third.index)
                self.put(section, node, second, third)
                return
        raise NotInDarknetError("its axes are moved in [reorg] alone, in three steps")

    def _thinned(self, node: Node) -> None:
        """Every so-manieth place of a map, which a [shortcut] to a smaller one takes by itself; or a pool."""
        shape, output = self.shape(node), node.output
        kernel, steps = set(node.layer.kernel_size), set(node.layer.stride or ())  # type: ignore[attr-defined]
        ratios = {n // keep for n, keep in zip(shape.spatial, output.spatial, strict=True)}
        if kernel == {1} and len(steps) == 1 and ratios == steps != {1} and self.is_of_a_shortcut(node):
            self.layer_of[node.index] = self.layer_of[node.inputs[0]]
        else:
            self._plain(node)


def _fault(node: Node, why: str) -> Diagnostic:
    message = f"Darknet cannot say this `{node.layer.word}`: {why}"
    advice = "`cnncalc explain darknet` lists what can be written"
    return Diagnostic("not-in-darknet", message, node.origin.span, help=advice)

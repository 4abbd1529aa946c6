"""What every op needs to lower a chain of layers: the maps so far, new ones, and the step that does the whole chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import Access, Map, Step
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.planning import Step as LayerStep


class Lowering:
    """What is known while chain after chain is lowered; `maps` are the results so far, by node."""

    def __init__(
        self, layers: Sequence[LayerStep], lanes: int, threads: int, *, direct: bool, pictures: frozenset[int]
    ) -> None:
        self.layers, self.lanes, self.threads, self.direct, self.pictures = layers, lanes, threads, direct, pictures
        self.maps = {layer.node: Map(layer.node, layer.output, layer.node) for layer in layers}
        self.nonnegative: set[int] = set()
        self._on_the_way = 0

    def new_map(self, origin: int, shape: tuple[int, ...]) -> Map:
        """What is made on the way to the result of a node."""
        self._on_the_way += 1
        made = Map(-self._on_the_way, shape, origin)
        self.maps[made.key] = made
        return made

    def source(self, layer: LayerStep) -> Map:
        """What a layer reads first."""
        return self.maps[layer.reads[0]]

    def reads_planes(self, source: Map) -> bool:
        """Whether a convolution takes a map as it arrives: a picture with its few channels."""
        return source.key in self.pictures and source.channels < BLOCK

    def step(self, op: Op, chain: Chain, read: Access, write: Access | None = None) -> Step:
        """A step that does the whole chain; a residual is read as a second map."""
        reads = (read,) if chain.residual is None else (read, Access(self.maps[chain.residual]))
        return Step(op, chain.nodes, reads, write or Access(self.maps[chain.last]))


Lower = Callable[[Lowering, Chain, LayerStep], Iterator[Step]]
"""The steps of a chain that begins with a layer; none: the op is not for this layer."""


def is_flat(layer: LayerStep, layers: Sequence[LayerStep]) -> bool:
    """Whether everything has at most two spatial axes."""
    return layer.output[2] == 1 and all(layers[read].output[2] == 1 for read in layer.reads)

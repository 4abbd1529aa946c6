"""A net put together one operation at a time, with the shape found at every step.

Used by the binder for our own text and by the dialects for other notations.  It asks each layer for its output shape,
keeps the bounds (number of operations, size of a tensor) and lets `Refusal` pass: the caller knows the place.
"""

from __future__ import annotations

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import LARGEST_TENSOR, Shape, refuse_too_large
from cnncalc.graph.ir import Group, Node, Origin, Row
from cnncalc.layers.base import Layer, Weight

LARGEST_NET = 100_000
"""Operations in a net; more are refused (`too-many-layers`)."""


class Builder:
    """Collects nodes, rows and groups; indexes are given in order."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.rows: list[Row] = []
        self.groups: list[Group] = []
        self._names: dict[str, int] = {}
        self._empty_branches: list[tuple[int, int]] = []
        self._shapes: dict[tuple[Layer, tuple[Shape, ...]], Shape] = {}
        """What each layer has made of such inputs: a block that is repeated asks again and again."""
        self._same_shapes: dict[tuple[int, ...], tuple[Layer, tuple[Shape, ...], Shape]] = {}
        """The same by identity, which is found sooner; what it is the identity of is kept alive here."""

    def node(self, layer: Layer, inputs: tuple[int, ...], name: str, origin: Origin) -> int:
        """Add an operation and return its index; raises Refusal when the layer refuses its inputs."""
        shape = self.checked_shape(layer, tuple(self.nodes[index].output for index in inputs))
        index = len(self.nodes)
        if index >= LARGEST_NET:
            raise Refusal(
                "too-many-layers", f"the net has more than {LARGEST_NET:,} operations", help="repeat fewer times"
            )
        self.nodes.append(Node(index, name, layer, inputs, shape, origin))
        return index

    def checked_shape(self, layer: Layer, shapes: tuple[Shape, ...]) -> Shape:
        """The shape of what a layer makes of these; raises Refusal when it does not take them, or for too much."""
        same = (id(layer), *map(id, shapes))
        if same in self._same_shapes:
            return self._same_shapes[same][-1]
        found = self._shapes.get((layer, shapes)) or self._asked_shape(layer, shapes)
        self._shapes[layer, shapes] = found
        self._same_shapes[same] = (layer, shapes, found)
        return found

    def _asked_shape(self, layer: Layer, shapes: tuple[Shape, ...]) -> Shape:
        if len(shapes) < layer.smallest_inputs:
            raise Refusal(
                "missing-label",
                f"{layer.word} joins at least {layer.smallest_inputs} results, and only {len(shapes)} arrives here",
                help=f"name the line to join with: `{layer.word} a`, where that line starts with `a:`",
            )
        if len(shapes) > layer.largest_inputs > 1:
            raise Refusal(
                "too-many-operands",
                f"{layer.word} joins {layer.largest_inputs} results, and {len(shapes)} arrive here",
                help=f"name two lines: `{layer.word} a b`, or one that meets the line before: `{layer.word} a`",
            )
        shape = layer.output_shape(shapes)
        refuse_too_large(shape, "the result", "")
        for weight in layer.weights(shapes):
            if weight.count > LARGEST_TENSOR:
                raise Refusal(
                    "too-large",
                    f"{layer.word} would have {weight.count:,} weights",
                    notes=(f"the bound is {LARGEST_TENSOR:,}",),
                    help="make the input smaller first, by pooling or a stride",
                )
        return shape

    def weights_of(self, node: int) -> tuple[Weight, ...]:
        """The weights that the layer of a node has for what arrives there."""
        one = self.nodes[node]
        return one.layer.weights(tuple(self.nodes[read].output for read in one.inputs))

    def name(self, wanted: str, numbered: bool = True) -> str:
        """A name nobody has yet: `conv1`, `conv2` when numbered; a label as it is, numbered only when taken."""
        while True:
            count = self._names.get(wanted, 0) + 1
            self._names[wanted] = count
            name = f"{wanted}{count}" if numbered or count > 1 else wanted
            if name == wanted or name not in self._names:
                self._names.setdefault(name, 1)
                return name

    def is_named(self, name: str) -> bool:
        """Whether an operation has this name already."""
        return name in self._names

    def freeze(self, first: int) -> None:
        """Freeze all weights of the nodes from `first` on, and of those whose weights they use."""
        for index in range(first, len(self.nodes)):
            self.freeze_weights(index, frozenset(weight.name for weight in self.weights_of(index)))

    def freeze_weights(self, index: int, names: frozenset[str]) -> None:
        """Freeze these weights of a node, also where it uses those of another one."""
        shares = self.nodes[index].shares
        for one in (index, *(() if shares is None else (shares,))):
            self.nodes[one] = self.nodes[one]._replace(frozen=self.nodes[one].frozen | names)

    def row(self, row: Row) -> Row:
        """Add a row, which gets the next index and the empty branches before it."""
        self.rows.append(row._replace(index=len(self.rows), empty_branches=tuple(sorted(self._empty_branches))))
        self._empty_branches.clear()
        return self.rows[-1]

    def end_branch(self, first: int, level: int, arrived: int | None) -> None:
        """Mark row `first`, with which a branch begins; a branch without a line is kept for the row that comes next."""
        if first < len(self.rows):
            row = self.rows[first]
            self.rows[first] = row._replace(begins=(*row.begins, level))
        elif arrived is not None:
            self._empty_branches.append((level, arrived))

    def open_group(self, group: Group) -> int:
        """Add a group whose last row is not known yet."""
        self.groups.append(group._replace(index=len(self.groups), first=len(self.rows), last=len(self.rows) - 1))
        return len(self.groups) - 1

    def close_group(self, index: int, node: int, settings: tuple[tuple[str, str], ...]) -> None:
        """The group's rows end here; it hands on the output of `node`."""
        self.groups[index] = self.groups[index]._replace(last=len(self.rows) - 1, node=node, settings=settings)

    def leaves(self) -> tuple[int, ...]:
        """Every result that nothing reads; the inputs themselves only when there is nothing else."""
        read = {index for node in self.nodes for index in node.inputs}
        unread = [node for node in self.nodes if node.index not in read]
        return tuple(node.index for node in unread if node.inputs) or tuple(node.index for node in unread)

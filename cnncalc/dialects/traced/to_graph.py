"""What a called model leaves behind as a net: one row a layer, one group each call of a module with parts.

Names are those of a state_dict: a layer's node has its path (`layer1.0.conv1`), so that weights are found by name; what
has no weights of its own is numbered where its name is taken.  Only operations that an output needs are in the net.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from cnncalc.diagnostics import Source, Span
from cnncalc.dialects.flat_text import layer_words
from cnncalc.dialects.traced.modules import (
    Framework,
    arrays_of,
    everything,
    framework_of,
    frozen_parameters,
    second_paths,
    set_paths,
    uncalled,
)
from cnncalc.dialects.traced.trace import Call, Module, Operation, Tensor
from cnncalc.graph.building import Builder
from cnncalc.graph.ir import Graph, Group, Origin, Row
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import POST_WORDS


class Entered(NamedTuple):
    """One call of a module with parts."""

    module: Module
    call: Call


def graph_of(
    model: Module, outputs: Sequence[Tensor], inputs: Mapping[int, str], source: Source, outside: Span
) -> Graph:
    """The net of a model that was called; `inputs` names the operations that are its images.

    `outside` is the place of the first call, which no line of the program makes; it is left out of all trails, as are
    places behind the last line of the source.
    """
    framework = framework_of(model)
    paths = set_paths(model)
    operations = needed(framework, outputs)
    made = _Making(framework, operations, (one.operation for one in outputs), paths, inputs)
    made.outside, made.lines = outside, len(source.lines)
    made.in_sequence = _parts_of_sequences(model)
    made.frozen = frozen_parameters(model)
    made.operations()
    builder = made.builder
    if model.frozen:
        builder.freeze(0)
    return Graph(
        source,
        tuple(builder.nodes),
        tuple(builder.rows),
        tuple(builder.groups),
        tuple(dict.fromkeys(made.places[one.operation] for one in outputs)),
        outputs_named=True,
        title=source.entry or model.word,
        order=framework.order,
        count=framework.count,
        labels=made.labels,
        uncalled=uncalled(model, operations),
        second_paths=second_paths(model),
    )


def needed(framework: Framework, outputs: Sequence[Tensor]) -> tuple[Operation, ...]:
    """The operations that the outputs depend on, in their order, and the images that nobody reads."""
    operations = framework.trace.operations
    waiting = [one.operation for one in outputs]
    found: set[int] = set()
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting += operations[index].inputs
    return tuple(operations[index] for index in sorted(found))


class _Making:
    """Puts the operations of one net together."""

    def __init__(
        self,
        framework: Framework,
        operations: Sequence[Operation],
        outputs: Iterable[int],
        paths: Mapping[int, str],
        inputs: Mapping[int, str],
    ) -> None:
        self.framework = framework
        self.needed = operations
        self.builder = Builder()
        self.places: dict[int, int] = {}
        """Operation -> node."""
        self.labels: dict[str, int] = {}
        self.in_sequence: AbstractSet[int] = frozenset()
        self.frozen: AbstractSet[int] = frozenset()
        """Parameters of the program that training leaves as they are, by identity."""
        self.outside, self.lines = Span(1, 1), 0
        self.names = _names(operations, paths, inputs)
        self._open: list[tuple[Entered, int]] = []
        self._lenders: dict[tuple[int, object], int] = {}
        self.readers = Counter(read for one in operations for read in one.inputs)
        self.readers.update(outputs)
        self._alone = len([one for one in operations if not one.inputs]) < 2

    def operations(self) -> None:
        for operation in self.needed:
            self._enter(operation)
            self._row(operation)
        self._leave(0)

    # ------------------------------------------------------------------ rows
    def _row(self, operation: Operation) -> None:
        order, name, layer = self.framework.order, self.names[operation.index], operation.layer
        origin = self._written(_origin(operation, self.in_sequence))
        node = self.builder.node(layer, tuple(self.places[one] for one in operation.inputs), name, origin)
        self.places[operation.index] = node
        self._share(operation, node)
        if _is_in_frozen(operation):
            self.builder.freeze(node)
        else:
            self.builder.freeze_weights(node, self._frozen_weights(operation, node))
        if self._ends_its_row(operation):
            self._end_row(layer, node)
            return
        label = _label(name) if isinstance(operation.owner, Module) or not operation.inputs else None
        if not operation.inputs and self._alone:
            label = None
        text = " ".join(layer_words(layer, order))
        row = self.builder.row(Row(0, node, node, layer.word, text, label, origin, len(self._open)))
        if operation.owner is not None:
            self.labels.setdefault(name, row.index)

    def _frozen_weights(self, operation: Operation, node: int) -> frozenset[str]:
        """The weights of a node that training leaves as they are: arrays of its module, or the parameter it is."""
        names, owner = frozenset(weight.name for weight in self.builder.weights_of(node)), operation.owner
        if isinstance(owner, Module):
            return names & {name for name, array in arrays_of(owner) if not array.is_learned}
        return names if id(owner) in self.frozen else frozenset()

    def _written(self, origin: Origin) -> Origin:
        """The origin without calls that no line of the program makes."""
        trail = tuple(one for one in origin.trail if self._is_in_program(one))
        made = origin.made if origin.made is not None and self._is_in_program(origin.made) else None
        span = origin.span if made is None or self._is_in_program(origin.span) else made
        return origin._replace(span=span, trail=trail, made=made)

    def _is_in_program(self, span: Span) -> bool:
        return span.line <= self.lines and span != self.outside

    def _ends_its_row(self, operation: Operation) -> bool:
        """Whether it is the activation of a layer of Keras: a word behind the layer, as nothing else reads that."""
        before = self.needed[len(self.builder.nodes) - 2] if len(self.builder.nodes) > 1 else operation
        return (
            isinstance(operation.owner, Module)
            and operation.layer.word in POST_WORDS
            and before.owner is operation.owner
            and before.calls == operation.calls
            and operation.inputs == (before.index,)
            and self.readers[before.index] == 1
        )

    def _end_row(self, layer: Layer, node: int) -> None:
        row = self.builder.rows[-1]
        text = " ".join((row.text, *layer_words(layer, self.framework.order)))
        self.builder.rows[-1] = row._replace(last=node, text=text)

    def _share(self, operation: Operation, node: int) -> None:
        """The second operation of a layer has the weights of the first."""
        if operation.owner is None or not self.builder.weights_of(node):
            return
        lender = self._lenders.setdefault((id(operation.owner), operation.layer), node)
        if lender != node:
            self.builder.nodes[node] = self.builder.nodes[node]._replace(shares=lender)

    # ------------------------------------------------------------------ groups
    def _enter(self, operation: Operation) -> None:
        """Close the modules that were left and open those that were entered."""
        stack = [
            Entered(module, call)
            for module, call in zip(operation.entered, operation.calls, strict=True)
            if module.path and module.parts and module is not operation.owner
        ]
        same = 0
        while same < min(len(stack), len(self._open)) and self._open[same][0] == stack[same]:
            same += 1
        self._leave(same)
        for one in stack[same:]:
            path, word = one.module.path, one.module.word
            origin = self._written(Origin(one.call.span, trail=one.call.trail, made=one.module.made))
            group = Group(0, 0, 0, word, word, _label(path), origin, len(self._open), path=path)
            index = self.builder.open_group(group)
            self._open.append((one, index))
            self.labels.setdefault(path, ~index)

    def _leave(self, depth: int) -> None:
        while len(self._open) > depth:
            self.builder.close_group(self._open.pop()[1], len(self.builder.nodes) - 1, ())


def _origin(operation: Operation, in_sequence: AbstractSet[int]) -> Origin:
    """Where the layer was called, and where its module and the arguments of that were written.

    The parts of a `Sequential` are called nowhere in the program: the place of such a layer is where it is made.
    """
    owner = operation.owner
    if not isinstance(owner, Module):
        return Origin(operation.span, trail=operation.trail, called=operation.called)
    called = operation.called or owner.kind
    arguments = {name: given.span for name, given in owner.given.items()}
    if id(owner) in in_sequence and owner.made is not None:
        return Origin(owner.made, arguments, (operation.span, *operation.trail), owner.made, called)
    return Origin(operation.span, arguments, operation.trail, owner.made, called)


def _is_in_frozen(operation: Operation) -> bool:
    """Whether the program freezes the layer as a whole, or a module that it is in."""
    owner = operation.owner
    own = isinstance(owner, Module) and owner.frozen
    return own or any(module.frozen for module in operation.entered)


def _parts_of_sequences(model: Module) -> frozenset[int]:
    """The parts of each of the framework's `Sequential` in a model, by their identity."""
    holders = [one for _, one in everything(model) if isinstance(one, Module)]
    sequences = [one for one in holders if one.cls is None and one.kind == "Sequential"]
    return frozenset(id(part) for one in sequences for part in one.parts.values())


def _label(path: str) -> str | None:
    """The last part of a path, where it is a name and not a place in a list."""
    last = path.rpartition(".")[2]
    return None if last.isdigit() else last


def _names(operations: Sequence[Operation], paths: Mapping[int, str], inputs: Mapping[int, str]) -> dict[int, str]:
    """The name of each operation's node: a path goes to the first operation there that has weights, else to the first.

    All others of that path, and what belongs to no path, are numbered where their name is taken.
    """
    shapes = {one.index: one.output for one in operations}
    wishes = {one.index: _wish(one, paths, inputs) for one in operations}
    owning = {
        one.index: bool(one.layer.weights(tuple(shapes[read] for read in one.inputs)))
        for one in operations
        if wishes[one.index][1]
    }
    first: dict[str, int] = {}
    for has_weights in (True, False):
        for index, owns in owning.items():
            if owns is has_weights:
                first.setdefault(wishes[index][0], index)
    found = {index: name for name, index in first.items()}
    taken = dict.fromkeys(first, 1)
    words = {one.index: one.layer.word for one in operations}
    for index, (name, is_path) in wishes.items():
        if index not in found:
            other = is_path and words[index] != words[first[name]]
            found[index] = _numbered(f"{name}.{words[index]}" if other else name, taken)
    return found


def _wish(operation: Operation, paths: Mapping[int, str], inputs: Mapping[int, str]) -> tuple[str, bool]:
    """The name that an operation should have, and whether it is the path of a module or of a parameter."""
    owner = operation.owner
    if operation.index in inputs:
        return inputs[operation.index], True
    if isinstance(owner, Module) and owner.path:
        return owner.path, True
    if owner is not None and not isinstance(owner, Module) and id(owner) in paths:
        path = paths[id(owner)]
        return path.removesuffix(".weight"), True
    around = next((module.path for module in reversed(operation.entered) if module.path), "")
    word = operation.layer.word
    return f"{around}.{word}" if around else word, False


def _numbered(name: str, taken: dict[str, int]) -> str:
    """The name, or with the next number that nobody has; a path that ends in a place gets its number behind `_`."""
    count = taken.get(name, 0)
    between = "_" if name[-1:].isdigit() else ""
    found = name
    while found in taken:
        count += 1
        found = f"{name}{between}{count}"
    taken[name] = count or 1
    taken.setdefault(found, 1)
    return found

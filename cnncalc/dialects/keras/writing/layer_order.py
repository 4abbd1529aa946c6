"""In which order Keras has the layers of a written model, and what it calls them: that is how its files count them.

A model's layers are sorted by how many operations lie between them and the outputs, then as they are met on the way
back from these; every function counts as an operation.  So it is worked out for the pieces that were written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.dialects.keras.naming import LayerNames, counted_as
from cnncalc.dialects.keras.writing.keras_pieces import pieces
from cnncalc.dialects.keras.writing.layer_names import layer_names
from cnncalc.dialects.written_code.outline import Apply, outline
from cnncalc.dialects.written_code.pieces import Made, Piece
from cnncalc.graph.ir import Graph


class PlacedLayer(NamedTuple):
    """A layer of the model: its class, its place in a file (`layers/conv2d_3`), its name, the part of which node."""

    kind: str
    path: str
    name: str
    node: int
    part: int
    made: Made


class _Called(NamedTuple):
    """One call of an operation: which operation, and the calls that it reads."""

    operation: int
    reads: tuple[int, ...]


def placed_layers(graph: Graph) -> tuple[PlacedLayer, ...]:
    """The layers of the model that is written for a net, in Keras' order; the inputs are none of them."""
    found = pieces(graph)
    calls = _Calls(graph, found)
    names = _names(graph, found, calls)
    counted: dict[str, int] = {}
    placed: list[PlacedLayer] = []
    for operation in _in_order(calls.all, [calls.results[output] for output in graph.outputs]):
        owner = calls.layers.get(operation)
        if owner is None:
            continue
        piece, part = owner
        kind = _kind(piece.made[part])
        word = counted_as(kind)
        number = counted.get(word, 0)
        counted[word] = number + 1
        path = f"layers/{word}_{number}" if number else f"layers/{word}"
        placed.append(PlacedLayer(kind, path, names[operation], piece.nodes[0], part, piece.made[part]))
    return tuple(placed)


def _kind(made: Made) -> str:
    return made.callee.rpartition(".")[2]


def _names(graph: Graph, found: Sequence[Piece], calls: _Calls) -> Mapping[int, str]:
    """What each layer is called: its label, or its class with a number in the order in which layers are made."""
    net = outline(graph, tuple(found)).net
    labels = layer_names(net)
    labelled = {
        step.piece.nodes[0]: labels[at] for at, step in enumerate(net.steps) if isinstance(step, Apply) and at in labels
    }
    counted = LayerNames()
    names: dict[int, str] = {}
    for operation, (piece, part) in sorted(calls.layers.items()):
        label = labelled.get(piece.nodes[0], "")
        last = len(piece.made) - 1 if piece.chained else 0
        names[operation] = label if label and part == last else counted.next(_kind(piece.made[part]))
    return names


class _Calls:
    """Every call of an operation in the program, by the code of its pieces; the inputs are calls that read nothing."""

    def __init__(self, graph: Graph, found: Sequence[Piece]) -> None:
        self.all: list[_Called] = []
        self.results: dict[int, int] = {}
        """The node -> the call that computes it."""
        self.layers: dict[int, tuple[Piece, int]] = {}
        """The operation -> the layer that it is: its piece, and the part of that."""
        self._lent: dict[tuple[int, int], int] = {}
        self._operations = 0
        written = {piece.result for piece in found}
        for node in graph.nodes:
            if node.is_input and node.index not in written:
                self.results[node.index] = self._call(self._new(), ())
        for piece in found:
            lender = graph.nodes[piece.nodes[0]].shares
            self._piece(piece, piece.nodes[0] if lender is None else lender)

    def _new(self) -> int:
        self._operations += 1
        return self._operations - 1

    def _call(self, operation: int, reads: Sequence[int]) -> int:
        self.all.append(_Called(operation, tuple(reads)))
        return len(self.all) - 1

    def _piece(self, piece: Piece, lender: int) -> None:
        code = re.sub(r"\{([xmv])(\d+)\}", r"_\1_\2", piece.code)
        reads = [self.results[one] for one in piece.reads]
        made: list[int] = []
        for part in range(len(piece.made)):
            key = (lender, part)
            if key not in self._lent:
                self._lent[key] = self._new()
                self.layers[self._lent[key]] = (piece, part)
            made.append(self._lent[key])
        self.results[piece.result] = self._worked_out(ast.parse(code, mode="eval").body, reads, made)[0]

    def _worked_out(self, code: ast.expr, reads: list[int], made: list[int]) -> list[int]:
        """The calls whose results are in an expression."""
        if isinstance(code, ast.Name):
            kind, _, place = code.id[1:].partition("_")
            return [reads[int(place)]] if kind == "x" else []
        inside = [call for one in _operands(code) for call in self._worked_out(one, reads, made)]
        if isinstance(code, ast.Call) and isinstance(code.func, ast.Name):
            return [self._call(made[int(code.func.id.rpartition("_")[2])], inside)]
        if inside and isinstance(code, (ast.Call, ast.BinOp, ast.Subscript)):
            return [self._call(self._new(), inside)]
        return inside


def _operands(code: ast.expr) -> Iterator[ast.expr]:
    if isinstance(code, ast.Call):
        yield from (*code.args, *(one.value for one in code.keywords))
    elif isinstance(code, ast.BinOp):
        yield from (code.left, code.right)
    elif isinstance(code, (ast.List, ast.Tuple)):
        yield from code.elts
    elif isinstance(code, ast.Subscript):
        yield code.value


def _in_order(calls: Sequence[_Called], outputs: Sequence[int]) -> list[int]:
    """The operations by their depth, the farthest from the outputs first, then as they are met from these."""
    met, finished = _met(calls, outputs)
    depths: dict[int, int] = {}
    operation_depths: dict[int, int] = {}
    for call in reversed(finished):
        one = calls[call]
        depth = max(depths.get(call, 0), operation_depths.get(one.operation, 0))
        depths[call] = operation_depths[one.operation] = depth
        for read in one.reads:
            depths[read] = max(depth + 1, depths.get(read, 0))
    return sorted(operation_depths, key=lambda operation: (-operation_depths[operation], met[operation]))


def _met(calls: Sequence[_Called], outputs: Sequence[int]) -> tuple[dict[int, int], list[int]]:
    """Which operation is met as the how-manieth on the way back, and the calls, each after those that it reads."""
    met: dict[int, int] = {}
    finished: dict[int, None] = {}
    waiting = [(output, False) for output in reversed(outputs)]
    while waiting:
        call, is_done = waiting.pop()
        if is_done:
            finished[call] = None
        elif call not in finished:
            met.setdefault(calls[call].operation, len(met))
            waiting.append((call, True))
            waiting += [(read, False) for read in reversed(calls[call].reads)]
    return met, list(finished)

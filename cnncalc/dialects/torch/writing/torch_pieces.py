"""What PyTorch has for every operation of a net: pieces of code with all numbers in them.

The rules stand in tables by layer word, a variant of a word by the name of its class.  What PyTorch cannot say is
refused with its line, all lines together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.diagnostics import Diagnostic, InputError
from cnncalc.dialects.torch.writing.torch_axes import AXES
from cnncalc.dialects.torch.writing.torch_joins_written import JOINED
from cnncalc.dialects.torch.writing.torch_numbers import NUMBERS
from cnncalc.dialects.torch.writing.torch_own_parts import OWN_PARTS
from cnncalc.dialects.torch.writing.torch_saying import NotInTorchError, Place, Said
from cnncalc.dialects.torch.writing.torch_sliding import SLIDING
from cnncalc.dialects.torch.writing.torch_stated import with_stated_weights
from cnncalc.dialects.written_code.pieces import Piece
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.registry import layer_class

RULES: Mapping[str, Callable[[Place], Said]] = {**SLIDING, **NUMBERS, **AXES, **JOINED, **OWN_PARTS}
"""By layer word, or by the class of a variant."""

CALLED = {"dense": "fc", "gap": "pool", "gmp": "pool", "adaptavg": "pool", "adaptmax": "pool", "sepconv": "conv"}
"""Layer words that are called otherwise in PyTorch's programs."""

MOST_FAULTS = 20


def pieces(graph: Graph) -> tuple[Piece, ...]:
    """One for each operation that an output needs; raises InputError with every line that PyTorch has no words for."""
    needed = _needed(graph)
    found: list[Piece] = []
    faults: list[Diagnostic] = []
    for node in graph.nodes:
        if node.is_input or node.index not in needed:
            continue
        try:
            found.append(_piece(graph, node))
        except NotInTorchError as fault:
            word = node.layer.word
            message = f"PyTorch cannot say this `{word}`: {fault}"
            advice = fault.advice or "`cnncalc explain written-torch` lists what can be written"
            faults.append(Diagnostic("not-in-torch", message, node.origin.span, help=advice))
    if faults:
        raise InputError(tuple(faults[:MOST_FAULTS]), graph.source)
    return tuple(found)


def _needed(graph: Graph) -> set[int]:
    """The operations that an output depends on."""
    found: set[int] = set()
    waiting = list(graph.outputs)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.nodes[node].inputs
    return found


def _piece(graph: Graph, node: Node) -> Piece:
    word = node.layer.word
    variant = type(node.layer).__name__
    rule = RULES.get(variant) or (RULES.get(word) if type(node.layer) is layer_class(word) else None)
    if rule is None:
        raise NotInTorchError("it has no such layer")
    sources = [graph.nodes[one] for one in node.inputs]
    own = tuple(not source.inputs and not source.is_input for source in sources)
    place = Place(node, tuple(source.output for source in sources), own)
    said = with_stated_weights(place, rule(place))
    name = CALLED.get(word, word)
    return Piece((node.index,), node.inputs, name, said.code, said.made, said.values, said.chained)

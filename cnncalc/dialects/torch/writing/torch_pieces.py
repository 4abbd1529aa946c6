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
    own = _own(graph)
    found: list[Piece] = []
    faults: list[Diagnostic] = []
    for node in graph.nodes:
        if node.is_input or node.index not in needed:
            continue
        try:
            found.append(_piece(graph, node, own))
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


def _own(graph: Graph) -> frozenset[int]:
    """The operations whose results no image decides: numbers of the net's own, and what is made of them alone."""
    found: set[int] = set()
    for node in graph.nodes:
        if not node.is_input and all(read in found for read in node.inputs):
            found.add(node.index)
    return frozenset(found)


def _is_met_alone(graph: Graph, node: Node, own: frozenset[int]) -> bool:
    """Whether numbers of the net's own are read by something that wants an axis of images, which a sum does not."""
    readers = [one for one in graph.nodes if node.index in one.inputs]
    return node.index in graph.outputs or any(
        one.index in own
        or not (one.layer.word == "concat" or (one.layer.word in JOINED and one.output.rank == node.output.rank))
        for one in readers
    )


def _piece(graph: Graph, node: Node, numbers: frozenset[int]) -> Piece:
    word = node.layer.word
    variant = type(node.layer).__name__
    rule = RULES.get(variant) or (RULES.get(word) if type(node.layer) is layer_class(word) else None)
    if rule is None:
        raise NotInTorchError("it has no such layer")
    sources = [graph.nodes[one] for one in node.inputs]
    own = tuple(source.index in numbers for source in sources)
    place = Place(node, tuple(source.output for source in sources), own)
    said = with_stated_weights(place, rule(place))
    if word == "learned" and _is_met_alone(graph, node, numbers):
        said = said._replace(code="{m0}.unsqueeze(0)" + ".movedim(-1, 1)" * ("movedim" in said.code))
    name = CALLED.get(word, word)
    return Piece((node.index,), node.inputs, name, said.code, said.made, said.values, said.chained)

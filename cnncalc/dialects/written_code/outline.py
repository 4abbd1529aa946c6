"""The structure of a net's program: blocks that are defined once, called with what differs, repeated where they repeat.

`outline` makes it of a net and of the pieces that a framework has for it; whatever text is printed of it says the same
net.  Nothing here knows how a framework writes a block: as a class or as a function.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.dialects.written_code.block_copies_compared import Body, Comparison, Draft, OtherPartError, Run
from cnncalc.dialects.written_code.block_tree import Block, Leaf, block_tree
from cnncalc.dialects.written_code.blocks_found import find_blocks
from cnncalc.dialects.written_code.definition_names import input_names, labels_of_nodes, name_drafts
from cnncalc.dialects.written_code.identifiers import net_name, unused
from cnncalc.dialects.written_code.lines_of_parts import make_blocks_of_lines
from cnncalc.dialects.written_code.piece_numbers import Number, piece_with
from cnncalc.dialects.written_code.pieces import Argument, Expression, Piece
from cnncalc.dialects.written_code.program_structure import (
    Apply,
    Call,
    Definition,
    Outline,
    Parameter,
    Repeat,
    Result,
    Step,
)
from cnncalc.dialects.written_code.repeated_steps import with_repeats
from cnncalc.dialects.written_code.weights_used_again import say_sharing
from cnncalc.graph.ir import Graph
from cnncalc.spec.document import BlockDefinition, Token

__all__ = ["Apply", "Call", "Definition", "Outline", "Parameter", "Repeat", "Result", "Step", "outline"]


def outline(graph: Graph, pieces: tuple[Piece, ...]) -> Outline:
    """The program of a net; the inputs that are given to it have no piece.  Raises InputError for unsayable sharing."""
    covered = {node for piece in pieces for node in piece.nodes}
    given = [node.index for node in graph.nodes if node.is_input and node.index not in covered]
    draft = _net_draft(graph, *_without_names(pieces, graph.outputs), given)
    drafts = _in_order(draft)
    name_drafts(drafts)
    names = ("x",) if len(given) == 1 else tuple(graph.nodes[node].name for node in given)
    labels = labels_of_nodes(graph)
    made: dict[int, Definition] = {}
    for one in drafts:
        made[id(one)] = _definition(one, one.name, input_names(one, labels), made)
    name = net_name(graph.heading, graph.source.name) or "net"
    return Outline(graph, tuple(made.values()), _definition(draft, name, names, made))


def _without_names(pieces: tuple[Piece, ...], outputs: tuple[int, ...]) -> tuple[list[Piece], list[int]]:
    """The pieces without those that only hand on what they read, and what is the output then."""
    handed: dict[int, int] = {}
    found = []
    for piece in pieces:
        reads = tuple(handed.get(node, node) for node in piece.reads)
        if piece.code == "{x0}" and not piece.made:
            handed[piece.result] = reads[0]
        else:
            found.append(piece._replace(reads=reads) if reads != piece.reads else piece)
    return found, [handed.get(node, node) for node in outputs]


def _net_draft(graph: Graph, pieces: Sequence[Piece], outputs: Sequence[int], given: list[int]) -> Draft:
    labels = labels_of_nodes(graph)
    last_use = {read: place for place, piece in enumerate(pieces) for read in piece.reads}
    last_use |= dict.fromkeys(outputs, len(pieces))
    net = block_tree(graph, pieces)
    if not graph.groups:
        find_blocks(net, last_use)
    make_blocks_of_lines(graph, net)
    while True:
        say_sharing(graph, net)
        comparison = Comparison(last_use, _defaults(graph), labels)
        try:
            draft = comparison.compared(net, given)
        except OtherPartError as fault:
            _open(net, {id(block) for block in fault.blocks})
            continue
        body = draft.first
        draft.calls[0].local_results = tuple(_net_result(body, output) for output in outputs)
        return draft


def _net_result(body: Body, node: int) -> Result:
    if node in body.results:
        return body.local_results[body.results.index(node)]
    return Result(-1 - body.reads.index(node))


def _defaults(graph: Graph) -> dict[str, dict[str, str]]:
    """The defaults of the parameters of each block of the net's text."""
    if graph.document is None:
        return {}
    return {
        block.name.text: {one.name.text: one.default.text for one in block.parameters if isinstance(one.default, Token)}
        for block in graph.document.statements
        if isinstance(block, BlockDefinition)
    }


def _open(block: Block, opened: set[int]) -> None:
    """Put what is in these calls in their place."""
    items: list[Leaf | Block] = []
    for item in block.items:
        if isinstance(item, Block):
            _open(item, opened)
            items += item.items if id(item) in opened else [item]
        else:
            items.append(item)
    block.items = items


def _in_order(net: Draft) -> list[Draft]:
    """All definitions that the net calls, each after those that it calls itself."""
    found: dict[int, Draft] = {}

    def visit(draft: Draft) -> None:
        for step in draft.first.steps:
            if isinstance(step.item, Run) and id(step.item.bodies[0].draft) not in found:
                visit(step.item.bodies[0].draft)
        if draft is not net:
            found[id(draft)] = draft

    visit(net)
    return list(found.values())


def _definition(draft: Draft, title: str, inputs: tuple[str, ...], made: dict[int, Definition]) -> Definition:
    body, steps, start = draft.first, list[Step](), 0
    numbers, counted = draft.numbers.numbers, draft.numbers.counted
    labels, used = _labels(draft), set[str]()
    for step, label in zip(body.steps, labels, strict=True):
        mine = numbers[start : start + len(step.numbers)]
        places = range(start, start + len(step.numbers))
        name = unused(label, used) if label else ""
        if isinstance(step.item, Leaf):
            steps.append(Apply(piece_with(step.item.piece, mine), step.reads, name, step.again))
        else:
            definition = made[id(step.item.bodies[0].draft)]
            call = Call(definition, _arguments(definition, mine[1:]), step.reads, name, step.again)
            times = mine[0].value
            counter = "i" if counted & set(places) else ""
            steps.append(call if times == 1 and type(times) is int else _repeat(times, call, counter))
        start += len(step.numbers)
    return with_repeats(Definition(title, draft.numbers.parameters, inputs, tuple(steps), body.local_results))


def _repeat(times: object, call: Call, counter: str) -> Repeat:
    assert isinstance(times, (int, Expression))
    return Repeat(times, call._replace(name=""), call.reads, counter, call.name)


def _arguments(definition: Definition, numbers: tuple[Number, ...]) -> tuple[Argument, ...]:
    found = []
    for parameter, number in zip(definition.parameters, numbers, strict=True):
        if parameter.default is None:
            found.append(Argument("", number.value, name=parameter.name))
        elif not number.default:
            found.append(Argument(parameter.name, number.value))
    return tuple(found)


def _labels(draft: Draft) -> list[str]:
    """The label of each step, or the last part of it that all calls have in common: `conv1` of `layer1.0.conv1`."""
    found = []
    for steps in zip(*(body.steps for body in draft.calls), strict=True):
        labels = {step.item.label for step in steps} - {""}
        ends = {re.split(r"[./]", label)[-1] for label in labels}
        found.append(next(iter(labels if len(labels) == 1 else ends if len(ends) == 1 else {""}), ""))
    return found

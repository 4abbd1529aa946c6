"""An outline carried out on paper: parameters put in, repeats unrolled, calls replaced by what they call.

What comes out is a list of pieces with literal numbers and with what each reads, as the net itself has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.dialects.written_code.outline import Apply, Call, Definition, Outline, Repeat, Step
from cnncalc.dialects.written_code.pieces import Argument, Expression, Made, Piece, Plain, Value
from cnncalc.graph.ir import Graph


class Written(NamedTuple):
    """A piece as it is in the net: what it makes, what it reads (negative: an input), whose parts it uses again."""

    code: str
    parts: str
    reads: tuple[int, ...]
    again: int


def flat(graph: Graph, pieces: Sequence[Piece]) -> list[Written]:
    """The pieces of a net as they are, one an operation."""
    given = [node.index for node in graph.nodes if node.is_input]
    made_by = {node: -1 - place for place, node in enumerate(given)}
    found = []
    for place, piece in enumerate(pieces):
        reads = tuple(made_by[node] for node in piece.reads)
        shares = graph.nodes[piece.result].shares
        found.append(Written(piece.code, _parts(piece, {}), reads, -1 if shares is None else made_by[shares]))
        made_by[piece.result] = place
    return found


def of_parts_with_weights(graph: Graph, pieces: Sequence[Piece], written: Sequence[Written]) -> list[Written]:
    """Without the sharing of parts that have no weights: whether these are made once or twice is all the same."""
    nodes = [graph.nodes[piece.result] for piece in pieces]
    weights = [node.layer.weights(tuple(graph.nodes[i].output for i in node.inputs)) for node in nodes]
    return [one if some else one._replace(again=-1) for one, some in zip(written, weights, strict=True)]


def expanded(outline: Outline) -> tuple[list[Written], tuple[int, ...]]:
    """All pieces of an outline, and the outputs of the net."""
    written: list[Written] = []
    inputs = [-1 - place for place in range(len(outline.net.inputs))]
    results = _definition(outline.net, {}, inputs, written, None)
    return written, results


def _definition(
    definition: Definition, numbers: Mapping[str, Value], inputs: Sequence[int], written: list[Written], old: int | None
) -> tuple[int, ...]:
    """Write what a definition does; `old` is where the pieces stand whose parts it uses again.  Its results."""
    assert len(inputs) == len(definition.inputs)
    assert len({*definition.inputs, *(one.name for one in definition.parameters)}) == len(definition.inputs) + len(
        definition.parameters
    )
    start, results, starts = len(written), list[tuple[int, ...]](), list[int]()

    def value_of(step: int, number: int) -> int:
        return inputs[-1 - step] if step < 0 else results[step][number]

    for step in definition.steps:
        reads = [value_of(*read) for read in step.reads]
        shift = None if old is None else old + len(written) - start
        if not isinstance(step, Repeat) and step.again is not None:
            shift = starts[step.again] if shift is None else shift
        starts.append(len(written))
        if isinstance(step, Repeat):
            times = _value(step.times, numbers)
            assert isinstance(times, int)
            assert times > 0
            assert step.step.reads == step.reads
            assert len(reads) == 1
            for count in range(times):
                inner = {**numbers, step.counter: count} if step.counter else numbers
                again = None if shift is None else shift + len(written) - starts[-1]
                reads = list(_step(step.step, inner, reads, written, again))
            results.append(tuple(reads))
        else:
            results.append(_step(step, numbers, reads, written, shift))
    return tuple(value_of(*one) for one in definition.results)


def _step(
    step: Step, numbers: Mapping[str, Value], reads: Sequence[int], written: list[Written], old: int | None
) -> tuple[int, ...]:
    if isinstance(step, Apply):
        written.append(Written(step.piece.code, _parts(step.piece, numbers), tuple(reads), -1 if old is None else old))
        return (len(written) - 1,)
    assert isinstance(step, Call)
    given = {one.name: one.default for one in step.definition.parameters}
    required = [one.name for one in step.definition.parameters if one.default is None]
    placed = [one for one in step.arguments if not one.keyword]
    assert len(placed) == len(required)
    for name, one in zip(required, placed, strict=True):
        given[name] = _value(one.value, numbers)
    for one in step.arguments:
        if one.keyword:
            assert one.keyword in given
            given[one.keyword] = _value(one.value, numbers)
    return _definition(step.definition, given, reads, written, old)


def _parts(piece: Piece, numbers: Mapping[str, Value]) -> str:
    """Everything that a piece makes, with its numbers put in and without what need not be said."""
    return repr([_value(one, numbers) for one in (*piece.made, *piece.values, *piece.chained)])


def _value(value: Value, numbers: Mapping[str, Value]) -> Value:
    if isinstance(value, Made):
        said = [one for one in value.arguments if not one.default]
        values = [Argument(one.keyword, _value(one.value, numbers)) for one in said]
        # an argument that is the default in this copy alone is said all the same: it is left out here
        return value._replace(arguments=tuple(one for one in values if (one.keyword, one.value) != ("stride", 1)))
    if isinstance(value, Expression):
        return computed(value.text, numbers)
    if isinstance(value, tuple) and not isinstance(value, Plain):
        return tuple(_value(one, numbers) for one in value)
    return value


def computed(text: str, numbers: Mapping[str, Value]) -> Value:
    """`4 * width`, `width // 2`, `blocks - 1`, `64 + 32 * i`."""
    if text in numbers:
        return numbers[text]
    total, sign = 0, 1
    for part in re.split(r" ([+-]) ", text):
        if part in ("+", "-"):
            sign = 1 if part == "+" else -1
            continue
        product = 1
        quotient = part.split(" // ")
        for factor in quotient[0].split(" * "):
            one = numbers[factor] if factor in numbers else int(factor)
            assert isinstance(one, int)
            product *= one
        total += sign * (product // int(quotient[1]) if len(quotient) > 1 else product)
    return total

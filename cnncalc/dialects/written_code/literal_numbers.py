"""Numbers that a net states, as a program has them: whole ones, else floats, in rows within rows, up to so many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cnncalc.dialects.written_code.pieces import Value
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Weight

MOST_LITERALS = 2000
"""Numbers of one array that are written into a program; more are left to a file of weights."""


def literal(value: Fraction) -> int | float:
    """A whole number as one, any other as the nearest float."""
    return value.numerator if value.denominator == 1 else float(value)


def nested(values: Sequence[float], sizes: Sequence[int]) -> Value:
    """Numbers as tuples within tuples."""
    if len(sizes) == 1:
        return tuple(values)
    each = len(values) // sizes[0]
    return tuple(nested(values[at * each : (at + 1) * each], sizes[1:]) for at in range(sizes[0]))


def literals_of(weight: Weight, stored: tuple[int, ...] = ()) -> Value:
    """A stated array, in the sizes in which it is stored; None where nothing is stated, or too much for a program.

    Fixed filters are one for each channel, and one for all where they are the same.
    """
    if not isinstance(weight.initial, tuple):
        return None
    values, sizes = weight.initial, stored or weight.shape
    if not weight.trainable:
        sizes = tuple(size for name, size in weight.axes if name != "filters")
        each = len(values) // sizes[0]
        if values == values[:each] * sizes[0]:
            values, sizes = values[:each], (1, *sizes[1:])
    return nested([literal(value) for value in values], sizes) if len(values) <= MOST_LITERALS else None


def unwritten_arrays(graph: Graph) -> Iterator[str]:
    """The stated arrays that no program of the net has, because they are too long: `conv1.weight`."""
    for node in graph.nodes:
        arriving = tuple(graph.nodes[one].output for one in node.inputs)
        for weight in node.layer.weights(arriving) if node.inputs and node.shares is None else ():
            if isinstance(weight.initial, tuple) and literals_of(weight) is None:
                yield f"{node.name}.{weight.name}"

"""Numbers that a net states, as a program has them: whole ones, else floats, in rows within rows, up to so many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from cnncalc.dialects.written_code.pieces import Value
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Layer, Weight

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
    values, sizes = _once_for_all(weight, weight.initial, stored)
    return nested([literal(value) for value in values], sizes) if len(values) <= MOST_LITERALS else None


def literal_count(weight: Weight) -> int:
    """How many numbers of a stated array `literals_of` would write; 0 where none is stated."""
    return len(_once_for_all(weight, weight.initial)[0]) if isinstance(weight.initial, tuple) else 0


def _once_for_all(
    weight: Weight, values: tuple[Fraction, ...], stored: tuple[int, ...] = ()
) -> tuple[tuple[Fraction, ...], tuple[int, ...]]:
    """The numbers and their sizes: of fixed filters that are the same for all channels, one."""
    sizes = stored or weight.shape
    if not weight.trainable:
        sizes = tuple(size for name, size in weight.axes if name != "filters")
        each = len(values) // sizes[0]
        if values == values[:each] * sizes[0]:
            values, sizes = values[:each], (1, *sizes[1:])
    return values, sizes


def unwritten_arrays(graph: Graph, numbers: Callable[[Layer, Weight], int]) -> Iterator[tuple[str, int]]:
    """The stated arrays that a program of the net does not have, and how many numbers they have: `conv1.weight`.

    `numbers` is how many of an array's the program would write; it has none of an array with too many.
    """
    for node in graph.nodes:
        arriving = tuple(graph.nodes[one].output for one in node.inputs)
        for weight in node.layer.weights(arriving) if node.inputs and node.shares is None else ():
            if isinstance(weight.initial, tuple) and numbers(node.layer, weight) > MOST_LITERALS:
                yield f"{node.name}.{weight.name}", weight.count

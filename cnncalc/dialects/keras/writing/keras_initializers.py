"""Numbers that the text of a net states, as lists of a program: filters, and weights to start from."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from cnncalc.dialects.keras.writing.keras_operation import KerasOperation, own_layer
from cnncalc.dialects.written_code.literal_numbers import MOST_LITERALS
from cnncalc.dialects.written_code.pieces import Plain, Value
from cnncalc.geometry import Sizes
from cnncalc.layers.base import Layer, NamedMatrix, Weight


def initializer(here: KerasOperation, name: str = "weight", sizes: Sizes = (), *, turned: bool = False) -> Value:
    """The initializer of an array whose numbers are stated; None where they are not, or are too many.

    `sizes` are those of Keras, its axes from the last one, the kernel's in their order; `turned` exchanges the first
    two, which our array has as one axis in the other order.
    """
    for weight in here.layer.weights(here.shapes):
        numbers = weight.initial
        if weight.name == name and isinstance(numbers, tuple) and len(numbers) <= MOST_LITERALS:
            sizes = sizes or weight.shape
            if turned:
                numbers = _turned(numbers, sizes)
            return own_layer("Stated", Plain(_lists(numbers, sizes)))
    return None


def filter_code(given: NamedMatrix, rank: int) -> Plain | None:
    """The numbers of a filter: one matrix, or one for each channel; None where they are too many."""
    matrix = given.matrix
    numbers = tuple(matrix.values())
    if len(numbers) > MOST_LITERALS:
        return None
    sizes = (matrix.channels, matrix.rows, matrix.columns)
    if rank == 1:
        sizes = (matrix.channels, matrix.columns)  # type: ignore[assignment]  # one row each
    return Plain(_lists(numbers, sizes if rank == 3 or matrix.channels > 1 else sizes[1:]))


def written_count(layer: Layer, weight: Weight) -> int:
    """How many numbers of an array a program would have: a filter's as they are given, any other's all."""
    given = getattr(layer, "filter", None)
    return weight.count if given is None else len(tuple(given.matrix.values()))


def _turned(numbers: Sequence[Fraction], sizes: Sizes) -> tuple[Fraction, ...]:
    first, second, each = sizes[0], sizes[1], prod(sizes[2:])
    starts = [(two * first + one) * each for one in range(first) for two in range(second)]
    return tuple(number for start in starts for number in numbers[start : start + each])


def _lists(numbers: Sequence[Fraction], sizes: Sizes) -> str:
    """The numbers as lists in each other."""
    if len(sizes) < 2:
        return f"[{', '.join(map(_number, numbers))}]"
    each = len(numbers) // sizes[0]
    parts = (numbers[place * each : (place + 1) * each] for place in range(sizes[0]))
    return f"[{', '.join(_lists(part, sizes[1:]) for part in parts)}]"


def _number(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    if number.denominator <= 1000 and Fraction(repr(float(number))) != number:
        return f"{number.numerator} / {number.denominator}"
    return repr(float(number))

"""An array of a file as the net wants it: transposed, reshaped, spread, cut, negated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod
from typing import Any

import numpy as np

from cnncalc.graph.stored import Step, StepKind

Array = np.ndarray[Any, Any]


def taken(array: Array, steps: Iterable[Step]) -> Array:
    """The array after the steps, in C order.

    >>> taken(np.arange(6).reshape(2, 3), [Step("transpose", (1, 0)), Step("reshape", (6,))]).tolist()
    [0, 3, 1, 4, 2, 5]
    """
    for step in steps:
        array = _KINDS[step.kind](array, step.numbers)
    return np.ascontiguousarray(array)


def shape_after(shape: tuple[int, ...], steps: Iterable[Step]) -> tuple[int, ...] | None:
    """The shape that `taken` gives an array of this shape, without one; None where a step does not fit.

    >>> shape_after((2, 3), [Step("slice", (1, 0, 2, 1))]), shape_after((2, 3), [Step("reshape", (5,))])
    ((2, 2), None)
    """
    for step in steps:
        found = _shape_after(shape, step)
        if found is None:
            return None
        shape = found
    return shape


def _shape_after(shape: tuple[int, ...], step: Step) -> tuple[int, ...] | None:
    numbers = step.numbers
    match step.kind:
        case "transpose":
            return tuple(shape[axis] for axis in numbers) if sorted(numbers) == list(range(len(shape))) else None
        case "reshape":
            return numbers if prod(numbers) == prod(shape) and min(numbers, default=0) >= 0 else None
        case "spread":
            behind = numbers[len(numbers) - len(shape) :] if len(shape) <= len(numbers) else ()
            fits = len(behind) == len(shape) and all(one in (1, many) for one, many in zip(shape, behind, strict=True))
            return numbers if fits else None
        case "slice":
            axis, first, behind_last, stride = numbers
            if not 0 <= axis < len(shape):
                return None
            return (
                *shape[:axis],
                len(range(*slice(first, behind_last, stride).indices(shape[axis]))),
                *shape[axis + 1 :],
            )
        case _:
            return shape


def _slice(array: Array, numbers: tuple[int, ...]) -> Array:
    axis, first, behind_last, stride = numbers
    return array[(slice(None),) * axis + (slice(first, behind_last, stride),)]


_KINDS: dict[StepKind, Callable[[Array, tuple[int, ...]], Array]] = {
    "transpose": lambda array, axes: array.transpose(axes),
    "reshape": lambda array, shape: array.reshape(shape),
    "spread": np.broadcast_to,
    "slice": _slice,
    "negate": lambda array, _: -array,
    "reciprocal": lambda array, _: 1 / array,
}

"""Numbers that no image decides, worked out where they are known: arithmetic and functions of each number.

They are what `torch.arange(depth) * slope` is, from which programs make the sizes of their layers; whole numbers stay
whole, others are rounded to float32 as the framework rounds them.  What is not known (None) stays so.
"""

from __future__ import annotations

import math
import operator
import struct
from collections.abc import Callable, Mapping

from cnncalc.dialects.traced.trace import Constant, Tensor

Numbers = tuple[float, ...] | float | None
"""As a `Constant` holds them: in order, one for all, or not known."""

LARGEST = 2**53
"""Whole numbers up to here are worked out exactly."""

_MADE_OF = "what is made of "

SIGNS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": math.pow,
}
FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    **{name: getattr(math, name) for name in ("log", "log2", "log10", "exp", "sqrt", "sin", "cos", "tan", "tanh")},
    **{"floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "round": round, "abs": abs},
    "square": lambda number: number * number,
    "reciprocal": lambda number: 1 / number,
    "rsqrt": lambda number: 1 / math.sqrt(number),
    "relu": lambda number: max(number, 0.0),
}
"""By the frameworks' names."""


def rounded(number: float) -> float:
    """The nearest number of float32."""
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def made_of(constant: Constant | None) -> str:
    """What is made of a constant in a message, as short after many steps as after one."""
    return _MADE_OF + (constant.what.removeprefix(_MADE_OF) if constant is not None else "a constant")


def combined_numbers(sign: str, left: Numbers, right: Numbers) -> Numbers:
    """`left sign right`, each number with its counterpart.

    >>> combined_numbers("*", (0, 1, 2), 3), combined_numbers("/", (1, 2), 2), combined_numbers("+", None, 1)
    ((0, 3, 6), (0.5, 1.0), None)
    """
    work = SIGNS.get(sign)
    if work is None or left is None or right is None:
        return None
    if not isinstance(left, tuple) and not isinstance(right, tuple):
        return _pair(sign, work, left, right)
    count = max(len(one) for one in (left, right) if isinstance(one, tuple))
    first, second = (one if isinstance(one, tuple) else (one,) * count for one in (left, right))
    if len(first) != len(second):
        return None
    made = [_pair(sign, work, one, other) for one, other in zip(first, second, strict=True)]
    return None if None in made else tuple(made)  # type: ignore[arg-type]


def _pair(sign: str, work: Callable[[float, float], float], left: float, right: float) -> float | None:
    is_whole = type(left) is int and type(right) is int and sign != "/"
    try:
        made = work(left, right)
    except (ArithmeticError, ValueError):
        return None
    if is_whole:
        return int(made) if abs(made) < LARGEST else None
    return rounded(made)


def of_each(name: str, tensor: Tensor) -> Tensor:
    """A constant after a function of each number: its sizes are kept."""
    constant, work = tensor.constant or Constant("a constant"), FUNCTIONS.get(name)
    values = constant.values
    made: Numbers = None
    if work is not None and values is not None:
        try:
            made = (
                tuple(_same_kind(one, work(one)) for one in values)
                if isinstance(values, tuple)
                else _same_kind(values, work(values))
            )
        except (ArithmeticError, ValueError):
            made = None
    return with_numbers(tensor, made, made_of(constant))


def _same_kind(before: float, after: float) -> float:
    """Rounding a number that is not whole gives one that is written with a point: it is no whole number's type."""
    return after if type(before) is int and type(after) is int else rounded(float(after))


def with_numbers(tensor: Tensor, values: Numbers, what: str = "") -> Tensor:
    """A constant of the same sizes with other numbers."""
    constant = tensor.constant or Constant("a constant")
    made = Constant(what or constant.what, values=values)
    return Tensor(tensor.trace, tensor.dims, None, None, constant=made)


def whole_numbers(values: Numbers) -> Numbers:
    """The numbers cut off at their points, as `x.int()` does."""
    try:
        return tuple(map(int, values)) if isinstance(values, tuple) else None if values is None else int(values)
    except (OverflowError, ValueError):
        return None


def float_numbers(values: Numbers) -> Numbers:
    """The numbers as float32 has them."""
    if isinstance(values, tuple):
        return tuple(map(rounded, map(float, values)))
    return None if values is None else rounded(float(values))

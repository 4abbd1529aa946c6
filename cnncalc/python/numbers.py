"""`math`, and what of `numpy` is done to plain numbers and lists of them; arrays are not known here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.python.functions import Known
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Arguments, Reading, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau}
_OF_ONE: Mapping[str, Callable[..., Any]] = {
    name: getattr(math, name)
    for name in (
        "ceil floor sqrt log log2 log10 exp sin cos tan asin acos atan atan2 sinh cosh tanh fabs trunc gcd lcm hypot "
        "isnan isinf isfinite isqrt degrees radians erf gamma fmod copysign isclose pow"
    ).split()
}
_IN_NUMPY: Mapping[str, str] = {"absolute": "fabs", "power": "pow", "arctan": "atan", "fix": "trunc"}


def worked_out(name: str, values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    """`math.name(...)` or `numpy.name(...)`; Unknown where reading does not have it."""
    for one in (*values, *named.values()):
        if here.bounds.whole(one) is not None:
            return here.bounds.whole(one)
    package, _, word = name.partition(".")
    compute = _LISTS.get(word)
    if compute is not None and (package == "numpy" or word in ("prod", "fsum")):
        return _checked(name, lambda: here.bounds.kept(compute(here, *values, **_wanted(named))), here)
    word = _IN_NUMPY.get(word, word) if package == "numpy" else word
    if word in _OF_ONE and not any(isinstance(one, (list, tuple, Value)) for one in values):
        as_float = package == "numpy" and word in ("ceil", "floor", "trunc")
        made = _checked(name, lambda: here.bounds.kept(_OF_ONE[word](*values)), here)
        return float(made) if as_float and isinstance(made, int) else made
    return Unknown(f"`{name}` is not read here", here.span)


def _wanted(named: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in named.items() if key in ("axis", "num", "start", "stop", "step")}


def _checked(name: str, compute: Callable[[], Any], here: Evaluator) -> Any:
    try:
        return compute()
    except (TypeError, ValueError, ArithmeticError) as error:
        raise Raised(type(error).__name__, f"{name}(): {error}", here.span) from None


class Row(Value):
    """An array of one axis with known numbers."""

    noun = "an array"

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def attribute(self, name: str, here: Reading) -> Any:
        if name in ("shape", "ndim", "size"):
            return {"shape": (len(self.values),), "ndim": 1, "size": len(self.values)}[name]
        if name in ("tolist", "copy", "astype", "sum", "max", "min", "prod", "mean", "cumsum", "flatten"):
            return Known(name, self._method(name))
        return Unknown(f"`{name}` of an array is not read here", here.span)

    def _method(self, name: str) -> Callable[[Arguments, Any], Any]:
        def called(arguments: Arguments, here: Any) -> Any:
            if name == "tolist":
                return here.bounds.kept(list(self.values))
            if name in ("copy", "flatten"):
                return Row(here.entries(self))
            if name == "astype":
                return Row([here.call(arguments.values[0], one) for one in self.values])
            return worked_out(f"numpy.{name}", (self,), {}, here)

        return called

    def item(self, key: Any, here: Reading) -> Any:
        found = here.item(self.values, key)
        return Row(found) if isinstance(found, list) else found

    def entries(self, here: Reading) -> list[Any]:
        here.charge(len(self.values) // 4)
        return list(self.values)

    def arithmetic(self, sign: str, other: Any, here: Reading, *, reflected: bool = False) -> Any:
        others = here.entries(other) if isinstance(other, (list, tuple, Row)) else [other] * len(self.values)
        here.charge(len(self.values))
        if len(others) != len(self.values):
            raise Raised("ValueError", "arrays of different lengths are combined", here.span)
        pairs = zip(others, self.values, strict=True) if reflected else zip(self.values, others, strict=True)
        return Row([here.arithmetic(sign, one, two) for one, two in pairs])

    def negative(self, sign: str, here: Reading) -> Any:
        return self.arithmetic("*", -1 if sign == "-" else 1, here)

    def truth(self, here: Reading) -> bool:
        raise Raised("ValueError", "an array is neither true nor false", here.span)


def _row(here: Evaluator, value: Any) -> Any:
    """`numpy.array`: of one axis, or not known."""
    if isinstance(value, (int, float)):
        return value
    values = here.entries(value)
    if all(isinstance(one, (int, float)) for one in values):
        return Row(values)
    return Unknown("an array of several axes is not read here", here.span)


def _flat(here: Evaluator, value: Any) -> list[Any]:
    """The numbers of a list of lists, row after row."""
    value = value.values if isinstance(value, Row) else value
    if not isinstance(value, (list, tuple, range)):
        if not isinstance(value, (int, float)):
            raise TypeError("this is no number")
        return [value]
    return [one for each in here.entries(value) for one in _flat(here, each)]


def _product(here: Evaluator, value: Any, axis: Any = None, start: Any = 1) -> Any:
    if axis is not None:
        return Unknown("a product along an axis is not read here", here.span)
    made = start
    for one in _flat(here, value):
        made = here.bounds.kept(made * one)
    return made


def _of_list(compute: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def found(here: Evaluator, value: Any, axis: Any = None) -> Any:
        return Unknown("numbers along an axis are not read here", here.span) if axis else compute(_flat(here, value))

    return found


def _spread(here: Evaluator, start: Any, stop: Any, num: Any = 50) -> Row:
    """`numpy.linspace`."""
    here.charge(2 * abs(num))
    return Row([start + (stop - start) * index / max(1, num - 1) for index in range(num)])


def _counted(here: Evaluator, *values: Any, start: Any = None, stop: Any = None, step: Any = None) -> Any:
    """`numpy.arange`."""
    given = [one for one in (*values, start, stop, step) if one is not None]
    if all(isinstance(one, int) for one in given):
        return Row(here.entries(range(*given)))
    first, last, by = (0.0, given[0], 1.0) if len(given) == 1 else (*given, 1.0)[:3]
    count = max(0, math.ceil((last - first) / by))
    here.charge(2 * count)
    return Row([first + by * index for index in range(count)])


def _running_sum(here: Evaluator, value: Any, axis: Any = None) -> Row:
    made: list[Any] = []
    for one in _flat(here, value):
        made.append(one + (made[-1] if made else 0))
    return Row(made)


def _same(here: Evaluator, value: Any, *rest: Any) -> Any:
    return value


def _rounded(here: Evaluator, value: Any, digits: int = 0) -> Any:
    return float(round(value, max(-20, min(20, digits)))) if isinstance(value, (int, float)) else Unknown("an array")


_LISTS: Mapping[str, Callable[..., Any]] = {
    "prod": _product, "product": _product, "sum": _of_list(sum), "mean": _of_list(lambda one: sum(one) / len(one)),
    "min": _of_list(min), "max": _of_list(max), "amin": _of_list(min), "amax": _of_list(max),
    "fsum": _of_list(math.fsum),
    "linspace": _spread, "arange": _counted, "cumsum": _running_sum, "array": _row, "asarray": _row, "int64": _same,
    "int32": _same, "float32": _same, "float64": _same, "round": _rounded, "round_": _rounded,
    "abs": lambda here, value: abs(value), "maximum": lambda here, a, b: max(a, b),
    "minimum": lambda here, a, b: min(a, b),
}  # fmt: skip

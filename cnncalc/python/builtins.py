"""Python's built-in functions and types, as far as models are written with them.

Each charges what it costs by the size of what it is given.  `open`, `eval`, `exec` and everything else that reaches out
of the program is Unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.python import operators, texts
from cnncalc.python.containers import ordered
from cnncalc.python.errors import EXCEPTIONS
from cnncalc.python.functions import Bound, Function, Known
from cnncalc.python.iteration import Iteration
from cnncalc.python.kinds import BUILTIN_TYPES, is_below, is_instance
from cnncalc.python.objects import Class, Instance
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.program_limits import LONGEST_LIST, exceeded
from cnncalc.python.values import Arguments, Library, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

Compute = Callable[[Sequence[Any], Mapping[str, Any], "Evaluator"], Any]


def known(name: str, compute: Compute, least: int = 0, most: int = 1000, *, spreads: bool = True) -> Known:
    """A function of ours with so many arguments; `spreads`: what is given and not known is also what comes out."""

    def called(arguments: Arguments, here: Any) -> Any:
        values = arguments.values
        named = {key: one.value for key, one in arguments.keywords.items()}
        if spreads:
            for one in (*values, *named.values()):
                if isinstance(one, Unknown):
                    return one
        if not least <= len(values) <= most:
            raise Raised("TypeError", f"{name}() does not take {len(values)} arguments", here.span)
        try:
            return compute(values, named, here)
        except (TypeError, ValueError, ArithmeticError, KeyError, IndexError) as error:
            raise Raised(type(error).__name__, f"{name}(): {error}", here.span) from None

    return Known(name, called)


def _range(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    for one in values:
        if isinstance(one, Value) or not isinstance(one, int):
            raise Raised("TypeError", f"range() needs whole numbers, not {operators.noun(one)}", here.span)
    return range(*values)


def _length(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    value = values[0]
    return value.length(here) if isinstance(value, Value) else len(value)


def _zip(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    lists = [here.entries(one) for one in values]
    shortest = min(map(len, lists), default=0)
    if named.get("strict") and any(len(one) != shortest for one in lists):
        raise Raised("ValueError", "zip(): the lists have different lengths", here.span)
    here.charge(shortest * (1 + len(lists)))
    return Iteration(list(zip(*lists, strict=False)))


def _enumerate(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    entries = here.entries(values[0])
    here.charge(2 * len(entries))
    start = named.get("start", values[1] if len(values) > 1 else 0)
    return Iteration(list(enumerate(entries, start)))


def _sum(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    total: Any = named.get("start", values[1] if len(values) > 1 else 0)
    for one in here.entries(values[0]):
        here.charge(1)
        is_first = isinstance(total, int) and total == 0 and isinstance(one, Value)
        total = one if is_first else here.arithmetic("+", total, one)
    return total


def _extreme(sign: str) -> Compute:
    def compute(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
        entries = list(values) if len(values) > 1 else here.entries(values[0])
        if not entries:
            if "default" in named:
                return named["default"]
            raise Raised("ValueError", "the smallest or largest of nothing", here.span)
        key = named.get("key")
        keys = [here.call(key, one) for one in entries] if key is not None else entries
        best = 0
        for index in range(1, len(entries)):
            here.charge(1)
            better = here.arithmetic(sign, keys[index], keys[best])
            if isinstance(better, Unknown):
                return better
            best = index if here.truth(better) else best
        return keys[best] if isinstance(keys[best], Unknown) else entries[best]

    return compute


def _all(wanted: bool) -> Compute:
    def compute(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
        for one in here.entries(values[0]):
            here.charge(1)
            if isinstance(one, Unknown):
                return one
            if here.truth(one) is not wanted:
                return not wanted
        return wanted

    return compute


def _sorted(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> list[Any]:
    return ordered(here.entries(values[0]), named.get("key"), named.get("reverse"), here)


def _reversed(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    entries = here.entries(values[0])
    here.charge(len(entries) // 2)
    return Iteration(entries[::-1])


def _map(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    function, *lists = values
    rounds = zip(*[here.entries(one) for one in lists], strict=False)
    return Iteration([here.call(function, *each) for each in rounds])


def _filter(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    function, entries = values[0], here.entries(values[1])
    here.charge(len(entries))
    return Iteration([one for one in entries if here.truth(one if function is None else here.call(function, one))])


def _iter(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return values[0] if isinstance(values[0], Iteration) else Iteration(here.entries(values[0]))


def _next(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    iteration, *default = values
    if isinstance(iteration, Unknown):
        return iteration
    if isinstance(iteration, Instance) and iteration.cls and iteration.cls.find("__next__"):
        return here.call(iteration.attribute("__next__", here))
    if not isinstance(iteration, Iteration):
        raise Raised("TypeError", f"{operators.noun(iteration)} is no iterator", here.span)
    for one in iteration:
        return one
    if default:
        return default[0]
    raise Raised("StopIteration", "an iterator has no further entries", here.span)


# ---------------------------------------------------------------------- attributes and types
def _has(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> bool:
    try:
        here.attribute(values[0], _attribute_name(values[1], here))
    except PythonFault as fault:
        if fault.code == "python-bound":
            raise
        return False
    return True


def _get(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    holder, name, *default = values
    for one in (holder, name):
        if isinstance(one, Unknown):
            return one
    try:
        return here.attribute(holder, _attribute_name(name, here))
    except PythonFault as fault:
        if not default or fault.code == "python-bound":
            raise
        return default[0]


def _set(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> None:
    holder, name, value = values
    if isinstance(name, Unknown):
        raise name.needed("the name of what is set", here.span)
    here.set_attribute(holder, _attribute_name(name, here), value)


def _attribute_name(name: Any, here: Evaluator) -> str:
    if not isinstance(name, str):
        raise Raised("TypeError", "the name of an attribute is a text", here.span)
    return name


def _delete(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> None:
    holder, name = values
    here.changed.append(holder)
    if not isinstance(holder, Value):
        raise Raised("AttributeError", f"nothing of {operators.noun(holder)} can be deleted", here.span)
    holder.delete_attribute(_attribute_name(name, here), here)


def _is_instance(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return is_instance(values[0], values[1], here)


def _is_below(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return is_below(values[0], values[1], here)


def _callable(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> bool:
    value = values[0]
    if isinstance(value, Instance) and value.cls is not None and value.cls.library is None:
        return value.cls.find("__call__") is not None
    return isinstance(value, (Function, Bound, Known, Class, Library, Instance))


def _id(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return id(values[0]) % 10**12


# ---------------------------------------------------------------------- numbers and texts
def _round(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    digits = named.get("ndigits", values[1] if len(values) > 1 else None)
    if digits is not None and abs(digits) > 400:
        raise exceeded("a number is rounded to more than 400 digits")
    return here.bounds.kept(round(_number(values[0]), digits))


def _number(value: Any) -> Any:
    if isinstance(value, Value):
        raise TypeError(f"{value.noun} is no number")
    return value


def _absolute(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    value = values[0]
    if isinstance(value, Instance) and value.cls and value.cls.find("__abs__"):
        return here.call(value.attribute("__abs__", here))
    return abs(_number(value)) if not isinstance(value, Value) else value.attribute("abs", here).call(_none(here), here)


def _none(here: Evaluator) -> Arguments:
    return Arguments((), {}, here.span)


def _power(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    if len(values) == 3:
        return here.bounds.kept(pow(*map(_number, values)))
    return here.arithmetic("**", values[0], values[1])


def _divided(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return (here.arithmetic("//", values[0], values[1]), here.arithmetic("%", values[0], values[1]))


def _character(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> str:
    return chr(_number(values[0]))


def _in_base(write: Callable[[int], str]) -> Compute:
    return lambda values, named, here: write(_number(values[0]))


def _representation(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return texts.written(values[0], here.bounds, quoted=True)


def _format(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return texts.formatted(values[0], values[1] if len(values) > 1 else "", here.bounds)


def _type(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    if len(values) == 3:
        return Unknown("a class that type() makes is not read here", here.span)
    value = values[0]
    return value.type(here) if isinstance(value, Value) else Library(f"builtins.{type(value).__name__}", BUILTIN_TYPES)


def _nothing(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> None:
    """`print`: what it is given is worked out, nothing is shown."""


def _frozen(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return here.call(Library("builtins.set", BUILTIN_TYPES), *values)


_ONES: tuple[tuple[str, Compute, int, int], ...] = (
    ("range", _range, 1, 3), ("len", _length, 1, 1), ("zip", _zip, 0, 1000), ("enumerate", _enumerate, 1, 2),
    ("sum", _sum, 1, 2), ("reversed", _reversed, 1, 1), ("map", _map, 2, 100), ("filter", _filter, 2, 2),
    ("iter", _iter, 1, 1), ("callable", _callable, 1, 1), ("id", _id, 1, 1), ("round", _round, 1, 2),
    ("abs", _absolute, 1, 1), ("pow", _power, 2, 3), ("divmod", _divided, 2, 2), ("chr", _character, 1, 1),
    ("ord", _in_base(ord), 1, 1),  # type: ignore[arg-type]
    ("hex", _in_base(hex), 1, 1), ("bin", _in_base(bin), 1, 1), ("oct", _in_base(oct), 1, 1),
    ("repr", _representation, 1, 1), ("format", _format, 1, 2), ("type", _type, 1, 3), ("hasattr", _has, 2, 2),
    ("delattr", _delete, 2, 2), ("isinstance", _is_instance, 2, 2), ("issubclass", _is_below, 2, 2),
    ("sorted", _sorted, 1, 1), ("frozenset", _frozen, 0, 1),
)  # fmt: skip
_SEEING_UNKNOWN: tuple[tuple[str, Compute, int, int], ...] = (
    ("min", _extreme("<"), 1, LONGEST_LIST), ("max", _extreme(">"), 1, LONGEST_LIST), ("any", _all(False), 1, 1),
    ("all", _all(True), 1, 1), ("print", _nothing, 0, LONGEST_LIST), ("getattr", _get, 2, 3), ("setattr", _set, 3, 3),
    ("next", _next, 1, 2),
)  # fmt: skip
_NEVER = (
    "open eval exec compile __import__ input globals locals vars hash exit quit get_ipython display memoryview dir "
    "breakpoint help"
).split()
_TYPES = (
    "int float str bool list tuple dict set object bytes complex bytearray classmethod staticmethod property".split()
)

BUILTINS: Mapping[str, Any] = {
    **{name: known(name, compute, least, most) for name, compute, least, most in _ONES},
    **{name: known(name, compute, least, most, spreads=False) for name, compute, least, most in _SEEING_UNKNOWN},
    **{name: Unknown(f"`{name}` is never run here") for name in _NEVER},
    **{name: Library(f"builtins.{name}", BUILTIN_TYPES) for name in (*_TYPES, *EXCEPTIONS)},
    "__name__": "program",
    "__debug__": True,
    "Ellipsis": ...,
    "NotImplemented": Unknown("`NotImplemented`"),
}

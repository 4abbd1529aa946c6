"""Parts and methods of Python's own values: lists, dictionaries, sets, tuples, numbers.

Which methods there are is a table; a name of the program is only ever looked up in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.python import operators, texts
from cnncalc.python.functions import Known
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.program_limits import LONGEST_LIST, exceeded
from cnncalc.python.values import Arguments, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

Method = Callable[[Any, Sequence[Any], "Evaluator"], Any]


def item_of(holder: Any, key: Any, here: Evaluator) -> Any:
    """`holder[key]` of Python's own values."""
    if isinstance(holder, dict):
        key = here.bounds.key(key)
        if isinstance(holder, Counted) and key not in holder:
            return holder.missing(key, here)
    if isinstance(key, slice) and any(isinstance(one, Unknown) for one in (key.start, key.stop, key.step)):
        return next(one for one in (key.start, key.stop, key.step) if isinstance(one, Unknown))
    if isinstance(key, Value) and not isinstance(holder, dict):
        raise Raised("TypeError", f"{operators.noun(key)} is no place in {operators.noun(holder)}", here.span)
    try:
        return here.bounds.kept(holder[key]) if isinstance(key, slice) else holder[key]
    except (KeyError, IndexError) as error:
        said = f"{operators.noun(holder)} has no part {_shown(key)}"
        raise Raised(type(error).__name__, said, here.span) from None
    except (TypeError, ValueError) as error:
        raise Raised(type(error).__name__, f"a part of {operators.noun(holder)}: {error}", here.span) from None


def _shown(key: Any) -> str:
    return f"`{str(key)[:40]}`" if isinstance(key, (int, str, float)) else "of this key"


class Counted(dict[Any, Any]):
    """A `defaultdict`: what it lacks is made by `factory`."""

    factory: Any = None

    def missing(self, key: Any, here: Evaluator) -> Any:
        """The new entry."""
        if self.factory is None:
            raise Raised("KeyError", f"a dictionary has no part {_shown(key)}", here.span)
        self[key] = made = here.call(self.factory)
        return made


def entries_of(value: Any, here: Evaluator) -> list[Any]:
    """What a loop over one of Python's own values goes through."""
    if isinstance(value, range):
        if len(value) > LONGEST_LIST:
            raise exceeded(f"a loop has more than {LONGEST_LIST:,} rounds")
        here.bounds.charge(len(value) // 2)
    if isinstance(value, (list, tuple, set, frozenset, dict, str, range)):
        return list(value)
    raise Raised("TypeError", f"{operators.noun(value)} cannot be looped over", here.span)


def method_of(holder: Any, name: str, here: Evaluator) -> Any:
    """`holder.name` of Python's own values."""
    if isinstance(holder, (slice, range)) and name in ("start", "stop", "step"):
        return {"start": holder.start, "stop": holder.stop, "step": holder.step}[name]
    if isinstance(holder, (int, float)) and name in ("real", "imag"):
        return holder if name == "real" else 0
    if isinstance(holder, str):
        found = _text_method(holder, name)
    else:
        methods = next((methods for kind, methods in _METHODS.items() if isinstance(holder, kind)), {})
        found = methods.get(name)
    if found is None:
        if name.startswith("__"):
            return Unknown(f"`{name}` is not read here", here.span)
        own = [one for one in dir(type(holder)) if not one.startswith("_")]
        if name in own:
            raise PythonFault("not-read-here", f"`{name}` of {operators.noun(holder)} is not read here", here.span)
        message = f"{operators.noun(holder)} has no `{name}`"
        raise Raised("AttributeError", message, here.span, help=did_you_mean(name, own))
    return Known(name, _called(found, holder, name))


def _called(method: Method, holder: Any, name: str) -> Callable[[Arguments, Any], Any]:
    def compute(arguments: Arguments, here: Evaluator) -> Any:
        values = list(arguments.values)
        if name == "format" and isinstance(holder, str):
            named = {key: one.value for key, one in arguments.keywords.items()}
            return texts.braces(holder, values, named, here.bounds)
        if name == "sort":
            return _sort(holder, arguments, here)
        if name == "update" and isinstance(holder, dict):
            values += [{key: one.value for key, one in arguments.keywords.items()}]
        else:
            values += [one.value for one in arguments.keywords.values()]
        if isinstance(holder, (list, dict, set)) and name in CHANGING:
            here.changed.append(holder)
        try:
            found = method(holder, values, here)
        except (TypeError, ValueError, KeyError, IndexError, OverflowError, RuntimeError) as error:
            said = "" if isinstance(error, KeyError) else f": {error}"
            raise Raised(type(error).__name__, f"`{name}` of {operators.noun(holder)} fails{said}", here.span) from None
        if isinstance(holder, (list, dict, set)):
            here.bounds.limited(holder)
        return found

    return compute


CHANGING = frozenset(
    "add append extend insert pop popitem remove clear sort reverse setdefault update discard add_module "
    "register_module register_parameter register_buffer __setitem__ __setattr__".split()
)
"""Methods that change a model or a list of layers."""


def _text_method(text: str, name: str) -> Method | None:
    if name == "join":
        return lambda text, values, here: texts.joined(text, here.entries(_only(values)), here.bounds)
    if name == "format":
        return lambda text, values, here: None
    if name in texts.METHODS:
        return lambda text, values, here: _unknown(values) or texts.method(text, name, values, here.bounds)
    return None


def _unknown(values: Sequence[Any]) -> Unknown | None:
    return next((one for one in values if isinstance(one, Unknown)), None)


def _only(values: Sequence[Any]) -> Any:
    if len(values) != 1:
        raise TypeError(f"it takes one argument, and {len(values)} are given")
    return values[0]


def _sort(holder: list[Any], arguments: Arguments, here: Evaluator) -> None:
    here.changed.append(holder)
    key, reverse = (
        arguments.keywords[name].value if name in arguments.keywords else None for name in ("key", "reverse")
    )
    holder[:] = ordered(list(holder), key, reverse, here)


def ordered(values: list[Any], key: Any, reverse: Any, here: Evaluator) -> list[Any]:
    """The values in order; raises PythonFault where one that is compared is not known."""
    keys = [here.call(key, one) for one in values] if key is not None else values
    unknown = here.bounds.whole(keys)
    if unknown is not None:
        raise unknown.needed("the order of these values", here.span)
    here.bounds.charge(4 * len(values) + sum(len(one) for one in keys if isinstance(one, (list, tuple, str))))
    try:
        order = sorted(
            range(len(values)), key=keys.__getitem__, reverse=bool(reverse is not None and here.truth(reverse))
        )
    except TypeError as error:
        raise Raised("TypeError", f"these values have no order: {error}", here.span) from None
    return [values[index] for index in order]


# ---------------------------------------------------------------------- lists
def _index(holder: Any, values: Sequence[Any], here: Evaluator) -> int:
    here.charge(len(holder))
    for place, one in enumerate(holder):
        if one is values[0] or here.truth(here.arithmetic("==", one, values[0])):
            return place
    raise ValueError("it is not among them")


def _count(holder: Any, values: Sequence[Any], here: Evaluator) -> int:
    here.charge(len(holder))
    return sum(one is values[0] or here.truth(here.arithmetic("==", one, values[0])) for one in holder)


def _extend(holder: list[Any], values: Sequence[Any], here: Evaluator) -> None:
    holder.extend(here.entries(_only(values)))


def _insert(holder: list[Any], values: Sequence[Any], here: Evaluator) -> None:
    place, value = values
    if isinstance(place, Unknown):
        raise place.needed("the place in the list", here.span)
    here.charge(len(holder) // 64)
    holder.insert(place, value)


def _pop(holder: list[Any], values: Sequence[Any], here: Evaluator) -> Any:
    if unknown := _unknown(values):
        raise unknown.needed("the place in the list", here.span)
    here.charge(len(holder) // 64)
    return holder.pop(*values)


def _remove(holder: list[Any], values: Sequence[Any], here: Evaluator) -> None:
    del holder[_index(holder, values, here)]


# ---------------------------------------------------------------------- dictionaries
def _update(holder: dict[Any, Any], values: Sequence[Any], here: Evaluator) -> None:
    for one in values:
        holder.update(as_dict(one, here))


def as_dict(value: Any, here: Evaluator) -> dict[Any, Any]:
    """What `dict(value)` makes: of a dictionary or of pairs."""
    if isinstance(value, Unknown):
        raise value.needed("this dictionary", here.span)
    if isinstance(value, dict):
        here.charge(len(value) // 4)
        return dict(value)
    pairs = [tuple(here.entries(pair)) for pair in here.entries(value)]
    if any(len(pair) != 2 for pair in pairs):
        raise Raised("ValueError", "a dictionary is made of pairs", here.span)
    return {here.bounds.key(key): one for key, one in pairs}


def _get(holder: dict[Any, Any], values: Sequence[Any], here: Evaluator) -> Any:
    key, *default = values
    if isinstance(key, Unknown):
        return key
    return holder.get(here.bounds.key(key), default[0] if default else None)


def _set_default(holder: dict[Any, Any], values: Sequence[Any], here: Evaluator) -> Any:
    key, *default = values
    return holder.setdefault(here.bounds.key(key), default[0] if default else None)


def _pop_key(holder: dict[Any, Any], values: Sequence[Any], here: Evaluator) -> Any:
    key, *default = values
    return holder.pop(here.bounds.key(key), *default)


def _listed(part: Callable[[dict[Any, Any]], Any]) -> Method:
    def compute(holder: dict[Any, Any], values: Sequence[Any], here: Evaluator) -> list[Any]:
        here.charge(len(holder) // 2)
        return list(part(holder))

    return compute


# ---------------------------------------------------------------------- sets and numbers
def _of_sets(name: str) -> Method:
    compute = getattr(set, name)

    def found(holder: set[Any], values: Sequence[Any], here: Evaluator) -> Any:
        others = [{here.bounds.key(one) for one in here.entries(value)} for value in values]
        return here.bounds.kept(compute(holder, *others))

    return found


_LIST: dict[str, Method] = {
    "append": lambda holder, values, here: holder.append(_only(values)),
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "remove": _remove,
    "index": _index,
    "count": _count,
    "reverse": lambda holder, values, here: holder.reverse(*values),
    "clear": lambda holder, values, here: holder.clear(*values),
    "copy": lambda holder, values, here: here.bounds.kept(list(holder)),
    "sort": lambda holder, values, here: None,
}
_DICT: dict[str, Method] = {
    "keys": _listed(lambda holder: holder),
    "values": _listed(lambda holder: holder.values()),
    "items": _listed(lambda holder: holder.items()),
    "get": _get,
    "setdefault": _set_default,
    "pop": _pop_key,
    "popitem": lambda holder, values, here: holder.popitem(),
    "update": _update,
    "clear": lambda holder, values, here: holder.clear(),
    "copy": lambda holder, values, here: here.bounds.kept(dict(holder)),
    "move_to_end": lambda holder, values, here: holder.update({values[0]: holder.pop(values[0])}),
}
_SET: dict[str, Method] = {
    "add": lambda holder, values, here: holder.add(here.bounds.key(_only(values))),
    "discard": lambda holder, values, here: holder.discard(here.bounds.key(_only(values))),
    "remove": lambda holder, values, here: holder.remove(here.bounds.key(_only(values))),
    "clear": lambda holder, values, here: holder.clear(),
    "pop": lambda holder, values, here: holder.pop(),
    "copy": lambda holder, values, here: set(holder),
    **{
        name: _of_sets(name)
        for name in ("union", "update", "difference", "intersection", "issubset", "issuperset", "isdisjoint")
    },
}
_METHODS: dict[type[Any] | tuple[type[Any], ...], dict[str, Method]] = {
    list: _LIST,
    dict: _DICT,
    set: _SET,
    (tuple, range): {"index": _index, "count": _count},
    (int, float): {
        "item": lambda holder, values, here: holder,
        "bit_length": lambda holder, values, here: int(holder).bit_length(),
        "is_integer": lambda holder, values, here: float(holder).is_integer(),
        "conjugate": lambda holder, values, here: holder,
    },
}

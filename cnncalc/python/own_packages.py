"""Python's own modules, as far as models are written with them; what reaches out of the program is Unknown."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics import Span
from cnncalc.python import numbers, options
from cnncalc.python.classes import made_class
from cnncalc.python.containers import Counted, as_dict
from cnncalc.python.functions import Default, Known
from cnncalc.python.iteration import Iteration
from cnncalc.python.kinds import is_held
from cnncalc.python.objects import Class, Instance
from cnncalc.python.operators import copied
from cnncalc.python.program_error import Raised
from cnncalc.python.program_limits import LONGEST_LIST, exceeded
from cnncalc.python.values import Arguments, Library, Package, Reading, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

Compute = Callable[[Sequence[Any], Mapping[str, Any], "Evaluator"], Any]


class Partial(Value):
    """`functools.partial`: a function with arguments that are given already."""

    noun = "a function with some of its arguments"

    def __init__(self, function: Any, arguments: Arguments) -> None:
        self.function = function
        self.arguments = arguments

    def attribute(self, name: str, here: Reading) -> Any:
        if name == "func":
            return self.function
        if name == "args":
            return self.arguments.values
        if name == "keywords":
            return {key: one.value for key, one in self.arguments.keywords.items()}
        return here.attribute(self.function, name)

    def call(self, arguments: Arguments, here: Reading) -> Any:
        positional = (*self.arguments.positional, *arguments.positional)
        keywords = {**self.arguments.keywords, **arguments.keywords}
        return here.call_with(self.function, Arguments(positional, keywords, arguments.span))


class OwnPackage:
    """The modules whose names are listed; `itertools.chain` is looked up in one table of functions."""

    roots = frozenset(
        "abc argparse collections copy dataclasses enum functools itertools math numbers numpy operator types typing "
        "typing_extensions warnings".split()
    )
    usual: Mapping[str, str] = {"np": "numpy", "math": "math"}

    def has(self, name: str) -> bool:
        return name in FUNCTIONS or name.partition(".")[0] in ("math", "typing")

    def member(self, name: str, here: Any) -> Any:
        package, _, word = name.partition(".")
        if package in ("math", "numpy") and word in numbers.CONSTANTS:
            return numbers.CONSTANTS[word]
        if name == "typing.TYPE_CHECKING":
            return False
        if word in ("__version__", "newaxis"):
            return None if word == "newaxis" else Unknown("the version of a library is not known", here.span)
        return Library(name, self)

    def call(self, name: str, arguments: Arguments, here: Any) -> Any:
        if name == "functools.partial":
            return _partial(arguments, here)
        values, named = arguments.values, {key: one.value for key, one in arguments.keywords.items()}
        compute = FUNCTIONS.get(name)
        if compute is not None:
            try:
                return compute(values, named, here)
            except (TypeError, ValueError, KeyError, IndexError) as error:
                raise Raised(type(error).__name__, f"{name}(): {error}", here.span) from None
        if name.partition(".")[0] in ("math", "numpy"):
            return numbers.worked_out(name, values, named, here)
        return Unknown(f"`{name}` is not read here", here.span)

    def instance(self, cls: Class, base: str, span: Span) -> Instance | Unknown:
        return Instance(cls, made=span)

    def begin(self, this: Instance, base: str, arguments: Arguments, here: Any) -> None:
        """Python's own bases take what they are given and make nothing of it that a model shows."""

    def method(self, this: Any, base: str, name: str) -> Any:
        if name == "_replace" and isinstance(this, Instance):
            return Known(name, lambda arguments, here: _replaced(this, arguments))
        if name == "_asdict" and isinstance(this, Instance):
            return Known(name, lambda arguments, here: dict(this.names))
        return None

    def is_a(self, value: Any, name: str) -> bool:
        return is_held(value, name.rpartition(".")[2])

    def is_below(self, name: str, other: str) -> bool:
        return name == other


def _partial(arguments: Arguments, here: Evaluator) -> Any:
    if not arguments.positional:
        raise Raised("TypeError", "partial() needs a function", here.span)
    first, *rest = arguments.positional
    if isinstance(first.value, Unknown):
        return first.value
    return Partial(first.value, arguments._replace(positional=tuple(rest)))


def _replaced(this: Instance, arguments: Arguments) -> Instance:
    return Instance(this.cls, {**this.names, **{key: one.value for key, one in arguments.keywords.items()}}, this.made)


def _named_tuple(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Class:
    name, fields = values[0], values[1]
    names = fields.replace(",", " ").split() if isinstance(fields, str) else here.entries(fields)
    names = [one if isinstance(one, str) else here.entries(one)[0] for one in names]
    if not isinstance(name, str) or not all(isinstance(one, str) for one in names):
        raise Raised("TypeError", "a named tuple needs texts as names", here.span)
    made = made_class(here, name, (Library("typing.NamedTuple", PACKAGE),), {})
    made.fields, made.is_tuple = tuple(names), True
    defaults = here.entries(named["defaults"]) if "defaults" in named else []
    made.names.update(zip(names[len(names) - len(defaults) :], defaults, strict=False))
    return made


def _ordered_dict(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> dict[Any, Any]:
    return {**(as_dict(values[0], here) if values else {}), **named}


def _default_dict(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> dict[Any, Any]:
    made = Counted(as_dict(values[1], here) if len(values) > 1 else {})
    made.factory = values[0] if values else None
    return made


def _counter(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for one in here.entries(values[0]) if values else ():
        made[here.bounds.key(one)] = made.get(one, 0) + 1
    return made


def _deep_copy(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    return copied(values[0], {}, here)


def _shallow_copy(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    value = values[0]
    if isinstance(value, (list, dict, set)):
        return here.bounds.kept(value.copy())
    return copied(value, {}, here) if isinstance(value, Value) else value


def _chain(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    return _flattened([here.entries(one) for one in values], here)


def _chain_of(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    return _flattened([here.entries(one) for one in here.entries(values[0])], here)


def _flattened(lists: list[list[Any]], here: Evaluator) -> Iteration:
    _refuse_more(sum(map(len, lists)), here)
    return Iteration([one for each in lists for one in each])


def _refuse_more(count: int, here: Evaluator) -> None:
    if count > LONGEST_LIST:
        raise exceeded(f"a list has more than {LONGEST_LIST:,} entries")
    here.charge(count)


def _product(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    lists = [here.entries(one) for one in values] * _times(named.get("repeat", 1))
    count = 1
    for each in lists:
        count *= len(each)
        _refuse_more(count * len(lists), here)
    return Iteration(list(itertools.product(*lists)))


def _times(value: Any) -> int:
    if not isinstance(value, int) or value > 64:
        raise exceeded("a product of more than 64 lists")
    return value


def _repeat(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    times = named.get("times", values[1] if len(values) > 1 else None)
    if not isinstance(times, int):
        raise exceeded("an iterator that never ends is not read")
    _refuse_more(times, here)
    return Iteration([values[0]] * times)


def _slice(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    return Iteration(here.entries(values[0])[slice(*values[1:])])


def _pairs(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    entries = here.entries(values[0])
    here.charge(2 * len(entries))
    return Iteration(list(itertools.pairwise(entries)))


def _accumulated(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    made: list[Any] = []
    for one in here.entries(values[0]):
        here.charge(1)
        if made and len(values) > 1 and values[1] is not None:
            made.append(here.call(values[1], made[-1], one))
        else:
            made.append(here.arithmetic("+", made[-1], one) if made else one)
    return Iteration(made)


def _combinations(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Iteration:
    entries, size = here.entries(values[0]), values[1]
    found: list[Any] = []
    for one in itertools.combinations(entries, min(size, len(entries) + 1)):
        here.charge(1 + len(one))
        found.append(one)
    return Iteration(found)


def _reduce(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    function, entries = values[0], here.entries(values[1])
    if len(values) > 2:
        entries = [values[2], *entries]
    if not entries:
        raise Raised("TypeError", "reduce() of nothing", here.span)
    made = entries[0]
    for one in entries[1:]:
        made = here.call(function, made, one)
    return made


def _first(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    """What gives its function back: decorators, `typing.cast`'s second."""
    return values[-1] if values else None


def _nothing(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> None:
    """What changes nothing: a warning."""


def _field(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Any:
    if "default" in named:
        return named["default"]
    if "default_factory" in named:
        return Default(None, named["default_factory"])
    return Unknown("a field without a default", here.span)


def _operator(sign: str) -> Compute:
    return lambda values, named, here: here.arithmetic(sign, values[0], values[1])


def _part_of(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Known:
    key = values[0]
    return Known("itemgetter", lambda arguments, here: here.item(arguments.values[0], key))


def _attribute_of(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Known:
    name = values[0]
    if not isinstance(name, str) or "." in name:
        raise Raised("TypeError", "attrgetter() needs one name", here.span)
    return Known("attrgetter", lambda arguments, here: here.attribute(arguments.values[0], name))


def _namespace(values: Sequence[Any], named: Mapping[str, Any], here: Evaluator) -> Instance:
    made = options.Options()
    made.names |= named
    return made


FUNCTIONS: Mapping[str, Compute] = {
    "argparse.ArgumentParser": lambda values, named, here: options.Parser(options.Options()),
    "argparse.Namespace": _namespace, "types.SimpleNamespace": _namespace,
    "collections.namedtuple": _named_tuple, "typing.NamedTuple": _named_tuple,
    "collections.OrderedDict": _ordered_dict, "collections.defaultdict": _default_dict, "collections.Counter": _counter,
    "collections.deque": lambda values, named, here: here.entries(values[0]) if values else [],
    "copy.deepcopy": _deep_copy, "copy.copy": _shallow_copy,
    "dataclasses.field": _field, "enum.auto": lambda values, named, here: here.bounds.steps,
    "functools.reduce": _reduce, "functools.wraps": lambda values, named, here: Known("wraps", _gives_back),
    "functools.lru_cache": _first, "functools.cache": _first,
    "itertools.chain": _chain, "itertools.chain.from_iterable": _chain_of, "itertools.product": _product,
    "itertools.repeat": _repeat, "itertools.islice": _slice, "itertools.pairwise": _pairs,
    "itertools.accumulate": _accumulated, "itertools.combinations": _combinations,
    "typing.cast": _first, "typing.TypeVar": lambda values, named, here: Unknown("a type variable"),
    "warnings.warn": _nothing, "warnings.filterwarnings": _nothing, "warnings.simplefilter": _nothing,
    "operator.add": _operator("+"), "operator.mul": _operator("*"), "operator.sub": _operator("-"),
    "operator.truediv": _operator("/"), "operator.floordiv": _operator("//"), "operator.mod": _operator("%"),
    "operator.itemgetter": _part_of, "operator.attrgetter": _attribute_of,
}  # fmt: skip


def _gives_back(arguments: Arguments, here: Any) -> Any:
    return arguments.values[0] if arguments.positional else None


PACKAGE = OwnPackage()
OWN_PACKAGES: Mapping[str, Package] = dict.fromkeys(OwnPackage.roots, PACKAGE)

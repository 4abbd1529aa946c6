"""Python's own types: what calling them makes, and what `isinstance` says of Python's own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics import Span
from cnncalc.python import containers, texts
from cnncalc.python.errors import EXCEPTIONS, Error
from cnncalc.python.functions import Bound, Function, Known
from cnncalc.python.iteration import Iteration
from cnncalc.python.objects import Class, Instance
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Arguments, Library, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

_HELD: Mapping[str, tuple[type[Any], ...]] = {
    "int": (int,), "bool": (bool,), "float": (float,), "str": (str,), "list": (list,), "tuple": (tuple,),
    "dict": (dict,), "set": (set, frozenset), "frozenset": (frozenset,), "NoneType": (type(None),), "range": (range,),
    "slice": (slice,), "object": (object,), "Number": (int, float), "Integral": (int,), "Real": (int, float),
    "Iterable": (list, tuple, dict, set, str, range, Iteration), "Sequence": (list, tuple, str, range),
    "Mapping": (dict,), "MutableMapping": (dict,), "OrderedDict": (dict,), "Iterator": (Iteration,),
    "Generator": (Iteration,), "Collection": (list, tuple, dict, set), "Sized": (list, tuple, dict, set, str),
    "List": (list,), "Tuple": (tuple,), "Dict": (dict,), "Set": (set,), "MutableSequence": (list,),
    "Callable": (Function, Bound, Known, Class, Library), "FunctionType": (Function,), "defaultdict": (dict,),
    "LambdaType": (Function,), "MethodType": (Bound,), "type": (Class,), "Hashable": (int, float, str, tuple),
}  # fmt: skip


def is_instance(value: Any, kind: Any, here: Evaluator) -> Any:
    """`isinstance(value, kind)`; Unknown where either is not known."""
    kinds = here.entries(kind) if isinstance(kind, tuple) else [kind]
    for one in kinds:
        if isinstance(one, tuple):
            found = is_instance(value, one, here)
        elif isinstance(one, Class):
            found = isinstance(value, Instance) and value.cls is not None and one in value.cls.line
        elif isinstance(one, Library):
            found = one.package.is_a(value, one.name)
        elif one is None or isinstance(one, Unknown):
            found = one if one is not None else value is None
        else:
            raise Raised("TypeError", "isinstance() needs a class", here.span)
        if isinstance(found, Unknown) or found:
            return found
    return False


def is_below(cls: Any, kind: Any, here: Evaluator) -> Any:
    """`issubclass(cls, kind)`."""
    for one in here.entries(kind) if isinstance(kind, tuple) else [kind]:
        if isinstance(one, Unknown):
            return one
        for above in cls.order if isinstance(cls, Class) else (cls,):
            if above is one or above == one:
                return True
            if isinstance(above, Library) and isinstance(one, Library) and above.package.is_below(above.name, one.name):
                return True
    return False


class BuiltinTypes:
    """The names of `builtins` as a package."""

    roots = frozenset({"builtins"})
    usual: Mapping[str, str] = {}

    def has(self, name: str) -> bool:
        return False

    def member(self, name: str, here: Any) -> Any:
        word = name.rpartition(".")[2]
        if word == "__name__":
            return name.split(".")[-2]
        if name.count(".") == 1:
            return Library(name, self)
        return Known(name, self._of_type(name))

    def _of_type(self, name: str) -> Any:
        def compute(arguments: Arguments, here: Any) -> Any:
            return _of_type(name, arguments, here)

        return compute

    def call(self, name: str, arguments: Arguments, here: Any) -> Any:
        word = name.removeprefix("builtins.")
        if word in EXCEPTIONS:
            return Error(word, arguments)
        values = arguments.values
        if values and isinstance(values[0], Unknown):
            return values[0]
        if word == "object":
            return Instance(None)
        return _made(word, arguments, here)

    def instance(self, cls: Class, base: str, span: Span) -> Instance:
        return Instance(cls, made=span)

    def begin(self, this: Instance, base: str, arguments: Arguments, here: Any) -> None:
        this.names["args"] = arguments.values

    def method(self, this: Any, base: str, name: str) -> Any:
        if name in ("__setattr__", "__delattr__") and isinstance(this, Instance):
            return Known(name, lambda arguments, here: here.set_attribute(this, *arguments.values))
        return Known(name, lambda arguments, here: None) if name in ("__init__", "__init_subclass__") else None

    def is_a(self, value: Any, name: str) -> bool:
        word = name.removeprefix("builtins.")
        if word in EXCEPTIONS:
            return isinstance(value, Error) and issubclass(EXCEPTIONS[value.name], EXCEPTIONS[word])
        return isinstance(value, _HELD.get(word, ()))

    def is_below(self, name: str, other: str) -> bool:
        return other in (name, "builtins.object")


BUILTIN_TYPES = BuiltinTypes()


def is_held(value: Any, word: str) -> bool:
    """Whether a value is of the kind that `typing` and `collections.abc` call so."""
    return isinstance(value, _HELD.get(word, ()))


def _of_type(name: str, arguments: Arguments, here: Evaluator) -> Any:
    """`str.lower(x)`, `dict.fromkeys(keys, value)`, `object.__setattr__(...)`."""
    kind, _, word = name.removeprefix("builtins.").partition(".")
    values = arguments.values
    if (kind, word) == ("dict", "fromkeys"):
        keys = here.entries(values[0]) if values else []
        return {here.bounds.key(key): values[1] if len(values) > 1 else None for key in keys}
    if (kind, word) == ("object", "__setattr__") and len(values) == 3 and isinstance(values[1], str):
        return here.set_attribute(values[0], values[1], values[2])
    if not values or isinstance(values[0], Value):
        return Unknown(f"`{name.removeprefix('builtins.')}` is not read here", here.span)
    method = here.attribute(values[0], word)
    return here.call_with(method, arguments._replace(positional=arguments.positional[1:]))


def _made(word: str, arguments: Arguments, here: Evaluator) -> Any:
    """What `list(x)`, `int(x)` and the like make."""
    values = arguments.values
    first = values[0] if values else None
    try:
        if word in ("list", "tuple", "set"):
            return _listed(word, here.entries(first) if values else [], here)
        if word == "dict":
            named = {key: one.value for key, one in arguments.keywords.items()}
            return here.bounds.kept({**(containers.as_dict(first, here) if values else {}), **named})
        if word in ("str", "bool"):
            return (_text(first, here) if values else "") if word == "str" else bool(values) and here.truth(first)
        if word in ("int", "float"):
            return _number(word, values, here)
    except (TypeError, ValueError, OverflowError) as error:
        raise Raised(type(error).__name__, f"{word}(): {error}", here.span) from None
    return Unknown(f"`{word}` is not read here", here.span)


def _listed(word: str, entries: list[Any], here: Evaluator) -> Any:
    if word == "set":
        return {here.bounds.key(one) for one in entries}
    return here.bounds.kept(entries if word == "list" else tuple(entries))


def _text(value: Any, here: Evaluator) -> Any:
    if isinstance(value, Error):
        return value.text
    if isinstance(value, Instance) and value.cls:
        for name in ("__str__", "__repr__"):
            if value.cls.find(name):
                return here.call(value.attribute(name, here))
    return texts.written(value, here.bounds)


def _number(word: str, values: tuple[Any, ...], here: Evaluator) -> Any:
    if not values:
        return 0 if word == "int" else 0.0
    value = values[0]
    if isinstance(value, Instance) and value.cls and value.cls.find(f"__{word}__"):
        return here.call(value.attribute(f"__{word}__", here))
    if isinstance(value, Value):
        return value.attribute("item", here).call(Arguments((), {}, here.span), here)
    if isinstance(value, str) and len(value) > 400:
        raise ValueError("the text is too long for a number")
    made = {"int": int, "float": float}[word](*values)
    return here.bounds.kept(made)

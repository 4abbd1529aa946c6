"""How functions and classes are made, and how `with` enters what it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cnncalc.python.functions import Function
from cnncalc.python.iteration import Iteration
from cnncalc.python.objects import Class, Instance, order_of
from cnncalc.python.program_error import Raised
from cnncalc.python.program_limits import LONGEST_ORDER, exceeded
from cnncalc.python.values import Library, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

FLAVOURS = {"staticmethod": "staticmethod", "classmethod": "classmethod", "property": "property",
            "cached_property": "property", "abstractproperty": "property"}  # fmt: skip
WITHOUT_MEANING = {"abc.ABC", "builtins.object", "typing.Generic", "typing.Protocol"}
"""Bases that add nothing an object could show."""


def define_function(here: Evaluator, node: ast.FunctionDef, scope: Scope) -> None:
    """`def`: decorators other than those of methods do nothing here."""
    made = function(here, node.name, node, scope)
    name = node.name
    for decorator in node.decorator_list:
        word = _last_word(decorator)
        if word in ("setter", "deleter", "getter") and isinstance(decorator, ast.Attribute):
            name = f"{node.name}.{word}"
        made.flavour = FLAVOURS.get(word, made.flavour)
    scope.names[name] = made


def _last_word(decorator: ast.expr) -> str:
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    return decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")


def function(here: Evaluator, name: str, node: ast.FunctionDef | ast.Lambda, scope: Scope) -> Function:
    """A function with its defaults, which are worked out where it is written."""
    here.charge(4)
    defaults = tuple(here.value(one, scope) for one in node.args.defaults)
    pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    keywords = {argument.arg: here.value(one, scope) for argument, one in pairs if one is not None}
    outer = scope
    while outer.kind == "class" and outer.outer is not None:
        outer = outer.outer
    return Function(name, node, outer, defaults, keywords, is_generator=_is_generator(here, node))


def _is_generator(here: Evaluator, node: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether there is a `yield` in it that is its own; looked up once for each function of the text."""
    if isinstance(node, ast.Lambda):
        return False
    if node not in here.generators:
        here.generators[node] = any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in own_nodes(node.body))
    return here.generators[node]


def own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Every node of these statements that is not in the body of a function or class among them."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def define_class(here: Evaluator, node: ast.ClassDef, scope: Scope) -> None:
    """`class`."""
    here.charge(4)
    bases = tuple(_base(here, here.value(one, scope), one) for one in node.bases if not isinstance(one, ast.Starred))
    inner = Scope("class", {}, scope)
    for statement in node.body:
        here.statement(statement, inner)
    here.node = node
    made = made_class(here, node.name, tuple(one for one in bases if one is not None), inner.names)
    made.node = node
    library = made.library.name if made.library else ""
    if library == "typing.NamedTuple" or "dataclass" in map(_last_word, node.decorator_list):
        above = [name for one in reversed(made.line[1:]) for name in one.fields or ()]
        own = [name for name, how in inner.declared.items() if how == "field"]
        made.fields, made.is_tuple = tuple(dict.fromkeys([*above, *own])), library == "typing.NamedTuple"
    if library.startswith("enum."):
        _make_members(made)
    scope.names[node.name] = made


def _base(here: Evaluator, base: Any, node: ast.expr) -> Class | Library | Unknown | None:
    if isinstance(base, (Class, Unknown)):
        return base
    if isinstance(base, Library):
        return None if base.name in WITHOUT_MEANING else base
    raise Raised("TypeError", "this is no class that another could be based on", here.program.span(node))


def made_class(
    here: Evaluator, name: str, bases: tuple[Class | Library | Unknown, ...], names: dict[str, Any]
) -> Class:
    """A class with the order of its bases; its functions learn whose they are."""
    made = Class(name, bases, names)
    size = sum(len(one.order) if isinstance(one, Class) else 1 for one in bases)
    if size > LONGEST_ORDER:
        raise exceeded(f"{name} has more than {LONGEST_ORDER} classes above it")
    here.charge(size * (1 + size // 8))
    made.order = order_of(made)
    for value in names.values():
        if isinstance(value, Function) and value.owner is None:
            value.owner = made
    return made


def _make_members(made: Class) -> None:
    for name, value in made.names.items():
        if not name.startswith("_") and not isinstance(value, Value):
            made.members[name] = Instance(made, {"name": name, "value": value})


def entered(here: Evaluator, manager: Any) -> Any:
    """What `with manager as x` gives x."""
    if isinstance(manager, Instance) and manager.cls and manager.cls.find("__enter__"):
        return here.call(manager.attribute("__enter__", here))
    if isinstance(manager, Iteration):  # a function under `contextmanager`
        return next(manager, None)
    return manager


def left(here: Evaluator, manager: Any) -> None:
    """The end of a `with`."""
    if isinstance(manager, Instance) and manager.cls and manager.cls.find("__exit__"):
        here.call(manager.attribute("__exit__", here), None, None, None)

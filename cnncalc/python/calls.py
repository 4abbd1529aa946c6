"""Calls: arguments with their places, binding them to a function's own names, `super()`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics import Span
from cnncalc.python.containers import CHANGING
from cnncalc.python.functions import Function
from cnncalc.python.iteration import Iteration
from cnncalc.python.objects import Class, Super, is_model
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.values import Arguments, Given, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator


class Leave(Exception):
    """`return`, `break` and `continue` on their way to what they leave."""

    def __init__(self, how: str, value: Any = None) -> None:
        super().__init__(how)
        self.how, self.value = how, value


def misplaced(leave: Leave, span: Span) -> PythonFault:
    """The fault of a `break` that is in no loop."""
    where = "function" if leave.how == "return" else "loop"
    return PythonFault("python-syntax", f"`{leave.how}` is not in a {where}", span)


def work_out(here: Evaluator, node: ast.Call, scope: Scope) -> Any:
    """`f(a, *b, c=d, **e)`."""
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return _super(here, node, scope)
    function = _function(here, node.func, scope)
    changes = len(here.changed)
    try:
        arguments = _arguments(here, node, scope)
    except PythonFault as fault:
        is_harmless = isinstance(function, Unknown) and fault.code != "python-bound" and len(here.changed) == changes
        if not is_harmless:
            raise
        return function
    here.node = node
    _note_change(here, node, scope)
    return here.call_with(function, arguments)


def _function(here: Evaluator, node: ast.expr, scope: Scope) -> Any:
    """What is called: a method that its object does not have may have been meant to change it."""
    if not isinstance(node, ast.Attribute):
        return here.value(node, scope)
    here.charge(1)
    holder = here.value(node.value, scope)
    here.node = node
    try:
        return here.attribute(holder, node.attr)
    except PythonFault:
        if isinstance(holder, (list, dict, set)) or is_model(holder):
            here.changed.append(holder)
        raise


def _note_change(here: Evaluator, node: ast.Call, scope: Scope) -> None:
    """What a call like `model.add(...)` changes is remembered before it can fail."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING and isinstance(node.func.value, ast.Name):
        holder = here.name(node.func.value.id, scope)
        if not isinstance(holder, Unknown):
            here.changed.append(holder)


def _arguments(here: Evaluator, node: ast.Call, scope: Scope) -> Arguments:
    span = here.program.span
    positional: list[Given] = []
    for one in node.args:
        if isinstance(one, ast.Starred):
            value = here.value(one.value, scope)
            here.node = one
            entries, place = here.entries(value), span(one)
            here.charge(2 * len(entries))
            positional += [Given(each, place) for each in entries]
        else:
            positional.append(Given(here.value(one, scope), span(one)))
    keywords: dict[str, Given] = {}
    for keyword in node.keywords:
        value = here.value(keyword.value, scope)
        if keyword.arg is None:
            keywords |= _unpacked(here, value, keyword)
        else:
            keywords[keyword.arg] = Given(value, span(keyword.value))
    return Arguments(tuple(positional), keywords, span(node))


def _unpacked(here: Evaluator, value: Any, keyword: ast.keyword) -> dict[str, Given]:
    """`**value`."""
    span = here.program.span(keyword.value)
    if isinstance(value, Unknown):
        raise value.needed("what `**` unpacks", span)
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise Raised("TypeError", "what `**` unpacks is no dictionary with texts as keys", span)
    here.charge(len(value))
    return {key: Given(one, span) for key, one in value.items()}


def _super(here: Evaluator, node: ast.Call, scope: Scope) -> Any:
    """`super()` and `super(Net, self)`."""
    place: Scope | None = scope
    while place is not None and place.owner is None:
        place = place.outer
    after, this = (place.owner, place.this) if place is not None else (None, None)
    if node.args:
        after, *given = (here.value(one, scope) for one in node.args)
        this = given[0] if given else this
    here.node = node
    for one in (after, this):
        if isinstance(one, Unknown):
            return one
    if not isinstance(after, Class) or not isinstance(this, Value):
        raise Raised("RuntimeError", "super() is called outside a class", here.span)
    return Super(this, after)


def result(here: Evaluator, function: Function, arguments: Arguments, this: Any) -> Any:
    """What the body of a function gives."""
    names = bound(here, function, arguments)
    if this is None and function.owner is not None and arguments.positional:
        this = arguments.positional[0].value
    scope = Scope("function", names, function.scope, owner=function.owner, this=this)
    if isinstance(function.node, ast.Lambda):
        return here.value(function.node.body, scope)
    scope.yielded = [] if function.is_generator else None
    value = None
    try:
        here.block(function.node.body, scope)
    except Leave as leave:
        if leave.how != "return":
            raise misplaced(leave, here.span) from None
        value = leave.value
    return value if scope.yielded is None else Iteration(scope.yielded)


def bound(here: Evaluator, function: Function, arguments: Arguments) -> dict[str, Any]:
    """The values of a function's own names, as Python binds them."""
    spec, given = function.node.args, arguments.positional
    names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    found = {name: one.value for name, one in zip(names, given, strict=False)}
    if len(given) > len(names) and not spec.vararg:
        raise _unfit(function, f"takes {_count(len(names))}, and {len(given)} are given", given[len(names)])
    rest = dict(arguments.keywords)
    free = {*(one.arg for one in spec.args), *(one.arg for one in spec.kwonlyargs)}
    for name in [name for name in rest if name in free]:
        if name in found:
            raise _unfit(function, f"is given `{name}` twice", rest[name])
        found[name] = rest.pop(name).value
    if rest and not spec.kwarg:
        name, one = next(iter(rest.items()))
        raise _unfit(function, f"has no argument `{name}`", one)
    for name, value in zip(names[len(names) - len(function.defaults) :], function.defaults, strict=True):
        found.setdefault(name, value)
    for name, value in function.keyword_defaults.items():
        found.setdefault(name, value)
    missing = [name for name in (*names, *(one.arg for one in spec.kwonlyargs)) if name not in found]
    if missing:
        message = f"{function.name}() needs a value for `{missing[0]}`"
        raise Raised("TypeError", message, arguments.span)
    if spec.vararg:
        found[spec.vararg.arg] = tuple(one.value for one in given[len(names) :])
    if spec.kwarg:
        found[spec.kwarg.arg] = {name: one.value for name, one in rest.items()}
    return found


def _unfit(function: Function, what: str, at: Given) -> Raised:
    return Raised("TypeError", f"{function.name}() {what}", at.span)


def _count(number: int) -> str:
    return f"{number} argument{'s' * (number != 1)}"

"""Expressions, one function a kind of node.

A value that is not known spreads; where it would decide which of two parts is worked out, the whole is not known,
unless one of the parts could change something.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cnncalc.python import calls, left_out, operators, texts
from cnncalc.python.assigning import bind, set_name
from cnncalc.python.classes import function
from cnncalc.python.iteration import Iteration
from cnncalc.python.objects import Class
from cnncalc.python.operators import SIGNS
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.values import Library, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator


def _constant(here: Evaluator, node: ast.Constant, scope: Scope) -> Any:
    if isinstance(node.value, (bytes, complex)):
        return Unknown("bytes and complex numbers are not read here", here.program.span(node))
    here.node = node
    return here.bounds.kept(node.value)


def _name(here: Evaluator, node: ast.Name, scope: Scope) -> Any:
    here.node = node
    return here.name(node.id, scope)


def _tuple(here: Evaluator, node: ast.Tuple, scope: Scope) -> tuple[Any, ...]:
    return tuple(elements(here, node.elts, scope))


def _list(here: Evaluator, node: ast.List, scope: Scope) -> list[Any]:
    return elements(here, node.elts, scope)


def _set(here: Evaluator, node: ast.Set, scope: Scope) -> set[Any]:
    return as_set(here, elements(here, node.elts, scope))


def as_set(here: Evaluator, values: list[Any]) -> set[Any]:
    """The values as a set; raises PythonFault for what Python does not take."""
    try:
        return {here.bounds.key(one) for one in values}
    except TypeError as error:
        raise Raised("TypeError", f"an entry of a set: {error}", here.span) from None


def elements(here: Evaluator, nodes: list[ast.expr], scope: Scope) -> list[Any]:
    """The values of a list as it is written, with what a star unpacks."""
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            value = here.value(node.value, scope)
            here.node = node
            found += here.entries(value)
            here.bounds.limited(found)
        else:
            found.append(here.value(node, scope))
    return found


def _dict(here: Evaluator, node: ast.Dict, scope: Scope) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            held = here.value(value, scope)
            if isinstance(held, Unknown):
                raise held.needed("this dictionary", here.program.span(value))
            if isinstance(held, dict):
                here.charge(len(held))
                found.update(held)
            here.bounds.limited(found)
        else:
            put(here, found, here.value(key, scope), here.value(value, scope), key)
    return found


def put(here: Evaluator, holder: dict[Any, Any], key: Any, value: Any, node: ast.expr) -> None:
    """`holder[key] = value` of a dictionary that is being made."""
    here.node = node
    try:
        holder[here.bounds.key(key)] = value
    except TypeError as error:
        raise Raised("TypeError", f"a key of a dictionary: {error}", here.span) from None


def _binary(here: Evaluator, node: ast.BinOp, scope: Scope) -> Any:
    left, right = here.value(node.left, scope), here.value(node.right, scope)
    here.node = node
    return here.arithmetic(SIGNS[type(node.op)], left, right)


def _unary(here: Evaluator, node: ast.UnaryOp, scope: Scope) -> Any:
    value = here.value(node.operand, scope)
    here.node = node
    if isinstance(value, Unknown):
        return value
    if isinstance(node.op, ast.Not):
        return not here.truth(value)
    sign = SIGNS[type(node.op)]
    return value.negative(sign, here) if isinstance(value, Value) else here.bounds.kept(operators.negative(sign, value))


def _bool(here: Evaluator, node: ast.BoolOp, scope: Scope) -> Any:
    ends_with = isinstance(node.op, ast.Or)
    value: Any = None
    for index, one in enumerate(node.values):
        value = here.value(one, scope)
        if isinstance(value, Unknown):
            left_out.refuse_changes(here, node.values[index + 1 :], value)
            return value
        here.node = one
        if index < len(node.values) - 1 and here.truth(value) is ends_with:
            return value
    return value


def _compare(here: Evaluator, node: ast.Compare, scope: Scope) -> Any:
    left = here.value(node.left, scope)
    found: Any = True
    for index, (sign, other) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = here.value(other, scope)
        here.node = node
        found = _compared(here, sign, left, right)
        if isinstance(found, Unknown):
            return found
        if index < len(node.ops) - 1 and not here.truth(found):
            return found
        left = right
    return found


def _compared(here: Evaluator, sign: ast.cmpop, left: Any, right: Any) -> Any:
    if isinstance(sign, (ast.Is, ast.IsNot)):
        for one in (left, right):
            if isinstance(one, Unknown):
                return one
        return _is_same(left, right) is isinstance(sign, ast.Is)
    if isinstance(sign, (ast.In, ast.NotIn)):
        for one in (left, right):
            if isinstance(one, Unknown):
                return one
        found = operators.is_in(left, right, here, here.bounds)
        return found if isinstance(found, Value) else bool(found) is isinstance(sign, ast.In)
    return here.arithmetic(SIGNS[type(sign)], left, right)


def _is_same(left: Any, right: Any) -> bool:
    if isinstance(left, Library) and isinstance(right, Library):
        return left == right
    if isinstance(left, (int, float, str)) and isinstance(right, (int, float, str)):
        return type(left) is type(right) and left == right
    return left is right


def _choice(here: Evaluator, node: ast.IfExp, scope: Scope) -> Any:
    value = here.value(node.test, scope)
    here.node = node.test
    if isinstance(value, Unknown):
        left_out.refuse_changes(here, [node.body, node.orelse], value)
        return value
    return here.value(node.body if here.truth(value) else node.orelse, scope)


def _walrus(here: Evaluator, node: ast.NamedExpr, scope: Scope) -> Any:
    value = here.value(node.value, scope)
    place = scope
    while place.kind == "comprehension" and place.outer is not None:
        place = place.outer
    set_name(here, node.target.id, value, place)
    return value


def _joined(here: Evaluator, node: ast.JoinedStr, scope: Scope) -> Any:
    parts = [here.value(one, scope) for one in node.values]
    here.node = node
    return texts.joined("", parts, here.bounds)


def _formatted(here: Evaluator, node: ast.FormattedValue, scope: Scope) -> Any:
    value = here.value(node.value, scope)
    how = here.value(node.format_spec, scope) if node.format_spec else ""
    here.node = node
    return texts.formatted(value, how, here.bounds, "" if node.conversion < 0 else chr(node.conversion))


def _lambda(here: Evaluator, node: ast.Lambda, scope: Scope) -> Any:
    return function(here, "<lambda>", node, scope)


def _star(here: Evaluator, node: ast.Starred, scope: Scope) -> Any:
    raise PythonFault("not-read-here", "a star is not read here", here.program.span(node))


def _slice(here: Evaluator, node: ast.Slice, scope: Scope) -> slice:
    return slice(*(here.value(one, scope) if one else None for one in (node.lower, node.upper, node.step)))


def _part(here: Evaluator, node: ast.Subscript, scope: Scope) -> Any:
    holder = here.value(node.value, scope)
    if isinstance(holder, (Library, Class)) and not getattr(holder, "members", None):
        return holder  # `List[int]`, `Callable[..., nn.Module]`
    key = here.value(node.slice, scope)
    here.node = node
    return here.item(holder, key)


def _attribute(here: Evaluator, node: ast.Attribute, scope: Scope) -> Any:
    holder = here.value(node.value, scope)
    here.node = node
    return here.attribute(holder, node.attr)


def condition(here: Evaluator, node: ast.expr, scope: Scope) -> bool:
    """Whether a condition holds; raises PythonFault where that is not known."""
    value = here.value(node, scope)
    here.node = node
    return here.truth(value)


# ---------------------------------------------------------------------- comprehensions
def _list_of(here: Evaluator, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, scope: Scope) -> list[Any]:
    found: list[Any] = []
    _go_through(here, node.generators, _inner(scope), lambda inner: found.append(here.value(node.elt, inner)))
    here.node = node
    return list(here.bounds.kept(found))


def _generator(here: Evaluator, node: ast.GeneratorExp, scope: Scope) -> Iteration:
    return Iteration(_list_of(here, node, scope))


def _set_of(here: Evaluator, node: ast.SetComp, scope: Scope) -> set[Any]:
    return as_set(here, _list_of(here, node, scope))


def _dict_of(here: Evaluator, node: ast.DictComp, scope: Scope) -> Any:
    found: dict[Any, Any] = {}

    def add(inner: Scope) -> None:
        put(here, found, here.value(node.key, inner), here.value(node.value, inner), node)

    _go_through(here, node.generators, _inner(scope), add)
    return here.bounds.kept(found)


def _inner(scope: Scope) -> Scope:
    return Scope("comprehension", {}, scope, owner=scope.owner, this=scope.this)


def _go_through(
    here: Evaluator, generators: list[ast.comprehension], inner: Scope, add: Callable[[Scope], None]
) -> None:
    first, *rest = generators
    looped = here.value(first.iter, inner)
    here.node = first.iter
    for each in here.entries(looped):
        here.charge(2)
        bind(here, first.target, each, inner)
        if all(condition(here, test, inner) for test in first.ifs):
            if rest:
                _go_through(here, rest, inner, add)
            else:
                add(inner)


def _yield(here: Evaluator, node: ast.Yield, scope: Scope) -> None:
    value = here.value(node.value, scope) if node.value else None
    _yielded(here, node, scope).append(value)


def _yield_from(here: Evaluator, node: ast.YieldFrom, scope: Scope) -> None:
    value = here.value(node.value, scope)
    here.node = node
    _yielded(here, node, scope).extend(here.entries(value))


def _yielded(here: Evaluator, node: ast.expr, scope: Scope) -> list[Any]:
    place: Scope | None = scope
    while place is not None:
        if place.yielded is not None:
            return place.yielded
        place = place.outer if place.kind == "comprehension" else None
    raise PythonFault("python-syntax", "`yield` is not in a function", here.program.span(node))


KINDS: dict[type[ast.expr], Callable[[Evaluator, Any, Scope], Any]] = {
    ast.Constant: _constant, ast.Name: _name, ast.Tuple: _tuple, ast.List: _list, ast.Set: _set, ast.Dict: _dict,
    ast.BinOp: _binary, ast.UnaryOp: _unary, ast.BoolOp: _bool, ast.Compare: _compare, ast.IfExp: _choice,
    ast.NamedExpr: _walrus, ast.JoinedStr: _joined, ast.FormattedValue: _formatted, ast.Lambda: _lambda,
    ast.Starred: _star, ast.Slice: _slice, ast.Subscript: _part, ast.Attribute: _attribute, ast.Call: calls.work_out,
    ast.ListComp: _list_of, ast.GeneratorExp: _generator, ast.SetComp: _set_of, ast.DictComp: _dict_of,
    ast.Yield: _yield, ast.YieldFrom: _yield_from,
}  # fmt: skip

"""What the text of a function, or of a statement, may change when it is worked out: found without working it out.

A name stands for what was assigned to it: a loop over `model.children()` gives parts of `model`.  What a call gives is
new, unless it is one of those that only hand their argument on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.python.classes import own_nodes
from cnncalc.python.containers import CHANGING
from cnncalc.python.functions import Bound, Function
from cnncalc.python.objects import Class
from cnncalc.python.values import Scope

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

SETTERS = frozenset({"setattr", "delattr"})
_HANDING_ON = frozenset("list tuple dict set iter next enumerate zip reversed sorted getattr super filter".split())
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


class Effects(NamedTuple):
    """Parameters of a function whose objects it may change, and names outside it that it may change or bind."""

    parameters: frozenset[str]
    outside: frozenset[str]


class Call(NamedTuple):
    """A call of a text: `method` of the object called `holder`, or the function `holder`; its arguments by root."""

    holder: str
    method: str
    positional: tuple[frozenset[str], ...]
    keywords: tuple[tuple[str, frozenset[str]], ...]


class Written(NamedTuple):
    """What a text binds, the roots of what it writes into, and what it calls."""

    bound: frozenset[str]
    changed: frozenset[str]
    calls: tuple[Call, ...]
    size: int


NOTHING = Effects(frozenset(), frozenset())


def written_by(nodes: Iterable[ast.AST]) -> Written:
    """What these nodes write; bodies of functions among them are not looked into."""
    bound: set[str] = set()
    changed: set[str] = set()
    calls: list[Call] = []
    size = 0
    for node in nodes:
        size += 1
        if isinstance(node, ast.Name):
            bound |= set() if isinstance(node.ctx, ast.Load) else {node.id}
        elif isinstance(node, _NAMED) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            changed |= roots(node)
        elif isinstance(node, ast.AugAssign):
            changed |= roots(node.target)
        elif isinstance(node, ast.Call):
            word = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if word in CHANGING and isinstance(node.func, ast.Attribute):
                changed |= roots(node.func.value)
            elif isinstance(node.func, ast.Name) and node.func.id in SETTERS and node.args:
                changed |= roots(node.args[0])
            calls += _calls(node)
    return Written(frozenset(bound), frozenset(changed), tuple(calls), size)


def _calls(node: ast.Call) -> Iterator[Call]:
    positional = tuple(roots(one) for one in node.args)
    keywords = tuple((one.arg or "", roots(one.value)) for one in node.keywords)
    if isinstance(node.func, ast.Attribute):
        for root in roots(node.func.value):
            yield Call(root, node.func.attr, positional, keywords)
    elif isinstance(node.func, ast.Name):
        yield Call(node.func.id, "", positional, keywords)


def roots(node: ast.AST) -> frozenset[str]:
    """The names of what an expression may give a part of: `a` of `a.b[0]`, both of `a if x else b`."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name):
            found.add(one.id)
        elif isinstance(one, ast.Call):
            hands_on = isinstance(one.func, ast.Name) and one.func.id in _HANDING_ON
            waiting += one.args if hands_on else [one.func] if isinstance(one.func, ast.Attribute) else []
            found |= {"self"} if isinstance(one.func, ast.Name) and one.func.id == "super" else set()
        elif isinstance(one, (ast.Attribute, ast.Subscript, ast.Starred, ast.NamedExpr)):
            waiting.append(one.value)
        elif isinstance(one, ast.IfExp):
            waiting += [one.body, one.orelse]
        elif isinstance(one, (ast.Tuple, ast.List, ast.BoolOp)):
            waiting += one.values if isinstance(one, ast.BoolOp) else one.elts
        elif isinstance(one, ast.Dict):
            waiting += one.values
        elif isinstance(one, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
            waiting += [one.elt, *(each.iter for each in one.generators)]
    return frozenset(found)


def effects_of(function: Any, here: Evaluator) -> Effects:
    """What calling a function of the program may change; worked out once for each `def`."""
    if isinstance(function, Bound):
        function = function.function
    if isinstance(function, Class):
        init = function.find("__init__")
        found = effects_of(init[0], here) if init else NOTHING
        return found._replace(parameters=found.parameters - {"self"})
    if not isinstance(function, Function):
        return NOTHING
    if function.node not in here.effects:
        here.effects[function.node] = NOTHING  # a function that calls itself
        here.effects[function.node] = _effects(function, here)
    return here.effects[function.node]


def _effects(function: Function, here: Evaluator) -> Effects:
    node = function.node
    nodes = list(own_nodes(node.body if isinstance(node, ast.FunctionDef) else [ast.Expr(node.body)]))
    here.charge(2 * len(nodes))
    written = written_by(nodes)
    spec = node.args
    names = {one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg) if one}
    outer = {name for one in nodes if isinstance(one, (ast.Global, ast.Nonlocal)) for name in one.names}
    origins = _origins(nodes, names)
    changed = set(written.changed)
    for call in written.calls:
        changed |= touched_by(call, _resolved(call, function), here)
    found = {origin for root in changed for origin in origins.get(root, {root})}
    local = written.bound - outer
    return Effects(frozenset(found & names), frozenset((found - names - local) | (outer & written.bound)))


def _origins(nodes: list[ast.AST], parameters: set[str]) -> dict[str, set[str]]:
    """For each name of a function: the parameters and names outside of which it may be a part."""
    edges: dict[str, set[str]] = {}
    for node in nodes:
        for target, value in _assignments(node):
            for name in roots(target):
                edges.setdefault(name, set()).update(roots(value))
    found: dict[str, set[str]] = {}
    for name in [*edges, *parameters]:
        seen, waiting = set[str](), [name]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += edges.get(one, ())
        found[name] = {one for one in seen if one in parameters or one not in edges}
    return found


def _assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, (ast.For, ast.comprehension)):
        yield node.target, node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr


def touched_by(call: Call, function: Any, here: Evaluator) -> set[str]:
    """The roots, at the place of a call, of what the called function of the program may change."""
    effects = effects_of(function, here)
    if effects == NOTHING:
        return set()
    inner = function.function if isinstance(function, Bound) else function
    init = inner.find("__init__") if isinstance(inner, Class) else None
    inner = init[0] if init else inner
    found = set(effects.outside)
    if not isinstance(inner, Function):
        return found
    names = [one.arg for one in (*inner.node.args.posonlyargs, *inner.node.args.args)]
    if isinstance(function, (Bound, Class)) or (call.method and inner.owner is not None):
        first, names = names[:1], names[1:]
        found |= {call.holder} if effects.parameters & set(first) else set()
    rest = {one.arg for one in (inner.node.args.vararg, inner.node.args.kwarg) if one} & effects.parameters
    for index, given in enumerate(call.positional):
        name = names[index] if index < len(names) else ""
        found |= given if name in effects.parameters or (not name and rest) else set()
    for name, given in call.keywords:
        found |= given if name in effects.parameters or (name not in names and rest) else set()
    return found


def _resolved(call: Call, function: Function) -> Any:
    """The function of the program that a call in the text of another means; None where it is another's."""
    if not call.method:
        return looked_up(call.holder, function.scope)
    if call.holder in ("self", "cls") and function.owner is not None:
        found = function.owner.find(call.method)
        return found[0] if found else None
    return None


def looked_up(name: str, scope: Scope | None) -> Any:
    """What a name is in a scope or in one around it."""
    while scope is not None:
        if name in scope.names:
            return scope.names[name]
        scope = scope.outer
    return None

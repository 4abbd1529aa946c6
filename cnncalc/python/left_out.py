"""What a statement that cannot be read would have changed: that is Unknown from there on.

A model of which a part could not be read must never be counted.  So a statement is left out with everything that it
names on the left, that it has already changed, or on which it would call `add`, `append` and the like.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cnncalc.python.classes import own_nodes
from cnncalc.python.containers import CHANGING
from cnncalc.python.faults import PythonFault
from cnncalc.python.functions import Bound, Function
from cnncalc.python.objects import Instance
from cnncalc.python.values import Library, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
SETTERS = {"setattr", "delattr"}


def is_model(value: Any) -> bool:
    """An object with a library's class above it."""
    return isinstance(value, Instance) and (
        type(value) is not Instance or (value.cls is not None and value.cls.library is not None)
    )


def leave_out(here: Evaluator, node: ast.stmt, scope: Scope, fault: PythonFault, changes: int) -> None:
    """Make everything Unknown that the statement would have changed; `changes`: those noted before it began."""
    reason = Unknown(fault.message, fault.span)
    here.skipped.append((fault.span or here.program.span(node), fault.message))
    here.faults.append(fault)
    for name in _assigned(node):
        if fault.code == "unknown-value" and is_model(scope.names.get(name)):
            continue  # `model = load_model("best.keras")` after training
        scope.names[name] = reason
    touched = _touched(here, node, scope) & scope.names.keys()
    for name in touched:
        if isinstance(scope.names[name], (list, dict, set, Instance)):
            scope.names[name] = reason
    changed = {id(one) for one in here.changed[changes:]}
    if changed:
        for name, value in scope.names.items():
            if _reaches(here, value, changed):
                scope.names[name] = reason


def _assigned(node: ast.stmt) -> set[str]:
    """The names that a statement binds."""
    found: set[str] = set()
    for one in _nodes(node):
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            found.add(one.id)
        elif isinstance(one, _NAMED) and one.name:
            found.add(one.name)
        elif isinstance(one, ast.alias) and one.name != "*":
            found.add(one.asname or one.name.partition(".")[0])
    return found


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Every node of the statement that is worked out at its own level: no bodies of functions, no names of
    comprehensions."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, ast.comprehension):
            waiting += [one.iter, *one.ifs]
        elif not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(one)


def _touched(here: Evaluator, node: ast.stmt, scope: Scope) -> set[str]:
    """The names of what a statement would change without binding it."""
    found: set[str] = set()
    for one in _nodes(node):
        here.charge(1)
        if isinstance(one, (ast.Attribute, ast.Subscript)) and not isinstance(one.ctx, ast.Load):
            found.add(_root(one))
        elif isinstance(one, ast.AugAssign):
            found.add(_root(one.target))
        elif isinstance(one, ast.Call):
            found |= _touched_by(here, one, scope)
    return found


def _touched_by(here: Evaluator, call: ast.Call, scope: Scope) -> set[str]:
    arguments = {_root(one) for one in (*call.args, *(keyword.value for keyword in call.keywords))}
    if isinstance(call.func, ast.Attribute):
        root = _root(call.func.value)
        if call.func.attr in CHANGING:
            return {root}
        method = scope.names.get(root)
        found = method.cls.find(call.func.attr) if isinstance(method, Instance) and method.cls else None
        return {root, *arguments} if found and _writes(here, found[0]) else set()
    name = _root(call.func)
    if name in SETTERS or _writes(here, scope.names.get(name)):
        return arguments
    return set()


def _root(node: ast.AST) -> str:
    """The name with which `a.b[c].d` begins."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _reaches(here: Evaluator, value: Any, wanted: set[int]) -> bool:
    """Whether a value is, or holds, one of these objects."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if id(one) in wanted:
            return True
        if id(one) in seen or not isinstance(one, (list, tuple, dict, set, Instance)):
            continue
        seen.add(id(one))
        here.charge(1)
        held = one.__dict__.values() if isinstance(one, Instance) else one.values() if isinstance(one, dict) else one
        waiting += held
    return False


# ---------------------------------------------------------------------- calls whose result is dropped
def is_without_effect(here: Evaluator, node: ast.expr, scope: Scope, fault: PythonFault, changes: int) -> bool:
    """Whether a call in a function that failed could have changed nothing of a model: logging and the like."""
    if fault.code in ("python-bound", "program-too-deep", "program-raises") or not isinstance(node, ast.Call):
        return False
    if any(isinstance(one, (list, dict, set, Instance)) for one in here.changed[changes:]):
        return False
    return not _may_change(here, node, scope)


def refuse_changes(here: Evaluator, nodes: list[ast.expr], reason: Unknown) -> None:
    """Raises PythonFault if one of these parts, which are not worked out, could change something."""
    for node in nodes:
        for one in ast.walk(node):
            here.charge(1)
            if isinstance(one, ast.NamedExpr) or (
                isinstance(one, ast.Call) and _word(one.func) in (CHANGING | SETTERS)
            ):
                raise reason.needed("this condition", here.span)


def _may_change(here: Evaluator, node: ast.Call, scope: Scope) -> bool:
    word = _word(node.func)
    if word in CHANGING or word in SETTERS or any(keyword.arg == "inplace" for keyword in node.keywords):
        return True
    limit = here.skipped[:]
    try:
        function = here.value(node.func, scope)
    except PythonFault:
        return True
    finally:
        here.skipped = limit
    if isinstance(function, (Function, Bound)):
        return _writes(here, function)
    if isinstance(function, Library):
        return word.endswith("_") and ".init." not in function.name
    return isinstance(function, Value) and not isinstance(function, Unknown) and _is_of_value(node, function)


def _is_of_value(node: ast.Call, function: Value) -> bool:
    """Whether a method of an object of a library is called: `x.relu_()`; not `print(x)`."""
    return isinstance(node.func, ast.Attribute) or is_model(function)


def _word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _writes(here: Evaluator, function: Any) -> bool:
    """Whether the text of a function, or of one that it calls, writes an attribute or a part, or adds to a list."""
    if isinstance(function, Bound):
        function = function.function
    if not isinstance(function, Function) or isinstance(function.node, ast.Lambda):
        return isinstance(function, Function)
    if function.node in here.writers:
        return here.writers[function.node]
    here.writers[function.node] = False
    found = any(_is_writing(here, one, function) for one in own_nodes(function.node.body))
    here.writers[function.node] = found
    return found


def _is_writing(here: Evaluator, node: ast.AST, function: Function) -> bool:
    here.charge(1)
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return not isinstance(node.ctx, ast.Load)
    if isinstance(node, (ast.AugAssign, ast.Global, ast.Nonlocal)):
        return True
    if not isinstance(node, ast.Call):
        return False
    word = _word(node.func)
    if word in CHANGING or word in SETTERS:
        return True
    if isinstance(node.func, ast.Name):
        return _writes(here, _looked_up(word, function.scope))
    found = function.owner.find(word) if function.owner and _root(node.func) in ("self", "cls") else None
    return found is not None and _writes(here, found[0])


def _looked_up(name: str, scope: Scope | None) -> Any:
    while scope is not None:
        if name in scope.names:
            return scope.names[name]
        scope = scope.outer
    return None

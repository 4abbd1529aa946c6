"""What a statement that cannot be read would have changed: that is Unknown from there on.

A model of which a part could not be read must never be counted.  So a statement is left out with everything that it
names on the left, that it has already changed, or that it would change in calls that were not reached.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cnncalc.python.containers import CHANGING
from cnncalc.python.effects import NOTHING, SETTERS, Call, Written, effects_of, touched_by, written_by
from cnncalc.python.faults import PythonFault
from cnncalc.python.functions import Bound, Function
from cnncalc.python.objects import Class, Instance
from cnncalc.python.values import Library, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator


def is_model(value: Any) -> bool:
    """An object with a library's class above it."""
    return isinstance(value, Instance) and (
        type(value) is not Instance or (value.cls is not None and value.cls.library is not None)
    )


def leave_out(here: Evaluator, node: ast.stmt, scope: Scope, fault: PythonFault, changes: int) -> None:
    """Make everything Unknown that the statement would have changed; `changes`: those noted before it began."""
    reason = fault.unknown or Unknown(fault.message, fault.span)
    here.note(fault)
    written = _written(here, node)
    names = scope.names
    touched = set(written.changed)
    for call in written.calls:
        touched |= touched_by(call, _called(call, scope), here)
    changed = {id(one) for one in here.changed[changes:]}
    changed |= {id(names[name]) for name in touched if isinstance(names.get(name), (list, dict, set, Instance, Class))}
    for name in written.bound:
        if fault.code == "unknown-value" and is_model(names.get(name)):
            continue  # `model = load_model("best.keras")` after training
        names[name] = reason
    if changed:
        for name, value in names.items():
            if _reaches(here, value, changed):
                names[name] = reason


def _written(here: Evaluator, node: ast.stmt) -> Written:
    """What the statement writes, found once."""
    if node not in here.written:
        here.written[node] = written_by(_nodes(node))
        here.charge(here.written[node].size)
    here.charge(len(here.written[node].calls))
    return here.written[node]


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Every node of the statement that is worked out at its own level.

    No bodies of functions, and no names that only a comprehension binds.
    """
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, ast.comprehension):
            waiting += [one.iter, *one.ifs]
        elif not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(one)


def _called(call: Call, scope: Scope) -> Any:
    """The function of the program that a call at the level of the file means."""
    holder = scope.names.get(call.holder)
    if not call.method:
        return holder
    cls = holder.cls if isinstance(holder, Instance) else holder
    found = cls.find(call.method) if isinstance(cls, Class) else None
    return Bound(found[0], holder) if found and isinstance(found[0], Function) else None


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
    if any(isinstance(one, (list, dict, set, Instance, Class)) for one in here.changed[changes:]):
        return False
    return not _may_change(here, node, scope)


def refuse_changes(here: Evaluator, nodes: list[ast.expr], reason: Unknown) -> None:
    """Raises PythonFault if one of these parts, which are not worked out, could change something."""
    for node in nodes:
        for one in ast.walk(node):
            here.charge(1)
            is_change = isinstance(one, ast.Call) and _word(one.func) in (CHANGING | SETTERS)
            if is_change or isinstance(one, ast.NamedExpr):
                raise reason.needed("this condition", here.span)


def _may_change(here: Evaluator, node: ast.Call, scope: Scope) -> bool:
    word = _word(node.func)
    if word in CHANGING or word in SETTERS or any(keyword.arg == "inplace" for keyword in node.keywords):
        return True
    try:
        function = here.value(node.func, scope)
    except PythonFault:
        return True
    if isinstance(function, (Function, Bound, Class)):
        return effects_of(function, here) != NOTHING
    if isinstance(function, Library):
        return word.endswith("_") and ".init." not in function.name
    return isinstance(function, Value) and not isinstance(function, Unknown) and _is_of_value(node, function)


def _is_of_value(node: ast.Call, function: Value) -> bool:
    """Whether a method of an object of a library is called: `x.relu_()`; not `print(x)`."""
    return isinstance(node.func, ast.Attribute) or is_model(function)


def _word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")

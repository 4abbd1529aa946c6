"""What a statement that cannot be read would have changed: that is Unknown from there on.

A model of which a part could not be read must never be counted.  So a statement is left out with everything that it
names on the left, that it has already changed, or that it would change in calls that were not reached.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cnncalc.python.containers import CHANGING
from cnncalc.python.effects import NOTHING, SETTERS, Call, Written, effects_of, roots, touched_by, written_by
from cnncalc.python.functions import Bound, Function
from cnncalc.python.objects import Class, Instance, is_model
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import SAYING_TRAINING, Library, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator


_LOADING = re.compile(r"load|restore", re.IGNORECASE)
STEPS_TO_LEAVE_OUT = 20
"""What a statement costs that begins in vain, as steps."""


def leave_out(here: Evaluator, node: ast.stmt, scope: Scope, fault: PythonFault, changes: int) -> None:
    """Make everything Unknown that the statement would have changed; `changes`: those noted before it began."""
    here.charge(STEPS_TO_LEAVE_OUT)
    reason = fault.unknown or Unknown(fault.message, fault.span, fault=fault)
    here.note(fault)
    _note_training(here, [node])
    written = _written(here, node)
    names = scope.names
    touched = set(written.changed)
    for call in written.calls:
        touched |= touched_by(call, _called(call, scope), here)
    changed = {id(one) for one in here.changed[changes:]}
    changed |= {id(names[name]) for name in touched if isinstance(names.get(name), (list, dict, set, Instance, Class))}
    for name in written.bound:
        if fault.code == "unknown-value" and is_model(names.get(name)) and stays(here, node, name):
            keep(here, name, reason)
            continue
        names[name] = reason
    if changed:
        for name, value in names.items():
            if _reaches(here, value, changed):
                names[name] = reason


def stays(here: Evaluator, node: ast.stmt, name: str) -> bool:
    """Whether a name stays the model that it is where what a statement assigns to it is not known.

    So it is where the model is loaded again after training, `model = load_model("best.keras")`, and where it is handed
    on, `model = wrapped(model)`; a model that is made anew is another one.
    """
    for one in _nodes(node):
        here.charge(1)
        if isinstance(one, ast.Assign) and any(name in roots(target) for target in one.targets):
            calls = [each for each in ast.walk(one.value) if isinstance(each, ast.Call)]
            return _is_loaded(one.value) or any(_is_handed(call, name) for call in calls)
    return False


def _is_loaded(value: ast.expr) -> bool:
    """`load_model("best.keras")`, also with something of what is loaded behind it."""
    while isinstance(value, (ast.Call, ast.Attribute, ast.Subscript)):
        if isinstance(value, ast.Call) and _LOADING.search(_word(value.func)):
            return True
        value = value.func if isinstance(value, ast.Call) else value.value
    return False


def keep(here: Evaluator, name: str, value: Unknown) -> None:
    """Note that a name keeps its model where this value would take its place."""
    here.kept[name] = value
    here.skipped.append((value.span or here.span, f"`{name}` stays the model it was: {value.reason}"))


def pass_over(here: Evaluator, body: list[ast.stmt], scope: Scope) -> None:
    """What stands under `if __name__ == "__main__"` is not worked out: models that it changes are Unknown."""
    names, own = scope.names, set[str]()
    _note_training(here, body)
    for node in body:
        written = _written(here, node)
        touched = set(written.changed)
        for call in written.calls:
            touched |= touched_by(call, _called(call, scope), here)
        own |= written.bound
        for name in touched - own:
            if is_model(names.get(name)):
                reason = f"what is under `if __name__` changes `{name}`, and is not read"
                names[name] = Unknown(reason, here.program.span(node))
                here.note(PythonFault("not-read-here", reason, here.program.span(node)))


def _note_training(here: Evaluator, body: list[ast.stmt]) -> None:
    """Note the first part of these statements that says what training changes."""
    for node in body:
        for one in _nodes(node):
            is_set = (
                isinstance(one, ast.Attribute) and not isinstance(one.ctx, ast.Load) and one.attr in SAYING_TRAINING
            )
            if is_set or (isinstance(one, ast.Call) and _word(one.func) == "requires_grad_"):
                here.note_training(here.program.span(one))
                return


def _is_handed(call: ast.Call, name: str) -> bool:
    values = [*call.args, *(one.value for one in call.keywords)]
    return name in roots(call.func) or any(isinstance(one, ast.Name) and one.id == name for one in values)


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

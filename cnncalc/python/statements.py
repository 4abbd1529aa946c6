"""Statements, one function a kind of node.

Assigning to a name, an attribute or a part all goes through `bind`.  Which statements are left out when they cannot be
read is decided in `left_out`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cnncalc.python import classes, imports, left_out
from cnncalc.python.assigning import bind, delete_attribute, delete_item, set_item
from cnncalc.python.calls import Leave
from cnncalc.python.errors import Error, catches, raised
from cnncalc.python.expressions import condition
from cnncalc.python.iteration import Iteration
from cnncalc.python.operators import SIGNS
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.values import Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator


# ---------------------------------------------------------------------- assigning
def _expression(here: Evaluator, node: ast.Expr, scope: Scope) -> None:
    if isinstance(node.value, ast.Constant):
        return
    changes = len(here.changed)
    try:
        here.value(node.value, scope)
    except PythonFault as fault:
        here.placed(fault)
        if scope.kind == "file" or not left_out.is_without_effect(here, node.value, scope, fault, changes):
            raise
        here.skipped.append((fault.span or here.span, fault.message))


def _assign(here: Evaluator, node: ast.Assign, scope: Scope) -> None:
    value = here.value(node.value, scope)
    for target in node.targets:
        bind(here, target, value, scope)


def _annotated(here: Evaluator, node: ast.AnnAssign, scope: Scope) -> None:
    if (
        scope.kind == "class"
        and isinstance(node.target, ast.Name)
        and "ClassVar" not in here.program.words(node.annotation)
    ):
        scope.declared[node.target.id] = "field"
    if node.value is not None:
        bind(here, node.target, here.value(node.value, scope), scope)


def _augmented(here: Evaluator, node: ast.AugAssign, scope: Scope) -> None:
    """`x += y`; the parts of `x[i]` are worked out once."""
    target = node.target
    new: Any
    if isinstance(target, ast.Name):
        old = here.name(target.id, scope)
        made = _combined(here, node, old, here.value(node.value, scope))
        bind(here, target, made, scope)
        return
    holder = here.value(target.value, scope)
    key = here.value(target.slice, scope) if isinstance(target, ast.Subscript) else target.attr
    is_part = isinstance(target, ast.Subscript)
    here.node = node
    old = here.item(holder, key) if is_part else here.attribute(holder, key)
    new = _combined(here, node, old, here.value(node.value, scope))
    if is_part:
        set_item(here, holder, key, new)
    else:
        here.set_attribute(holder, key, new)


def _combined(here: Evaluator, node: ast.AugAssign, old: Any, new: Any) -> Any:
    here.node = node
    sign = SIGNS[type(node.op)]
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        if isinstance(old, list):
            here.changed.append(old)
            raise new.needed("what is added to a list", here.span)
        return old if isinstance(old, Unknown) else new
    if isinstance(old, Value):
        here.changed.append(old)
        return old.written_over(sign, new, here)
    if isinstance(old, list) and sign == "+":
        here.changed.append(old)
        old += here.entries(new)
        return here.bounds.limited(old)
    if isinstance(old, (dict, set)) and isinstance(new, (dict, set)) and sign == "|":
        here.changed.append(old)
        here.charge(len(new))
        old.update(new)
        return here.bounds.limited(old)
    return here.arithmetic(sign, old, new)


# ---------------------------------------------------------------------- branches and loops
def _if(here: Evaluator, node: ast.If, scope: Scope) -> None:
    if scope.kind == "file" and _is_main(node.test):
        left_out.pass_over(here, node.body, scope)
        return
    here.block(node.body if condition(here, node.test, scope) else node.orelse, scope)


def _is_main(test: ast.expr) -> bool:
    """`__name__ == "__main__"`."""
    return isinstance(test, ast.Compare) and any(
        isinstance(one, ast.Name) and one.id == "__name__" for one in (test.left, *test.comparators)
    )


def _for(here: Evaluator, node: ast.For, scope: Scope) -> None:
    looped = here.value(node.iter, scope)
    here.node = node.iter
    rounds = iter(looped) if isinstance(looped, Iteration) else iter(here.entries(looped))
    for each in rounds:
        here.charge(1)
        bind(here, node.target, each, scope)
        if _left(here, node.body, scope):
            return
    here.block(node.orelse, scope)


def _while(here: Evaluator, node: ast.While, scope: Scope) -> None:
    while condition(here, node.test, scope):
        here.charge(1)
        if _left(here, node.body, scope):
            return
    here.block(node.orelse, scope)


def _left(here: Evaluator, body: list[ast.stmt], scope: Scope) -> bool:
    """One round of a loop; whether `break` ended it."""
    try:
        here.block(body, scope)
    except Leave as leave:
        if leave.how == "return":
            raise
        return leave.how == "break"
    return False


def _return(here: Evaluator, node: ast.Return, scope: Scope) -> None:
    raise Leave("return", here.value(node.value, scope) if node.value else None)


def _break(here: Evaluator, node: ast.Break, scope: Scope) -> None:
    raise Leave("break")


def _continue(here: Evaluator, node: ast.Continue, scope: Scope) -> None:
    raise Leave("continue")


# ---------------------------------------------------------------------- errors of the program's own
def _assert(here: Evaluator, node: ast.Assert, scope: Scope) -> None:
    """A check of the program's own: one that cannot be decided is taken to hold."""
    value = here.value(node.test, scope)
    here.node = node
    if isinstance(value, Unknown):
        return
    try:
        holds = here.truth(value)
    except PythonFault as fault:
        if fault.code in ("unknown-value", "data-dependent"):
            return
        raise
    if not holds:
        said = here.value(node.msg, scope) if node.msg else ""
        words = said if isinstance(said, str) and said else f"`{here.program.words(node.test)}` does not hold"
        raise Raised(
            "AssertionError", f"the program's own check fails: {words}", here.program.span(node), code="program-raises"
        )


def _raise(here: Evaluator, node: ast.Raise, scope: Scope) -> None:
    exception = here.value(node.exc, scope) if node.exc else None
    raise raised(here, exception, here.program.span(node))


def _try(here: Evaluator, node: ast.Try, scope: Scope) -> None:
    try:
        try:
            here.tries += 1
            try:
                for statement in node.body:
                    here.statement(statement, scope)
            finally:
                here.tries -= 1
        except Raised as error:
            here.placed(error)
            handler = next((one for one in node.handlers if catches(here, one, error, scope)), None)
            if handler is None:
                raise
            if handler.name:
                scope.names[handler.name] = Error.of(error, here.span)
            _handle(here, handler, error, scope)
        else:
            here.block(node.orelse, scope)
    except (Raised, Leave):
        here.block(node.finalbody, scope)
        raise
    here.block(node.finalbody, scope)


def _handle(here: Evaluator, handler: ast.ExceptHandler, error: Raised, scope: Scope) -> None:
    """The branch of an `except`; a bare `raise` in it raises the same error again."""
    here.handled.append(error)
    try:
        here.block(handler.body, scope)
    finally:
        here.handled.pop()


def _with(here: Evaluator, node: ast.With, scope: Scope) -> None:
    entered = []
    for item in node.items:
        manager = here.value(item.context_expr, scope)
        here.node = item.context_expr
        content = classes.entered(here, manager)
        entered.append(manager)
        if item.optional_vars is not None:
            bind(here, item.optional_vars, content, scope)
    here.block(node.body, scope)
    for manager in reversed(entered):
        classes.left(here, manager)


# ---------------------------------------------------------------------- names
def _global(here: Evaluator, node: ast.Global, scope: Scope) -> None:
    scope.declared.update(dict.fromkeys(node.names, "global"))


def _nonlocal(here: Evaluator, node: ast.Nonlocal, scope: Scope) -> None:
    scope.declared.update(dict.fromkeys(node.names, "nonlocal"))


def _delete(here: Evaluator, node: ast.Delete, scope: Scope) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            scope.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            holder, key = here.value(target.value, scope), here.value(target.slice, scope)
            here.node = target
            delete_item(here, holder, key)
        elif isinstance(target, ast.Attribute):
            here.node = target
            delete_attribute(here, here.value(target.value, scope), target.attr)


def _nothing(here: Evaluator, node: ast.stmt, scope: Scope) -> None:
    """`pass`; the type aliases of newer Pythons."""


KINDS: dict[type[ast.stmt], Callable[[Evaluator, Any, Scope], None]] = {
    ast.Expr: _expression, ast.Assign: _assign, ast.AnnAssign: _annotated, ast.AugAssign: _augmented, ast.If: _if,
    ast.For: _for, ast.While: _while, ast.Return: _return, ast.Break: _break, ast.Continue: _continue,
    ast.Assert: _assert, ast.Raise: _raise, ast.Try: _try, ast.With: _with, ast.Global: _global,
    ast.Nonlocal: _nonlocal, ast.Delete: _delete, ast.Pass: _nothing, ast.Import: imports.execute,
    ast.ImportFrom: imports.execute_from, ast.FunctionDef: classes.define_function, ast.ClassDef: classes.define_class,
}  # fmt: skip

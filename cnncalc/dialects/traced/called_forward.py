"""Slips of a model's class that Python itself only shows elsewhere: `foward`, `_init_`, no `self`, no `return`.

Each is told at the `def` line or the `class` line where it was written.  What calling a model does is not known here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cnncalc.diagnostics.nearest import nearest
from cnncalc.dialects.traced.trace import Module
from cnncalc.python.classes import own_nodes
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.functions import Function
from cnncalc.python.objects import Class
from cnncalc.python.program_error import PythonFault

_BARE = frozenset(("Module", "Model", "Layer"))
"""Classes of the frameworks that do nothing when they are called."""

_MISWRITTEN = frozenset(("_init_", "__init_", "_init__", "init__", "__int__", "__inti__", "__ini__"))
"""What `__init__` becomes by a slip; Python never calls it."""


def refuse_slips(model: Module, called: str, here: Evaluator) -> None:
    """Raise PythonFault where the class of a model, or of a part of it, has no method that is called.

    `called` is `forward` or `call`.
    """
    for cls in _classes(model):
        for wrong in sorted(_MISWRITTEN & cls.names.keys()) if "__init__" not in cls.names else ():
            held = cls.names[wrong]
            if isinstance(held, Function):
                message = f"Python never calls `{wrong}` of {cls.name}"
                raise _at(held, here, message, f"write `def __init__({_arguments(held)}):`")
    found = model.cls
    if found is None or model.kind not in _BARE or found.unread:
        return
    if found.find(called) or found.find("__call__") or called in model.names or called in model.parts:
        return
    raise _without(found, called, here)


def _without(cls: Class, called: str, here: Evaluator) -> PythonFault:
    """The class has no such method: there is one nearly of that name, or it is written inside another."""
    methods = {name: held for name, held in cls.names.items() if isinstance(held, Function)}
    near = nearest(called, methods)
    message = f"{cls.name} has no `{called}`, so it cannot be called"
    if near is not None:
        return _at(methods[near], here, message, f"did you mean `{called}`?")
    for name, held in methods.items():
        for one in own_nodes(held.node.body) if isinstance(held.node, ast.FunctionDef) else ():
            if isinstance(one, ast.FunctionDef) and one.name == called:
                advice = f"move it to the left: `def {called}` is inside `def {name}` and belongs to that alone"
                return PythonFault("python-error", message, here.program.span(one), help=advice)
    place = here.program.span(cls.node) if cls.node is not None else None
    return PythonFault("python-error", message, place, help=f"write `def {called}(self, x):` in the class")


def without_self(model: Module, called: Function, here: Evaluator) -> PythonFault | None:
    """The fault that the function that is called has one argument, which Python fills with the model itself."""
    arguments = [one.arg for one in (*called.node.args.posonlyargs, *called.node.args.args)]
    if arguments == ["self"] or (len(arguments) == 1 and called.node.args.vararg) or called.flavour:
        return None
    message = f"`{called.name}` of {model.word} has no argument `self` before its image"
    wanted = ", ".join(("self", *(arguments or ["x"])))
    return _at(called, here, message, f"write `def {called.name}({wanted}):`")


def without_return(called: Function, owner: str, here: Evaluator) -> PythonFault | None:
    """The fault that the function that is called gives nothing; None where it has a `return` of its own."""
    body = called.node.body
    if not isinstance(body, list) or any(isinstance(one, ast.Return) and one.value for one in own_nodes(body)):
        return None
    message = f"`{called.name}` of {owner} ends without `return`, so it gives nothing"
    last = body[-1]
    target = last.targets[0] if isinstance(last, ast.Assign) else None
    name = target.id if isinstance(target, ast.Name) else "x"
    return _at(called, here, message, f"end it with `return {name}`")


def _classes(model: Module) -> Iterator[Class]:
    """The program's classes of the model and of the modules in it, each once."""
    seen: set[int] = set()
    waiting: list[object] = [model]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, Module) or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += reversed(one.parts.values())
        if one.cls is not None and id(one.cls) not in seen:
            seen.add(id(one.cls))
            yield one.cls


def _arguments(held: Function) -> str:
    return ast.unparse(held.node.args)[:60]


def _at(held: Function, here: Evaluator, message: str, help: str) -> PythonFault:
    return PythonFault("python-error", message, here.program.span(held.node), help=help)

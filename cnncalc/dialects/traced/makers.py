"""What the text of a program says about making models: which functions give one, and what they put into it.

Only the text is looked at, nothing is worked out: it serves to choose between several models of a file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from cnncalc.python.functions import Function
from cnncalc.python.objects import Class

LIBRARY_MODELS = frozenset(("Sequential", "Model", "Functional"))
"""Classes of the frameworks that are models when they are called."""
READY_MADE = re.compile(r"(\w+\.)*applications\.(\w+\.)*[A-Z]\w*")
"""How a net that Keras has ready made is called."""


def names_in(node: ast.AST | None) -> Iterator[str]:
    """Every name of a text."""
    for one in ast.walk(node) if node is not None else ():
        if isinstance(one, ast.Name):
            yield one.id


def names_put_in(node: ast.AST | None) -> set[str]:
    """The names that are called, or handed to a call or a list, as they are: `aug(x)`, not `model.fit()`."""
    found: set[str] = set()
    for one in ast.walk(node) if node is not None else ():
        if isinstance(one, ast.Call):
            values = [one.func, *one.args, *(keyword.value for keyword in one.keywords)]
        elif isinstance(one, (ast.List, ast.Tuple)):
            values = one.elts
        else:
            continue
        found |= {each.id for each in values if isinstance(each, ast.Name)}
    return found


def makes_a_model(value: ast.AST, makers: Collection[str]) -> bool:
    """Whether it is a call of a framework's model, or of one of these functions and classes."""
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Name):
        return value.func.id in makers or value.func.id in LIBRARY_MODELS
    return isinstance(value.func, ast.Attribute) and value.func.attr in LIBRARY_MODELS


def is_ready_made(value: ast.AST) -> bool:
    """Whether it is a call of a net that Keras has ready made."""
    return isinstance(value, ast.Call) and READY_MADE.fullmatch(ast.unparse(value.func)) is not None


def gives_a_model(function: Function, classes: Collection[str]) -> bool:
    """Whether a function returns what it makes of a framework's model, or of one of these classes."""
    if isinstance(function.node, ast.Lambda):
        return makes_a_model(function.node.body, classes)
    nodes = list(ast.walk(function.node))
    made = {
        target.id
        for one in nodes
        if isinstance(one, ast.Assign) and makes_a_model(one.value, classes)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    returned = [one.value for one in nodes if isinstance(one, ast.Return) and one.value is not None]
    return any(makes_a_model(one, classes) or (isinstance(one, ast.Name) and one.id in made) for one in returned)


def uses_a_class(function: Function, classes: Collection[str]) -> bool:
    """Whether a function gives something and names one of these classes."""
    if isinstance(function.node, ast.Lambda):
        return False
    gives = any(isinstance(one, ast.Return) and one.value is not None for one in ast.walk(function.node))
    return gives and not set(classes).isdisjoint(names_in(function.node))


def needed_arguments(value: Class | Function) -> list[str]:
    """The arguments without a default that a class or a function needs."""
    found = value.find("__init__") if isinstance(value, Class) else (value, None)
    if found is None or not isinstance(found[0], Function):
        return []
    tree = found[0].node.args
    names = [one.arg for one in (*tree.posonlyargs, *tree.args)]
    names = names[: len(names) - len(tree.defaults)][isinstance(value, Class) :]
    alone = zip(tree.kwonlyargs, tree.kw_defaults, strict=True)
    return names + [one.arg for one, default in alone if default is None]

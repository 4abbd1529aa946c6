"""`import`: a library is asked of its package, a file next to the program is read, anything else is Unknown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.python.program import File
from cnncalc.python.program_error import Raised
from cnncalc.python.program_limits import MOST_STEPS, exceeded
from cnncalc.python.values import LONGEST_NAME, Library, Reading, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator


class Names(Value):
    """A file of the program, or a folder of them, as `import` gives it."""

    noun = "a module of the program"

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope

    def attribute(self, name: str, here: Reading) -> Any:
        if name in self.scope.names:
            return self.scope.names[name]
        if name.startswith("__"):
            return Unknown(f"`{name}` of a module is not read here", here.span)
        raise Raised("AttributeError", f"{self.name} has no `{name}`", here.span)

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        self.scope.names[name] = value


def execute(here: Evaluator, node: ast.Import, scope: Scope) -> None:
    """`import a.b.c as d`."""
    for one in node.names:
        root, *rest = one.name.split(".")
        if len(one.name) > LONGEST_NAME:
            raise exceeded(f"the name of a module has more than {LONGEST_NAME} letters")
        found = _module(here, root, 0, scope)
        whole = found
        for index in range(len(rest)):
            whole = _below(here, whole, ".".join([root, *rest[: index + 1]]), 0, scope)
        scope.names[one.asname or root] = whole if one.asname else found


def execute_from(here: Evaluator, node: ast.ImportFrom, scope: Scope) -> None:
    """`from a.b import c as d`, `from a import *`."""
    module = node.module or ""
    if len(module) > LONGEST_NAME:
        raise exceeded(f"the name of a module has more than {LONGEST_NAME} letters")
    holder = _module(here, module, node.level, scope)
    for one in node.names:
        if one.name == "*":
            _everything(holder, scope)
            continue
        scope.names[one.asname or one.name] = _member(here, holder, module, one.name, node.level, scope)


def _everything(holder: Any, scope: Scope) -> None:
    if isinstance(holder, Library):
        scope.stars.append(holder)
    elif isinstance(holder, Names):
        names = holder.scope.names
        told = names.get("__all__")
        wanted = told if isinstance(told, (list, tuple)) else [name for name in names if not name.startswith("_")]
        scope.names.update({name: names[name] for name in wanted if isinstance(name, str) and name in names})
        scope.stars += holder.scope.stars


def _member(here: Evaluator, holder: Any, module: str, name: str, level: int, scope: Scope) -> Any:
    if not isinstance(holder, Names):
        return here.attribute(holder, name)
    if name in holder.scope.names:
        return holder.scope.names[name]
    found = _own(here, f"{module}.{name}" if module else name, level, scope)
    if found is None:
        return Unknown(f"{holder.name} has no `{name}`", here.span)
    holder.scope.names[name] = found
    return found


def _below(here: Evaluator, holder: Any, name: str, level: int, scope: Scope) -> Any:
    """`import a.b`: the file b of the package a becomes a name in it."""
    return _member(here, holder, name.rpartition(".")[0], name.rpartition(".")[2], level, scope)


def _module(here: Evaluator, name: str, level: int, scope: Scope) -> Any:
    """What a dotted name means as a module."""
    package = here.package(name.partition(".")[0]) if not level else None
    if package is not None:
        return package.member(name, here)
    found = _own(here, name, level, scope)
    return Unknown.library(name, here.span) if found is None else found


def _own(here: Evaluator, name: str, level: int, scope: Scope) -> Names | None:
    """A file next to the program, read when it is first imported."""
    importer = _path(scope)
    file = here.beside.find(name, level, importer)
    if file is not None:
        return Names(name or file.name, _read(here, file))
    if here.beside.is_folder(name, level, importer):
        return Names(name or "this folder", Scope("file", {"__name__": name}, path=importer))
    return None


def _read(here: Evaluator, file: File) -> Scope:
    if file.path in here.modules:
        return here.modules[file.path]
    limit, steps = here.bounds.limit, here.bounds.steps
    here.bounds.limit = MOST_STEPS
    try:
        return here.run(file)
    finally:
        here.bounds.limit = min(MOST_STEPS, limit + here.bounds.steps - steps)


def _path(scope: Scope) -> str:
    place: Scope | None = scope
    while place is not None:
        if place.kind == "file":
            return place.path
        place = place.outer
    return ""

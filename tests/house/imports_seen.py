"""Who imports whom: the imports of every module of a tree, read from its text, and the circles among them.

An import is `at once` (it runs when the module is imported), `in a function` (it waits until that is called) or `for
types` (only a type checker follows it).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class When(StrEnum):
    """When an import is carried out."""

    AT_ONCE = "at once"
    IN_A_FUNCTION = "in a function"
    FOR_TYPES = "for types"


class Import(NamedTuple):
    """One module imports another, in this line of its text."""

    source: str
    target: str
    when: When
    line: int


def modules_in(package: Path) -> dict[str, Path]:
    """Every module of a package: its dotted name and its file."""
    names = {}
    for path in sorted(package.rglob("*.py")):
        parts = (package.name, *path.relative_to(package).with_suffix("").parts)
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


def imports_in(package: Path) -> list[Import]:
    """All imports of one module of the package by another."""
    modules = modules_in(package)
    return sorted(
        {
            Import(source, target, when, node.lineno)
            for source, path in modules.items()
            for node, when in _statements(ast.parse(path.read_text(encoding="utf-8")), When.AT_ONCE)
            for target in _targets(node, modules)
            if target != source
        }
    )


def _statements(node: ast.AST, when: When) -> Iterator[tuple[ast.Import | ast.ImportFrom, When]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, when
        elif isinstance(child, ast.If) and ast.unparse(child.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            for part in child.body:
                yield from _statements(ast.Module([part], []), When.FOR_TYPES)
            yield from _statements(ast.Module(child.orelse, []), when)
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from _statements(child, When.FOR_TYPES if when is When.FOR_TYPES else When.IN_A_FUNCTION)
        else:
            yield from _statements(child, when)


def _targets(node: ast.Import | ast.ImportFrom, modules: Mapping[str, Path]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules)
    elif node.module in modules:
        for alias in node.names:
            longer = f"{node.module}.{alias.name}"
            yield longer if longer in modules else node.module


def among_siblings(imports: Iterable[Import]) -> list[Import]:
    """The imports as ones of the packages and modules next to each other that they lead from and to.

    `a.b.c -> a.d` is `a.b -> a.d`; an import of a package by a module in it, or the other way, has no siblings.
    """
    found = set()
    for each in imports:
        source, target = each.source.split("."), each.target.split(".")
        same = next((n for n, (one, other) in enumerate(zip(source, target, strict=False)) if one != other), None)
        if same is not None:
            ends = ".".join(source[: same + 1]), ".".join(target[: same + 1])
            found.add(each._replace(source=ends[0], target=ends[1], line=0))
    return sorted(found)


def circles(imports: Iterable[Import]) -> list[list[str]]:
    """Sets of names that reach each other by imports: strongly connected components of two names or more."""
    following: dict[str, set[str]] = {}
    for each in imports:
        following.setdefault(each.source, set()).add(each.target)
    _leave_ends_out(following)
    reached = {name: _reached(name, following) for name in following}
    found = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in following
        if name in reached[name]
    }
    return sorted(map(list, found))


def _leave_ends_out(following: dict[str, set[str]]) -> None:
    """Take away whoever imports nobody that imports anybody, again and again: they are in no circle."""
    while ends := [name for name, targets in following.items() if not targets & following.keys()]:
        for name in ends:
            del following[name]
    for name in following:
        following[name] &= following.keys()


def _reached(name: str, following: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(following[name])
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += following[each]
    return seen

"""Every text that users may read: strings of the program, printed docstrings, manual pages, zoo files, README.

Docstrings of other things, comments and names are for people who read the code, and are left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "cnncalc"
SILENT = {"kernels", "engine"}
"""Rooms whose strings nobody sees: names of kernels and of their steps."""


class Seen(NamedTuple):
    """A text and where it is."""

    path: str
    line: int
    text: str


def seen_texts() -> Iterator[Seen]:
    """Every string literal that may be printed, and every line of what ships as text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not SILENT & set(path.relative_to(PACKAGE).parts):
            yield from _strings(path)
    shipped = [*(PACKAGE / "manual").rglob("*.md"), *(PACKAGE / "zoo").glob("*.txt")]
    for path in (*sorted(shipped), PACKAGE.parent / "README.md"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            yield Seen(path.relative_to(PACKAGE.parent).as_posix().removeprefix("cnncalc/"), number, line)


def _strings(path: Path) -> Iterator[Seen]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(PACKAGE).as_posix()
    unseen = {id(one) for node in ast.walk(tree) for one in _docstrings(node) if not _is_printed(node, name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unseen:
            yield Seen(name, node.lineno, node.value)


def _docstrings(node: ast.AST) -> Iterator[ast.expr]:
    """The strings that stand alone as statements in a body: docstrings, also those of constants and fields."""
    body = getattr(node, "body", None)
    for statement in body if isinstance(body, list) else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield statement.value


def _is_printed(node: ast.AST, path: str) -> bool:
    """Whether users read the docstring: of a layer in `explain`, of a command in its `--help`."""
    if isinstance(node, ast.ClassDef) and path.startswith("layers/"):
        return any(isinstance(one, ast.AnnAssign) and getattr(one.target, "id", "") == "word" for one in node.body)
    is_command = isinstance(node, ast.FunctionDef) and path.startswith("cli/commands/")
    return is_command and not getattr(node, "name", "_").startswith("_")

"""Files are written in one module and streams in another: elsewhere nothing is lost and nothing steers a terminal."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "cnncalc"

WRITERS = {"destinations.py": "files", "whole_folders.py": "folders", "cli/terminal.py": "streams"}
"""What may write, and what."""

MAKING = {"write_text", "write_bytes", "makedirs", "mkdir", "mkstemp", "rename", "symlink", "link", "echo"}
"""`print` is not among them: ruff refuses it everywhere (T20)."""


def writing(text: str) -> Iterator[str]:
    """The calls of a module's text that write: to a file, to a folder, to a stream."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        last = called.rpartition(".")[2]
        modes = [ast.unparse(value) for value in (*node.args[:2], *(word.value for word in node.keywords))]
        opens = last == "open" and any(mode.strip("'\"bt") in ("w", "a", "x", "r+", "w+") for mode in modes)
        if opens or last in MAKING or called in ("os.replace", "sys.stdout.write", "sys.stderr.write"):
            yield f"line {node.lineno}: {called}"


MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "kernels" not in path.relative_to(PACKAGE).parts]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_writers_write(path: Path) -> None:
    if path.relative_to(PACKAGE).as_posix() not in WRITERS:
        assert list(writing(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "open(path, 'w')",
        "path.open('wb')",
        "open(path, mode='a')",
        "path.write_text('')",
        "os.replace(a, b)",
    ],
)
def test_the_probe_sees_what_writes(text: str) -> None:
    assert len(list(writing(text))) == 1


def test_the_writers_are_there() -> None:
    assert [name for name in WRITERS if not list(writing((PACKAGE / name).read_text(encoding="utf-8")))] == []

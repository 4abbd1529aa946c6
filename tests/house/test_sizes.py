"""The budget: no function over 60 lines (kernels 80), no file over 400, and most functions far below.

An exception stands here with its reason, or not at all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

PACKAGE = Path(__file__).parents[2] / "cnncalc"
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_KERNEL = 400, 60, 80

EXCEPTIONS: dict[str, str] = {}
"""`layers/registry.py` or `kernels/conv.py:direct` -> why it may be longer."""


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The name of every function with its number of lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def too_long(path: Path) -> list[str]:
    place = path.relative_to(PACKAGE).as_posix()
    longest = LONGEST_KERNEL if place.startswith("kernels/") else LONGEST_FUNCTION
    lines = path.read_text(encoding="utf-8").count("\n")
    found = [place] if lines > LONGEST_FILE else []
    return found + [f"{place}:{name}" for name, length in functions(path) if length > longest]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_and_functions_keep_to_the_budget(path: Path) -> None:
    assert [place for place in too_long(path) if place not in EXCEPTIONS] == []


def test_every_exception_is_still_needed() -> None:
    assert sorted(EXCEPTIONS) == sorted(place for path in FILES for place in too_long(path))


def test_most_functions_are_short() -> None:
    lengths = [length for path in FILES for _, length in functions(path)]
    assert median(lengths) <= 10
    assert quantiles(lengths, n=10)[-1] <= 33


def test_a_long_function_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    (tmp_path / "x.py").write_text("def f():\n" + "    a = 1\n" * 60)
    assert too_long(tmp_path / "x.py") == ["x.py:f"]

"""What the house is called and what stays out of it: names, rooms, unfinished work, machines."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cnncalc"
FILES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "examples").rglob("*.py")])
TEXTS = sorted(
    path
    for folder in ("cnncalc", "tests", "examples", ".ci")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".txt", ".md", ".json", ".tsv", ".toml", ""}
    and path.is_file()
    and "__pycache__" not in path.parts
)


def test_the_top_level_holds_five_things() -> None:
    entries = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert entries == {"pyproject.toml", "README.md", "cnncalc", "tests", "examples"}
    assert (PACKAGE / "LICENSE").is_file()


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_words = re.compile(r"util|helper|manager|misc|common|process|handl|stuff|shared")
    assert [path.name for path in FILES if empty_words.search(path.stem)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_unfinished(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    words = "|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bXX" + r"X\b", "raise NotImpl" + "emented"))
    assert re.findall(words, text) == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    hosts = "|".join(host + r"\.org" for host in ("py" + "pi", "python" + "hosted", "npm" + "js"))
    places = re.compile(rf"{hosts}|(?<![\w.])/(?:{'|'.join(('wo' + 'rk', 'ho' + 'me', 'ro' + 'ot'))})/")
    found = [path.name for path in TEXTS if places.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert found == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "layers").glob("*.py")), ids=lambda path: path.name)
def test_layers_know_neither_text_nor_spans(path: Path) -> None:
    """Invariant 2: a layer refuses with the guilty argument's name; `graph/` finds the place."""
    imported = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "cnncalc.diagnostics"
        for alias in node.names
    }
    assert imported <= {"Refusal"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "kernels").glob("*.py")), ids=lambda path: path.name)
def test_kernels_never_raise(path: Path) -> None:
    """Invariant 5: what could go wrong was refused when planning."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, (ast.Raise, ast.Assert))] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if path.is_relative_to(PACKAGE / "cli"):
        return
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called & {"print", "exit", "quit", "input"} == set()


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PACKAGE.rglob("*.py")) if path.read_text(encoding="utf-8").strip()],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_a_module_says_what_lives_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

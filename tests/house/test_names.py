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


def test_nothing_is_unfinished() -> None:
    """What ruff has no rule for; comments of unfinished work, `print` and `exit` are its FIX, T20 and PLR1722."""
    word = "raise NotImpl" + "emented"
    assert [path.name for path in FILES if word in path.read_text(encoding="utf-8")] == []


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


def test_kernels_never_raise() -> None:
    """Invariant 5: what could go wrong was refused when planning."""
    raising = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted((PACKAGE / "kernels").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Raise, ast.Assert))
    ]
    assert raising == []

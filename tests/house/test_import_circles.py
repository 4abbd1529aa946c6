"""Imports go in no circle: neither those that wait in a function, nor from a package to the one next to it and back.

`lint-imports` keeps the floors; this keeps the order within one.  What only a type checker follows may go both ways.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.house.imports_seen import Import, When, among_siblings, circles, imports_in

PACKAGE = Path(__file__).parents[2] / "cnncalc"


@cache
def run_imports(package: Path) -> list[Import]:
    return [each for each in imports_in(package) if each.when is not When.FOR_TYPES]


def test_no_module_reaches_itself_by_imports() -> None:
    assert circles(run_imports(PACKAGE)) == []


def test_no_package_reaches_itself_by_imports_of_its_modules() -> None:
    assert circles(among_siblings(run_imports(PACKAGE))) == []


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("import house.b", "from house import a", [["house.a", "house.b"]]),
        ("from house.b import x", "def f():\n    from house.a import y", [["house.a", "house.b"]]),
        ("import house.b", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import house.a", []),
        ("import house.b", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = 1\nelse:\n    import house.a",
         [["house.a", "house.b"]]),
        ("import house.b", "", []),
    ],
)  # fmt: skip
def test_a_circle_of_two_modules_is_seen(tmp_path: Path, a: str, b: str, found: list[list[str]]) -> None:
    house = tmp_path / "house"
    house.mkdir()
    for name, text in {"__init__": "", "a": a, "b": b}.items():
        (house / f"{name}.py").write_text(text, encoding="utf-8")
    assert circles(run_imports(house)) == found


def test_a_circle_of_packages_is_seen_where_their_modules_make_none(tmp_path: Path) -> None:
    texts = {"one/a": "import house.two.a", "two/a": "", "two/b": "import house.one.b", "one/b": ""}
    for name, text in texts.items():
        path = tmp_path / "house" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = run_imports(tmp_path / "house")
    assert circles(found) == []
    assert circles(among_siblings(found)) == [["house.one", "house.two"]]

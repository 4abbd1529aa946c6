"""The drawing of the house: its rooms, its arrows, and what is red in it."""

from __future__ import annotations

from pathlib import Path

from tests.house.imports_drawn import arrows, drawing, floors, upward
from tests.house.imports_seen import Import, When

ROOT = Path(__file__).parents[2]


def small_house(folder: Path, **texts: str) -> Path:
    house = folder / "house"
    for name, text in texts.items():
        (house / name).mkdir(parents=True)
        (house / name / "__init__.py").write_text(text, encoding="utf-8")
    return house


def test_the_floors_are_those_that_are_checked() -> None:
    rows = floors(ROOT / "pyproject.toml")
    assert rows[0] == ["__main__"]
    assert ["analysis", "dialects"] in rows
    assert "kernels" in rows[-1]


def test_an_arrow_has_the_number_of_its_imports() -> None:
    imports = [
        Import("house.cellar.a", "house.attic.b", When.AT_ONCE, 1),
        Import("house.cellar.a", "house.attic.c", When.IN_A_FUNCTION, 2),
        Import("house.cellar.a", "house.attic.c", When.FOR_TYPES, 3),
    ]
    ((ends, kinds),) = arrows(imports, "house").items()
    assert (ends, kinds[When.AT_ONCE], kinds[When.IN_A_FUNCTION]) == (("cellar", "attic"), 1, 1)


def test_what_leads_upward_is_red(tmp_path: Path) -> None:
    rows = [["attic"], ["cellar"]]
    assert upward([("cellar", "attic"), ("attic", "cellar")], rows) == {("cellar", "attic")}
    house = small_house(tmp_path, attic="", cellar="import house.attic")
    assert "1 red" in drawing(house, rows, "house")
    assert "0 red" in drawing(house, rows[::-1], "house")


def test_a_circle_is_red(tmp_path: Path) -> None:
    house = small_house(tmp_path, left="import house.right", right="def f():\n    import house.left")
    assert "2 red" in drawing(house, [["left", "right"]], "house")

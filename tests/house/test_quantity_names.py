"""What can be asked is named in one place: a quantity's name is a string in `cnncalc.asked`, and seldom elsewhere.

Whoever reads, judges, prints or exports answers asks the registry, so that a new kind of answer is one entry there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.asked import NAMES

PACKAGE = Path(__file__).parents[2] / "cnncalc"
ROOMS = ("homework", "spec", "cli")
AT_HOME = ("homework/slips/", "homework/quiz/kinds")
"""A slip is about some quantities, and an exercise asks for some."""

EXCEPTIONS: dict[str, dict[str, str]] = {
    "cli/command_list.py": {"weights": "a command"},
    "cli/filter_choice.py": {"kernel": "what numbers without a name are called"},
    "cli/commands/summary.py": {"macs": "a column"},
    "cli/commands/sweep.py": {"macs": "a measure of the chart"},
    "cli/net_solving.py": dict.fromkeys(("params", "macs"), "options"),
    "cli/completion_scripts.py": {"share": "a folder of the system"},
    "cli/parameters.py": {"exact": "a choice of --rounding"},
    "spec/file_lines.py": {"exact": "a choice of the line `rounding`"},
    "report/grade_lists.py": {"share": "a column"},
    "homework/formula_steps.py": {"size": "what a layer's own formula is called", "shape": "likewise"},
    "homework/reading/summary_objects.py": {
        "shape": "a member of our JSON",
        "size": "likewise",
        "rf": "likewise",
    },
    "homework/reading/handed_in.py": dict.fromkeys(("params", "macs", "flops"), "what a total is called without more"),
    "homework/reading/row_claims.py": dict.fromkeys(
        ("padding", "kernel", "values", "weights"), "columns that describe a layer as often as they answer"
    ),
}
"""File -> name -> what it means there; each has to be needed still."""


def files() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((PACKAGE / room).rglob("*.py"))
    for report in ("check_*.py", "grade*.py"):
        yield from sorted((PACKAGE / "report").glob(report))


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in NAMES}


PLACES = [path.relative_to(PACKAGE).as_posix() for path in files()]


@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith(AT_HOME)])
def test_no_quantity_is_named_outside_of_the_registry(place: str) -> None:
    assert names_in(PACKAGE / place) - set(EXCEPTIONS.get(place, {})) == set()


def test_every_exception_is_still_needed() -> None:
    needed = {place: set(EXCEPTIONS[place]) & names_in(PACKAGE / place) for place in EXCEPTIONS}
    assert needed == {place: set(names) for place, names in EXCEPTIONS.items()}


def test_a_name_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text('"""params"""\nif answer.asked == "macs":\n    pass\n')
    assert names_in(tmp_path / "x.py") == {"params", "macs"}

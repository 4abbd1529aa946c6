"""README is run: its commands print what it shows, and its Python does what it says.

What a `console` block is stands in `tests.shown_commands`.  The first two `sh` blocks are the set-up commands, which
`.ci/run` runs in a fresh copy.
"""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest

from ..shown_commands import ROOT, agrees, blocks, commands, printed, rewrite

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it: the examples, to be changed at will."""
    place = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "examples", place / "examples")
    return place


def test_readme_has_something_to_run() -> None:
    assert len(commands(README)) >= 5
    assert len(blocks(README, "sh")) >= 2
    assert "pytest" in blocks(README, "sh")[1]
    assert "--image examples/" in blocks(README, "sh")[0]


@pytest.mark.parametrize(("command", "output"), commands(README), ids=[command for command, _ in commands(README)])
def test_a_command_prints_what_readme_shows(
    command: str, output: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    found = printed(command, folder)
    if not agrees(found, output) and request.config.getoption("--rewrite-readme"):
        rewrite(ROOT / "README.md", command, output, found)
        pytest.skip("README rewritten")
    assert agrees(found, output), found


@pytest.mark.parametrize("text", blocks(README, "python"))
def test_python_in_readme_does_what_it_says(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    example = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    assert example.examples
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert runner.run(example).failed == 0


def test_every_command_is_in_readme() -> None:
    """The table of commands names each one that `cnncalc --help` lists."""
    listed = re.findall(r"^ *[│|]? *([a-z]+)  ", printed("cnncalc --help", ROOT), re.MULTILINE)
    assert {"summary", "run", "explain"} <= set(listed)
    assert [name for name in listed if f"`{name}" not in README and f"cnncalc {name}" not in README] == []


def test_readme_is_short() -> None:
    """What is longer has its place in the manual, which `cnncalc explain` prints, or in examples/."""
    assert README.count("\n") <= 355


@pytest.mark.parametrize(
    ("found", "shown", "expected"),
    [
        ("total  61,706", "total  61,706", True),
        ("total  61,706", "total  61,707", False),
        ("total  61,706", "total 61,706", False),
        ("a 1\nb 2\nc 3", "a 1\n...\nc 3", True),
        ("conv   12.30 ms  ✓\n──────", "conv  1.23 ms  ✓\n────", True),
        ("conv   12.30 ms  ✗\n──────", "conv  1.23 ms  ✓\n────", False),
    ],
)
def test_only_times_and_gaps_may_differ(found: str, shown: str, expected: bool) -> None:
    assert agrees(found, shown) is expected

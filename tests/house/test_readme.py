"""README is run: its commands print what it shows, its models are right, its Python does what it says.

A `console` block holds `$ command` lines, each followed by what it prints at 80 columns without a terminal; `...`
stands for what differs from machine to machine (times).  A `cnncalc` block is a model whose answers are right.  The
first two `sh` blocks are the set-up commands, which `.ci/run` runs in a fresh copy.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.judging import judge

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    return [body for word, body in BLOCK.findall(README) if word == kind]


def commands() -> list[tuple[str, str]]:
    """Every `$ command` with what it is shown to print."""
    found: list[tuple[str, str]] = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.strip("\n")))
    return found


def printed(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return "\n".join(line.rstrip() for line in (done.stdout + done.stderr).strip("\n").splitlines())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it: the examples, to be changed at will."""
    place = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "examples", place / "examples")
    return place


def test_readme_has_something_to_run() -> None:
    assert len(commands()) >= 5
    assert len(blocks("sh")) >= 2
    assert "pytest" in blocks("sh")[1]
    assert "--image examples/" in blocks("sh")[0]


@pytest.mark.parametrize(("command", "output"), commands(), ids=[command for command, _ in commands()])
def test_a_command_prints_what_readme_shows(
    command: str, output: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    pattern = ".*?".join(re.escape(part) for part in output.split("..."))
    found = printed(command, folder)
    if not re.fullmatch(pattern, found, re.DOTALL) and request.config.getoption("--rewrite-readme"):
        path = ROOT / "README.md"
        before, shown = path.read_text(encoding="utf-8"), f"$ {command}\n{output}\n" if output else f"$ {command}\n"
        path.write_text(before.replace(shown, f"$ {command}\n{found}\n", 1), encoding="utf-8")
        pytest.skip("README rewritten")
    assert re.fullmatch(pattern, found, re.DOTALL), found


@pytest.mark.parametrize("text", blocks("cnncalc"))
def test_a_model_in_readme_is_right(text: str) -> None:
    graph, faults = load_graph(Source("README.md", text))
    assert not faults, faults
    assert [answer for answer in judge(analyse(graph)) if answer.ok is not True] == []


@pytest.mark.parametrize("text", blocks("python"))
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


def test_a_wrong_block_would_be_found(folder: Path) -> None:
    assert not re.fullmatch(re.escape("total 61,707"), printed("cnncalc summary examples/model.txt", folder), re.DOTALL)

"""What `--help` prints: every example in it runs, and it fits 80 columns."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cnncalc.cli.app import COMMANDS, command_of
from cnncalc.cli.pages import words_of

from .conftest import Command

EXAMPLES = Path(__file__).parents[2] / "examples"
FINE = {"check": (0, 1), "grade": (0, 1), "fmt": (0, 1)}
"""What these commands find in the files of the examples is no failure; every other one leaves with 0."""


def documented(name: str) -> list[str]:
    """The lines of a page that are commands: its examples, and where to read more."""
    sections = words_of(name).sections
    titles = ("Examples", "Shell completion", "Read more")
    entries = [entry for title in titles for entry in sections.get(title, ())]
    return [entry.name for entry in entries if "COMMAND" not in entry.name]


LINES = [line for name in ("cnncalc", *COMMANDS) if name != "bench" for line in documented(name)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the examples name."""
    import numpy as np

    from cnncalc.api import load
    from cnncalc.runtime.weights import seeded

    here = tmp_path_factory.mktemp("help")
    for name in ("model.txt", "net.txt"):
        shutil.copy(EXAMPLES / "model.txt", here / name)
    for name in ("digit.png", "4.png"):
        shutil.copy(EXAMPLES / "digits" / "7.png", here / name)
    homework = EXAMPLES / "homework"
    shutil.copytree(homework / "submissions", here / "submissions")
    for name, source in (("key.txt", "key.txt"), ("roster.csv", "roster.csv")):
        shutil.copy(homework / source, here / name)
    first = sorted((homework / "submissions").iterdir())[0]
    for name in ("hw.txt", "hw1.txt"):
        shutil.copy(first, here / name)
    with zipfile.ZipFile(here / "moodle.zip", "w") as archive:
        archive.write(first, "Ana Gomez_12345_assignsubmission_file_/hw1.txt")
    (here / "table.csv").write_text("layer,shape,params\nconv1,28x28x6,156\n", encoding="utf-8")
    (here / "names.txt").write_text("".join(f"digit {n}\n" for n in range(10)), encoding="utf-8")
    np.savez(here / "mine.npz", **seeded(load(here / "model.txt").analysis, 0, "float32").arrays)
    program = here / "bin" / "cnncalc"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cnncalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return here


@pytest.mark.parametrize("line", LINES)
def test_every_example_of_the_help_runs(line: str, folder: Path) -> None:
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    root = str(EXAMPLES.parent)
    environment = {
        **os.environ,
        "HOME": str(folder),
        "SHELL": "/bin/bash",
        "PATH": path,
        "PYTHONPATH": f"{root}:{os.environ.get('PYTHONPATH', '')}",
    }
    shown = subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    word = re.findall(r"cnncalc (\w+)", line)[-1]
    assert shown.returncode in FINE.get(word, (0,)), shown.stderr
    assert "error[" not in shown.stderr


def test_the_examples_of_bench_are_read() -> None:
    """They take minutes, so that they are only parsed."""
    for line in documented("bench"):
        assert command_of("bench").make_context("bench", line.split(" > ")[0].split()[2:])


def test_every_command_has_an_example() -> None:
    assert [name for name in COMMANDS if not documented(name)] == []
    assert len(LINES) > 25


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_80_columns_and_cuts_no_sentence(name: str, command: Command) -> None:
    shown = command(*([name] if name else []), "--help", columns=80).out
    assert max(map(len, shown.split("\n"))) <= 80
    assert [line for line in shown.split("\n") if line.endswith("...") and not line.startswith("Usage")] == []

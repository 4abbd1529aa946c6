"""The extension's own code, run by node: against the real server, and against programs that end at once or are missing.

VS Code itself is replaced by `fake_vscode.js`, which keeps what the extension registers and shows.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cnncalc.cli.commands.editor import program_path
from cnncalc.editor.vscode.extension_folder import extension_files

HERE = Path(__file__).parent
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")


def drive(folder: Path, command: str, scenario: str, **environment: str) -> Any:
    """What a user would have seen, with `command` as the program that the extension starts."""
    extension = folder / "extension.js"
    extension.write_text(extension_files("")["extension.js"], encoding="utf-8")
    ran = subprocess.run(
        [str(NODE), str(HERE / "drive_extension.js"), str(extension), command, scenario],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={**os.environ, **environment},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def program(folder: Path, script: str) -> str:
    """A program of one line that counts how often it is started."""
    path = folder / "server"
    path.write_text(f"#!/bin/sh\necho . >> {folder}/starts\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


LABEL = {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 3}}
USE = {"start": {"line": 4, "character": 13}, "end": {"line": 4, "character": 16}}
"""`big:` in the second line of the text that is typed, and the word in the fifth that means it."""


@pytest.fixture(name="seen", scope="module")
def _seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A session with the real server: two faults, then a text without one."""
    pytest.importorskip("pygls", reason="pygls is not installed (pip install 'cnncalc[editor]')")
    if not program_path():
        pytest.skip("cnncalc is not installed as a program next to this Python")
    return drive(tmp_path_factory.mktemp("extension"), program_path(), "session")


def test_faults_are_shown_with_what_fixes_them(seen: Any) -> None:
    assert [(one["code"], one["line"]) for one in seen["faults"]] == [("kernel-too-large", 3), ("unknown-word", 4)]
    (fix,) = seen["fixes"]
    (edit,) = fix["edit"]["all"]["file:///somewhere/net.cnn"]
    assert (fix["title"], fix["kind"], edit["newText"]) == ("Write `dense`", "quickfix", "dense")
    assert seen["errors"] == []


def test_sizes_are_at_the_ends_of_lines_and_formulas_under_the_pointer(seen: Any) -> None:
    shown = {one["position"]["line"]: one["label"] for one in seen["hints"]}
    assert "24x24x6" in shown[1]
    assert "18,880 params" in shown[3]
    assert "(5 * 5 * 1 + 1) * 6" in seen["hover"]["contents"][0]["value"]
    assert seen["signature"]["signatures"][0]["label"].startswith("conv FILTERS KERNEL_SIZE")


def test_words_are_completed_and_texts_tidied(seen: Any) -> None:
    assert {"conv", "maxpool"} <= {one["label"] for one in seen["words"]}
    assert [one["newText"] for one in seen["tidied"]] == ["input 28x28x1", "conv 6 5x5"]


def test_a_label_is_found_and_renamed_everywhere(seen: Any) -> None:
    assert [one["range"] for one in seen["places"]] == [LABEL]
    assert [one["range"] for one in seen["uses"]] == [one["range"] for one in seen["marked"]] == [LABEL, USE]
    assert seen["named"] == LABEL
    assert seen["renamed"]["all"]["file:///somewhere/net.cnn"] == [
        {"range": place, "newText": "wide"} for place in (LABEL, USE)
    ]
    assert [one["name"] for one in seen["symbols"]] == ["big"]


def test_a_program_that_is_not_there_is_said_with_how_to_install_it(tmp_path: Path) -> None:
    (said,) = drive(tmp_path, "", "ending", PATH=str(tmp_path))["errors"]
    assert said.startswith("The program cnncalc is not found: install it with: pip install 'cnncalc[editor]'")


def test_a_program_that_cannot_even_be_tried_is_said_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    said = drive(tmp_path, str(tmp_path / "file" / "cnncalc"), "restarting")["errors"]
    assert ["lsp has ended (spawn ENOTDIR)" in one for one in said] == [True, True]


def test_the_table_finds_what_the_text_includes(tmp_path: Path) -> None:
    if not program_path():
        pytest.skip("cnncalc is not installed as a program next to this Python")
    (tmp_path / "stem.txt").write_text("input 8x8x3\nconv 5 3x3\n", encoding="utf-8")
    (table,) = drive(tmp_path, program_path(), "table")["output"]
    assert "4x4x4" in table


@pytest.mark.skipif(os.name == "nt", reason="the programs are scripts of a shell")
def test_a_server_that_dies_is_started_again_a_few_times(tmp_path: Path) -> None:
    seen = drive(tmp_path, program(tmp_path, "exit 3"), "ending")
    assert len((tmp_path / "starts").read_text(encoding="utf-8").split()) == 4
    assert len(seen["errors"]) == 1
    assert "server lsp has ended (status 3)" in seen["errors"][0]


@pytest.mark.skipif(os.name == "nt", reason="the programs are scripts of a shell")
def test_a_server_that_says_why_it_ends_is_quoted_and_not_started_again(tmp_path: Path) -> None:
    seen = drive(tmp_path, program(tmp_path, "echo 'error: the library pygls is missing' >&2; exit 2"), "ending")
    assert len((tmp_path / "starts").read_text(encoding="utf-8").split()) == 1
    assert "error: the library pygls is missing" in seen["errors"][0]

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

from cnncalc.cli.app import COMMANDS
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


@pytest.mark.skipif("lsp" not in COMMANDS or not program_path(), reason="there is no server to start")
def test_a_session_with_the_real_server(tmp_path: Path) -> None:
    seen = drive(tmp_path, program_path(), "session")
    assert [(one["code"], one["line"], one["severity"]) for one in seen["faults"]] == [("kernel-too-large", 3, 0)]
    assert (seen["hints"][0]["position"]["line"], "24x24x6" in seen["hints"][0]["label"]) == (1, True)
    assert seen["errors"] == []


def test_a_program_that_is_not_there_is_said_with_how_to_install_it(tmp_path: Path) -> None:
    (said,) = drive(tmp_path, "", "ending", PATH=str(tmp_path))["errors"]
    assert said.startswith("The program cnncalc is not found: install it with: pip install 'cnncalc[editor]'")


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

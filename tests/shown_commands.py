"""Commands with what they print, as README and the manual show them, and how they are run and compared.

A `console` block holds `$ command` lines, each followed by what it prints at 80 columns without a terminal; `...`
stands for anything, and times may differ.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"\d[\d,.]* (?:ms|s)\b")


def blocks(text: str, kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return [body for word, body in BLOCK.findall(text) if word == kind]


def commands(text: str) -> list[tuple[str, str]]:
    """Every `$ command` with what it is shown to print."""
    found: list[tuple[str, str]] = []
    for block in blocks(text, "console"):
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


def agrees(found: str, shown: str) -> bool:
    """Equal to the letter; where times are printed, equal but for them and the widths that follow from them."""
    if TIME.search(shown):
        found, shown = (re.sub(r"\s+|─+", " ", TIME.sub("TIME", text)) for text in (found, shown))
    pattern = ".*?".join(re.escape(part) for part in shown.split("..."))
    return re.fullmatch(pattern, found, re.DOTALL) is not None


def rewrite(path: Path, command: str, output: str, found: str) -> None:
    """Puts what a command really prints in place of what the file shows."""
    shown = f"$ {command}\n{output}\n" if output else f"$ {command}\n"
    path.write_text(path.read_text(encoding="utf-8").replace(shown, f"$ {command}\n{found}\n", 1), encoding="utf-8")

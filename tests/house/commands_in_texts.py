"""The command lines that stand in texts which users read: found, and read by the command line's own parser."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cnncalc.cli.app import UsageError, command_of
from cnncalc.cli.command_list import COMMANDS
from cnncalc.diagnostics import InputError

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cnncalc"
BEGUN = r"cnncalc +(?=[-a-zA-Z{`])"
QUOTED = re.compile(rf"`({BEGUN}[^`]*)`")
"""A command in a sentence."""
ALONE = re.compile(rf"(?:^|[:;|] |\$ |# +|&& )({BEGUN}[^\n]*)", re.MULTILINE)
"""A command that has the rest of its line: an example, a line of a comment, or what follows `for example: `."""
HIDDEN, SHOWN = str.maketrans(";|&<>", "\1\2\3\4\5"), str.maketrans("\1\2\3\4\5", ";|&<>")
PLACEHOLDER = "X"
"""What stands where a message puts in a word of its user."""
OTHERS = ("help", "--version", "--help", "-h", "--install-completion", "--show-completion", "COMMAND", PLACEHOLDER)


class Mention(NamedTuple):
    """A command line and where it is written."""

    line: str
    place: str


def mentions_in(text: str, place: str) -> Iterator[Mention]:
    """The commands of a text."""
    rest = QUOTED.sub(" ", text)
    for found in (*QUOTED.findall(text), *ALONE.findall(rest)):
        line = re.split(r" {2,}#? ?| +#", found.strip())[0]
        yield Mention(line.rstrip(".,:;?"), place)


def _texts_of(path: Path) -> Iterator[str]:
    """The strings of a module; what a formatted one puts in is a placeholder."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else PLACEHOLDER for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            yield node.value


def _data_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".txt", ".md", ".json"))


def all_mentions() -> list[Mention]:
    """Every command in a string or a data file of the package, in README and in the examples."""
    found: dict[str, Mention] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for text in _texts_of(path):
            found |= {one.line: one for one in mentions_in(text, path.relative_to(ROOT).as_posix())}
    for path in (ROOT / "README.md", *_data_files(PACKAGE), *_data_files(ROOT / "examples")):
        text = path.read_text(encoding="utf-8")
        found |= {one.line: one for one in mentions_in(text, path.relative_to(ROOT).as_posix())}
    return sorted(found.values())


def fault_of(line: str) -> str:
    """Why the line is no command of ours, or nothing; within quotes the signs of a shell mean nothing."""
    line = re.sub(r"'[^']*'|\"[^\"]*\"", lambda quoted: quoted[0].translate(HIDDEN), line)
    for part in re.split(r" *(?:\|\||&&|[|;]) *", re.sub(r"\s\d?[<>]+\s*\S+", "", line)):
        if part.startswith("cnncalc "):
            fault = _fault_of_one(part.translate(SHOWN))
            if fault:
                return fault
    return ""


def _fault_of_one(line: str) -> str:
    words = shlex.split(line)[1:]
    while words[:1] in (["--color"], ["--width"]):
        words = words[2:]
    if not words or words[0] in OTHERS:
        return ""
    if words[0] not in COMMANDS:
        return f"there is no command {words[0]}"
    if len(words) == 1 or {"--help", "-h"} & set(words):  # a command is named, not called
        return ""
    try:
        command_of(words[0]).make_context(
            words[0], [word.strip("[]") for word in words[1:] if word not in ("...", "…")]
        )
    except (UsageError, InputError) as error:
        return "" if re.search(r"'[A-Z]+' is not", str(error)) else f"{type(error).__name__}: {error}"
    return ""

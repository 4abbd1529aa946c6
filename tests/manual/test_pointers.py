"""Whatever points at a page of the manual (a message, a help text, README, another page) points at one that exists."""

from __future__ import annotations

import re

import pytest

from cnncalc.cli.explaining import explained_subject
from cnncalc.report.canvas import Canvas
from cnncalc.sources import is_model

from ..shown_commands import ROOT

POINTER = re.compile(r"(?:cnncalc explain|`explain) (\"[^\"]+\"|'[^']+'|[\w./-]+)")
MISSPELLED = "maxpol"
"""On purpose."""
PLACEHOLDERS = {"MODEL", "NAME", "CODE", "WORD", "TERM", "SLIP", "FILE"}
FILES = sorted(
    path
    for folder, kinds in (("cnncalc", ("*.py", "*.txt", "*.md")), ("examples", ("*.md",)))
    for kind in kinds
    for path in (ROOT / folder).rglob(kind)
)


def pointers() -> dict[str, str]:
    """Every subject that is named somewhere -> a file that names it."""
    found: dict[str, str] = {}
    for path in (*FILES, ROOT / "README.md"):
        for subject in POINTER.findall(path.read_text(encoding="utf-8")):
            found[subject.strip("\"'").rstrip(".")] = path.relative_to(ROOT).as_posix()
    return {subject: path for subject, path in found.items() if subject not in PLACEHOLDERS}


def test_there_are_many_pointers() -> None:
    assert len(pointers()) > 15


@pytest.mark.parametrize("subject", pointers())
def test_what_is_pointed_at_exists(subject: str) -> None:
    is_example = subject.startswith(("examples/", "model.", "net.", "picture.")) or subject == MISSPELLED
    assert is_example or is_model(subject) or explained_subject(subject, Canvas(80)), pointers()[subject]

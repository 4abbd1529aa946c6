"""Whose a submission is, by the name that a learning platform gave its file or folder, else by where it lies.

Moodle: `Ana Gomez_12345_assignsubmission_file_/hw1.txt`, with or without folders.  Canvas:
`gomezana_12345_678_hw1.txt`.  Otherwise a folder is one student's, and so is a file that lies in none.  A platform's
name is trusted; what a text says of its author is only used where there is no such name.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.homework.reading.containers.bounds import Found

LONGEST_NAME = 120

_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+_?.*", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<id>\d+)_\d+_.+", re.DOTALL)
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


class Student(NamedTuple):
    """`id` and `name` as far as known, each "" when it is not."""

    id: str
    name: str = ""


NOBODY = Student("")


class Submission(NamedTuple):
    """All files of one student; `known` says that a platform names its owner, `owner` is a mere place otherwise."""

    owner: Student
    known: bool
    files: tuple[Found, ...]


def submissions_of(found: Iterable[Found]) -> list[Submission]:
    """The files by student, in the order of their names."""
    files = list(found)
    alike = Counter(one.parts for one in files)
    grouped: dict[tuple[object, ...], Submission] = {}
    for one in files:
        parts = one.parts if alike[one.parts] == 1 else (*_folder_of(one), *one.parts)
        student = _platform_owner(parts)
        place = (student,) if student else (one.shown[: len(one.shown) - len("/".join(parts))], parts[0])
        owner = student or Student(plain(parts[0] if len(parts) > 1 else os.path.splitext(parts[0])[0]))
        before = grouped.get(place)
        grouped[place] = Submission(owner, student is not None, (*(before.files if before else ()), one))
    return list(grouped.values())


def _folder_of(found: Found) -> tuple[str, ...]:
    """The folder in which a file lies whose name others have too: `ana/hw1.txt` beside `bob/hw1.txt`."""
    folder = os.path.basename(os.path.dirname(os.path.abspath(found.shown)))
    return (folder,) if folder else ()


def _platform_owner(parts: tuple[str, ...]) -> Student | None:
    """Who a learning platform says it is; the outermost name that says so counts."""
    for part in parts:
        match = _MOODLE.fullmatch(part)
        if match:
            return Student(match["id"], plain(match["name"]))
    match = _CANVAS.fullmatch(parts[-1]) if len(parts) == 1 else None
    return Student(match["id"], plain(match["name"])) if match else None


def plain(text: str) -> str:
    """A name on one line, without anything that cannot be seen, and not longer than a name is.

    >>> plain(" Ana\\t Gomez\\u202e\\n")
    'Ana Gomez'
    """
    cut = unicodedata.normalize("NFC", text[: 4 * LONGEST_NAME])
    seen = "".join(c if unicodedata.category(c) not in _UNSEEN else " " if c.isspace() else "" for c in cut)
    return " ".join(seen.split())[:LONGEST_NAME].strip()

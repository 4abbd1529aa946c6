"""Folders around a class are left out, so that its students are counted and not the folder.

One folder that holds everything is a class's or one student's.  What decides, in this order: names of a platform; whom
the texts say they are of; whether the names inside are those of homework (`hw2.txt`, `src`) or of anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from cnncalc.homework.reading.containers.container_limits import Found, Unreadable
from cnncalc.homework.reading.containers.gradescope import METADATA
from cnncalc.homework.reading.containers.homework_names import is_generic
from cnncalc.homework.reading.containers.likely import homework_first
from cnncalc.homework.reading.containers.platforms import HANDED_IN, owner_of

MOST_LOOKED_INTO = 40
"""Files and folders side by side that are looked into for the name of a student."""

MOST_READ = 3
"""Files in each of them that are read for it."""

_AROUND = frozenset((*HANDED_IN, "submissions", "abgaben", "students", "class"))
_BESIDE = frozenset(
    (
        *("source", "release", "autograded", "feedback", "solution", "exchange", "gradebook.db", "downloaded"),
        *("nbgrader_config.py", "header.ipynb", "working files", "nbgrader_logs", "formgrade"),
    )
)
"""What nbgrader and Teams keep beside that which was handed in."""

_LEFT_OVER = frozenset(
    (METADATA, "index.html", "timestamp.txt", "classroom_roster.csv", "classroom-roster.csv", "manifest.txt")
)
_STUDENT = re.compile(rb"^[\s\"'#/*>-]{0,20}student\b[ \t:=]*([^\n]{1,200})", re.IGNORECASE | re.MULTILINE)


def unwrapped(found: Sequence[Found], is_student: Callable[[str], bool]) -> list[Found]:
    """The files with the names of students first, as far as folders around them can be told from students.

    `is_student` says whether a name is that of somebody in the class.
    """
    files = _handed_in(found)
    while (inside := _inside(files)) is not None:
        (folder,) = {one.parts[0] for one in files}
        if owner_of((folder, "")) or is_student(folder) or not holds_class(folder, inside):
            break
        files = inside
        if folder.lower() in HANDED_IN and all(len(one.parts) > 2 for one in files):
            break
    return _without_leftovers(_parted(files, is_student))


def holds_class(folder: str, inside: Sequence[Found]) -> bool:
    """Whether what lies in a folder is of several students; `inside` has its names below the folder."""
    if any(owner_of(one.parts) or one.parts[-1] == METADATA for one in inside) or folder.lower() in _AROUND:
        return True
    inside = [one for one in inside if not one.fault] or inside
    authors = _authors(inside)
    names = {one.parts[0] for one in inside}
    if len(set(authors.values())) > 1:
        return True
    if len(authors) > 1 or any(_is_called_after(folder, author) for author in authors.values()):
        return False
    return _named_as_class(folder, {one.parts[0] for one in inside if len(one.parts) > 1}, names)


def _named_as_class(folder: str, folders: set[str], names: set[str]) -> bool:
    """The same by the names alone: of the folder, of the folders in it, and of all that is in it."""
    files = names - folders
    people = sum(not is_generic(name) for name in folders)
    if not files:
        return len(folders) == 1 or people > 0
    if len(names) == 1:
        return is_generic(folder) and not any(map(is_generic, files))
    if folders:
        return people > 1 or not any(map(is_generic, files))
    return not all(map(is_generic, files))


def _inside(files: Sequence[Found]) -> list[Found] | None:
    """What lies in the one folder that holds everything; None where there is no such folder."""
    if len({one.parts[0] for one in files}) != 1 or any(len(one.parts) == 1 for one in files):
        return None
    return [replace(one, parts=one.parts[1:]) for one in files]


def _parted(files: Sequence[Found], is_student: Callable[[str], bool]) -> list[Found]:
    """Without the folders of parts of a class: everything in them says whose it is, and each is another's."""
    folders: dict[str, list[Found]] = {}
    for one in files:
        folders.setdefault(one.parts[0], []).append(one)
    parted: list[Found] = []
    for folder, some in folders.items():
        inside = _inside(some) if len(some) > 1 and not owner_of((folder, "")) and not is_student(folder) else None
        names = {one.parts[0] for one in inside or ()}
        authors = _authors(inside) if inside and not any(map(is_generic, names)) else {}
        others = len(set(authors.values())) == min(len(names), MOST_LOOKED_INTO) > 1
        apart = others and not any(_is_called_after(folder, author) for author in authors.values())
        parted += inside if inside and apart else some
    return parted


def _is_called_after(folder: str, author: bytes) -> bool:
    """Whether a word of a folder's name is in what a text says of its author."""
    words = re.findall(r"[^\W_]{2,}", folder.lower())
    return any(word in author.decode("utf-8", "replace") for word in words if not is_generic(word))


def _handed_in(found: Sequence[Found]) -> list[Found]:
    """Without what nbgrader and Teams keep beside the folder of that which was handed in."""
    around = {
        tuple(map(str.lower, one.parts[:n]))
        for one in found
        for n, part in enumerate(one.parts[:-1])
        if part.lower() in HANDED_IN
    }
    if not around:
        return list(found)
    return [one for one in found if not any(_is_beside(one.parts, n, around) for n in range(len(one.parts)))]


def _is_beside(parts: Sequence[str], n: int, around: set[tuple[str, ...]]) -> bool:
    return parts[n].lower() in _BESIDE and tuple(map(str.lower, parts[:n])) in around


def _without_leftovers(files: Sequence[Found]) -> list[Found]:
    """Without lists and pages that platforms put beside the students, unless nothing else is there."""
    kept = [
        one
        for one in files
        if one.parts[-1] == METADATA or not (len(one.parts) == 1 and one.parts[0].lower() in _LEFT_OVER)
    ]
    return kept if any(one.parts[-1] != METADATA for one in kept) else list(files)


def _authors(inside: Iterable[Found]) -> dict[str, bytes]:
    """Whom the texts say they are of, by the name inside the folder; an example or a README says nothing."""
    children: dict[str, list[Found]] = {}
    for one in inside:
        children.setdefault(one.parts[0], []).append(one)
    found = {name: _author(files) for name, files in islice(children.items(), MOST_LOOKED_INTO)}
    return {name: author for name, author in found.items() if author}


def _author(files: Sequence[Found]) -> bytes:
    for one in homework_first(files)[:MOST_READ]:
        if one.fault or one.parts[-1].lower().startswith(("readme", "example", "sample", "template")):
            continue
        try:
            match = _STUDENT.search(one.read()[:4096])
        except Unreadable:
            continue
        if match:
            return b" ".join(match[1].lower().split())
    return b""

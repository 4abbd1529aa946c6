"""The class: its students in order, by whatever number or name they are known; and a file name for each.

How a class list is read is not known here.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from cnncalc.homework.identity import agree
from cnncalc.homework.student_names import Student, spelled_out, words_of

SHORTEST_ENDING = 3
"""Letters of the end of a folder's name that may be somebody's number: `hw2-ana`, and not the 2 of `hw-2`."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class Roster:
    """A class in the order of its file; `notes` say how the file was read."""

    path: str
    students: tuple[Student, ...]
    notes: tuple[str, ...]
    numbers: dict[str, Student]
    bare: dict[str, Student | None]
    names: tuple[dict[tuple[str, ...], Student | None], ...]
    joined: dict[str, Student | None]

    def find(self, student: Student) -> Student | None:
        """Who of the class this is: by any of the class's numbers, else by a name that only one has.

        A number may lack the zeros in front.  Of those whose names differ in accents alone the equal one is meant.
        """
        found = (self.numbers.get(student.id.casefold()) or self.bare.get(_bare(student.id))) if student.id else None
        if found is not None and agree(found, Student("", student.name)) is not False:
            return found
        name = student.name or student.id
        for words, known in zip(_WORDS, self.names, strict=True):
            if called := known.get(tuple(sorted(words(name)))):
                return called
        return self.joined.get("".join(words_of(name))) or found

    def is_name_of_several(self, student: Student) -> bool:
        """Whether more than one of the class has the student's name."""
        words = tuple(sorted(words_of(student.name or student.id)))
        return words in self.names[1] and self.names[1][words] is None

    def owner_of_place(self, name: str) -> Student | None:
        """Who of the class a folder or file is called after: `12345`, `hw2-ana`, where `ana` is somebody's login."""
        found, rest = self.find(Student(name)), name
        while found is None and (parts := re.split(r"[-_ ]", rest, maxsplit=1))[1:]:
            rest = parts[1]
            found = self.find(Student(rest)) if len(rest) >= SHORTEST_ENDING else None
        return found


def roster_of(
    path: str,
    students: Iterable[Student],
    others: Iterable[tuple[str, Student]] = (),
    notes: tuple[str, ...] = (),
) -> Roster:
    """A class; `others` are more numbers by which a student is known."""
    students = tuple(students)
    numbers = {number.casefold(): student for number, student in reversed(list(others))}
    numbers |= {student.id.casefold(): student for student in students}
    bare = _unique((_bare(student.id), student) for student in students if _bare(student.id))
    named = [student for student in students if words_of(student.name)]
    names = tuple(_unique((tuple(sorted(words(one.name))), one) for one in named) for words in _WORDS)
    words = [(words_of(student.name)[:6], student) for student in named]
    turned = (({"".join(some[n:] + some[:n]) for n in range(len(some))}, student) for some, student in words)
    joined = _unique((name, student) for some, student in turned for name in some)
    return Roster(path, students, notes, numbers, bare, names, joined)


def _exact(name: str) -> list[str]:
    return unicodedata.normalize("NFC", name.casefold()).replace(",", " ").split()


_WORDS: tuple[Callable[[str], list[str]], ...] = (_exact, words_of, spelled_out)
"""How names are compared: as they are written, without accents, and with two letters for one."""


def _bare(number: str) -> str:
    """A number without zeros in front; "" for what is none."""
    return number.lstrip("0") if number.isdigit() else ""


def _unique(found: Iterable[tuple[Key, Student]]) -> dict[Key, Student | None]:
    """Who is known by what; None for what several are known by."""
    known: dict[Key, Student | None] = {}
    for key, student in found:
        known[key] = None if key in known else student
    return known


def file_names(students: tuple[Student, ...]) -> dict[str, str]:
    """A file name for each student's number that every system takes, and no two alike."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        stem = re.sub(r"[^\w.-]", "_", student.id, flags=re.ASCII).lstrip(".-")[:80] or "student"
        if os.path.splitext(stem)[0].upper() in _RESERVED:
            stem = f"_{stem}"
        name, count = stem, 1
        while name.lower() in taken:
            count += 1
            name = f"{stem}-{count}"
        taken.add(name.lower())
        found[student.id] = name
    return found


_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{word}{n}" for word in ("COM", "LPT") for n in range(10))}

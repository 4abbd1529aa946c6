"""Which of several assignments a file was handed in for: by the folder in which nbgrader, Teams or a student keeps it.

A folder is compared with the name of the key's homework: `HW1` is the one of `HW1: counting`, `HW2` is another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.homework.reading.containers.container_limits import Found

_WORD = re.compile(r"[^\W\d_]+|\d+")


def is_of_homework(found: Found, homework: str) -> bool | None:
    """Whether a file lies in the folder of this homework; None where its folders do not say it."""
    if found.assignment:
        return names_homework(found.assignment, homework, by_number=True)
    return names_homework(found.parts[1], homework) if len(found.parts) > 2 else None


def names_homework(folder: str, homework: str, *, by_number: bool = False) -> bool | None:
    """Whether a folder has the name of a homework (True) or that of another one (False).

    `by_number`: where the words differ, the same number is enough.

    >>> names_homework("hw_01", "HW1: counting"), names_homework("HW2", "HW1: counting"), names_homework("src", "HW1")
    (True, False, None)
    >>> names_homework("ps1", "Homework 1", by_number=True), names_homework("ps2", "Homework 1", by_number=True)
    (True, None)
    """
    ours, theirs = _words(homework), _words(folder)
    if not ours or not theirs:
        return None
    if _lies_in(theirs, ours) or _lies_in(ours, theirs):
        return True
    numbers = [[word for word in words if word.isdigit()] for words in (theirs, ours)]
    if not all(numbers):
        return None
    spelled = [["#" if word.isdigit() else word for word in words] for words in (theirs, ours)]
    if _lies_in(spelled[0], spelled[1]) or _lies_in(spelled[1], spelled[0]):
        return False
    return (by_number and numbers[0][0] == numbers[1][0]) or None


def _words(name: str) -> list[str]:
    return [word.lstrip("0") or "0" for word in _WORD.findall(name.casefold())]


def _lies_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    return any(list(whole[n : n + len(part)]) == list(part) for n in range(len(whole) - len(part) + 1))

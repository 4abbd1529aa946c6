"""Which of a student's many files are most likely the homework: by their names and where they lie, before any is read.

A repository has hundreds of files and one of them is the homework.  What cannot be read at all comes last.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from cnncalc.homework.reading.containers.attempts import recency
from cnncalc.homework.reading.containers.container_limits import MOST_FILES, Found
from cnncalc.homework.reading.containers.platforms import is_receipt

_TEXTS = (".txt", ".cnn", ".csv", ".tsv", ".ipynb", ".html", ".htm", ".docx", ".xlsx", ".md", ".text", "")
_PROGRAMS = (".py", ".json", ".yml", ".yaml", ".log", ".rst", ".tex")
_SAYS_SO = re.compile(
    r"hw|home|answ|solution|submi|abgabe|aufgabe|l(oe|ö)sung|tarea|devoir|cnn|exerc|onlinetext|quiz", re.IGNORECASE
)
_SAYS_NOT = re.compile(
    r"readme|licen[cs]e|requirements|example|sample|template|instruction|changelog|timestamp", re.IGNORECASE
)


def homework_first(files: Sequence[Found]) -> list[Found]:
    """The files in the order in which they are worth reading, at most `MOST_FILES` of them."""
    return sorted(files, key=_rank)[:MOST_FILES]


def is_no_homework(name: str) -> bool:
    """Whether a file's name says that it is about the homework and not the homework: README, example, instructions."""
    return _SAYS_NOT.search(name) is not None or is_receipt(name)


def _rank(found: Found) -> tuple[object, ...]:
    """Readable, of a likely kind, of a likely name, the newest, the least deep."""
    name = found.parts[-1]
    ending = os.path.splitext(name)[1].lower()
    kind = 0 if ending in _TEXTS else 1 if ending in _PROGRAMS else 2
    says = 2 if is_no_homework(name) else 0 if _SAYS_SO.search(name) else 1
    new = tuple(-value for value in recency(found))
    return bool(found.fault), kind + (says == 2), says, new[:2], len(found.parts), new, found.parts

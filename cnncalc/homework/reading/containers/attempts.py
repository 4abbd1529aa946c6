"""Which of a student's files is the newer one: by the platform's attempt, the version in the name, the time.

What is made of it, and which answers count, is decided where files are chosen.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from cnncalc.homework.reading.containers.container_limits import Found
from cnncalc.homework.reading.containers.platforms import owner_of, version_folder

_VERSION = re.compile(
    r"(?:^|[\W_])(?:v|ver|version|rev|attempt|try|versuch|intento|essai)[\W_]?(\d{1,6})$", re.IGNORECASE
)
_COPY = re.compile(r"[ _-]?\((\d{1,6})\)$")
_LAST = re.compile(r"[\W_](final|fixed|corrected|correction|resubmi(t|ssion|tted)|new|neu|updated?)$", re.IGNORECASE)
_OLD = re.compile(r"(?:^|[\W_])(old|draft|backup|bak|alt|entwurf)$", re.IGNORECASE)
_FINAL = 10_000_000


class Recency(NamedTuple):
    """The larger, the newer; what comes first decides."""

    attempt: int
    version: int
    changed: float


def recency(found: Found) -> Recency:
    """How new a file is among those of one student."""
    owner = owner_of(found.parts)
    order = owner.attempt if owner and owner.serial else attempt(found)
    return Recency(order, version(found.parts[-1]), found.changed)


def attempt(found: Found) -> int:
    """The platform's attempt to which a file belongs; 0 where the platform numbers single files, or nothing."""
    owner = owner_of(found.parts)
    if owner and not owner.serial and owner.attempt:
        return owner.attempt
    return version_folder(found.parts)


def version(name: str) -> int:
    """Which version a file's name says it is: 1 for a name that says nothing, 0 for a draft.

    >>> version("hw2.txt"), version("hw2_v3.txt"), version("hw2 (1).txt"), version("hw2-final.txt")
    (1, 3, 2, 10000000)
    """
    stem = os.path.splitext(name)[0].strip()
    if match := _VERSION.search(stem):
        return int(match[1])
    if match := _COPY.search(stem):
        return int(match[1]) + 1
    if _OLD.search(stem):
        return 0
    return _FINAL if _LAST.search(stem) else 1

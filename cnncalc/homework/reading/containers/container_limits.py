"""What a file of a submission is, before anybody opens it, and the bounds that every container keeps.

`Found` is one file wherever it lies; `Unreadable` says why one is not read.  Folders and archives are listed elsewhere,
and whose a file is is not known here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

LARGEST_SUBMISSION = 200_000
"""Bytes of one file, also when unpacked.  A homework of a dozen lines has about 1,000."""

LARGEST_DOCUMENT = 4_000_000
"""Bytes of one file that may hold pictures beside its text: a notebook, a page, a document."""

LARGEST_ARCHIVE = 20_000_000
"""Bytes of the archive that one student handed in."""

MOST_FILES = 20
"""Files of one student that are read."""

MOST_SUBMISSIONS = 20_000
"""Files and folders side by side, and students."""

MOST_LISTED = 200_000
"""Files and folders of a class that are listed at all."""

DEEPEST = 10
"""Folders inside each other."""

_IGNORED = frozenset(
    (
        *("__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db"),
        *("node_modules", "__pycache__", "site-packages", "venv", "virtualenv"),
    )
)
_DOCUMENTS = (".ipynb", ".html", ".htm", ".docx", ".xlsx")


EMPTY, NOTHING_READ = "is an empty folder", "holds nothing that is read"
"""Why nothing is read of a folder: it is empty, or has only what systems and programs leave behind."""


class Unreadable(Exception):
    """Why one file is not read, as a clause without a subject: `is a link, and links are not followed`."""


@dataclass(frozen=True)
class Found:
    """One file: the names of the folders it lies in and its own, where it is shown to be, and how it is read.

    `read` raises `Unreadable`.  `changed` is when it was last changed, in seconds (0: not known).  `content` reads a
    file that is longer than a homework, up to as many bytes as it is given; `fault` says why there is nothing to read.
    `given` is the path under which it was found; `assignment` the folder of one homework among others in which nbgrader
    or Teams keeps it; `among` how many files of an archive it was kept of, the others being no homework by their names.
    """

    parts: tuple[str, ...]
    shown: str
    read: Callable[[], bytes]
    changed: float = 0
    content: Callable[[int], bytes] | None = None
    fault: str = ""
    given: str = ""
    assignment: str = ""
    among: int = 0


def file_found(parts: tuple[str, ...], shown: str, content: Callable[[int], bytes], changed: float = 0) -> Found:
    """A file whose `content` is read up to so many bytes; `read` gives as many as a homework of its kind may have."""
    return Found(parts, legible(shown), lambda: content(most_bytes(parts[-1])), changed, content)


def refused(parts: tuple[str, ...], shown: str, reason: str) -> Found:
    """A file, or a whole folder, that says why it is not read."""

    def read() -> bytes:
        raise Unreadable(reason)

    return Found(parts, legible(shown), read, fault=reason)


def is_ignored(name: str) -> bool:
    """What operating systems, editors and programs leave behind."""
    return name.startswith((".", "~$")) or name.lower() in _IGNORED


def legible(path: str) -> str:
    """The path as it can be written to a file; bytes that are no text become a question mark."""
    return path.encode("utf-8", "replace").decode("utf-8")


def most_bytes(name: str) -> int:
    """Bytes that a homework of this name may have."""
    return LARGEST_DOCUMENT if os.path.splitext(name)[1].lower() in _DOCUMENTS else LARGEST_SUBMISSION


def refuse_large(size: int, most: int = LARGEST_SUBMISSION) -> None:
    """Refuses more bytes than a homework has."""
    if size > most:
        shown = f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size:,} bytes"
        bound = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1000} kB"
        raise Unreadable(f"is too large to be a homework: {shown}, and {bound} are read")

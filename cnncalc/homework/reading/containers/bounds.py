"""What a file of a submission is, before anybody opens it, and the bounds that every container keeps.

`Found` is one file wherever it lies; `Unreadable` says why one is not read.  Folders and archives are listed elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LARGEST_SUBMISSION = 200_000
"""Bytes of one file, also when unpacked.  A homework of a dozen lines has about 1,000."""

MOST_FILES = 20
"""Files in the folder of one student."""

MOST_SUBMISSIONS = 20_000
"""Files and folders side by side, and entries of an archive."""

DEEPEST = 8
"""Folders inside each other."""

_IGNORED = frozenset(("__macosx", "thumbs.db", "desktop.ini"))


class Unreadable(Exception):
    """Why one file is not read, as a clause without a subject: `is a link, and links are not followed`."""


@dataclass(frozen=True)
class Found:
    """One file: the names of the folders it lies in and its own, where it is shown to be, and how it is read.

    `read` raises `Unreadable`.
    """

    parts: tuple[str, ...]
    shown: str
    read: Callable[[], bytes]


def is_ignored(name: str) -> bool:
    """What operating systems and editors leave behind."""
    return name.startswith((".", "~$")) or name.lower() in _IGNORED


def refused(parts: tuple[str, ...], shown: str, reason: str) -> Found:
    """A file, or a whole folder, that says why it is not read."""

    def read() -> bytes:
        raise Unreadable(reason)

    return Found(parts, legible(shown), read)


def legible(path: str) -> str:
    """The path as it can be written to a file; bytes that are no text become a question mark."""
    return path.encode("utf-8", "replace").decode("utf-8")


def refuse_large(size: int) -> None:
    """Refuses more bytes than a homework has."""
    if size > LARGEST_SUBMISSION:
        shown = f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size:,} bytes"
        raise Unreadable(f"is too large to be a homework: {shown}, and {LARGEST_SUBMISSION // 1000} kB are read")

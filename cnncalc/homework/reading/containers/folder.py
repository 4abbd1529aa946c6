"""What lies in a folder or under a name, listed without being opened; each file is read within bounds.

No link in a folder is followed, and nothing but a regular file of a sane size is opened.  What cannot be read says why
when it is asked for, so that one bad file never stops a class.  What a text means is nobody's business here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from itertools import islice

from cnncalc.destinations import kind_of_file
from cnncalc.diagnostics import input_error
from cnncalc.homework.reading.containers.container_limits import (
    DEEPEST,
    EMPTY,
    MOST_LISTED,
    MOST_SUBMISSIONS,
    NOTHING_READ,
    Found,
    Unreadable,
    file_found,
    is_ignored,
    refuse_large,
    refused,
)
from cnncalc.reading import content_of


def in_folder(root: str, excluded: frozenset[str]) -> Iterator[Found]:
    """Every file at or below the folder, and every folder that holds nothing, or nothing that is read.

    `excluded` are real paths that are no submissions.  Raises InputError when there are too many files, or when the
    folder itself cannot be listed.
    """
    open_folders: list[tuple[str, tuple[str, ...]]] = [(root, ())]
    listed = 0
    while open_folders:
        path, names = open_folders.pop()
        try:
            entries = _entries(path)
        except OSError as fault:
            reason = (fault.strerror or str(fault)).lower()
            if not names:
                advice = "give a folder that you may read"
                raise input_error("no-submissions", f"{root} cannot be listed: {reason}", help=advice) from None
            yield refused(names, path, f"cannot be listed: {reason}")
            continue
        listed += len(entries)
        if listed > MOST_LISTED or (not names and len(entries) > MOST_SUBMISSIONS):
            most = MOST_LISTED if listed > MOST_LISTED else MOST_SUBMISSIONS
            raise input_error("too-many-submissions", f"{root} holds more than {most:,} files; grade them in parts")
        if names and all(is_ignored(entry.name) for entry in entries):
            yield refused(names, path, NOTHING_READ if entries else EMPTY)
        for entry in entries:
            if is_ignored(entry.name) or (excluded and os.path.realpath(entry.path) in excluded):
                continue
            inside = (*names, entry.name)
            if not entry.is_dir(follow_symlinks=False):
                yield _file(entry, inside)
            elif len(inside) < DEEPEST:
                open_folders.append((entry.path, inside))
            else:
                yield refused(inside, entry.path, "holds folders nested too deeply")


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        return list(islice(listing, MOST_SUBMISSIONS + 1))


def _file(entry: os.DirEntry[str], parts: tuple[str, ...]) -> Found:
    path = entry.path
    try:
        changed = entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        changed = 0
    return file_found(parts, path, _content(path, follow=False), changed)


def given_file(path: str) -> Found:
    """A file that was given by its name, which may be a link or a pipe."""
    name = os.path.basename(path) or path
    try:
        mode, changed = (status := os.stat(path)).st_mode, status.st_mtime
    except (OSError, ValueError) as fault:
        reason = "does not exist" if isinstance(fault, FileNotFoundError) else "cannot be found or opened"
        return refused((name,), path, reason)
    return file_found((name,), path, _content(path, follow=True), 0 if stat.S_ISFIFO(mode) else changed)


def _content(path: str, *, follow: bool) -> Callable[[int], bytes]:
    """Reads a regular file of bounded size, or a pipe that was given by its name; no other is opened."""

    def content(most: int) -> bytes:
        try:
            mode = os.stat(path, follow_symlinks=follow).st_mode
            if stat.S_ISLNK(mode):
                raise Unreadable("is a link, and links are not followed")
            if not stat.S_ISREG(mode) and not (follow and stat.S_ISFIFO(mode)):
                raise Unreadable(f"is {kind_of_file(mode)}, not a file")
            found = content_of(path, most) if follow else _regular_content(path, most)
        except PermissionError:
            raise Unreadable("may not be read: its permissions forbid it") from None
        except OSError as fault:
            raise Unreadable(f"cannot be read: {(fault.strerror or str(fault)).lower()}") from None
        refuse_large(len(found), most)
        return found

    return content


def _regular_content(path: str, most: int) -> bytes:
    """The bytes of what is still a regular file when it is opened, however quickly somebody else changes it."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"is {kind_of_file(status.st_mode)}, not a file")
        refuse_large(status.st_size, most)
        return file.read(most + 1)

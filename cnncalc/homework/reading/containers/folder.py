"""What lies in a folder or under a name, listed without being opened; each file is read within bounds.

No link in a folder is followed, and nothing but a regular file of a sane size is opened.  What cannot be read says why
when it is asked for, so that one bad file never stops a class.  What a text means is nobody's business here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from itertools import islice

from cnncalc.destinations import kind_of_file
from cnncalc.diagnostics import input_error
from cnncalc.homework.reading.containers.bounds import (
    DEEPEST,
    LARGEST_SUBMISSION,
    MOST_FILES,
    MOST_SUBMISSIONS,
    Found,
    Unreadable,
    is_ignored,
    legible,
    refuse_large,
    refused,
)
from cnncalc.reading import content_of


def found_in(path: str, excluded: Collection[str] = ()) -> list[Found]:
    """The files that a path given by the teacher stands for, in the order of their names.

    `excluded` are real paths that are no submissions: the key, and what this command writes.  Raises InputError when a
    folder or an archive cannot be listed.
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as fault:
        reason = "does not exist" if isinstance(fault, FileNotFoundError) else "cannot be found or opened"
        return [refused((os.path.basename(path) or path,), path, reason)]
    if stat.S_ISDIR(mode):
        return sorted(_in_folder(path, frozenset(excluded)), key=_place)
    name = os.path.basename(path)
    if stat.S_ISREG(mode) and name.lower().endswith(".zip"):
        from cnncalc.homework.reading.containers.zip_archive import in_archive  # noqa: PLC0415 - a folder needs no zip reader

        return sorted(in_archive(path), key=_place)
    return [Found((name,), legible(path), lambda: _content(path))]


def _place(found: Found) -> tuple[str, ...]:
    return found.parts


# ---------------------------------------------------------------------- folders
def _in_folder(root: str, excluded: frozenset[str]) -> Iterator[Found]:
    """Every entry of the folder; what lies in a folder of it belongs together."""
    for entry in _entries(root, MOST_SUBMISSIONS):
        if is_ignored(entry.name) or os.path.realpath(entry.path) in excluded:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, (entry.name,), excluded)
        else:
            yield _file(entry.path, (entry.name,))


def _entries(folder: str, most: int) -> list[os.DirEntry[str]]:
    """The folder's entries by name; raises InputError when there are too many or it cannot be listed."""
    try:
        with os.scandir(folder) as listing:
            entries = list(islice(listing, most + 1))
    except OSError as fault:
        reason = f"{folder} cannot be listed: {fault.strerror or fault}"
        raise input_error("no-submissions", reason, help="give a folder that you may read") from None
    if len(entries) > most:
        raise input_error("too-many-submissions", f"{folder} holds more than {most:,} files; grade them in parts")
    return sorted(entries, key=lambda entry: entry.name)


def _below(folder: str, parts: tuple[str, ...], excluded: frozenset[str]) -> list[Found]:
    """The files of one student's folder; one that holds too much is refused as a whole."""
    found: list[Found] = []
    open_folders = [(folder, parts)]
    seen = 0
    while open_folders:
        path, names = open_folders.pop()
        try:
            with os.scandir(path) as listing:
                entries = list(islice(listing, MOST_FILES + 1))
        except OSError as fault:
            found.append(refused(names, path, f"cannot be listed: {(fault.strerror or str(fault)).lower()}"))
            continue
        seen += len(entries)
        if seen > MOST_FILES or len(names) > DEEPEST:
            what = f"more than {MOST_FILES} files" if seen > MOST_FILES else "folders nested too deeply"
            return [refused(parts, folder, f"holds {what}")]
        for entry in entries:
            if is_ignored(entry.name) or os.path.realpath(entry.path) in excluded:
                continue
            if entry.is_dir(follow_symlinks=False):
                open_folders.append((entry.path, (*names, entry.name)))
            else:
                found.append(_file(entry.path, (*names, entry.name)))
    return found or [refused(parts, folder, "is an empty folder")]


def _file(path: str, parts: tuple[str, ...]) -> Found:
    return Found(parts, legible(path), lambda: _content(path, follow=False))


def _content(path: str, *, follow: bool = True) -> bytes:
    """The bytes of a regular file of bounded size, or of a pipe that was given by its name; no other is opened."""
    try:
        mode = os.stat(path, follow_symlinks=follow).st_mode
        if stat.S_ISLNK(mode):
            raise Unreadable("is a link, and links are not followed")
        if not stat.S_ISREG(mode) and not (follow and stat.S_ISFIFO(mode)):
            raise Unreadable(f"is {kind_of_file(mode)}, not a file")
        content = content_of(path, LARGEST_SUBMISSION) if follow else _regular_content(path)
    except PermissionError:
        raise Unreadable("may not be read: its permissions forbid it") from None
    except OSError as fault:
        raise Unreadable(f"cannot be read: {(fault.strerror or str(fault)).lower()}") from None
    refuse_large(len(content))
    return content


def _regular_content(path: str) -> bytes:
    """The bytes of what is still a regular file when it is opened, however quickly somebody else changes it."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"is {kind_of_file(status.st_mode)}, not a file")
        refuse_large(status.st_size)
        return file.read(LARGEST_SUBMISSION + 1)

"""What lies in a folder, in a zip archive or under a name, listed without being opened; each file read within bounds.

Nothing is unpacked to disk, no link is followed, and nothing but a regular file is opened.  What cannot be read says
why when it is asked for, so that one bad file never stops a class.  What a text means is nobody's business here.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from cnncalc.diagnostics import input_error

LARGEST_SUBMISSION = 500_000
"""Bytes of one file, also when unpacked.  A homework of a dozen lines has about 1,000."""

MOST_FILES = 50
"""Files in the folder of one student."""

MOST_SUBMISSIONS = 20_000
"""Files and folders side by side, and entries of an archive."""

DEEPEST = 8
"""Folders inside each other."""

LARGEST_LISTING = 16_000_000
"""Bytes of an archive's table of contents, which is the only part that is read as a whole."""

_IGNORED = frozenset(("__macosx", "thumbs.db", "desktop.ini"))
_DRIVE = re.compile(r"[A-Za-z]:")
_BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError)


class Unreadable(Exception):
    """Why one file is not read, as a clause without a subject: `is a link, and links are not followed`."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file: the names of the folders it lies in and its own, where it is shown to be, and how it is read.

    `read` raises `Unreadable`.
    """

    parts: tuple[str, ...]
    shown: str
    read: Callable[[], bytes]


def found_in(path: str, excluded: Collection[str] = ()) -> list[Found]:
    """The files that a path given by the teacher stands for, in the order of their names.

    `excluded` are real paths that are no submissions: the key, and what this command writes.  Raises InputError when
    the path itself cannot be read at all.
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as fault:
        reason = "does not exist" if isinstance(fault, FileNotFoundError) else "cannot be read"
        raise input_error("no-submissions", f"{path} {reason}", help="give files, folders or a zip archive") from None
    if stat.S_ISDIR(mode):
        return sorted(_in_folder(path, frozenset(excluded)), key=_place)
    name = os.path.basename(path)
    if stat.S_ISREG(mode) and name.lower().endswith(".zip"):
        return sorted(_in_archive(path), key=_place)
    return [Found((name,), path, lambda: _content(path))]


def _place(found: Found) -> tuple[str, ...]:
    return found.parts


# ---------------------------------------------------------------------- folders
def _in_folder(root: str, excluded: frozenset[str]) -> Iterator[Found]:
    """Every entry of the folder; what lies in a folder of it belongs together."""
    for entry in _entries(root, MOST_SUBMISSIONS):
        if _is_ignored(entry.name) or os.path.realpath(entry.path) in excluded:
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
            found.append(_refused(names, path, f"cannot be listed: {(fault.strerror or str(fault)).lower()}"))
            continue
        seen += len(entries)
        if seen > MOST_FILES or len(names) > DEEPEST:
            what = f"more than {MOST_FILES} files" if seen > MOST_FILES else "folders nested too deeply"
            return [_refused(parts, folder, f"holds {what}")]
        for entry in entries:
            if _is_ignored(entry.name) or os.path.realpath(entry.path) in excluded:
                continue
            if entry.is_dir(follow_symlinks=False):
                open_folders.append((entry.path, (*names, entry.name)))
            else:
                found.append(_file(entry.path, (*names, entry.name)))
    return found or [_refused(parts, folder, "is an empty folder")]


def _is_ignored(name: str) -> bool:
    """What operating systems and editors leave behind."""
    return name.startswith((".", "~$")) or name.lower() in _IGNORED


def _file(path: str, parts: tuple[str, ...]) -> Found:
    return Found(parts, path, lambda: _content(path, follow=False))


def _refused(parts: tuple[str, ...], shown: str, reason: str) -> Found:
    def read() -> bytes:
        raise Unreadable(reason)

    return Found(parts, shown, read)


def _content(path: str, *, follow: bool = True) -> bytes:
    """The bytes of a regular file of bounded size; a pipe is never waited for, a large file never read."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        mode = os.stat(path, follow_symlinks=follow).st_mode
        if stat.S_ISLNK(mode):
            raise Unreadable("is a link, and links are not followed")
        if not stat.S_ISREG(mode):
            raise Unreadable(_kind_of(mode))
        handle = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
        with open(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(_kind_of(status.st_mode))
            _refuse_large(status.st_size)
            content = file.read(LARGEST_SUBMISSION + 1)
    except PermissionError:
        raise Unreadable("may not be read: its permissions forbid it") from None
    except OSError as fault:
        raise Unreadable(f"cannot be read: {(fault.strerror or str(fault)).lower()}") from None
    _refuse_large(len(content))
    return content


def _kind_of(mode: int) -> str:
    kinds = ((stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))
    return f"is {next((name for test, name in kinds if test(mode)), 'a device')}, not a file"


def _refuse_large(size: int) -> None:
    if size > LARGEST_SUBMISSION:
        shown = f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size:,} bytes"
        raise Unreadable(f"is too large to be a homework: {shown}, and {LARGEST_SUBMISSION // 1000} kB are read")


# ---------------------------------------------------------------------- archives
def _in_archive(path: str) -> Iterator[Found]:
    """Every file of a zip archive; the folder that all of them lie in is left out."""
    try:
        if _listing_size(path) > LARGEST_LISTING:
            raise input_error("too-many-submissions", f"{path} has a table of contents too large to be a class's")
        archive = zipfile.ZipFile(path)
    except (*_BAD_ARCHIVE, struct.error) as fault:
        reason = f"{path} is no zip archive that can be read: {str(fault)[:100]}"
        raise input_error(
            "no-submissions", reason, help="download it once more, or unpack it and give the folder"
        ) from None
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_SUBMISSIONS:
        raise input_error("too-many-submissions", f"{path} holds more than {MOST_SUBMISSIONS:,} files")
    names = [_safe_parts(info.filename) for info in infos]
    wrapped = all(len(parts) > 1 and "_assignsubmission_" not in parts[0] for parts in names)
    common = wrapped and len({parts[0] for parts in names}) == 1
    crowded = _crowded([parts[common:] for parts in names])
    for info, parts in zip(infos, names, strict=True):
        inside, shown = parts[common:], f"{path}/{info.filename}"
        if any(map(_is_ignored, inside)):
            continue
        if len(inside) > 1 and inside[0] in crowded:
            if inside[0] not in crowded.reported:
                crowded.reported.add(inside[0])
                yield _refused(inside[:1], f"{path}/{inside[0]}", f"holds more than {MOST_FILES} files")
            continue
        yield Found(inside, shown, _reader(archive, info))


"""..."""

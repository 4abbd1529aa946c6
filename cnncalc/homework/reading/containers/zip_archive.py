"""The files of a zip archive, as a learning platform packs a class and a student a homework; nothing is ever unpacked
to disk.

An archive may lie about everything: sizes are bounded as declared and as they really are, a path that leads out of the
archive is refused, and so is a table of contents that would fill the memory.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.reasons import plain_reason
from cnncalc.homework.reading.containers.container_limits import (
    DEEPEST,
    EMPTY,
    LARGEST_ARCHIVE,
    MOST_LISTED,
    NOTHING_READ,
    Found,
    Unreadable,
    file_found,
    is_ignored,
    refuse_large,
    refused,
)
from cnncalc.homework.reading.containers.likely import homework_first
from cnncalc.zip_listing import listing_size

LARGEST_LISTING = 32_000_000
"""Bytes of an archive's table of contents, which is the only part that is read as a whole."""

MOST_PACKED = 5_000
"""Entries of the archive that one student handed in; of more only those are kept that are most like homework."""

TIGHTEST = 200
"""How many times larger than packed an entry of more than a megabyte may be: texts reach 50."""

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError)

Opened = Callable[[], zipfile.ZipFile]


def in_archive(path: str) -> Iterator[Found]:
    """Every file of the archive; raises InputError when its table of contents cannot be read."""
    archive = _class_archive(path)
    entries = _entries(archive)
    if len(entries) > MOST_LISTED:
        raise input_error("too-many-submissions", f"{path} holds more than {MOST_LISTED:,} files; grade them in parts")
    for info in entries:
        yield file_found(_parts(info), f"{path}/{info.filename}", _content(lambda: archive, info), _changed(info))
    for folder, reason in _hollow(archive, entries):
        yield refused(folder, "/".join((path, *folder)), reason)


def in_packed(found: Found) -> list[Found]:
    """The files of an archive that lies among others, as if it were a folder of its name; why it cannot be read."""
    folder = (*found.parts[:-1], found.parts[-1][: -len(".zip")] or found.parts[-1])

    def opened() -> zipfile.ZipFile:
        assert found.content is not None
        return zipfile.ZipFile(io.BytesIO(found.content(LARGEST_ARCHIVE)))

    try:
        with opened() as archive:
            entries = _entries(archive)
    except Unreadable as fault:
        return [refused(found.parts, found.shown, str(fault))]
    except _BROKEN as fault:
        return [refused(found.parts, found.shown, f"is a damaged zip archive: {plain_reason(fault)}")]
    if not entries:
        return [refused(found.parts, found.shown, "is an empty zip archive")]
    files = [
        file_found((*folder, *_parts(info)), f"{found.shown}/{info.filename}", _content(opened, info), _changed(info))
        for info in entries
    ]
    if len(files) <= MOST_PACKED:
        return files
    return [replace(one, among=len(files)) for one in homework_first(files)]


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What is a file, and not what an operating system or a program left behind."""
    return [info for info in archive.infolist() if not info.is_dir() and not any(map(is_ignored, _parts(info)))]


def _hollow(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The folders that hold none of the `entries`, and why."""
    held = {parts[:n] for parts in map(_parts, entries) for n in range(len(parts))}
    found: dict[tuple[str, ...], str] = {}
    for info in archive.infolist()[:MOST_LISTED]:
        parts = _parts(info)
        kept = tuple(takewhile(lambda part: not is_ignored(part), parts))
        if len(kept) < len(parts):
            found[kept] = NOTHING_READ
        elif info.is_dir():
            found.setdefault(kept, EMPTY)
    for folder in sorted(found, key=len, reverse=True):
        if folder not in held and len(folder) <= DEEPEST:
            held |= {folder[:n] for n in range(len(folder))}
            yield folder, found[folder]


def _class_archive(path: str) -> zipfile.ZipFile:
    try:
        large = listing_size(path) > LARGEST_LISTING
        if not large:
            return zipfile.ZipFile(path)
    except _BROKEN as fault:
        raise _no_archive(path, plain_reason(fault)) from None
    raise _no_archive(path, "its table of contents is larger than that of any class")


def _no_archive(path: str, reason: str) -> InputError:
    advice = "download it once more, or unpack it and give the folder"
    return input_error("no-submissions", f"{path} cannot be read as a zip archive: {reason}", help=advice)


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders and the name of an entry, without anything that leads elsewhere."""
    parts = re.split(r"[/\\]", info.filename)
    return tuple(part for part in parts if part not in ("", ".", "..") and not _DRIVE.fullmatch(part)) or ("nameless",)


def _changed(info: zipfile.ZipInfo) -> float:
    """When the entry was changed, as if everybody lived at one place; 0 for a date that is none."""
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0


def _content(opened: Opened, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def content(most: int) -> bytes:
        _refuse(info, most)
        try:
            with opened().open(info) as file:
                found = file.read(most + 1)
        except _BROKEN as fault:
            raise Unreadable(f"is damaged in the archive: {plain_reason(fault)}") from None
        refuse_large(len(found), most)
        return found

    return content


def _refuse(info: zipfile.ZipInfo, most: int) -> None:
    """Whatever an entry declares that no homework is."""
    name = info.filename
    parts = re.split(r"[/\\]", name)
    if ".." in parts or name[:1] in ("/", "\\") or _DRIVE.match(name):
        raise Unreadable("has a path that leads out of the archive")
    if len(parts) > DEEPEST:
        raise Unreadable("is in folders nested too deeply")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable("is a link, and links are not followed")
    if info.flag_bits & 1:
        raise Unreadable("is encrypted")
    if info.compress_type not in _PACKED:
        raise Unreadable("is packed in a way that is not read here")
    refuse_large(info.file_size, most)
    if info.file_size > max(1_000_000, TIGHTEST * info.compress_size):
        raise Unreadable("is packed more tightly than any homework")

"""The files of a zip archive, as a learning platform packs a class; nothing is ever unpacked to disk.

An archive may lie about everything: sizes are bounded as declared and as they really are, a path that leads out of the
archive is refused, and so is a table of contents that would fill the memory.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.reasons import plain_reason
from cnncalc.homework.reading.containers.bounds import (
    DEEPEST,
    LARGEST_SUBMISSION,
    MOST_FILES,
    MOST_SUBMISSIONS,
    Found,
    Unreadable,
    is_ignored,
    refuse_large,
    refused,
)
from cnncalc.zip_listing import listing_size

LARGEST_LISTING = 16_000_000
"""Bytes of an archive's table of contents, which is the only part that is read as a whole."""

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError)

Entry = tuple[tuple[str, ...], zipfile.ZipInfo]


def in_archive(path: str) -> Iterator[Found]:
    """Every file of the archive; raises InputError when its table of contents cannot be read."""
    archive = _opened(path)
    entries = _without_wrapping([(_parts(info.filename), info) for info in archive.infolist() if not info.is_dir()])
    if len(entries) > MOST_SUBMISSIONS:
        raise input_error("too-many-submissions", f"{path} holds more than {MOST_SUBMISSIONS:,} files; grade parts")
    entries = [(parts, info) for parts, info in entries if not any(map(is_ignored, parts))]
    files = Counter(parts[0] for parts, _ in entries if len(parts) > 1)
    crowded = {name for name, count in files.items() if count > MOST_FILES}
    for name in crowded:
        yield refused((name,), f"{path}/{name}", f"holds more than {MOST_FILES} files")
    for parts, info in entries:
        if len(parts) == 1 or parts[0] not in crowded:
            yield Found(parts, f"{path}/{info.filename}", _reader(archive, info))


def _opened(path: str) -> zipfile.ZipFile:
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


def _parts(name: str) -> tuple[str, ...]:
    """The folders and the name of an entry, without anything that leads elsewhere."""
    parts = re.split(r"[/\\]", name)
    return tuple(part for part in parts if part not in ("", ".", "..") and not _DRIVE.fullmatch(part)) or ("nameless",)


def _without_wrapping(entries: list[Entry]) -> list[Entry]:
    """Without the one folder in which everything lies, unless it is a student's."""
    first = {parts[0] for parts, _ in entries}
    wrapped = len(first) == 1 and "_assignsubmission_" not in next(iter(first))
    if wrapped and all(len(parts) > 1 for parts, _ in entries):
        return [(parts[1:], info) for parts, info in entries]
    return entries


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        _refuse(info)
        try:
            with archive.open(info) as file:
                content = file.read(LARGEST_SUBMISSION + 1)
        except _BROKEN as fault:
            raise Unreadable(f"is damaged in the archive: {plain_reason(fault)}") from None
        refuse_large(len(content))
        return content

    return read


def _refuse(info: zipfile.ZipInfo) -> None:
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
    refuse_large(info.file_size)

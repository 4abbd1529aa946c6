"""How long the table of contents of a zip file is, before anybody reads it.

It is the one part of a zip that Python's reader takes in as a whole, and a file made for it can list millions of
entries.  What the entries are is not known here.
"""

from __future__ import annotations

import os
import re
import zipfile

_LAST = 66_000
"""Bytes at the end of a zip in which its end record stands: itself and a comment of up to 65,535 bytes."""

LONGEST_LISTING = 4_000_000
"""Bytes that are read of it: 200 for each array of the largest file of weights."""

_STANDS_IN_THE_LONG_RECORD = 0xFFFFFFFF


def listing_size(path: str | os.PathLike[str]) -> int:
    """Bytes of the table of contents, as the end record says (PKWARE's APPNOTE 4.3.14 and 4.3.16).

    Where several records could be the one that a reader takes, the longest counts.  Raises BadZipFile without any.
    """
    with open(path, "rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST))
        ending = file.read(_LAST)
    short = [_number(ending, match.start() + 12, 4) for match in re.finditer(b"PK\x05\x06", ending)]
    if not short:
        raise zipfile.BadZipFile("it has no end record")
    long = [_number(ending, match.start() + 40, 8) for match in re.finditer(b"PK\x06\x06", ending)]
    sizes = [size for size in short if size != _STANDS_IN_THE_LONG_RECORD] + long
    return max(sizes, default=_STANDS_IN_THE_LONG_RECORD)


def _number(ending: bytes, place: int, size: int) -> int:
    return int.from_bytes(ending[place : place + size], "little")

"""The note in a file of pixels by which it is known as a drawing of ours when it is to be replaced."""

from __future__ import annotations

from struct import pack
from zlib import crc32

WRITTEN_BY = b"cnncalc drawing"

HEAD = 33
"""Bytes of a PNG's signature and its first chunk, behind which others may stand."""


def noted(png: bytes) -> bytes:
    """The PNG file with the note as its `Software`."""
    chunk = b"tEXtSoftware\0" + WRITTEN_BY
    return png[:HEAD] + pack(">I", len(chunk) - 4) + chunk + pack(">I", crc32(chunk)) + png[HEAD:]

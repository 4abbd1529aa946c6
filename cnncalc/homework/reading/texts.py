"""A file that was handed in as one text: by what it is, whatever its name says."""

from __future__ import annotations

from cnncalc.homework.reading.decoding import decoded, refuse_other_kinds


def text_of(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text with one kind of line end, and notes about how it was read; raises `Unreadable`."""
    refuse_other_kinds(content, name)
    text, note = decoded(content)
    return text, (note,) if note else ()

"""The bytes of a submission as text.

UTF-8 is expected; what a Windows editor writes instead is read all the same, with a note, since numbers and labels
look alike in all of them.  Anything else is refused with the name of what it is.
"""

from __future__ import annotations

import re

from cnncalc.homework.reading.containers.bounds import Unreadable

_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a rich text document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(content: bytes) -> tuple[str, str]:
    """The text with one kind of line end, and a note about its encoding ("" for UTF-8); raises `Unreadable`."""
    kind = next((name for start, name in _KINDS if content.startswith(start)), None)
    if kind:
        raise Unreadable(f"is {kind}, not a text")
    text, note = _text(content)
    if _CONTROL.search(text):
        raise Unreadable("is a binary file, not a text")
    if not text.strip():
        raise Unreadable("is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _text(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), f"is written in {encoding}, and was read all the same"
            except UnicodeDecodeError:
                raise Unreadable(f"begins as a text in {encoding}, but is not one") from None
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        note = "is not written in UTF-8; it was read as Windows-1252, so look at the name"
        return content.decode("cp1252", "replace"), note

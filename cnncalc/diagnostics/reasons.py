"""What a library said when it failed, in words that may be shown: without the objects that it names."""

from __future__ import annotations

import re

LONGEST_REASON = 100

_NAMED = re.compile(r"<\w+ [^<>]*?(?:file)?name='([^']*)'[^<>]*>")
_OBJECT = re.compile(r"<(?:class |[\w.]+ object)[^<>]*>|<\w+ [^<>]*>")


def plain_reason(error: BaseException) -> str:
    """The error's own words, an object in them by its name alone, and without a full stop.

    >>> plain_reason(RuntimeError("File <ZipInfo filename='a.npy' compress_type=deflate> is encrypted."))
    'File a.npy is encrypted'
    """
    said = _OBJECT.sub("a part of it", _NAMED.sub(r"\1", str(error)))
    return said.strip().rstrip(".")[:LONGEST_REASON]

"""A student's number and name: as they are written, shown and compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

LONGEST_NAME = 120

_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
AS_ONE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae"})
"""Letters that are written without their sign where a keyboard has none of it."""

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


class Student(NamedTuple):
    """`id` and `name` as far as known, each "" when it is not."""

    id: str
    name: str = ""


NOBODY = Student("")


def student_written(quoted: str, words: Sequence[str]) -> Student:
    """Whom a `student` line names: what is quoted is the name, the last word beside it the number.

    A number may have spaces, and may be quoted itself.

    >>> student_written("Pat", ["12", "347"]), student_written("12349", []), student_written("", ["Bo", "Ray", "7"])
    (Student(id='12347', name='Pat'), Student(id='12349', name=''), Student(id='7', name='Bo Ray'))
    """
    if not words:
        return Student(plain(quoted)) if quoted.strip().isdigit() else Student("", plain(quoted))
    start = len(words) - 1
    while start and words[start].isdigit() and words[start - 1].isdigit():
        start -= 1
    if quoted or len(words) == 1 or any(c.isdigit() for c in words[-1]):
        return Student(plain("".join(words[start:])), plain(quoted or " ".join(words[:start])))
    return Student("", plain(" ".join(words)))


def spelled_out(text: str) -> list[str]:
    """The words of a name, letters with two dots and their like as two letters.

    >>> spelled_out("Max Müller"), spelled_out("Søren Ågård")
    (['max', 'mueller'], ['soeren', 'aagaard'])
    """
    return words_of(unicodedata.normalize("NFC", text.casefold()).translate(_AS_TWO))


def words_of(text: str) -> list[str]:
    """The words of a name or number as they are compared: without accents, capitals and signs."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(AS_ONE))
    return re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c)))


def plain(text: str) -> str:
    """A name on one line, without anything that cannot be seen, and not longer than a name is.

    >>> plain(" Ana\\t Gomez\\u202e\\n")
    'Ana Gomez'
    """
    cut = unicodedata.normalize("NFC", text[: 4 * LONGEST_NAME])
    seen = "".join(c if unicodedata.category(c) not in _UNSEEN else " " if c.isspace() else "" for c in cut)
    return " ".join(seen.split())[:LONGEST_NAME].strip()

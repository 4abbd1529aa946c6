"""Whom a text says it is of, before anybody knows which key it answers: its first `student` line.

`student "Ana Gomez" 12345`: what is quoted is the name, the last word beside it the number.  Notebooks and pages hold
such a line too; what else is in a text is not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cnncalc.homework.identity import NOBODY, Student, plain
from cnncalc.homework.reading.containers.bounds import Found, Unreadable

BEGINNING = 20_000
"""Bytes in which the line is looked for."""

MOST_READ = 5
"""Files of one student that are looked into."""

_LINE = re.compile(r"(?:^|[\n\r\">])[ \t#/*>]{0,20}student\b[ \t:=]*(?P<rest>[^\n\r<]{1,200})", re.IGNORECASE)
_NAME = re.compile(r"\\?[\"“„](?P<name>[^\"“”\\]*)\\?[\"”“]")


def author_of(content: bytes) -> Student:
    """The author, each part "" when the text does not say it.

    >>> author_of(b'student "Ana Gomez" 12345'), author_of(b"input 3x3\\n# Student: Ana Gomez s77")
    (Student(id='12345', name='Ana Gomez'), Student(id='s77', name='Ana Gomez'))
    """
    match = _LINE.search(content[:BEGINNING].decode("utf-8", "replace"))
    if match is None:
        return NOBODY
    rest = match["rest"].split("\\n")[0]
    quoted = _NAME.search(rest)
    words = _NAME.sub(" ", rest).replace('"', " ").replace(",", " ").split()
    if quoted or len(words) == 1 or (words and any(c.isdigit() for c in words[-1])):
        number = words[-1] if words else ""
        return Student(plain(number), plain(quoted["name"] if quoted else " ".join(words[:-1])))
    return Student("", plain(" ".join(words)))


def author_of_files(files: Iterable[Found]) -> Student:
    """The author that the first of a student's files to name one names."""
    for one in list(files)[:MOST_READ]:
        try:
            author = author_of(one.read())
        except Unreadable:
            continue
        if any(author):
            return author
    return NOBODY

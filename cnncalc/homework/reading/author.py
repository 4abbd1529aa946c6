"""Whom a text says it is of, before anybody knows which key it answers: its first `student` line.

`student "Ana Gomez" 12345`: what is quoted is the name, the last word beside it the number.  Notebooks and pages hold
such a line too; what else is in a text is not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cnncalc.homework.reading.containers.container_limits import Found, Unreadable
from cnncalc.homework.student_names import NOBODY, Student, student_written

BEGINNING = 20_000
"""Bytes in which the line is looked for."""

UNFILLED = "Your Name"
"""The name in a sheet that nobody has filled in."""

MOST_READ = 5
"""Files of one student that are looked into."""

_LINE = re.compile(
    r"(?:^|[\n\r\">])[ \t#/*>]{0,20}(?:Write here who you are, without the #:[ \t]*)?"
    r"student\b[ \t:=]*(?P<rest>[^\n\r<]{1,200})",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“„](?P<name>.*)[\"”“](?=[\s,;)]|$)(?P<after>.*)")
_OTHER_QUOTES = re.compile(r"^(?:'|«\s?|‘)([^'«»‘’]*)(?:'|\s?»|’)(?=\s|$)")
_LAST_QUOTED = re.compile(r"(?P<after>\S*\d\S*)\s+[\"“„](?P<name>.*)[\"”“]")
_TITLES = re.compile(r"\b(?:name|id|number|nr|no)\s?[.:=]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[\"”“]\s+[\"“„]")


def author_of(content: bytes) -> Student:
    """The author, each part "" when the text does not say it.

    >>> author_of(b'student "Ana Gomez" 12345'), author_of(b"input 3x3\\n# Student: Ana Gomez s77")
    (Student(id='12345', name='Ana Gomez'), Student(id='s77', name='Ana Gomez'))
    """
    match = _LINE.search(content[:BEGINNING].decode("utf-8", "replace"))
    if match is None:
        return NOBODY
    rest = match["rest"].split("\\n")[0]
    if rest.startswith('\\"'):
        rest = re.split(r'(?<!\\)"', rest)[0]
    rest = rest.replace("\\", "")
    found = written_author(re.split(r"\s(?:#|//)", rest)[0])
    return NOBODY if found.name == UNFILLED else found


def written_author(text: str) -> Student:
    """The name and the number in what follows the word `student`; a name in quotes may have quotes inside.

    >>> written_author('Chen "C" Wu 4003'), written_author('"Chen "C" Wu" 4003')
    (Student(id='4003', name='Chen "C" Wu'), Student(id='4003', name='Chen "C" Wu'))
    """
    bare = _OTHER_QUOTES.sub(r'"\1"', _TITLES.sub(" ", text).strip(" \t:=,;"))
    quoted = _QUOTED.match(bare) or _LAST_QUOTED.fullmatch(bare)
    if quoted:
        name, *others = _BETWEEN.split(quoted["name"])
        words = " ".join((*others, quoted["after"])).split()
        return student_written(name, [word.strip("(),;") for word in words])
    words = bare.replace(",", " ").split()
    if words and bare.count('"') % 2:
        words[-1] = words[-1].rstrip('"')
    return student_written("", [word.strip("(),;") for word in words])


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

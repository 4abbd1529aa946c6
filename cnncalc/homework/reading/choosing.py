"""Which of a student's files count: all that answer something, the newest first, and what is said about the others.

Of a platform's attempts the newest that answers anything counts alone: what a student has taken back earns nothing.
Every question is answered by the first file in this order that answers it: the later version in the name, what was
written by hand before what was printed, and of files that answer about as much the one that was changed last.  A
README, an example or the text that was handed out counts only where nothing else does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.homework.reading.answer_lines import Piece, Reading
from cnncalc.homework.reading.assignments import is_of_homework
from cnncalc.homework.reading.containers.attempts import Recency, attempt, recency
from cnncalc.homework.reading.containers.container_limits import DEEPEST, Found, Unreadable
from cnncalc.homework.reading.containers.likely import is_no_homework
from cnncalc.homework.reading.handed_in import Reader

MOST_BYTES = 5_000_000
"""Bytes of all files of one student that are looked at."""

MOST_NAMED = 3

AS_QUICK = 60
"""Seconds within which files are copied or unpacked, so that none of them is the newer one."""


class Chosen(NamedTuple):
    """What counts of a student's files, where the first of them lies, and why nothing does ("": something does)."""

    reading: Reading
    shown: str
    fault: str = ""


class _Read(NamedTuple):
    """One file that could be read."""

    found: Found
    reading: Reading
    name: str


def chosen(files: Sequence[Found], reader: Reader) -> Chosen:
    """The answers of one student's files."""
    read, refused = _read(files, reader)
    if not read:
        return Chosen(Reading(), files[0].shown, "; ".join(refused[:MOST_NAMED]))
    read, others = _of_one_assignment(read, reader.homework)
    refused = [*([f"left out {_named(others)}, handed in for another assignment"] if others else []), *refused]
    if not read:
        return Chosen(Reading(), files[0].shown, "; ".join(refused[:MOST_NAMED]))
    answering = [one for one in read if one.reading.answered]
    if not answering:
        first = read[0]
        first.reading.notes += refused[:MOST_NAMED]
        return Chosen(first.reading, first.found.shown, "answers nothing that the homework asks")
    own = [one for one in answering if not _is_handed_out(one)] or answering
    newest = max(attempt(one.found) for one in own)
    order = _newest_first([one for one in own if attempt(one.found) == newest])
    older = [one for one in own if one not in order]
    newer = [one for one in read if attempt(one.found) > newest]
    first = order[0]
    differing = [_differing(first, other) for other in order[1:]]
    merged, parts = _merged(order)
    several = len(read) > 1
    left = [one for one in answering if one not in own]
    notes = [
        f"graded {_named(parts)}{' together' * (len(parts) > 1)}" if several else "",
        f"only the newest attempt counts, and {_named(older)} is of an older one" if older else "",
        f"graded an older attempt, since {_named(newer)} of the newest answers nothing" if newer else "",
        *differing[:MOST_NAMED],
        f"not graded: {_named(left)}, which is no homework by its name or its author" if left else "",
        *refused[:MOST_NAMED],
    ]
    merged.notes[:0] = filter(None, notes)
    return Chosen(merged, first.found.shown)


def _read(files: Sequence[Found], reader: Reader) -> tuple[list[_Read], list[str]]:
    """Every file that can be read, and of the others why not."""
    read: list[_Read] = []
    refused: list[str] = []
    names = _names(files)
    size = 0
    for file, name in zip(files, names, strict=True):
        try:
            content = file.read()
            if size + len(content) > MOST_BYTES:
                raise Unreadable(f"is left out: this student's files have more than {MOST_BYTES // 1_000_000} MB")
            size += len(content)
            read.append(_Read(file, reader.reading(content, file.parts[-1]), name))
        except Unreadable as fault:
            refused.append(f"{file.shown if len(files) == 1 else name} {fault}")
    return read, refused


def _names(files: Sequence[Found]) -> list[str]:
    """What each file is called in a sentence: its name, with as many folders as tell files of one name apart."""
    paths = [re.split(r"[/\\]", one.shown) for one in files]
    lengths = [1] * len(files)
    for length in range(1, DEEPEST):
        count = Counter(tuple(path[-length:]) for path in paths)
        for n, path in enumerate(paths):
            if lengths[n] == length and count[tuple(path[-length:])] > 1:
                lengths[n] = length + 1
    return ["/".join(path[-length:]) for path, length in zip(paths, lengths, strict=True)]


_NOBODYS = re.compile(
    r"\b(your|student|full|first|last) ?name\b|\b(example|sample|muster(mann|frau)?|doe)\b", re.IGNORECASE
)
"""Names that stand in texts that are handed out."""


def _is_handed_out(one: _Read) -> bool:
    """Whether a file is an example, by its name or by its author's."""
    return is_no_homework(one.found.parts[-1]) or _NOBODYS.search(one.reading.student.name) is not None


def _of_one_assignment(read: list[_Read], homework: str) -> tuple[list[_Read], list[_Read]]:
    """The files for the key's homework, as far as folders say it, and those for others.

    Where nothing has the homework's name, the folder counts whose files answer most.
    """
    said = [is_of_homework(one.found, homework) for one in read]
    named = True in said

    def is_of_another(one: _Read, ours: bool | None) -> bool:
        placed = bool(one.found.assignment)
        return (placed or named) if ours is False else ours is None and placed and named

    others = [one for one, ours in zip(read, said, strict=True) if is_of_another(one, ours)]
    mine = [one for one in read if one not in others]
    answered: dict[str, int] = {}
    for one in mine:
        answered[one.found.assignment] = max(answered.get(one.found.assignment, 0), one.reading.answered)
    if named or len(answered) < 2:
        return mine, others
    best = max(answered, key=lambda folder: answered[folder])
    return [one for one in mine if one.found.assignment == best], [
        one for one in read if one in others or one.found.assignment != best
    ]


def _newest_first(files: Sequence[_Read]) -> list[_Read]:
    """The files in the order in which their answers count."""
    new = [recency(one.found) for one in files]
    together = max(one.changed for one in new) - min(one.changed for one in new) < AS_QUICK
    most = max(one.reading.answered for one in files)

    def rank(pair: tuple[_Read, Recency]) -> tuple[object, ...]:
        one, when = pair
        answered = one.reading.answered
        changed = 0 if together else when.changed
        return when.attempt, when.version, not one.reading.is_printed, 2 * answered >= most, changed, answered

    ordered = sorted(zip(files, new, strict=True), key=rank, reverse=True)
    return [one for one, _ in ordered]


def _merged(order: Sequence[_Read]) -> tuple[Reading, list[_Read]]:
    """The first file's answers and of the others those to what it leaves open; and the files that gave any."""
    first, *others = order
    parts = [first]
    for other in others:
        for question, piece in other.reading.answers.items():
            before = first.reading.answers.get(question)
            if piece.given and (before is None or not before.given):
                first.reading.answers[question] = piece
                parts += [other] if other is not parts[-1] else []
        if not first.reading.student.id:
            first.reading.student = other.reading.student
    return first.reading, parts


def _differing(first: _Read, other: _Read) -> str:
    """A sentence about the questions that two files answer in two ways; empty where there are none."""
    ours = first.reading.answers
    count = sum(
        piece.given and question in ours and ours[question].given and _value(ours[question]) != _value(piece)
        for question, piece in other.reading.answers.items()
    )
    questions = f"{count} question{'s' * (count > 1)}"
    return f"{first.name} and {other.name} answer {questions} differently; {first.name} counts" if count else ""


def _value(piece: Piece) -> object:
    return piece.answer.given if not piece.fault else piece.answer.text


def _named(files: Sequence[_Read]) -> str:
    names = [one.name for one in files[:MOST_NAMED]]
    more = len(files) - len(names)
    return " and ".join(names) if not more else f"{', '.join(names)} and {more} more"

"""Numbers of questions in two pieces: `2(a) 12`, `2. a) 12`, and `a) 12` below a heading `Question 2`.

Lines that name a question so get its whole number in front; only numbers that the key has are put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cnncalc.homework.questions import KeySheet
from cnncalc.homework.reading.text_lines import TextLine

_WORDS = (
    r"answers?|antwort|questions?|q|aufgabe|teilaufgabe|frage|exercise|task|problem|part|ejercicio|pregunta|respuesta|"
    r"exercice|domanda|esercizio|risposta|vraag|opgave|antwoord|zadanie|soru"
)
ASKING = re.compile(
    rf"(?:(?:the|my)\s+)?(?:{_WORDS})(?:(?=\d)|\b)[\s.:]*(?:(?:to|zu|nr|no|number|n°|question)\b[\s.]*|#\s*)*",
    re.IGNORECASE,
)
"""Words in front of the number of a question."""

_HEADING = re.compile(r"[#*\s]{0,9}\(?([0-9]{1,3})[.):*]{0,4}(?:\s[^0-9=]{0,80})?")
_PART = re.compile(
    r"(?:[-*+•]\s+)?(?:\(?([0-9]{1,3})\)?\s?[.),]?\s?)?(?:part\s)?\(?([a-z]|[ivx]{1,4})(?:[).:]+\s*|$)", re.IGNORECASE
)


def with_whole_numbers(lines: Iterable[TextLine], sheet: KeySheet) -> Iterator[TextLine]:
    """The lines, those that answer a part of a question with the question's number in front."""
    names = [site.name for site in sheet.sites if site.is_question]
    if not names:
        yield from lines
        return
    number = ""
    every = list(lines)
    for line, below in zip(every, _below(every), strict=True):
        heading = _heading(line, below)
        if not heading:
            yield _whole(line, number, sheet)
            continue
        is_next = number and int(heading) == int(number) + 1
        number = heading
        is_ours = sheet.find(number) is None and (is_next or any(name.startswith(number) for name in names))
        yield line._replace(text="", comment="") if is_ours else line


def _below(lines: Sequence[TextLine]) -> list[str]:
    """For every line what the next line says that says anything."""
    below: list[str] = []
    said = ""
    for line in reversed(lines):
        below.append(said)
        said = line.text or said
    return below[::-1]


def _heading(line: TextLine, below: str) -> str:
    """The number of a question whose parts follow; empty for any other line."""
    said = line.text or line.comment
    asking = ASKING.match(said)
    match = _HEADING.fullmatch(said, asking.end() if asking else 0)
    part = _PART.match(below)
    return match[1] if match and (asking or (part and not part[1])) else ""


def _whole(line: TextLine, number: str, sheet: KeySheet) -> TextLine:
    """A line with its question's whole number where it has only a part of it, or both apart."""
    asking = ASKING.match(line.text)
    part = _PART.match(line.text, asking.end() if asking else 0)
    if part is None or (number and not part[1] and sheet.find(part[2]) is not None):
        return line
    whole = f"{part[1] or number}{part[2]}"
    index = sheet.find(whole)
    is_question = index is not None and sheet.sites[index].is_question
    return line._replace(text=f"{whole}) {line.text[part.end() :]}") if is_question else line

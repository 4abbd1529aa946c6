"""What a submission answers: of our own notation only labels, numbers of questions and answers are read.

The model lines of a submission mean nothing; their words only help to find the line of the key that an answer without
a label belongs to.  Every answer is read by itself, so that one that cannot be read costs no other.  Nothing is bound,
repeated or run: time grows with the length of the text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from cnncalc.asked import SHAPE, named_in
from cnncalc.diagnostics import Diagnostic
from cnncalc.homework.identity import NOBODY, Student, plain
from cnncalc.homework.questions import KeySheet, canonical_word
from cnncalc.homework.reading.cells import cell_answer
from cnncalc.homework.reading.match_lines import Line, aligned
from cnncalc.spec.answers import answers_and_worth
from cnncalc.spec.cursor import Cursor
from cnncalc.spec.document import Answer
from cnncalc.spec.faults import Unreadable
from cnncalc.spec.lexing import Lexeme, lexed

MOST_NOTES = 5
"""Remarks about one submission."""

LONGEST_SHOWN = 40

MOST_LINES = 2000
"""Lines of one submission that are read beyond four for each line of the key."""

_SILENT = frozenset(
    (
        *("block", "end", "repeat", "split", "branch", "title", "order", "count", "epsilon", "output"),
        *("filter", "data"),
    )
)
"""First words of lines that never have answers."""

_BETWEEN = frozenset((",", ";", ".", "and", "&"))
_ANSWER_STARTS = "0123456789?~≈("


class Piece(NamedTuple):
    """One answer as it was read, or as it stands there and why it could not be read."""

    answer: Answer
    fault: str = ""

    @property
    def given(self) -> bool:
        """Whether anything is claimed at all."""
        return bool(self.fault) or self.answer.given is not None


@dataclass
class Reading:
    """What one text says of its author, and its answers by the key's line and the quantity asked.

    `is_printed`: all of its answers were printed by a program, and none was written by hand.
    """

    student: Student = NOBODY
    homework: str = ""
    answers: dict[tuple[int, str], Piece] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_printed: bool = False

    @property
    def answered(self) -> int:
        return sum(piece.given for piece in self.answers.values())

    def keep(self, line: int, piece: Piece) -> None:
        """Takes an answer; of two that were given for one thing the first counts."""
        before = self.answers.get((line, piece.answer.asked))
        if before is None or not before.given:
            self.answers[line, piece.answer.asked] = piece
        elif piece.given and piece.answer.given != before.answer.given:
            self.note(
                f"line {piece.answer.span.line}: `{piece.answer.asked}` is answered again; the first answer counts"
            )

    def note(self, text: str) -> None:
        """Keeps a remark; after a few there is no room for more."""
        if len(self.notes) < MOST_NOTES:
            self.notes.append(text)
        elif len(self.notes) == MOST_NOTES:
            self.notes.append("and more of that kind")


class Said(NamedTuple):
    """One line of a submission: where it stands, its model part, and its answers."""

    number: int
    line: Line
    answers: tuple[Lexeme, ...]


def reading_of(text: str, sheet: KeySheet) -> Reading:
    """The answers of a text in our own notation."""
    reading = Reading()
    said: list[Said] = []
    for lexemes in _lines(text, MOST_LINES + 4 * len(sheet.sites), reading):
        first = lexemes[0].text.lower().rstrip(":") if lexemes[0].kind == "word" else ""
        if first == "student" and not any(reading.student):
            reading.student = _student(lexemes[1:])
        elif first == "homework":
            reading.homework = plain(" ".join(lexeme.text for lexeme in lexemes[1:]))
        elif first == "answer":
            _numbered(lexemes, sheet, reading)
        elif first not in _SILENT:
            said.append(_said(lexemes, sheet))
    for (number, line, answers), index in zip(said, aligned([one.line for one in said], sheet), strict=True):
        if index is not None:
            _keep(index, answers, sheet, reading)
        elif answers and line.word != "input":
            reading.note(f"line {number}: the homework has no line `{plain(line.label or line.text)[:40]}`")
    return reading


def _lines(text: str, most: int, reading: Reading) -> Iterator[tuple[Lexeme, ...]]:
    """The words of every line that has any; what can be saved of a line that cannot be cut into words."""
    lines = tuple(text.split("\n"))
    faults: list[Diagnostic] = []
    for line in islice(lexed(lines, {}, faults), most):
        saved = _saved(lines[line.number - 1], line.lexemes, faults[-1]) if line.broken else ()
        if line.broken and not saved:
            reading.note(f"line {line.number}: {faults[-1].message}")
        if line.lexemes or saved:
            yield (*line.lexemes, *saved)


def _saved(line: str, before: Sequence[Lexeme], fault: Diagnostic) -> tuple[Lexeme, ...]:
    """What follows the words before a fault: the answers behind a broken model part, or the answer that is broken."""
    if any(lexeme.kind == "=>" for lexeme in before):
        broken = line[fault.span.column - 1 :].split(maxsplit=1) if fault.span else []
        return tuple(Lexeme("word", "...", before[-1].span, word[:LONGEST_SHOWN]) for word in broken[:1])
    start = line.rfind("=>")
    return () if start < 0 else next((found.lexemes for found in lexed((line[start:],), {}, [])), ())


def _student(lexemes: Sequence[Lexeme]) -> Student:
    """student "Ana Gomez" 12345: what is quoted is the name, the last word beside it the id."""
    quoted = " ".join(lexeme.text for lexeme in lexemes if lexeme.kind == "text")
    words = [lexeme.raw for lexeme in lexemes if lexeme.kind == "word"]
    if not words:
        return Student("", plain(quoted))
    if quoted or len(words) == 1 or any(c.isdigit() for c in words[-1]):
        return Student(plain(words[-1]), plain(quoted or " ".join(words[:-1])))
    return Student("", plain(" ".join(words)))


def _numbered(lexemes: Sequence[Lexeme], sheet: KeySheet, reading: Reading) -> None:
    """answer 2a "receptive field of conv2" conv2.rf = 14: only the number and the value are read."""
    number = lexemes[1].text if len(lexemes) > 1 else ""
    index = sheet.find(number)
    if index is None or not sheet.sites[index].is_question:
        reading.note(f"line {lexemes[0].span.line}: the homework has no question `{plain(number)[:20]}`")
        return
    start = next((n for n, lexeme in enumerate(lexemes) if lexeme.kind in ("=", "=>")), len(lexemes))
    _keep(index, lexemes[start + 1 :], sheet, reading)


def _said(lexemes: Sequence[Lexeme], sheet: KeySheet) -> Said:
    """[label ":"] ["join"] word ... "=>" answers; a label alone may stand before its answers too."""
    label, rest = _label(lexemes)
    arrow = next((n for n, lexeme in enumerate(rest) if lexeme.kind == "=>"), None)
    body, answers = (rest, rest[:0]) if arrow is None else (rest[:arrow], rest[arrow + 1 :])
    if body and body[0].text.lower() == "join" and len(body) > 1:
        body = body[1:]
    word = canonical_word(body[0].text) if body else ""
    if arrow is None and (label or word == "total") and _are_answers(rest[word == "total" :]):
        body, answers = rest[: word == "total"], rest[word == "total" :]
    if not label and len(body) == 1 and answers and sheet.find(word) is not None:
        label = body[0].text
    text = " ".join(lexeme.raw for lexeme in body)
    return Said(lexemes[0].span.line, Line(label, word, text), tuple(answers))


def _label(lexemes: Sequence[Lexeme]) -> tuple[str, Sequence[Lexeme]]:
    first = lexemes[0]
    if len(lexemes) > 1 and lexemes[1].text == ":":
        return first.text, lexemes[2:]
    if first.kind != "word" or ":" not in first.text:
        return "", lexemes
    label, _, rest = first.text.partition(":")
    return label, (*((first._replace(text=rest, raw=rest),) if rest else ()), *lexemes[1:])


def _are_answers(lexemes: Sequence[Lexeme]) -> bool:
    """Whether these words begin as answers do: with a value or the name of a quantity."""
    if not lexemes:
        return False
    first = lexemes[0]
    return first.kind == "matrix" or first.text[:1] in _ANSWER_STARTS or _quantity(first) is not None


def _keep(index: int, lexemes: Sequence[Lexeme], sheet: KeySheet, reading: Reading) -> None:
    """Takes what one line answers of what the key asks there."""
    asked = [answer.asked for answer in sheet.sites[index].asked]
    for piece in _pieces(lexemes, asked[0] if len(asked) == 1 else SHAPE.name):
        if piece.answer.asked in asked:
            reading.keep(index, piece)


def _pieces(lexemes: Sequence[Lexeme], first: str) -> Iterator[Piece]:
    """Every answer by itself; a value without a name in front is about the quantity `first`."""
    groups: list[list[Lexeme]] = []
    for lexeme in lexemes:
        if lexeme.kind == "word" and lexeme.text.lower() == "worth":
            break
        named = _quantity(lexeme)
        if named is not None or not groups:
            groups.append([Lexeme("word", named or first, lexeme.span, named or first)])
        if named is None:
            groups[-1].append(lexeme)
    for group in groups:
        while len(group) > 1 and (group[-1].text in _BETWEEN or _is_aside(group)):
            group.pop()
        if len(group) > 1:
            yield _piece(group)


def _is_aside(group: Sequence[Lexeme]) -> bool:
    """Whether the last word is a calculation in brackets behind the value."""
    return len(group) > 2 and group[-1].raw.startswith("(") and group[-2].kind != "="


def _quantity(lexeme: Lexeme) -> str | None:
    found = named_in(lexeme.text.rstrip(":,")) if lexeme.kind == "word" else None
    return found.name if found is not None else None


def _piece(group: Sequence[Lexeme]) -> Piece:
    """One answer: the quantity, then its value and nothing else."""
    try:
        (answer, *_), _ = answers_and_worth(Cursor(group), shape_first=False)
    except Unreadable as problem:
        raw = plain(" ".join(lexeme.raw for lexeme in group[1:]))
        as_cell = cell_answer(group[0].text, raw, group[0].span.line)
        if as_cell is not None and not as_cell[1]:
            return Piece(as_cell[0])
        return Piece(Answer(group[0].text, None, group[0].span, raw), problem.diagnostic.message)
    return Piece(answer)

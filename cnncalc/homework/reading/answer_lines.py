"""What a text answers: of our own notation, and of free text, only labels, numbers of questions and answers are read.

The model lines of a submission mean nothing; their words only help to find the line of the key that an answer without
a label belongs to.  Every answer is read by itself, so that one that cannot be read costs no other.  Nothing is bound,
repeated or run: time grows with the length of the text alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from cnncalc.asked import quantity_of
from cnncalc.diagnostics import Span
from cnncalc.homework.questions import KeySheet, Site
from cnncalc.homework.reading.author import written_author
from cnncalc.homework.reading.foreign_names import in_our_words
from cnncalc.homework.reading.line_answers import line_answers
from cnncalc.homework.reading.line_heads import Head, Heads
from cnncalc.homework.reading.match_lines import Line, aligned
from cnncalc.homework.reading.own_words import own_answers
from cnncalc.homework.reading.spelled_answers import Spelled
from cnncalc.homework.reading.spelled_sizes import Expected, joined_sizes
from cnncalc.homework.reading.subquestions import with_whole_numbers
from cnncalc.homework.reading.text_lines import LONGEST_LINE, TextLine, text_lines
from cnncalc.homework.student_names import NOBODY, Student, plain
from cnncalc.spec.document import Answer
from cnncalc.written_numbers import plainly, signs_of

MOST_NOTES = 5
"""Remarks about one submission."""

LONGEST_ANSWERS = 4_000
"""Characters of the answers of one line that are read where none is a matrix."""

LONGEST_REMEMBERED = 200
"""Characters of a line's answers that are remembered with what they say."""

MOST_TIMES = 12
"""How often an answer to one line of the key is read."""

_SILENT = frozenset(
    (
        *("block", "end", "repeat", "split", "branch", "title", "order", "count", "epsilon", "labels", "rounding"),
        *("filter", "data", "let", "if", "else"),
    )
)
"""First words of lines that never have answers."""

_ABOUT_AUTHOR = re.compile(r"\s*(student|homework)(?=[\s:=\"“„]|$)[\s:=]*", re.IGNORECASE)
_WORTH_A_NOTE = re.compile(r"[0-9]\s*[x×*]\s*[0-9]|=>|->|[→⇒]|params|=\s*[0-9]", re.IGNORECASE)


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
    _noted: set[str] = field(default_factory=set)

    @property
    def answered(self) -> int:
        return sum(piece.given for piece in self.answers.values())

    def keep(self, line: int, piece: Piece) -> None:
        """Takes an answer; of two that were given for one thing the first counts that can be read."""
        before = self.answers.get((line, piece.answer.asked))
        if before is None or not before.given or (before.fault and piece.given and not piece.fault):
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

    def note_once(self, kind: str, text: str) -> None:
        """Keeps a remark where it is the first of its kind."""
        if kind not in self._noted:
            self._noted.add(kind)
            self.note(text)


@dataclass
class _Said:
    """One line of a submission: where it stands, what it names, and its answers with those of lines that go on."""

    number: int
    head: Head
    answers: list[str]
    depth: int = 0
    length: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.answers)

    @property
    def compared(self) -> Line:
        return Line(self.head.label, self.head.word, self.head.text)


def reading_of(text: str, sheet: KeySheet) -> Reading:
    """The answers of a text in our own notation, or in words."""
    reading = Reading()
    lines = with_whole_numbers(text_lines(text, reading.note), sheet)
    said = _said(lines, Heads(sheet), reading)
    signs = signs_of(one.text for one in said)
    times: Counter[int] = Counter()
    for one, index in zip(said, aligned([one.compared for one in said], sheet), strict=True):
        if index is None:
            _note_unknown(one, reading)
        elif one.answers:
            times[index] += 1
            if times[index] <= MOST_TIMES:
                _keep(one, index, Expected(signs, sizes_of(sheet.sites[index], sheet), in_prose=True), sheet, reading)
            elif times[index] == MOST_TIMES + 1:
                reading.note(f"line {one.number}: this is answered more than {MOST_TIMES} times; the rest is not read")
    return reading


def _keep(said: _Said, index: int, expected: Expected, sheet: KeySheet, reading: Reading) -> None:
    """Takes what one line answers of what the key asks there."""
    site = sheet.sites[index]
    asked = [answer.asked for answer in site.asked]
    if not asked:
        return
    text = said.text
    if len(text) > LONGEST_ANSWERS and "[" not in text[:LONGEST_ANSWERS]:
        reading.note(f"line {said.number}: of these answers the first {LONGEST_ANSWERS:,} characters are read")
        text = text[:LONGEST_ANSWERS]
    span = Span(said.number, 1)
    read = _read if len(text) <= LONGEST_REMEMBERED else _read.__wrapped__
    for found in read(text, tuple(asked), expected, only=site.is_question):
        reading.keep(index, Piece(found.answer._replace(span=span), found.fault))
        if found.remark:
            reading.note_once(found.remark, f"line {said.number}: {found.remark}")
        if found.answer.doubt:
            reading.note_once("doubt", f"line {said.number}: {_doubt(found.answer)}")


@lru_cache(4096)
def _read(text: str, asked: tuple[str, ...], expected: Expected, *, only: bool) -> tuple[Spelled, ...]:
    """What a line answers, wherever it stands: a class writes the same again and again."""
    nowhere = Span(1, 1)
    own = [Spelled(answer) for answer in own_answers(text, asked, nowhere)] if "\n" not in text else []
    named = {one.answer.asked for one in own}
    free = line_answers(text, asked, nowhere, expected, only=only)
    return (*own, *(one for one in free if one.answer.asked not in named))


def sizes_of(site: Site, sheet: KeySheet) -> int:
    """How many sizes the result of a line has, channels included; 0 where that is unknown."""
    kind, index = site.places[0]
    graph = sheet.graph
    if kind == "row":
        return graph.nodes[graph.rows[index].last].output.rank + 1
    return graph.nodes[graph.groups[index].node].output.rank + 1 if kind == "group" else 0


def _doubt(answer: Answer) -> str:
    """That an answer can be read in two ways, and which of them is taken."""
    given = answer.given
    given = Fraction(given[0]) if isinstance(given, tuple) and len(given) == 1 else given
    read = plainly(given) if isinstance(given, Fraction) else quantity_of(answer).spelled(given)
    return f"`{answer.text}` is read as {read}; it may mean {answer.doubt}"


def _note_unknown(said: _Said, reading: Reading) -> None:
    """A line with answers that is none of the key's."""
    if not said.answers or said.head.word == "input" or not said.text.strip():
        return
    if said.head.is_question:
        reading.note(f"line {said.number}: the homework has no question `{plain(said.head.label)[:20]}`")
    elif said.head.label or _WORTH_A_NOTE.search(said.text) or said.head.text:
        reading.note(f"line {said.number}: the homework has no line `{plain(said.head.label or said.head.text)[:40]}`")


def _said(lines: Iterator[TextLine], heads: Heads, reading: Reading) -> list[_Said]:
    """Every line that may have answers, those that go on with the line before put together with it."""
    said: list[_Said] = []
    before: _Said | None = None
    for number, line, comment in lines:
        if comment and not line:
            _about_author_in_comment(number, comment, reading)
            heading = _heading(number, comment, heads, reading)
            before = heading or before
            said += [heading] if heading is not None else []
            continue
        if not line:
            before = before if before is not None and not before.answers else None
            continue
        if _about_author(line, reading):
            continue
        ours = joined_sizes(in_our_words(line, heads.knows))
        head = heads.head(ours)
        if before is not None and _belongs(head, ours, before):
            if before.length < LONGEST_LINE:
                before.length += len(line)
                before.answers.append(ours if head.answers is None else head.answers)
                before.depth += _depth(before.answers[-1])
            continue
        if head.continues or re.match(r"\w*", line.lstrip())[0].lower() in _SILENT:  # type: ignore[index]
            before = None
            continue
        answers = [] if head.answers is None or not head.answers.strip() else [head.answers]
        before = _Said(number, head, answers, _depth(head.answers or ""))
        said.append(before)
    return said


def _heading(number: int, comment: str, heads: Heads, reading: Reading) -> _Said | None:
    """A comment that is nothing but a label or a number is a heading; an answer in a comment is not read."""
    head = heads.head(comment)
    if not head.label or heads.sheet.find(head.label) is None:
        return None
    if head.answers is not None and head.answers.strip():
        reading.note(f"line {number}: what is written after `#` is a comment, and no answer in it is read")
        return None
    return _Said(number, head, []) if not head.text else None


def _belongs(head: Head, line: str, before: _Said) -> bool:
    """Whether a line goes on with the one before: a value it still lacks, rows of a matrix, another named answer."""
    if before.depth > 0 and re.fullmatch(r"[\s\d.,;()\[\]+−*/x×=-]+", line):
        return True
    return head.continues and (not before.answers or head.answers is not None)


def _depth(text: str) -> int:
    return text.count("[") - text.count("]")


# ---------------------------------------------------------------------- who wrote it
def _about_author(line: str, reading: Reading) -> bool:
    """Takes `student "Ana Gomez" 12345` and `homework "HW1"`; whether the line is one of them."""
    match = _ABOUT_AUTHOR.match(line)
    if match is None:
        return False
    if match[1].lower() == "homework":
        reading.homework = plain(line[match.end() :].strip(' "“”„'))
    elif not any(reading.student):
        reading.student = written_author(line[match.end() :])
    return True


_WITH_ITS_SIGN = re.compile(r'Write here who you are, without the #:\s*(?P<student>student\s+(?!"Your Name" 12345).+)')


def _about_author_in_comment(number: int, comment: str, reading: Reading) -> None:
    """Takes the line of a quiz's sheet that was filled in with its # left."""
    found = _WITH_ITS_SIGN.match(comment)
    if found and not any(reading.student) and _about_author(found["student"], reading):
        reading.note(f"line {number}: the student is read, though the line begins with #")

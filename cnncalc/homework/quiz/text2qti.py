"""text2qti, a text format that becomes a Canvas quiz: a question for every answer of a key, or every number of it.

Lines after the first are indented as far as the first one's text; a numerical answer smaller than 0.0001 is refused
there, so that a zero is a short answer, as are several sizes; points are whole or half.  It has feedback on all wrong
answers alike and none on one of them, so that no slip is said: what slips give, together, would show the right answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from html import escape
from typing import NamedTuple

from cnncalc.homework.quiz.blanks import Asked, asked_in, decimal
from cnncalc.homework.quiz.exercises import Exercise, plain_net
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.quiz.spellings import channels_first

_HALF = Fraction(1, 2)
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!>])")


def text2qti(key: Key) -> str:
    """The quiz; its questions are numbered through."""
    quiz = key.quiz
    title = f"{quiz.title}, {quiz.student.id}" if quiz.student else quiz.title
    blocks = [f"Quiz title: {title}"]
    for exercise in quiz.exercises:
        for asked in asked_in(key, exercise):
            for question in _questions(asked):
                blocks.append("\n".join(_block(len(blocks), exercise, question)))
    return "\n\n".join(blocks) + "\n"


class _Question(NamedTuple):
    """One question: its title, what is asked, what it is worth, the answers."""

    title: str
    text: str
    points: Fraction
    answers: tuple[str, ...]


def _questions(asked: Asked) -> Iterator[_Question]:
    label = asked.line.label
    if asked.typed:
        answers = (*asked.typed, *channels_first(asked.right))
        title = f"{label} {asked.quantity.name}"
        text = f"{asked.question} Write {asked.form}."
        yield _Question(title, text, Fraction(asked.points), tuple(f"*   {answer}" for answer in answers))
        return
    each = max(_HALF, Fraction(round(2 * Fraction(asked.points, len(asked.blanks))), 2))
    for blank in asked.blanks:
        text = asked.question if len(asked.blanks) == 1 else f"{asked.question} Give the number in {blank.name}."
        title = f"{label} {asked.quantity.name}" + (f" {blank.name}" if len(asked.blanks) > 1 else "")
        yield _Question(title, text, each, (_number(blank.right),))


def _block(count: int, exercise: Exercise, question: _Question) -> Iterator[str]:
    start = f"{count}.".ljust(len(str(count)) + 2)
    margin = " " * len(start)
    yield f"Title: {question.title}"
    yield f"Points: {question.points if question.points.denominator == 1 else float(question.points)}"
    yield f"{start}{exercise.task}"
    yield ""
    yield from (f"{margin}    {line}" for line in plain_net(exercise).split("\n"))
    yield ""
    yield f"{margin}{_escaped(question.text)}"
    yield from question.answers


def _number(right: Fraction) -> str:
    text, exact = decimal(right)
    if right == 0:
        return "*   0"
    if right.denominator == 1:
        return f"=   {text}"
    return f"=   {text} +- {'0' if exact else '0.0001'}"


def _escaped(text: str) -> str:
    """Text that Python-Markdown, which text2qti uses, shows as it is."""
    return _SPECIAL.sub(r"\\\1", escape(text, quote=False).replace("&gt;", ">"))

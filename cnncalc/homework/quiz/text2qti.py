"""text2qti, a text format that becomes a Canvas quiz: a question for every number of a key.

Lines after the first are indented as far as the first one's text; a numerical answer smaller than 0.0001 is refused
there, so that a zero is a short answer; points are whole or half.  It has no wrong answers with a share: the hints of
the slips become the feedback on a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from html import escape

from cnncalc.homework.quiz.blanks import Asked, Blank, asked_in, decimal
from cnncalc.homework.quiz.exercises import Exercise, net_text
from cnncalc.homework.quiz.keys import Key

_HALF = Fraction(1, 2)
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!>])")


def text2qti(key: Key) -> str:
    """The quiz; its questions are numbered through."""
    quiz = key.quiz
    title = f"{quiz.title}, {quiz.student.id}" if quiz.student else quiz.title
    blocks = [f"Quiz title: {title}"]
    count = 0
    for exercise in quiz.exercises:
        for asked in asked_in(key, exercise):
            for blank in asked.blanks:
                count += 1
                blocks.append("\n".join(_question(count, exercise, asked, blank)))
    return "\n\n".join(blocks) + "\n"


def _question(count: int, exercise: Exercise, asked: Asked, blank: Blank) -> Iterator[str]:
    start = f"{count}.".ljust(len(str(count)) + 2)
    margin = " " * len(start)
    yield f"Title: {asked.line.label} {blank.name}"
    yield f"Points: {_points(asked)}"
    yield f"{start}{exercise.task}"
    yield ""
    yield from (f"{margin}    {line}" if line else "" for line in net_text(exercise).rstrip("\n").split("\n"))
    yield ""
    yield f"{margin}**{asked.line.label}**: {blank.name}?"
    if blank.wrong:
        said = " ".join(f"{decimal(wrong.value)[0]}: {wrong.hint}" for wrong in blank.wrong)
        yield f"-   {_escaped(said)}"
    yield from _answer(blank.right)


def _answer(right: Fraction) -> Iterator[str]:
    text, exact = decimal(right)
    if right == 0:
        yield "*   0"
    elif right.denominator == 1:
        yield f"=   {text}"
    else:
        yield f"=   {text} +- {'0' if exact else '0.0001'}"


def _escaped(text: str) -> str:
    """Text that Python-Markdown, which text2qti uses, shows as it is."""
    return _SPECIAL.sub(r"\\\1", escape(text, quote=False).replace("&gt;", ">"))


def _points(asked: Asked) -> str:
    """The points of one of the numbers: halves are the smallest there are."""
    each = max(_HALF, Fraction(round(2 * Fraction(asked.points, len(asked.blanks))), 2))
    return str(each.numerator) if each.denominator == 1 else f"{float(each):.1f}"

r"""GIFT, Moodle's text format: a numerical question for every number of a key.

`: = # ~ { }` and `\` are escaped everywhere, a line end inside a question is `\n`, and no question holds an empty line,
which would end it.  A wrong number that a slip gives earns its share and says what it looks like.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from html import escape

from cnncalc.homework.quiz.blanks import Asked, Blank, asked_in, decimal
from cnncalc.homework.quiz.exercises import Exercise, Quiz, net_text, task_html
from cnncalc.homework.quiz.keys import Key

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\:=#~{}"} | {"\n": "\\n", "\r": ""})

ROUNDED = "0.00005"
"""How far a number may be off whose decimals do not end."""


def escaped(text: str) -> str:
    r"""The text as GIFT reads it back.

    >>> escaped("a: {b} = c#")
    'a\\: \\{b\\} \\= c\\#'
    """
    return text.translate(_SPECIAL)


def gift(key: Key, share: int) -> str:
    """The quiz as one category of numerical questions; `share` is what a known slip earns, in percent."""
    blocks = [f"$CATEGORY: {escaped(category(key.quiz))}"]
    for exercise in key.quiz.exercises:
        for asked in asked_in(key, exercise):
            blocks += _questions(key.quiz, exercise, asked, share)
    return "\n\n".join(blocks) + "\n"


def category(quiz: Quiz) -> str:
    """Where the questions go; a slash would make a category in a category."""
    name = f"{quiz.title}, {quiz.student.id}" if quiz.student else quiz.title
    return name.replace("/", "-")


def _questions(quiz: Quiz, exercise: Exercise, asked: Asked, share: int) -> Iterator[str]:
    net = escape(net_text(exercise).rstrip("\n"), quote=False)
    for blank in asked.blanks:
        name = f"{asked.line.label} {blank.name}" + (f" ({quiz.student.id})" if quiz.student else "")
        text = f"<p>{task_html(exercise.task)}</p>\n<pre>{net}</pre>\n<p>{asked.line.label}: {blank.name}?</p>"
        answers = "\n".join(_answers(blank, share))
        yield f"::{escaped(name)}::[html]{escaped(text)}{{#\n{answers}\n}}"


def _answers(blank: Blank, share: int) -> Iterator[str]:
    yield f"\t={number(blank.right)}#"
    for wrong in blank.wrong:
        yield f"\t=%{share}%{number(wrong.value)}#{escaped(escape(wrong.hint, quote=False))}"


def number(value: Fraction) -> str:
    """`28:0`, or with a little tolerance where the decimals do not end."""
    text, exact = decimal(value)
    return f"{text}:{0 if exact else ROUNDED}"

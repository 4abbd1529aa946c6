r"""GIFT, Moodle's text format: a question for every answer of a key, or for every number of it.

A number is a numerical question; several sizes are a short answer, in every spelling that students type.  `: = # ~ { }`
and `\` are escaped everywhere, a line end inside a question is `\n`, and no question holds an empty line, which would
end it.  A wrong answer that a slip gives earns its share and says what it looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from html import escape

from cnncalc.homework.quiz.blanks import Asked, Blank, asked_in, decimal
from cnncalc.homework.quiz.exercises import Exercise, Quiz, plain_net, task_html
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.quiz.spellings import COMMON, as_moodle_reads, channels_first

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\:=#~{}"} | {"\n": "\\n", "\r": ""})

CHANNELS_FIRST = "Right, with the channels first."

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
    student = f" ({quiz.student.id})" if quiz.student else ""
    start = f"<p>{task_html(exercise.task)}</p>\n<pre>{escape(plain_net(exercise), quote=False)}</pre>\n"
    if asked.typed:
        text = f"{start}<p>{asked.question} Write {asked.form}.</p>"
        name = f"{asked.line.label} {asked.quantity.name}{student}"
        yield _question(name, text, "", _short_answers(asked, share))
        return
    for blank in asked.blanks:
        said = asked.question if len(asked.blanks) == 1 else f"{asked.question} Give the number in {blank.name}."
        part = f" {blank.name}" if len(asked.blanks) > 1 else ""
        name = f"{asked.line.label} {asked.quantity.name}{part}{student}"
        yield _question(name, f"{start}<p>{said}</p>", "#", _numbers(blank, share))


def _question(name: str, text: str, kind: str, answers: Iterable[str]) -> str:
    lines = "\n".join(f"\t={answer}" for answer in answers)
    return f"::{escaped(name)}::[html]{escaped(text)}{{{kind}\n{lines}\n}}"


def _short_answers(asked: Asked, share: int) -> Iterator[str]:
    """Every spelling of the right answer, then those of known wrong ones; the first that fits counts."""
    rights = asked.typed
    swapped = channels_first(asked.right)
    yield from (f"{_plain(text)}#" for text in rights)
    yield from (f"{_plain(text)}#{escaped(CHANNELS_FIRST)}" for text in swapped)
    for other in asked.others:
        texts = (text for text in other.typed[:COMMON] if text not in (*rights, *swapped))
        yield from (f"%{share}%{_plain(text)}#{_feedback(other.hint)}" for text in texts)


def _plain(text: str) -> str:
    """A short answer in which a star is a star and not any text."""
    return escaped(text).replace("*", "\\*")


def _numbers(blank: Blank, share: int) -> Iterator[str]:
    """The right number, then known wrong ones, each as Moodle reads it in the ways of typing it."""
    rights = as_moodle_reads(blank.right)
    yield from (f"{number(value)}#" for value in rights)
    for wrong in blank.wrong:
        values = (value for value in as_moodle_reads(wrong.value) if value not in rights)
        yield from (f"%{share}%{number(value)}#{_feedback(wrong.hint)}" for value in values)


def _feedback(hint: str) -> str:
    return escaped(escape(hint, quote=False))


def number(value: Fraction) -> str:
    """`28:0`, or with a little tolerance where the decimals do not end."""
    text, exact = decimal(value)
    return f"{text}:{0 if exact else ROUNDED}"

"""What is on a printed sheet, whatever it is printed with: exercises, their lines, a box for each answer.

A matrix of `data` or `filter` is taken out of its line, to be set as a matrix.  A line that is asked several things has
a row for each.  Nothing here knows HTML or LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.geometry import Shape
from cnncalc.homework.quiz.blanks import Asked, asked_in
from cnncalc.homework.quiz.exercises import PICTURE, Exercise
from cnncalc.homework.quiz.keys import Key

_MATRIX = re.compile(r"(?P<words>(?:data|filter) \w+ =) (?P<planes>\[.*\])")


class Box(NamedTuple):
    """Where an answer is written: one place for each size of a shape, else one; what is right in each.

    `question` is empty where the task asks the same about every line.
    """

    rights: tuple[str, ...]
    is_matrix: bool
    question: str


class Row(NamedTuple):
    """A line of the net, or one more thing asked about the line above: words, and the matrices behind them."""

    label: str
    words: str
    planes: tuple[tuple[tuple[str, ...], ...], ...]
    box: Box | None


class PaperExercise(NamedTuple):
    """An exercise."""

    number: int
    points: str
    task: str
    rows: tuple[Row, ...]


def paper_exercises(key: Key) -> Iterator[PaperExercise]:
    """The exercises of a quiz in their order."""
    for exercise in key.quiz.exercises:
        asked = tuple(asked_in(key, exercise))
        alike = len({one.quantity.name for one in asked}) == 1
        points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
        yield PaperExercise(exercise.number, points, exercise.task, tuple(_rows(exercise, asked, alike=alike)))


def _rows(exercise: Exercise, asked: tuple[Asked, ...], *, alike: bool) -> Iterator[Row]:
    if exercise.has_picture:
        yield Row("", PICTURE, (), None)
    for line in exercise.lines:
        boxes = [_box(one, alike=alike) for one in asked if one.line is line]
        match = _MATRIX.fullmatch(line.text)
        words, planes = (match["words"], _planes(match["planes"])) if match else (line.text, ())
        yield Row(line.label, words, planes, boxes[0] if boxes else None)
        yield from (Row("", "", (), box) for box in boxes[1:])


def _box(asked: Asked, *, alike: bool) -> Box:
    sizes = asked.right.sizes() if isinstance(asked.right, Shape) else ()
    rights = tuple(map(str, sizes)) or (asked.answer,)
    return Box(rights, asked.quantity.is_matrix, "" if alike else asked.question)


def _planes(text: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The matrices between brackets, row by row."""
    return tuple(tuple(tuple(row.split()) for row in plane.split(";")) for plane in re.findall(r"\[([^\]]*)\]", text))

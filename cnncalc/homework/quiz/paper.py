"""What is on a printed sheet, whatever it is printed with: exercises, their lines, a box for each answer.

A matrix of `data` or `filter` is taken out of its line, to be set as a matrix.  What lines are asked are the columns of
a table.  Nothing here knows HTML or LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.asked import Quantity
from cnncalc.geometry import Shape
from cnncalc.homework.quiz.blanks import Asked, asked_in
from cnncalc.homework.quiz.exercises import PICTURE, Exercise
from cnncalc.homework.quiz.keys import Key

_MATRIX = re.compile(r"(?P<words>(?:data|filter) \w+ =) (?P<planes>\[.*\])")


class Box(NamedTuple):
    """Where an answer is written: one place for each size of a shape, else one; what is right in each."""

    rights: tuple[str, ...]
    is_matrix: bool


class Row(NamedTuple):
    """A line of the net: its words, the matrices behind them, and a box for each column (None: nothing is asked)."""

    label: str
    words: str
    planes: tuple[tuple[tuple[str, ...], ...], ...]
    boxes: tuple[Box | None, ...]


class PaperExercise(NamedTuple):
    """An exercise; `columns` say what is asked, one for each quantity."""

    number: int
    points: str
    task: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def paper_exercises(key: Key) -> Iterator[PaperExercise]:
    """The exercises of a quiz in their order."""
    for exercise in key.quiz.exercises:
        asked = tuple(asked_in(key, exercise))
        quantities = tuple(dict.fromkeys(one.quantity for one in asked))
        points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
        columns = tuple(quantity.help.removeprefix("number of ") for quantity in quantities)
        yield PaperExercise(exercise.number, points, exercise.task, columns, tuple(_rows(exercise, asked, quantities)))


def _rows(exercise: Exercise, asked: tuple[Asked, ...], quantities: tuple[Quantity, ...]) -> Iterator[Row]:
    nothing = (None,) * len(quantities)
    if exercise.has_picture:
        yield Row("", PICTURE, (), nothing)
    for line in exercise.lines:
        boxes = {one.quantity: _box(one) for one in asked if one.line is line}
        match = _MATRIX.fullmatch(line.text)
        words, planes = (match["words"], _planes(match["planes"])) if match else (line.text, ())
        yield Row(line.label, words, planes, tuple(boxes.get(quantity) for quantity in quantities))


def _box(asked: Asked) -> Box:
    sizes = asked.right.sizes() if isinstance(asked.right, Shape) else ()
    return Box(tuple(map(str, sizes)) or (asked.answer,), asked.quantity.form == "matrix")


def _planes(text: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The matrices between brackets, row by row."""
    return tuple(tuple(tuple(row.split()) for row in plane.split(";")) for plane in re.findall(r"\[([^\]]*)\]", text))

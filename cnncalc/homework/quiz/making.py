"""Draws a quiz: exercises that make sane nets, all different, the same for the same seed and student."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis import Analysis, analyse
from cnncalc.asked import FIELD, VALUES
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, Exercise, Quiz, labelled, net_text
from cnncalc.homework.quiz.kinds import KINDS
from cnncalc.homework.student_names import Student
from cnncalc.homework.truth import Truth

MOST_QUESTIONS = 100
_ATTEMPTS = 1000
_EDITION = "cnncalc quiz, edition 2"
"""Part of every seed: another edition of the kinds draws other quizzes on purpose."""


def make_quiz(seed: int, student: Student | None, kinds: Sequence[str], questions: int, difficulty: Difficulty) -> Quiz:
    """One variant: `questions` exercises, taking the kinds in turn."""
    exercises: list[Exercise] = []
    for number in range(1, questions + 1):
        kind = kinds[(number - 1) % len(kinds)]
        words = (_EDITION, seed, student.id if student else "", difficulty, kind, number)
        exercises.append(_exercise(words, kind, number, difficulty, {net_text(other) for other in exercises}))
    return Quiz(seed, difficulty, tuple(exercises), student)


def _exercise(seed: tuple[object, ...], kind: str, number: int, difficulty: Difficulty, others: set[str]) -> Exercise:
    """The first draw that makes a sane net and is not asked already."""
    for attempt in range(_ATTEMPTS):
        task, lines = KINDS[kind](Draws(*seed, attempt), difficulty, number)
        exercise = Exercise(kind, number, task, labelled(number, lines))
        text = net_text(exercise)
        graph, faults = load_graph(Source("quiz", text))
        if not faults and text not in others and _is_sane(analyse(graph)):
            return exercise
    raise RuntimeError(f"no usable exercise of kind {kind} in {_ATTEMPTS} draws")


def _is_sane(analysis: Analysis) -> bool:
    """Maps of at least 2x2, a field that lies in the picture, a matrix that is not all zeros."""
    picture = analysis.rows[0].output
    for row in analysis.rows:
        if any(size < 2 for size in row.output.spatial):
            return False
        asked = {answer.asked for answer in row.row.answers}
        if FIELD.name in asked and (row.receptive_field is None or max(row.receptive_field.size) >= picture.spatial[0]):
            return False
        if VALUES.name in asked and not _has_numbers(analysis, row.row.last):
            return False
    return True


def _has_numbers(analysis: Analysis, node: int) -> bool:
    values = Truth(analysis).values(node)
    return values is not None and any(cell for plane in values for sheet in plane for row in sheet for cell in row)

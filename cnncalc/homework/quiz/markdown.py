"""Markdown: the quiz to be printed or shown, with or without its key."""

from __future__ import annotations

import re

from cnncalc.homework.quiz.exercises import Exercise, net_text
from cnncalc.homework.quiz.keys import Key

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&=-])")


def escaped(text: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> escaped("q1: 2 * 3 <b>")
    'q1: 2 \\* 3 \\<b\\>'
    """
    return _SPECIAL.sub(r"\\\1", text)


def markdown(key: Key, *, with_key: bool) -> str:
    """One heading an exercise, its net as code; with the key the answers stand after `=>`."""
    quiz = key.quiz
    lines = [f"# {escaped(quiz.title)}", ""]
    if quiz.student:
        named = f"{quiz.student.name} ({quiz.student.id})" if quiz.student.name else quiz.student.id
        lines += [f"Student: {escaped(named)}", ""]
    if with_key:
        lines += ["**Key**", ""]
    for exercise in quiz.exercises:
        lines += [*_exercise(key, exercise, with_key=with_key), ""]
    return "\n".join([*lines, f"Total: {quiz.points} points", ""])


def _exercise(key: Key, exercise: Exercise, *, with_key: bool) -> list[str]:
    answers = key.answers if with_key else None
    points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
    return [
        f"## Exercise {exercise.number} ({points})",
        "",
        exercise.task,
        "",
        "```text",
        *net_text(exercise, answers).rstrip("\n").split("\n"),
        "```",
    ]

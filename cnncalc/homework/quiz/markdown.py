"""Markdown: the quiz to be printed or shown, with or without its key."""

from __future__ import annotations

from cnncalc.diagnostics.markdown_text import in_markdown
from cnncalc.homework.quiz.blanks import Asked, asked_in
from cnncalc.homework.quiz.exercises import Exercise, plain_net
from cnncalc.homework.quiz.keys import Key


def markdown(key: Key, *, with_key: bool) -> str:
    """One heading an exercise, its net as code; with the key the answers stand after `=>`."""
    quiz = key.quiz
    lines = [f"# {in_markdown(quiz.title)}", ""]
    if quiz.student:
        named = f"{quiz.student.name} ({quiz.student.id})" if quiz.student.name else quiz.student.id
        lines += [f"Student: {in_markdown(named)}", ""]
    if with_key:
        lines += ["**Key**", ""]
    for exercise in quiz.exercises:
        lines += [*_exercise(key, exercise, with_key=with_key), ""]
    return "\n".join([*lines, f"Total: {quiz.points} points", ""])


def _exercise(key: Key, exercise: Exercise, *, with_key: bool) -> list[str]:
    return [
        f"## Exercise {exercise.number} ({_points(exercise.points)})",
        "",
        exercise.task,
        "",
        "```text",
        *plain_net(exercise).split("\n"),
        "```",
        "",
        "| Question | Answer | Points |",
        "| --- | --- | --- |",
        *(_row(asked, with_key=with_key) for asked in asked_in(key, exercise)),
    ]


def _row(asked: Asked, *, with_key: bool) -> str:
    label = asked.line.label
    answer = in_markdown(asked.answer) if with_key else ""
    return f"| {label}: {asked.question} ({asked.form}) | {answer} | {asked.points} |"


def _points(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"

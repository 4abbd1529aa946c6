"""What a quiz is made of: lines of our own language, some of them asked, and the student they are for.

A quiz is one text: every exercise is a small net of its own in it, and exercises on receptive fields share one picture
that stands first.  Labels are `q3`, or `q3a`, `q3b` where a net is asked several things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal, NamedTuple

from cnncalc.asked import SHAPE
from cnncalc.graph.formatting import quoted
from cnncalc.homework.student_names import Student

Difficulty = Literal["easy", "medium", "hard"]

PICTURE = "picture: input 64x64x1"
"""What exercises on receptive fields look at: fields are those of a text's first input."""

WIDEST = 100

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Line(NamedTuple):
    """One line of an exercise; `asked` are the quantities that its `=>` asks for, `worth` their points."""

    text: str
    asked: tuple[str, ...] = ()
    worth: tuple[int, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Exercise:
    """A task in words and the lines of its net."""

    kind: str
    number: int
    task: str
    lines: tuple[Line, ...]

    @property
    def has_picture(self) -> bool:
        """Whether the net looks at the common picture."""
        return any(line.text.endswith("from picture") for line in self.lines)

    @property
    def points(self) -> int:
        return sum(sum(line.worth) for line in self.lines)


@dataclass(frozen=True)
class Quiz:
    """One variant."""

    seed: int
    difficulty: Difficulty
    exercises: tuple[Exercise, ...]
    student: Student | None = None

    @property
    def title(self) -> str:
        return f"Quiz, seed {self.seed} ({self.difficulty})"

    @property
    def points(self) -> int:
        return sum(exercise.points for exercise in self.exercises)


def task_html(task: str) -> str:
    """The task as HTML: what stands between backquotes is code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(task, quote=False))


Answers = Mapping[tuple[str, str], str]
"""What is answered, by label and quantity; what is missing is asked with `?`."""


def labelled(number: int, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of exercise `number`, with a label on each that is asked."""
    asked = [i for i, line in enumerate(lines) if line.asked]
    names = {i: f"q{number}{chr(97 + place) if len(asked) > 1 else ''}" for place, i in enumerate(asked)}
    return tuple(line._replace(label=names.get(i, "")) for i, line in enumerate(lines))


def net_text(exercise: Exercise, answers: Answers | None = None) -> str:
    """The exercise's net alone, as a text that can be analysed."""
    lines = ([PICTURE] if exercise.has_picture else []) + _written(exercise, answers or {})
    return "\n".join(lines) + "\n"


def plain_net(exercise: Exercise) -> str:
    """The exercise's net as it is shown beside questions in words: labels, but no `=>`."""
    lines = [PICTURE] if exercise.has_picture else []
    return "\n".join([*lines, *(f"{line.label}: {line.text}" if line.label else line.text for line in exercise.lines)])


def asked_text(line: Line, answers: Answers) -> str:
    """What stands after `=>`: `? params ? worth 1 2`."""
    parts = []
    for asked in line.asked:
        given = answers.get((line.label, asked), "?")
        parts.append(given if asked == SHAPE.name else f"{asked} {given}")
    return f"{'  '.join(parts)}  worth {' '.join(map(str, line.worth))}"


def _written(exercise: Exercise, answers: Answers) -> list[str]:
    """The lines, their `=>` one under the other."""
    starts = [f"{line.label}: {line.text}" if line.label else line.text for line in exercise.lines]
    width = max(len(start) for start, line in zip(starts, exercise.lines, strict=True) if line.asked)
    return [
        f"{start.ljust(width)}  => {asked_text(line, answers)}" if line.asked else start
        for start, line in zip(starts, exercise.lines, strict=True)
    ]


def quiz_text(quiz: Quiz, answers: Answers | None = None) -> str:
    """The whole quiz in our own language: with `?` for the student, with answers as the key."""
    lines = [f"homework {quoted(quiz.title)}", _student_line(quiz.student)]
    if any(exercise.has_picture for exercise in quiz.exercises):
        lines += ["", "# The picture of the exercises on receptive fields.", PICTURE]
    for exercise in quiz.exercises:
        task = _wrapped(f"{exercise.number}. ({_points(exercise.points)}) {exercise.task}")
        lines += ["", *(f"# {line}" for line in task), *_written(exercise, answers or {})]
    return "\n".join(lines) + "\n"


def _student_line(student: Student | None) -> str:
    if student is None:
        return '# Write here who you are, without the #:  student "Your Name" 12345'
    number = student.id if _PLAIN.fullmatch(student.id) else quoted(student.id)
    return f"student {quoted(student.name or student.id)} {number}"


def _points(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"


def _wrapped(text: str) -> list[str]:
    """The text in lines of at most `WIDEST` characters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > WIDEST:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines

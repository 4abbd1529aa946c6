"""Makes quizzes, has their keys verified by running them, and writes them where they were asked for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.cli.progress import stepping
from cnncalc.cli.terminal import write, write_data, write_error
from cnncalc.destinations import refuse_destination, write_file
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.quantities import number

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.homework.quiz.exercises import Difficulty
    from cnncalc.homework.quiz.keys import Key
    from cnncalc.homework.quiz.notations import Notation
    from cnncalc.homework.student_names import Student

LIST = "list"
"""Instead of kinds: say which there are."""

SHARES = (90, 80, 75, 70, 60, 50, 40, 30, 25, 20, 10, 5, 0)
"""The whole percentages among those that Moodle lets an answer earn."""


class Wanted(NamedTuple):
    """The options of one `quiz`, as they were written."""

    seed: int
    students: str | None
    questions: int
    kinds: str | None
    difficulty: str
    key: bool
    to: str
    output: str | None
    force: bool
    slip_share: str
    verify: bool
    progress: bool
    id_column: str | None = None
    name_column: str | None = None

    @property
    def notation(self) -> Notation:
        """How the quizzes are written."""
        from cnncalc.homework.quiz.notations import NOTATIONS

        return NOTATIONS[self.to]


class Made:
    """The keys one after the other, each verified; afterwards, how many there were of how many points."""

    def __init__(self, wanted: Wanted, kinds: tuple[str, ...], students: tuple[Student | None, ...]) -> None:
        self._wanted = wanted
        self._kinds = kinds
        self._students = students
        self._points: set[int] = set()
        self._count = 0
        self._began = time.monotonic()

    def __iter__(self) -> Iterator[Key]:
        from cnncalc.homework.quiz.keys import key_of
        from cnncalc.homework.quiz.making import make_quiz

        wanted = self._wanted
        level = cast("Difficulty", wanted.difficulty)
        with stepping(len(self._students), shown=wanted.progress and len(self._students) > 1) as step:
            for student in self._students:
                step(f"quiz of {student.id}" if student else "quiz")
                key = key_of(make_quiz(wanted.seed, student, self._kinds, wanted.questions, level))
                if wanted.verify:
                    _run(key.analysis)
                self._points.add(key.quiz.points)
                self._count += 1
                yield key

    def said(self) -> str:
        """`200 quizzes of 6 exercises, 24 to 27 points each; every key was confirmed by running it (21.4 s)`."""
        least, most = min(self._points), max(self._points)
        points = _counted(most, "point") if least == most else f"{least} to {most} points"
        run = "every key was confirmed by running it" if self._wanted.verify else "the keys were not run"
        if self._count == 1:
            run = run.replace("every key", "the key").replace("the keys were", "the key was")
        quizzes = _counted(self._count, "quiz", "quizzes")
        exercises = _counted(self._wanted.questions, "exercise")
        each = " each" if self._count > 1 else ""
        return f"{quizzes} of {exercises}, {points}{each}; {run} ({time.monotonic() - self._began:.1f} s)"


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def deliver(wanted: Wanted) -> None:
    """Every variant, to standard output, to one file, or a file each to a folder; or the kinds that there are."""
    if wanted.kinds == LIST:
        write(_listed())
        return
    kinds = _kinds(wanted)
    share = _percent(wanted.slip_share)
    students = _students(wanted)
    keys = Made(wanted, kinds, students)
    if _is_folder(wanted, students):
        from cnncalc.cli.quiz_folder import write_folder

        write_folder(wanted, keys, students, share)
        return
    notation = wanted.notation
    if len(students) > 1 and notation.between is None:
        advice = f"give a folder: -o quizzes{os.sep}"
        raise input_error(
            "quiz-one-file", f"{len(students)} quizzes as {wanted.to} do not fit into one file", help=advice
        )
    path = wanted.output
    if path is None or path == "-":
        write_data(notation.written(keys, share, with_key=wanted.key))
        return
    inputs = [wanted.students] if wanted.students else []
    from cnncalc.homework.quiz.notations import is_quiz

    refuse_destination(path, inputs=inputs, force=wanted.force, known=is_quiz)
    text = notation.written(keys, share, with_key=wanted.key)
    write_file(path, text, inputs=inputs, force=wanted.force)
    write(f"{printable(path)}: {keys.said()}\n")


def _listed() -> str:
    """A line for each kind of exercise: its name, and what it asks for."""
    from cnncalc.homework.quiz.kinds import KINDS

    said = {kind: (draft.__doc__ or "").split("\n")[0] for kind, draft in KINDS.items()}
    width = max(map(len, said))
    return "".join(f"{kind.ljust(width)}  {what}\n" for kind, what in said.items())


def _is_folder(wanted: Wanted, students: tuple[Student | None, ...]) -> bool:
    path = wanted.output
    if path is None or path == "-":
        return False
    if path.endswith(("/", os.sep)) or os.path.isdir(path):
        return True
    return students != (None,) and not os.path.splitext(path)[1]


def _kinds(wanted: Wanted) -> tuple[str, ...]:
    from cnncalc.homework.quiz.kinds import KINDS

    if wanted.kinds is None:
        return tuple(KINDS)
    named = tuple(dict.fromkeys(word.strip().lower() for word in wanted.kinds.split(",") if word.strip()))
    unknown = next((word for word in named if word not in KINDS), None)
    if unknown is not None or not named:
        known = f"the kinds are {', '.join(KINDS)}"
        raise input_error(
            "quiz-unknown-kind",
            f"there is no kind of exercise called `{(unknown or '')[:40]}`",
            help=did_you_mean(unknown or "", KINDS, known),
        )
    return named


def _percent(share: str) -> int:
    """`0.25` or `25%` as a percentage that Moodle knows."""
    value = number(share.removesuffix("%"))
    percent = None if value is None else value if share.endswith("%") else 100 * value
    if percent not in SHARES:
        shares = ", ".join(f"{known}%" for known in SHARES)
        raise input_error("quiz-share", f"Moodle knows no share of {share[:20]}", help=f"give one of {shares}")
    return int(percent)


def _students(wanted: Wanted) -> tuple[Student | None, ...]:
    if wanted.students is None:
        return (None,)
    from cnncalc.homework.roster_files import read_roster

    roster = read_roster(wanted.students, wanted.id_column, wanted.name_column)
    for note in roster.notes:
        write_error(f"note: {note}\n")
    return roster.students


def _run(analysis: Analysis) -> None:
    """Measures everything in a key; a difference would be a fault of ours."""
    from cnncalc.runtime.noise import tried

    confirmation = tried(analysis)
    if not confirmation.confirmed:
        raise RuntimeError(f"a key is not what running it gives: {'; '.join(confirmation.differences)}")

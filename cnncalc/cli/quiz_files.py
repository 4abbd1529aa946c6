"""Makes quizzes, has their keys verified by running them, and writes them where they were asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.cli.progress import stepping
from cnncalc.cli.terminal import write_data, write_error
from cnncalc.destinations import make_folder, write_file
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.quantities import number

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.homework.identity import Student
    from cnncalc.homework.quiz.exercises import Difficulty
    from cnncalc.homework.quiz.keys import Key

SUFFIXES = {"text": ".txt", "markdown": ".md", "gift": ".gift.txt", "cloze": ".cloze.txt", "text2qti": ".txt"}

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

    def save(self, path: str, text: str) -> None:
        """Writes one file of the quiz."""
        write_file(path, text, inputs=[self.students] if self.students else [], force=self.force)


def deliver(wanted: Wanted) -> None:
    """Every variant, to standard output, to one file, or a file each to a folder."""
    kinds = _kinds(wanted)
    share = _percent(wanted.slip_share)
    students = _students(wanted)
    if _is_folder(wanted, students):
        _to_folder(wanted, kinds, students, share)
        return
    if len(students) > 1 and wanted.to in ("text", "cloze", "text2qti"):
        advice = f"give a folder: -o quizzes{os.sep}"
        raise input_error(
            "quiz-one-file", f"{len(students)} quizzes as {wanted.to} do not fit into one file", help=advice
        )
    between = "\n---\n\n" if wanted.to == "markdown" else "\n"
    text = between.join(_written(wanted, key, share, with_key=wanted.key) for key in _keys(wanted, kinds, students))
    if wanted.output is None or wanted.output == "-":
        write_data(text)
    else:
        wanted.save(wanted.output, text)


def _to_folder(wanted: Wanted, kinds: tuple[str, ...], students: tuple[Student | None, ...], share: int) -> None:
    """A file for each student; keys stand apart, so that the folder's own files can be handed out."""
    from cnncalc.homework.rosters import file_names

    names = file_names(tuple(student for student in students if student))
    folder, suffix = str(wanted.output), SUFFIXES[wanted.to]
    own_keys = wanted.key and wanted.to in ("text", "markdown")
    make_folder(os.path.join(folder, "keys") if own_keys else folder)
    for student, key in zip(students, _keys(wanted, kinds, students), strict=True):
        name = (names[student.id] if student else f"quiz-{wanted.seed}") + suffix
        wanted.save(os.path.join(folder, name), _written(wanted, key, share, with_key=False))
        if own_keys:
            wanted.save(os.path.join(folder, "keys", name), _written(wanted, key, share, with_key=True))


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
    from cnncalc.homework.rosters import read_roster

    students, note = read_roster(wanted.students)
    if note:
        write_error(f"note: {note}\n")
    return students


def _keys(wanted: Wanted, kinds: tuple[str, ...], students: tuple[Student | None, ...]) -> Iterator[Key]:
    """The keys one after the other, each verified."""
    from cnncalc.homework.quiz.keys import key_of
    from cnncalc.homework.quiz.making import make_quiz

    with stepping(len(students), shown=wanted.progress and len(students) > 1) as step:
        for student in students:
            step(f"quiz of {student.id}" if student else "quiz")
            drawn = make_quiz(wanted.seed, student, kinds, wanted.questions, cast("Difficulty", wanted.difficulty))
            key = key_of(drawn)
            if wanted.verify:
                _run(key.analysis)
            yield key


def _run(analysis: Analysis) -> None:
    """Measures everything in a key; a difference would be a fault of ours."""
    from cnncalc.runtime.noise import tried

    confirmation = tried(analysis)
    if not confirmation.confirmed:
        raise RuntimeError(f"a key is not what running it gives: {'; '.join(confirmation.differences)}")


def _written(wanted: Wanted, key: Key, share: int, *, with_key: bool) -> str:
    if wanted.to == "text":
        from cnncalc.homework.quiz.exercises import quiz_text

        return key.text if with_key else quiz_text(key.quiz)
    if wanted.to == "markdown":
        from cnncalc.homework.quiz.markdown import markdown

        return markdown(key, with_key=with_key)
    if wanted.to == "text2qti":
        from cnncalc.homework.quiz.text2qti import text2qti

        return text2qti(key)
    if wanted.to == "gift":
        from cnncalc.homework.quiz.gift import gift

        return gift(key, share)
    from cnncalc.homework.quiz.cloze import cloze

    return cloze(key, share)

r"""Cloze, Moodle's embedded answers: the whole quiz as one question with numerical gaps.

Inside a gap `} ~ # \ "` and `/` are escaped; outside of gaps the text is HTML.  Moodle joins the lines of the file
without line ends, so that every break is written as `<br />`.  The first words become the question's name.
"""

from __future__ import annotations

from html import escape
from math import lcm

from cnncalc.geometry import Shape
from cnncalc.homework.quiz.blanks import Asked, Blank, asked_in
from cnncalc.homework.quiz.exercises import Exercise, plain_net, task_html
from cnncalc.homework.quiz.gift import number
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.quiz.spellings import as_moodle_reads

_SPECIAL = str.maketrans({character: f"\\{character}" for character in '\\}~#"/'})


def cloze(key: Key, share: int) -> str:
    """One question in which every number of the key is a gap; `share` is what a known slip earns, in percent."""
    quiz = key.quiz
    student = f", {quiz.student.id}" if quiz.student else ""
    lines = [f"<p>{_html(quiz.title + student)}</p>"]
    asked = {exercise.number: tuple(asked_in(key, exercise)) for exercise in quiz.exercises}
    scale = lcm(*(len(one.blanks) for several in asked.values() for one in several))
    for exercise in quiz.exercises:
        lines.append(f"<p><b>{exercise.number}.</b> {task_html(exercise.task)}</p>")
        gaps = {(one.line.label, one.quantity.name): _gaps(one, scale, share) for one in asked[exercise.number]}
        lines.append(f"<p>{_net(exercise, gaps)}</p>")
    return "\n".join(lines) + "\n"


def _net(exercise: Exercise, gaps: dict[tuple[str, str], str]) -> str:
    """The net as code, then each question with its gaps."""
    code = "<br />".join(_html(line) for line in plain_net(exercise).split("\n"))
    return "<br />".join([f"<code>{code}</code>", *gaps.values()])


def _gaps(asked: Asked, scale: int, share: int) -> str:
    """The question and its gaps: a matrix row by row, a shape with x between; they weigh `scale` x its points."""
    weight = asked.points * scale // len(asked.blanks)
    gaps = [_gap(blank, weight, share) for blank in asked.blanks]
    said = _html(asked.question)
    if asked.columns:
        rows = (gaps[i : i + asked.columns] for i in range(0, len(gaps), asked.columns))
        return "<br />".join([said, *(" ".join(row) for row in rows)])
    if len(gaps) == 1:
        return f"{said} {gaps[0]}"
    if isinstance(asked.right, Shape):
        return f"{said} {' x '.join(gaps)} ({_html(asked.form)})"
    return "<br />".join(
        [said, *(f"{_html(blank.name)}: {gap}" for blank, gap in zip(asked.blanks, gaps, strict=True))]
    )


def _gap(blank: Blank, weight: int, share: int) -> str:
    rights = as_moodle_reads(blank.right)
    answers = [f"={number(value)}" for value in rights]
    for wrong in blank.wrong:
        values = (value for value in as_moodle_reads(wrong.value) if value not in rights)
        answers += [f"%{share}%{number(value)}#{_feedback(wrong.hint)}" for value in values]
    return f"{{{weight}:NUMERICAL:{'~'.join(answers)}}}"


def _feedback(text: str) -> str:
    return escape(text, quote=False).translate(_SPECIAL)


def _html(text: str) -> str:
    """Text outside of gaps: an open brace there might begin one."""
    return escape(text, quote=False).replace("{", "&#123;").replace("}", "&#125;")

r"""Cloze, Moodle's embedded answers: the whole quiz as one question with numerical gaps.

Inside a gap `} ~ # \ "` and `/` are escaped; outside of gaps the text is HTML.  Moodle joins the lines of the file
without line ends, so that every break is written as `<br />`.  The first words become the question's name.
"""

from __future__ import annotations

from html import escape
from math import lcm

from cnncalc.homework.quiz.blanks import Asked, Blank, asked_in
from cnncalc.homework.quiz.exercises import PICTURE, Exercise, task_html
from cnncalc.homework.quiz.gift import number
from cnncalc.homework.quiz.keys import Key

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
        gaps = {(one.line.label, one.asked): _gaps(one, scale, share) for one in asked[exercise.number]}
        lines.append(f"<p>{_net(exercise, gaps)}</p>")
    return "\n".join(lines) + "\n"


def _net(exercise: Exercise, gaps: dict[tuple[str, str], str]) -> str:
    rows = [f"<code>{_html(PICTURE)}</code>"] if exercise.has_picture else []
    for line in exercise.lines:
        start = f"{line.label}: {line.text}" if line.label else line.text
        rows.append(f"<code>{_html(start)}</code>")
        rows += [gaps[line.label, quantity] for quantity in line.asked]
    return "<br />".join(rows)


def _gaps(asked: Asked, scale: int, share: int) -> str:
    """The gaps of one answer: a matrix row by row, a shape with x between; together they weigh `scale` x its points."""
    weight = asked.points * scale // len(asked.blanks)
    gaps = [_gap(blank, weight, share) for blank in asked.blanks]
    if asked.columns:
        rows = (gaps[i : i + asked.columns] for i in range(0, len(gaps), asked.columns))
        return "<br />".join(" ".join(row) for row in rows)
    if asked.asked == "shape":
        return " x ".join(gaps)
    return "<br />".join(f"{_html(blank.name)}: {gap}" for blank, gap in zip(asked.blanks, gaps, strict=True))


def _gap(blank: Blank, weight: int, share: int) -> str:
    answers = [f"={number(blank.right)}"]
    answers += [f"~%{share}%{number(wrong.value)}#{_feedback(wrong.hint)}" for wrong in blank.wrong]
    return f"{{{weight}:NUMERICAL:{''.join(answers)}}}"


def _feedback(text: str) -> str:
    return escape(text, quote=False).translate(_SPECIAL)


def _html(text: str) -> str:
    """Text outside of gaps: an open brace there might begin one."""
    return escape(text, quote=False).replace("{", "&#123;").replace("}", "&#125;")

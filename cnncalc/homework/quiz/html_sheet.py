"""HTML to be printed: each student's sheet begins on a page of its own, with room to work and boxes for the answers.

The file needs nothing from elsewhere and runs nothing.  Every text is escaped.  It can also be read on a telephone:
lines wrap, and the room to work moves below the lines.
"""

from __future__ import annotations

from html import escape as escape_markup

from cnncalc.diagnostics.letters import printable
from cnncalc.homework.quiz.exercises import Quiz, task_html
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.quiz.paper import Box, PaperExercise, Row, paper_exercises

STYLE = """\
@page { size: A4; margin: 10mm 13mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem; color: #111; background: #fff;
  font: 16px/1.4 "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif }
.sheet { padding: 1rem 0 2rem; border-bottom: 3px double #888 }
.sheet:last-child { border-bottom: 0 }
h1 { font-size: 1.3em; margin: 0 0 .3em }
h2 { font-size: 1em; margin: .9em 0 .2em; border-top: 1px solid #888; padding-top: .4em }
p { margin: .2em 0 .4em }
.who { display: flex; flex-wrap: wrap; gap: .2em 2em; margin: 0 }
.who div { display: flex; gap: .4em; overflow-wrap: anywhere }
.who dt { color: #444 }
.who dd { margin: 0; min-width: 6em; border-bottom: 1px solid #111; font-weight: bold }
.who div:last-child { margin-left: auto }
.who div:last-child dd { text-align: right }
code { font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: .92em; overflow-wrap: anywhere }
.columns { display: flex; flex-wrap: wrap; gap: .6em 1em; align-items: stretch }
.net { flex: 3 1 22rem; min-width: 0; border-collapse: collapse; align-self: flex-start }
.net th, .net td { text-align: left; vertical-align: middle; padding: .15em .5em .15em 0; font-weight: normal }
.net th[scope=col] { font-style: italic; line-height: 1.15; vertical-align: bottom }
.boxes { white-space: nowrap }
.box { display: inline-block; min-width: 3.6em; min-height: 1.7em; padding: 0 .3em; border: 1px solid #111;
  text-align: center; vertical-align: middle; font-weight: bold }
.box.wide { min-width: 7em }
.box.matrix { min-width: 11em; min-height: 6em; text-align: left; font-weight: normal }
.matrix-of { display: inline-table; border-collapse: collapse; border: solid #111; border-width: 0 2px;
  border-radius: .4em; margin: .15em .4em .15em 0; vertical-align: middle }
.matrix-of td { padding: 0 .4em; text-align: right }
.work { flex: 2 1 12rem; min-height: 6em; border: 1px dotted #666; padding: .1em .4em; color: #666; font-size: .8em }
@media (max-width: 30rem) { body { padding: 0 .6rem } .box { min-width: 2.6em } .net { flex-basis: 100% } }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.25 }
  h2 { margin-top: .45em; padding-top: .25em }
  .box { min-height: 1.6em }
  .box.matrix { min-height: 5em }
  .net th, .net td { padding: .05em .5em .05em 0 }
  .work { min-height: 4em }
  .sheet { padding: 0; border: 0; break-after: page }
  .sheet:last-child { break-after: auto }
  section { break-inside: avoid }
  .columns { flex-wrap: nowrap }
  .net { flex-basis: 0 }
  .work { flex-basis: 0 }
}
"""


def escape(text: str) -> str:
    """Text that is shown as it is, without letters that are not shown."""
    return escape_markup(printable(text))


def html_document(title: str, sheets: str) -> str:
    """The whole file."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{sheets}</main>\n</body>\n</html>\n"
    )


def html_sheet(key: Key, *, with_key: bool) -> str:
    """One student's sheet, or the sheet of answers to it."""
    exercises = "".join(_exercise(exercise, with_key=with_key) for exercise in paper_exercises(key))
    heading = escape(key.quiz.title) + (": answers" if with_key else "")
    who = _who(key.quiz, with_key=with_key)
    return f'<article class="sheet">\n<header>\n<h1>{heading}</h1>\n{who}</header>\n{exercises}</article>\n'


def _who(quiz: Quiz, *, with_key: bool) -> str:
    """Name, number and points: filled in where they are known, else lines to write on."""
    name, number = (quiz.student.name, quiz.student.id) if quiz.student else ("", "")
    points = f"{quiz.points}" if with_key else f"of {quiz.points}"
    rows = (("Name", name), ("Number", number), ("Points", points))
    cells = "".join(f"<div><dt>{what}</dt><dd>{escape(said)}</dd></div>\n" for what, said in rows)
    return f'<dl class="who">\n{cells}</dl>\n'


def _exercise(exercise: PaperExercise, *, with_key: bool) -> str:
    columns = "".join(f'<th scope="col">{escape(column)}</th>' for column in exercise.columns)
    rows = "".join(_row(row, with_key=with_key) for row in exercise.rows)
    work = "" if with_key else '<div class="work">Room to work</div>\n'
    return (
        f"<section>\n<h2>Exercise {exercise.number} ({exercise.points})</h2>\n<p>{task_html(exercise.task)}</p>\n"
        f'<div class="columns">\n<table class="net">\n<tr><td></td><td></td>{columns}</tr>\n{rows}</table>\n'
        f"{work}</div>\n</section>\n"
    )


def _row(row: Row, *, with_key: bool) -> str:
    matrices = "".join(_matrix(plane) for plane in row.planes)
    answers = "".join(f"<td>{_boxes(box, with_key=with_key) if box else ''}</td>" for box in row.boxes)
    line = f"<code>{escape(row.words)}</code> {matrices}"
    return f'<tr><th scope="row">{escape(row.label)}</th><td>{line}</td>{answers}</tr>\n'


def _boxes(box: Box, *, with_key: bool) -> str:
    kind = " matrix" if box.is_matrix else " wide" if len(box.rights) == 1 else ""
    boxes = " \u00d7 ".join(
        f'<span class="box{kind}">{escape(right) if with_key else ""}</span>' for right in box.rights
    )
    return f'<span class="boxes">{boxes}</span>'


def _matrix(plane: tuple[tuple[str, ...], ...]) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in plane)
    return f'<table class="matrix-of">{rows}</table>'

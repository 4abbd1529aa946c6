r"""LaTeX to be printed with plain pdflatex: a page for each student, with room to work and boxes for the answers.

Every character is escaped, and nothing that a name holds is a command.  Letters that pdflatex has no glyph for are
declared in the preamble, as their number, so that a file always compiles; XeLaTeX and LuaLaTeX set them as they are.
"""

from __future__ import annotations

import re
import unicodedata

from cnncalc.diagnostics.letters import printable
from cnncalc.homework.quiz.exercises import Quiz
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.quiz.paper import Box, PaperExercise, Row, paper_exercises

_SPECIAL = {
    **{character: f"\\{character}" for character in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": r"{-}",
    "\u00d7": r"\texttimes{}",
    "\u00a0": "~",
}
_OF_T1 = "ßÆØÞÐŁŒæøþðłœıĐđ¡¿«»§°ªº"
"""Letters that plain pdflatex sets as they are."""

_ACCENTS = dict(
    zip(
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0326\u0327\u0328",
        ("`", "'", "^", "~", "=", "u", ".", '"', "r", "H", "v", "textcommabelow", "c", "k"),
        strict=True,
    )
)
"""Combining accents and their commands."""

ROW = 5
"""Millimetres that a line of a net takes."""

PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage{iftex}
\usepackage[a4paper,margin=12mm,includehead,headsep=3mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{2pt}
\pagestyle{myheadings}
\newcommand{\answerbox}[2]{\fbox{\rule[-1.2mm]{0pt}{4mm}\makebox[#1]{\textbf{#2}}}}
\newcommand{\matrixbox}[1]{\fbox{\begin{minipage}[c][15mm][t]{40mm}\strut#1\end{minipage}}}
"""


def escaped(text: str) -> str:
    r"""Text that LaTeX shows as it is.

    >>> escaped(r"50% of é_b \input{x}")
    "50\\% of \\'{e}\\_b \\textbackslash{}input\\{x\\}"
    """
    return "".join(map(_letter, unicodedata.normalize("NFC", printable(text))))


def _letter(letter: str) -> str:
    """One letter; an accented one as its accent's command, which every font has."""
    base, *accents = list(unicodedata.normalize("NFD", letter))
    if not accents or not base.isascii() or any(accent not in _ACCENTS for accent in accents):
        return _SPECIAL.get(letter, letter)
    said = base
    for accent in accents:
        said = f"\\{_ACCENTS[accent]}{{{said}}}"
    return said


def latex_document(title: str, sheets: str) -> str:
    """The whole file."""
    strange = sorted({character for character in sheets if not character.isascii() and character not in _OF_T1})
    declared = "".join(
        f"  \\DeclareUnicodeCharacter{{{ord(character):04X}}}{{[U+{ord(character):04X}]}}\n" for character in strange
    )
    declarations = f"\\ifPDFTeX\n{declared}\\fi\n" if declared else ""
    return f"% {title}\n{PREAMBLE}{declarations}\\begin{{document}}\n{sheets}\\end{{document}}\n"


def latex_sheet(key: Key, *, with_key: bool) -> str:
    """One student's sheet, or the sheet of answers to it; the next one begins on a new page."""
    quiz = key.quiz
    student = ", ".join(escaped(part) for part in (quiz.student.name, quiz.student.id) if part) if quiz.student else ""
    heading = escaped(quiz.title) + (": answers" if with_key else "")
    exercises = "".join(_exercise(exercise, with_key=with_key) for exercise in paper_exercises(key))
    return (
        f"\\clearpage\\setcounter{{page}}{{1}}\\markright{{\\textnormal{{{student}}}\\hfill}}\n"
        f"{{\\large\\bfseries {heading}}}\\par\\medskip\n{_who(quiz, with_key=with_key)}{exercises}"
    )


def _who(quiz: Quiz, *, with_key: bool) -> str:
    name, number = (quiz.student.name, quiz.student.id) if quiz.student else ("", "")
    points = str(quiz.points) if with_key else f"\\hspace*{{12mm}} of {quiz.points}"

    def filled(text: str, width: str) -> str:
        return f"\\textbf{{{escaped(text)}}}" if text else f"\\underline{{\\hspace*{{{width}}}}}"

    return f"Name: {filled(name, '70mm')}\\qquad Number: {filled(number, '30mm')}\\hfill Points: {points}\\par\n"


def _exercise(exercise: PaperExercise, *, with_key: bool) -> str:
    """The net at the left, and at the right as much room to work as it is high."""
    pieces = re.split("`([^`]*)`", exercise.task)
    said = "".join(f"\\texttt{{{escaped(piece)}}}" if n % 2 else escaped(piece) for n, piece in enumerate(pieces))
    rows = "".join(_row(row, with_key=with_key) for row in exercise.rows)
    several = len(exercise.columns) > 1
    width = 20 if len(exercise.columns) > 2 else 26
    columns = "".join(
        f" & \\parbox[b]{{{width}mm}}{{\\raggedright\\textit{{{escaped(column)}}}}}" for column in exercise.columns
    )
    form = f"lp{{{'0.27' if several else '0.5'}\\linewidth}}{'l' * len(exercise.columns)}"
    net = f"\\begin{{tabular}}[t]{{@{{}}{form}@{{}}}}\n & {columns} \\\\\n{rows}\\end{{tabular}}"
    share = "\\linewidth" if with_key else "0.68\\linewidth"
    height = ROW + sum(ROW + 4 * max(map(len, row.planes), default=0) for row in exercise.rows)
    room = "\\tiny Room to work"
    work = f"\\hfill\n\\fbox{{\\begin{{minipage}}[t][{height}mm][t]{{0.28\\linewidth}}{room}\\end{{minipage}}}}"
    return (
        "\\par\\smallskip\\hrule\\smallskip\n"
        f"\\noindent\\begin{{minipage}}{{\\linewidth}}\n"
        f"\\textbf{{Exercise {exercise.number} ({exercise.points})}} {said}\\par\\smallskip\n"
        f"\\begin{{minipage}}[t]{{{share}}}\n{net}\n\\end{{minipage}}"
        f"{'' if with_key else work}\n\\end{{minipage}}\n"
    )


def _row(row: Row, *, with_key: bool) -> str:
    line = f"\\raggedright\\texttt{{{escaped(row.words)}}}" if row.words else ""
    matrices = " ".join(_matrix(plane) for plane in row.planes)
    answers = "".join(f" & {_boxes(box, with_key=with_key) if box else ''}" for box in row.boxes)
    return f"{escaped(row.label)} & {line} {matrices}{answers} \\\\[0.2mm]\n"


def _boxes(box: Box, *, with_key: bool) -> str:
    rights = [escaped(right) if with_key else "" for right in box.rights]
    if box.is_matrix:
        return f"\\matrixbox{{{rights[0]}}}"
    width = "18mm" if len(rights) == 1 else "8mm"
    return "$\\times$".join(f"\\answerbox{{{width}}}{{{right}}}" for right in rights)


def _matrix(plane: tuple[tuple[str, ...], ...]) -> str:
    rows = r" \\ ".join(" & ".join(escaped(cell).replace("{-}", "-") for cell in row) for row in plane)
    return f"$\\left[\\begin{{array}}{{{'r' * len(plane[0])}}}{rows}\\end{{array}}\\right]$"

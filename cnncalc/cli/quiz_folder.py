"""The folder of a quiz: what students get, the keys to grade by, and for paper one file of all sheets to print.

week3/sheets/12345.txt   what student 12345 gets (questions/ for the formats that a learning platform imports)
week3/keys/12345.txt     the key to grade 12345 by, always in our own language: `grade week3/keys ...`
week3/sheets.html        all sheets, to be printed in one go; keys.html are the answers
"""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from cnncalc.cli.terminal import write
from cnncalc.diagnostics.letters import printable

if TYPE_CHECKING:
    from cnncalc.cli.quiz_files import Made, Wanted
    from cnncalc.homework.student_names import Student

KEYS = "keys"
SHEETS = "sheets"
QUESTIONS = "questions"


def write_folder(wanted: Wanted, keys: Made, students: tuple[Student | None, ...], share: int) -> None:
    """Writes everything or nothing, and prints what it wrote."""
    from cnncalc.homework.quiz.notations import NOTATIONS, is_quiz
    from cnncalc.homework.rosters import file_names
    from cnncalc.whole_folders import whole_folder

    notation, folder = wanted.notation, os.path.normpath(str(wanted.output))
    given = QUESTIONS if notation.platform else SHEETS
    names = file_names(tuple(student for student in students if student))
    for_paper = not notation.platform and notation.between is not None
    together = [f"{name}{each.suffix}" for each in NOTATIONS.values() for name in (SHEETS, KEYS)]
    sheets, answers = [], []
    with whole_folder(folder, [SHEETS, QUESTIONS, KEYS, *together], force=wanted.force, known=is_quiz) as staged:
        for student, key in zip(students, keys, strict=True):
            name = names[student.id] if student else f"quiz-{wanted.seed}"
            page = notation.page(key, share, False)
            staged.write(f"{given}/{name}{notation.suffix}", notation.document(key.quiz.title, page))
            if wanted.key:
                staged.write(f"{KEYS}/{name}.txt", key.text)
            if for_paper:
                sheets.append(page)
                answers += [notation.page(key, share, True)] if wanted.key else []
        title = key.quiz.title
        for name, pages in ((SHEETS, sheets), (KEYS, answers)):
            if pages:
                staged.write(f"{name}{notation.suffix}", notation.document(title, str(notation.between).join(pages)))
    write(_receipt(wanted, folder, keys, len(students), for_paper=for_paper))


def _receipt(wanted: Wanted, folder: str, keys: Made, count: int, *, for_paper: bool) -> str:
    """What was written, for what; a path in a command is quoted for the shell."""
    notation = wanted.notation
    files = "1 file" if count == 1 else f"{count:,} files, one a student"
    if notation.platform:
        rows = [(f"{QUESTIONS}/", f"{files}, to import into {notation.platform}")]
    else:
        rows = [(f"{SHEETS}/", f"{files}, to hand out")]
    if for_paper:
        rows.append((f"{SHEETS}{notation.suffix}", "all of them, to print"))
    if wanted.key:
        command = f"cnncalc grade {shlex.quote(os.path.join(folder, KEYS))} SUBMISSIONS"
        rows.append((f"{KEYS}/", f"{files.partition(',')[0]}, to grade by: {command}"))
    if for_paper and wanted.key:
        rows.append((f"{KEYS}{notation.suffix}", "the answers, to print"))
    width = max(len(name) for name, _ in rows)
    lines = [f"{folder}/: {keys.said()}", *(f"  {name.ljust(width)}  {what}" for name, what in rows)]
    return "".join(f"{printable(line)}\n" for line in lines)

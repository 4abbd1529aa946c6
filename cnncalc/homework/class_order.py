"""The grades of a class in order, and no two of them with one id."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cnncalc.homework.marks import Grade
from cnncalc.homework.student_names import plain


def in_order(grades: Sequence[Grade]) -> list[Grade]:
    """Ordered by id, name and file."""
    found = _distinguished(grades)
    return sorted(found, key=lambda grade: (_natural(grade.student.id), grade.student.name, grade.shown))


def _distinguished(grades: Sequence[Grade]) -> list[Grade]:
    """Two submissions with one id are told apart by their files, and both say so: nobody takes another's place."""
    ids = Counter(grade.student.id.casefold() for grade in grades)
    files = Counter(os.path.basename(grade.shown) for grade in grades)
    return [grade if ids[grade.student.id.casefold()] == 1 else _doubtful(grade, files) for grade in grades]


def _doubtful(grade: Grade, files: Counter[str]) -> Grade:
    name = os.path.basename(grade.shown)
    student = grade.student._replace(id=f"{grade.student.id} ({plain(name if files[name] == 1 else grade.shown)})")
    note = f"another submission has the id {grade.student.id} too"
    return replace(grade, student=student, notes=(*grade.notes, note))


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Ids in the order in which people count: 9 before 10."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", text.casefold())
    return tuple((0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part) for part in parts)

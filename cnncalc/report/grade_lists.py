"""A graded class on the terminal: a line for each student, and on request a line for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from cnncalc.diagnostics.letters import printable
from cnncalc.homework.marks import Grade, Gradebook, Tally, all_slips, histogram, points_text, tallies
from cnncalc.quantities import percent
from cnncalc.report.canvas import Canvas
from cnncalc.report.grade_words import STATUSES, WORDS
from cnncalc.report.layout import drawn
from cnncalc.report.sheet import Cell, Column, Fact, Line, Share, Sheet

MOST_SLIPS = 10
WIDEST_NAME = 24
"""Characters of an id or a name in a table; files have them whole."""


def _counts(found: Iterable[Counter[str]]) -> tuple[Column, ...]:
    """A column for each status; one that nobody got may be left out, but `wrong` last."""
    there: Counter[str] = sum(found, Counter())
    keep = {status: 0 if there[status] else 3 if status == "wrong" else 2 for status in STATUSES}
    return tuple(Column(one, tuple(WORDS[one].split(" ")), right=True, keep=keep[one]) for one in STATUSES)


def class_list(book: Gradebook, canvas: Canvas) -> str:
    """Every student with points, share and counts, and a note where there is one; mean and median below."""
    noted = any(grade.fault or grade.notes for grade in book.grades)
    columns = (
        Column("id", ("student",), "text"),
        Column("name", ("name",), "text"),
        Column("points", ("points",), right=True),
        Column("share", ("share",), right=True, keep=1),
        Column("bar", (), "bar", share_of="points"),
        *_counts(grade.counts for grade in book.grades),
        *([Column("note", ("note",), "text")] if noted else []),
    )
    lines = tuple(Line(_student(grade)[: len(columns)]) for grade in book.grades)
    rest = [""] * (len(columns) - 4)
    middle = (("mean", book.mean), ("median", book.median))
    totals = tuple(
        Line((name, "", points_text(points), _share(points, book.most), *rest), "total") for name, points in middle
    )
    counted = f"{_number(book.most, 'point')}, {_number(len(book.grades), 'submission')}"
    subtitle = f"{printable(book.key)}: {counted}" if book.homework else counted
    foot = tuple(Fact("" if n else "rules", rule) for n, rule in enumerate(book.policy.in_words()))
    return drawn(Sheet(printable(book.title), subtitle, columns, lines, totals, foot), canvas)


def _student(grade: Grade) -> tuple[Cell, ...]:
    counted = [str(grade.counts[status]) for status in STATUSES]
    who, points = grade.student, grade.points
    bar = Share(int(points * 100), max(1, int(grade.most * 100)))
    note = "not read" if grade.fault else "see notes" if grade.notes else ""
    cells = (_shortened(who.id), _shortened(who.name), points_text(points), _share(points, grade.most), bar)
    return (*cells, *counted, note)


def _shortened(name: str) -> str:
    """The beginning and the end of a long name, which tell it from others like it."""
    shown = printable(name)
    half = (WIDEST_NAME - 1) // 2
    return shown if len(shown) <= WIDEST_NAME else f"{shown[:half]}…{shown[-half:]}"


def class_summary(book: Gradebook, canvas: Canvas) -> str:
    """What became of each question, every slip of each, and how the points are spread."""
    parts = (question_list(book, canvas), slip_list(book, canvas), histogram_of(book, canvas))
    return "\n".join(filter(None, parts))


def slip_list(book: Gradebook, canvas: Canvas) -> str:
    """Every known slip of each question with how often it was made; empty without any."""
    columns = (
        Column("question", ("question",), "text"),
        Column("slip", ("known slip",), "text"),
        Column("times", ("times",), right=True),
        Column("bar", (), "bar", share_of="students"),
    )
    lines = tuple(
        Line((name if not n else "", printable(slip), str(count), Share(count, len(book.grades))))
        for tally in tallies(book)
        for name in (printable(f"{tally.question.name} {tally.question.asked}"),)
        for n, (slip, count) in enumerate(tally.slips)
    )
    return drawn(Sheet("Known slips by question", "", columns, lines, (), ()), canvas) if lines else ""


def histogram_of(book: Gradebook, canvas: Canvas) -> str:
    """How many students have which part of their points, in tenths."""
    columns = (
        Column("points", ("share of the points",), "text"),
        Column("students", ("students",), right=True),
        Column("bar", (), "bar", share_of="students"),
    )
    lines = tuple(
        Line((f"{10 * n}% to {10 * n + 10}%" if n else "up to 10%", str(count), Share(count, len(book.grades))))
        for n, count in enumerate(histogram(book))
    )
    return drawn(Sheet("How the points are spread", "", columns, lines, (), ()), canvas)


def question_list(book: Gradebook, canvas: Canvas) -> str:
    """Every question with what became of the class's answers and the slip it suffered from most."""
    found = tallies(book)
    columns = (
        Column("question", ("question",), "text"),
        Column("points", ("mean", "points"), right=True),
        Column("most", ("of",), right=True),
        *_counts(tally.counts for tally in found),
        Column("slip", ("most frequent slip",), "text"),
    )
    lines = tuple(_question(tally) for tally in found)
    slips = all_slips(found)[:MOST_SLIPS]
    foot = tuple(
        Fact("" if n else "slips", f"{slip}: {_number(count, 'time')}") for n, (slip, count) in enumerate(slips)
    )
    return drawn(Sheet("What the class made of each question", "", columns, lines, (), foot), canvas)


def _question(tally: Tally) -> Line:
    question = tally.question
    slip = f"{tally.slips[0][0]} ({tally.slips[0][1]})" if tally.slips else ""
    counted = [str(tally.counts[status]) for status in STATUSES]
    mean = points_text(tally.points / tally.counts.total())
    return Line((printable(f"{question.name} {question.asked}"), mean, points_text(question.points), *counted, slip))


def _share(points: Fraction, most: Fraction) -> str:
    return percent(points / most) if most else ""


def _number(count: int | Fraction, what: str) -> str:
    return f"{points_text(Fraction(count))} {what}{'' if count == 1 else 's'}"

"""Checked answers as a reader sees them: a line for each answer with its mark, and the hints below it.

The findings come as finished words; which of them may be shown was decided before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.report.canvas import Canvas
from cnncalc.report.fitting import GAP
from cnncalc.report.paint import Style
from cnncalc.report.summary_json import VERSION, as_text

MARKS = {"right": "✓", "follows": "~", "slip": "✗", "wrong": "✗", "none": "?", "unknown": "?", "unreadable": "!"}
ASCII_MARKS = MARKS | {"right": "ok", "slip": "x", "wrong": "x"}
STYLES: dict[str, Style] = {
    "right": "good",
    "follows": "warning",
    "slip": "bad",
    "wrong": "bad",
    "none": "warning",
    "unknown": "warning",
    "unreadable": "bad",
}
STATUSES = ("right", "follows", "slip", "wrong", "none", "unreadable", "unknown")
OPEN = {"none": "open"}
"""What a machine reads for `?`, as it always did."""

NARROWEST_PLACE, WIDEST_GIVEN = 16, 32


class Where(NamedTuple):
    """The place of a net from several files or cells: as a column has it, the file and the cell (0: none)."""

    text: str
    file: str
    cell: int


class Checked(NamedTuple):
    """One answer: where it stands, what was asked and written, what was found, and what may be said of it.

    `hints` are sentences; `steps` formulas, each in symbols and, when the solution is shown, with numbers and result.
    """

    line: int
    label: str
    text: str
    asked: str
    given: str
    status: str
    hints: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    right: str = ""
    slips: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    follows: str = ""
    kind: str = "row"
    where: Where | None = None


class Sheet(NamedTuple):
    """All checked answers of one text."""

    title: str
    source: str
    student: str
    answers: tuple[Checked, ...]
    notes: tuple[str, ...] = ()


def counts(answers: Sequence[Checked]) -> dict[str, int]:
    """How many answers there are of each status."""
    return {status: sum(answer.status == status for answer in answers) for status in STATUSES}


def checked_text(sheet: Sheet, canvas: Canvas) -> str:
    """The whole check as text, each line ended; what is too wide is wrapped to the canvas, and nothing is cut."""
    widths = _Widths.of(sheet.answers, canvas)
    lines = [canvas.paint(line, "title") for line in wrapped(printable(sheet.title or sheet.source), canvas.width)]
    under = ", ".join(filter(None, (printable(sheet.source) if sheet.title else "", printable(sheet.student))))
    lines += [canvas.paint(line, "faint") for line in wrapped(under, canvas.width) if line]
    lines.append("")
    before = None
    for answer in sheet.answers:
        place = (answer.kind, _line(answer), answer.label)
        lines += _answer(answer, widths, canvas, first=place != before)
        before = place
    lines += ["", *_foot(sheet, canvas)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


class _Widths(NamedTuple):
    """How wide the columns are."""

    mark: int
    line: int
    place: int
    asked: int
    given: int

    @classmethod
    def of(cls, answers: Sequence[Checked], canvas: Canvas) -> _Widths:
        mark = 2 if canvas.ascii_only else 1
        line = max((len(_line(answer)) for answer in answers), default=0)
        place = max((cells(_place(answer)) for answer in answers), default=0)
        asked = max((len(answer.asked) for answer in answers), default=0)
        given = max((cells(_given(answer)) for answer in answers), default=0)
        if canvas.width is not None:
            given = min(given, max(WIDEST_GIVEN, canvas.width // 3))
            room = canvas.width - mark - line - asked - given - 4 * len(GAP)
            place = min(place, room if room >= NARROWEST_PLACE else 0)
            given = min(given, canvas.width - mark - line - asked - place - 4 * len(GAP))
        return cls(mark, line, place, asked, given)

    @property
    def indent(self) -> int:
        return self.mark + self.line + 2 * len(GAP)


def _line(answer: Checked) -> str:
    if answer.where is not None:
        return printable(answer.where.text)
    return str(answer.line) if answer.line else ""


def _place(answer: Checked) -> str:
    label, text = printable(answer.label), printable(answer.text)
    return label if text in ("", label) else f"{label}: {text}"


def _given(answer: Checked) -> str:
    return printable(answer.given) or "-"


def _answer(answer: Checked, widths: _Widths, canvas: Canvas, *, first: bool) -> Iterator[str]:
    """A line's place is written once, however many answers it has; one that is too long, on lines of its own."""
    marks = ASCII_MARKS if canvas.ascii_only else MARKS
    number, place, given = _line(answer) if first else "", _place(answer) if first else "", _given(answer)
    room = canvas.width and canvas.width - widths.indent
    if cells(place) > widths.place:
        for line in wrapped(place, room, len(GAP)):
            yield " " * (widths.mark + len(GAP)) + number.rjust(widths.line) + GAP + line
            number = ""
        place = ""
    long = cells(given) > widths.given
    parts = [
        canvas.paint(marks[answer.status].ljust(widths.mark), STYLES[answer.status]),
        number.rjust(widths.line),
        *([place + " " * (widths.place - cells(place))] if widths.place else []),
        answer.asked.ljust(widths.asked),
        "" if long else given,
    ]
    yield GAP.join(parts)
    for style, text in _said(answer, given if long else ""):
        yield from (" " * widths.indent + canvas.paint(line, style) for line in wrapped(text, room, len(GAP)))


def _said(answer: Checked, given: str) -> Iterator[tuple[Style, str]]:
    """What is written below an answer; `given` is there when it had no room beside."""
    if given:
        yield "plain", given
    yield from (("plain", printable(hint)) for hint in answer.hints)
    yield from (("faint", printable(step)) for step in answer.steps)
    if answer.right:
        yield "name", printable(f"right: {answer.right}")


def _foot(sheet: Sheet, canvas: Canvas) -> Iterator[str]:
    """`6 right, 2 wrong, 1 open`."""
    found = counts(sheet.answers)
    found["wrong"] += found.pop("slip")
    said = ", ".join(f"{n} {_WORDS.get(status, status)}" for status, n in found.items() if n)
    style: Style = "verdict" if found["right"] == len(sheet.answers) else "bad" if found["wrong"] else "warning"
    yield from (canvas.paint(line, style) for line in wrapped(said or "no answers", canvas.width))
    for note in sheet.notes:
        yield from wrapped(note, canvas.width)


_WORDS = {
    "follows": "following from another",
    "none": "open",
    "unreadable": "not readable",
    "unknown": "not judged",
}


def checked_json(sheet: Sheet, level: int) -> str:
    """The check as JSON; keys are only ever added.  The right value is there only where it was asked for."""
    return as_text(
        {
            "cnncalc": VERSION,
            "homework": sheet.title,
            "source": sheet.source,
            "student": sheet.student,
            "hint": level,
            "ok": all(answer.status == "right" for answer in sheet.answers),
            "counts": {OPEN.get(status, status): n for status, n in counts(sheet.answers).items()},
            "answers": [_object(answer) for answer in sheet.answers],
        }
    )


def _object(answer: Checked) -> dict[str, Any]:
    found: dict[str, Any] = {
        "line": answer.line,
        "kind": answer.kind,
        "label": answer.label,
        "text": answer.text,
        "asked": answer.asked,
        "given": answer.given,
        "verdict": OPEN.get(answer.status, answer.status),
        "wrong": list(answer.wrong),
        "follows": answer.follows,
        "slips": list(answer.slips),
        "hints": list(answer.hints),
        "steps": list(answer.steps),
    }
    if answer.where is not None:
        found |= {"file": answer.where.file} | ({"cell": answer.where.cell} if answer.where.cell else {})
    return found | ({"right": answer.right} if answer.right else {})

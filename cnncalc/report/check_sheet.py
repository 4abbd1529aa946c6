"""Checked answers as a reader sees them: a line for each answer with its mark, and the hints below it.

What may be shown of a finding beside its place and what was written is what was told of it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from cnncalc.diagnostics import Source
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.places import brief_place
from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.homework.findings import Finding, Place
from cnncalc.homework.formula_steps import legend
from cnncalc.homework.policy import Telling, Told
from cnncalc.homework.truth import Truth
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


class Sheet(NamedTuple):
    """All answers of one text with what may be said of each, in the order in which they are shown."""

    title: str
    source: Source
    student: str
    answers: tuple[tuple[Finding, Told], ...]
    notes: tuple[str, ...] = ()


def sheet_of(truth: Truth, findings: Iterable[Finding], telling: Telling) -> Sheet:
    """Everything that may be shown of these findings: lines, then block calls, the total and questions."""
    graph = truth.graph
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.place.kind))
    answers = tuple((finding, telling.told(finding, truth)) for finding in ordered)
    return Sheet(
        graph.homework or graph.title, graph.source, " ".join(graph.student), answers, tuple(_notes(answers, telling))
    )


_ORDER = ("row", "group", "total", "question")
_NEXT_HINT = {
    0: "--hint 1 says which part is wrong.",
    1: "--hint 2 says what kind of slip it looks like.",
    2: "--hint 3 shows the formula.",
}


def _notes(answers: Sequence[tuple[Finding, Told]], telling: Telling) -> Iterator[str]:
    wrong = any(finding.verdict.ok is False for finding, _ in answers)
    if wrong and not telling.solve and telling.highest in _NEXT_HINT:
        yield _NEXT_HINT[telling.highest]
    slips = dict.fromkeys(name for _, told in answers for slip in told.slips for name in slip.split("+"))
    if slips:
        yield f"`cnncalc explain NAME` explains a mistake: {', '.join(slips)}."
    letters = legend(step.partition(" = ")[2] for _, told in answers for step in told.steps)
    if letters:
        yield letters


def counts(sheet: Sheet) -> dict[str, int]:
    """How many answers there are of each status."""
    return {status: sum(told.status == status for _, told in sheet.answers) for status in STATUSES}


def checked_text(sheet: Sheet, canvas: Canvas) -> str:
    """The whole check as text, each line ended; what is too wide is wrapped to the canvas, and nothing is cut."""
    widths = _Widths.of(sheet, canvas)
    title, shown = printable(sheet.title), printable(sheet.source.shown)
    lines = [canvas.paint(line, "title") for line in wrapped(title or shown, canvas.width)]
    under = ", ".join(filter(None, (shown if title else "", printable(sheet.student))))
    lines += [canvas.paint(line, "faint") for line in wrapped(under, canvas.width) if line]
    lines.append("")
    before: Place | None = None
    for finding, told in sheet.answers:
        place = _Place.of(finding, sheet.source)
        lines += _answer(finding, told, place if finding.place != before else _NO_PLACE, widths, canvas)
        before = finding.place
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
    def of(cls, sheet: Sheet, canvas: Canvas) -> _Widths:
        findings = [finding for finding, _ in sheet.answers]
        places = [_Place.of(finding, sheet.source) for finding in findings]
        mark = 2 if canvas.ascii_only else 1
        line = max((len(place.line) for place in places), default=0)
        place = max((cells(place.text) for place in places), default=0)
        asked = max((len(finding.asked) for finding in findings), default=0)
        given = max((cells(_given(finding)) for finding in findings), default=0)
        if canvas.width is not None:
            given = min(given, max(WIDEST_GIVEN, canvas.width // 3))
            room = canvas.width - mark - line - asked - given - 4 * len(GAP)
            place = min(place, room if room >= NARROWEST_PLACE else 0)
            given = min(given, canvas.width - mark - line - asked - place - 4 * len(GAP))
        return cls(mark, line, place, asked, given)

    @property
    def indent(self) -> int:
        return self.mark + self.line + 2 * len(GAP)


class _Place(NamedTuple):
    """Where an answer stands: the line, of a net from several files with the file and the cell, and its words."""

    line: str
    text: str

    @classmethod
    def of(cls, finding: Finding, source: Source) -> _Place:
        at = finding.place
        label, text = printable(at.label), printable(at.text)
        line = printable(brief_place(source, at.line)) if source.parts and at.line else _number(source, at.line)
        return cls(line, label if text in ("", label) else f"{label}: {text}" if label else text)


_NO_PLACE = _Place("", "")


def _number(source: Source, line: int) -> str:
    return str(source.place(line).line or "")


def _given(finding: Finding) -> str:
    return printable(finding.given) or "-"


def _answer(finding: Finding, told: Told, at: _Place, widths: _Widths, canvas: Canvas) -> Iterator[str]:
    """A line's place is written once, however many answers it has; one that is too long, on lines of its own."""
    marks = ASCII_MARKS if canvas.ascii_only else MARKS
    number, place, given = at.line, at.text, _given(finding)
    room = canvas.width and canvas.width - widths.indent
    if cells(place) > widths.place:
        for line in wrapped(place, room, len(GAP)):
            yield " " * (widths.mark + len(GAP)) + number.rjust(widths.line) + GAP + line
            number = ""
        place = ""
    long = cells(given) > widths.given
    parts = [
        canvas.paint(marks[told.status].ljust(widths.mark), STYLES[told.status]),
        number.rjust(widths.line),
        *([place + " " * (widths.place - cells(place))] if widths.place else []),
        finding.asked.ljust(widths.asked),
        "" if long else given,
    ]
    yield GAP.join(parts)
    for style, text in _said(told, given if long else ""):
        yield from (" " * widths.indent + canvas.paint(line, style) for line in wrapped(text, room, len(GAP)))


def _said(told: Told, given: str) -> Iterator[tuple[Style, str]]:
    """What is written below an answer; `given` is there when it had no room beside."""
    if given:
        yield "plain", given
    yield from (("plain", printable(sentence)) for sentence in told.sentences)
    yield from (("faint", printable(step)) for step in told.steps)
    if told.solution and told.status != "right":
        yield "name", printable(f"right: {told.solution}")


def _foot(sheet: Sheet, canvas: Canvas) -> Iterator[str]:
    """`6 right, 2 wrong, 1 open`."""
    found = counts(sheet)
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
            "source": sheet.source.shown,
            "student": sheet.student,
            "hint": level,
            "ok": all(told.status == "right" for _, told in sheet.answers),
            "counts": {OPEN.get(status, status): n for status, n in counts(sheet).items()},
            "answers": [_object(finding, told, sheet.source) for finding, told in sheet.answers],
        }
    )


def _object(finding: Finding, told: Told, source: Source) -> dict[str, Any]:
    at = finding.place
    place = source.place(at.line)
    found: dict[str, Any] = {
        "line": place.line,
        "kind": at.kind,
        "label": at.label,
        "text": "" if at.text == at.label else at.text,
        "asked": finding.asked,
        "given": finding.given,
        "verdict": OPEN.get(told.status, told.status),
        "wrong": list(told.parts),
        "follows": told.follows,
        "slips": list(told.slips),
        "hints": list(told.sentences),
        "steps": list(told.steps),
    }
    if source.parts and at.line:
        found |= {"file": place.name} | ({"cell": place.cell} if place.cell else {})
    return found | ({"right": told.solution} if told.solution and told.status != "right" else {})

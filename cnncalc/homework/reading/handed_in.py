"""The answers of one file, whatever it is: its lines first, then its tables, then what it has printed.

Both `check --answers` and `grade` read through here.  Of two answers to one question the first counts, and the other is
said; a printed summary answers only what nobody answered by hand.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cnncalc.analysis import Analysis
from cnncalc.asked import NAMES, quantity_of
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.homework.findings import Claim
from cnncalc.homework.questions import KeySheet, Site
from cnncalc.homework.reading.answer_lines import Piece, Reading, reading_of
from cnncalc.homework.reading.match_rows import Places
from cnncalc.homework.reading.row_claims import table_claims
from cnncalc.homework.reading.submission_parts import Parts, parts_of
from cnncalc.homework.reading.tables import Table
from cnncalc.spec.document import Answer

_SUMMED = ("params", "macs", "flops")
"""What a total without a name may be the sum of: whatever the lines of the net are asked for."""


class Reader:
    """Reads files against one key."""

    def __init__(self, key: Analysis, sheet: KeySheet) -> None:
        self.sheet = sheet
        self.homework = key.graph.homework or os.path.splitext(os.path.basename(key.graph.source.name))[0]
        self._places = Places(key)
        self._lines = {place: n for n, site in enumerate(sheet.sites) for place in site.places}

    def reading(self, content: bytes, name: str) -> Reading:
        """What a file answers of what the key asks; raises `Unreadable` for what is no text and is not read as one."""
        parts = parts_of(content, name)
        reading = reading_of(parts.text, self.sheet)
        for table in parts.tables:
            self._take(table, reading)
        reading.is_printed = not reading.answered
        for table in parts.prints:
            self._take(table, reading)
        for note in parts.notes:
            reading.note(note)
        if parts.holds_network and not reading.answered:
            reading.note(
                "it holds a network as a program, and what that gives is no answer: read are answers written in text, "
                "tables or comments, and what it has printed"
            )
        return reading

    def _take(self, table: Table, reading: Reading) -> None:
        """The answers of a table; what a print says of a question that was answered by hand is no second answer."""
        placed = table_claims(table, self._places)
        for claim in placed.claims:
            line = self._lines.get((claim.kind, claim.index))
            if line is None or all(asked.asked != claim.answer.asked for asked in self.sheet.sites[line].asked):
                continue
            before = reading.answers.get((line, claim.answer.asked))
            if table.form == "table" or before is None or not before.given:
                reading.keep(line, Piece(claim.answer, claim.fault))
        for fault in placed.faults:
            reading.note(f"line {fault.span.line}: {fault.message}" if fault.span else fault.message)


def claims_of_parts(parts: Parts, key: Analysis) -> tuple[tuple[Claim, ...], tuple[Diagnostic, ...]]:
    """The claims of a file about every place of a key, whether it asks there or not, and what could not be placed."""
    sheet = _open_sheet(key)
    reading = reading_of(parts.text, sheet)
    claims = {
        (kind, index, asked): Claim(kind, index, piece.answer, piece.fault)
        for (line, asked), piece in reading.answers.items()
        for kind, index in sheet.sites[line].places
    }
    faults = [_noted(note) for note in (*parts.notes, *(reading.notes if reading.answered else ()))]
    places = Places(key)
    for table in (*parts.tables, *parts.prints):
        placed = table_claims(table, places)
        faults += placed.faults
        for claim in placed.claims:
            claims.setdefault((claim.kind, claim.index, claim.answer.asked), claim)
    return tuple(claims.values()), tuple(faults)


def freely_written(key: Analysis, faults: Sequence[Diagnostic]) -> tuple[tuple[Claim, ...], tuple[Diagnostic, ...]]:
    """Answers of the key's own text that its language does not have, and the faults that are left when they are read.

    `faults` are of answers alone.  A line counts as read when each of its answers is; it is said how it was read.
    """
    source = key.graph.source
    if key.graph.document is None or source.is_program:
        return (), tuple(faults)
    sheet = _open_sheet(key)
    read: dict[int, list[Claim]] = {}
    for (line, _), piece in reading_of(source.text, sheet).answers.items():
        claims = [Claim(kind, index, piece.answer, piece.fault) for kind, index in sheet.sites[line].places]
        read.setdefault(piece.answer.span.line, []).extend(claims)
    whole = {line for line, claims in read.items() if not any(claim.fault for claim in claims)}
    mended = {fault.span.line for fault in faults if fault.span is not None} & whole
    left = tuple(fault for fault in faults if fault.span is None or fault.span.line not in mended)
    said = (_noted(f"line {line}: read as {_spelled(read[line])}") for line in sorted(mended))
    return tuple(claim for line in sorted(mended) for claim in read[line]), (*left, *said)


def _spelled(claims: Sequence[Claim]) -> str:
    return ", ".join(
        dict.fromkeys(f"{one.answer.asked} {quantity_of(one.answer).stated(one.answer)}" for one in claims)
    )


def _noted(note: str) -> Diagnostic:
    return Diagnostic("answers-noted", note, severity="warning")


def _open_sheet(key: Analysis) -> KeySheet:
    """The lines of a key that takes answers of every kind wherever it does not ask for just one, its total too."""
    sheet = KeySheet(key.graph)
    sites = [
        site if site.is_question or len(site.asked) == 1 else replace(site, asked=_unanswered(NAMES))
        for site in sheet.sites
    ]
    if not key.graph.totals:
        summed = {answer.asked for site in sheet.sites for answer in site.asked} & set(_SUMMED) or set(_SUMMED)
        asked = _unanswered([name for name in _SUMMED if name in summed])
        sites.append(Site(0, "total", "total", "total", (("total", 0),), asked, ()))
    return sheet.with_sites(sites)


def _unanswered(names: Iterable[str]) -> tuple[Answer, ...]:
    return tuple(Answer(asked, None, Span(1, 1), "") for asked in names)

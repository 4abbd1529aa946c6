"""The answers of one file, whatever it is: its lines first, then its tables, then what it has printed.

Both `check --answers` and `grade` read through here.  Of two answers to one question the first counts, and the other is
said; a printed summary answers only what nobody answered by hand.
"""

from __future__ import annotations

from dataclasses import replace

from cnncalc.analysis import Analysis
from cnncalc.asked import NAMES
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.homework.findings import Claim
from cnncalc.homework.questions import KeySheet
from cnncalc.homework.reading.lines import Piece, Reading, reading_of
from cnncalc.homework.reading.match_rows import Places
from cnncalc.homework.reading.parts import Parts, parts_of
from cnncalc.homework.reading.row_claims import table_claims
from cnncalc.homework.reading.tables import Table
from cnncalc.spec.document import Answer


class Reader:
    """Reads files against one key."""

    def __init__(self, key: Analysis, sheet: KeySheet) -> None:
        self.sheet = sheet
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
    faults = [Diagnostic("answers-noted", note, severity="warning") for note in parts.notes]
    places = Places(key)
    for table in (*parts.tables, *parts.prints):
        placed = table_claims(table, places)
        faults += placed.faults
        for claim in placed.claims:
            claims.setdefault((claim.kind, claim.index, claim.answer.asked), claim)
    return tuple(claims.values()), tuple(faults)


def _open_sheet(key: Analysis) -> KeySheet:
    """The lines of a key that takes answers of every kind wherever it does not ask for just one."""
    sheet = KeySheet(key.graph)
    anything = tuple(Answer(asked, None, Span(1, 1), "") for asked in NAMES)
    sheet.sites = tuple(
        site if site.is_question or len(site.asked) == 1 else replace(site, asked=anything) for site in sheet.sites
    )
    return sheet

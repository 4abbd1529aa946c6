"""What the rows of a table claim about the places they mean, and what could not be placed or was answered twice.

A line of several layers has the shape of the last one and the parameters of all.  What a cell says is read by `cells`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.asked import PARAMS, SHAPE, named_in, quantity_of
from cnncalc.asked.counting_answers import Count
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.homework.findings import Claim
from cnncalc.homework.reading.answer_cells import cell_answer
from cnncalc.homework.reading.grid_rows import SHAPE_LIKE
from cnncalc.homework.reading.line_answers import line_answers
from cnncalc.homework.reading.match_rows import Places, Target
from cnncalc.homework.reading.spelled_sizes import Expected
from cnncalc.homework.reading.tables import Table, TableRow
from cnncalc.homework.truth import PlaceKind
from cnncalc.written_numbers import signs_of

MOST_FAULTS = 10

LONGEST_CELL = 200
"""Characters of a cell that may hold several answers."""


class Placed(NamedTuple):
    """What a table claims about a key, and what could not be placed or was answered twice."""

    claims: tuple[Claim, ...]
    faults: tuple[Diagnostic, ...]
    notation: str


def table_claims(table: Table, places: Places, *, is_of_a_net: bool = False) -> Placed:
    """The claims of one table or print about the places of a key.

    `is_of_a_net`: nobody wrote the table, it is that of a program, so its rows cannot be named otherwise.
    """
    unplaced: list[TableRow] = []
    found: list[tuple[TableRow, Target]] = []
    for row, target in places.matched(table):
        if target is None:
            unplaced.append(row)
        else:
            found.append((row, target))
    claims, twice = _claims(found, table, places)
    unlike = _more_than_the_key if is_of_a_net else _unplaced
    faults = [unlike(row, places) for row in unplaced[:MOST_FAULTS]] + twice
    return Placed(claims, _few(faults, len(unplaced) + len(twice)), table.notation)


def _claims(
    found: list[tuple[TableRow, Target]], table: Table, places: Places
) -> tuple[tuple[Claim, ...], list[Diagnostic]]:
    """The cells as claims.  A line of several layers has the last one's shape and the parameters of all."""
    claims: dict[tuple[PlaceKind, int, str], Claim] = {}
    lines: dict[tuple[PlaceKind, int, str], dict[int, int]] = {}
    twice: list[Diagnostic] = []
    signs = signs_of(cell for row, _ in found for asked, cell in row.cells if asked != SHAPE.name)
    for row, target in found:
        wanted = places.asked.get((target.kind, target.place), ())
        sizes = places.sizes(target)
        for asked, cell in _asked_cells(row, target, wanted, Expected(signs, sizes)):
            read = cell_answer(asked, cell, row.line, batch_first=table.batch_first, signs=signs, sizes=sizes)
            if read is None or (read[1] and asked in _DESCRIBED and asked not in wanted):
                continue
            place = (target.kind, target.place, asked)
            answered = lines.setdefault(place, {})
            if target.node in answered:
                twice.append(_twice(row, asked, answered[target.node]))
                continue
            answered[target.node] = row.line
            answer = read[0]._replace(doubt="") if table.form == "print" else read[0]  # a program groups by commas
            claims[place] = _together(claims.get(place), Claim(target.kind, target.place, answer, read[1]))
    whole = (claim for place, claim in claims.items() if not _lacks_parts(place, lines[place], places.key))
    return tuple(whole), twice


_DESCRIBED = frozenset(one.name for word in ("padding", "kernel", "values", "weights") if (one := named_in(word)))
"""Quantities whose names head columns that describe a layer too: `padding` above `same`, `kernel` above `3x3`."""


def _asked_cells(
    row: TableRow, target: Target, wanted: tuple[str, ...], expected: Expected
) -> Iterator[tuple[str, str]]:
    """What each cell of a row answers: a question has one answer, and a column of answers whatever is asked."""
    written = [(asked, cell) for asked, cell in row.cells if cell.strip()]
    if target.kind == "question" and written:
        best = [one for one in written if one[0] == wanted[0]] or [one for one in written if one[0] == "answer"]
        if best or len(written) == 1:
            yield wanted[0], (best or written)[0][1]
        return
    for asked, cell in written:
        if asked != "answer":
            yield asked, cell
        elif len(wanted) == 1:
            yield wanted[0], cell
        elif len(several := line_answers(cell[:LONGEST_CELL], wanted, Span(row.line, 1), expected)) > 1:
            yield from ((one.answer.asked, one.answer.text) for one in several)
        else:
            number = next((one for one in wanted if one != SHAPE.name), PARAMS.name)
            yield (SHAPE.name if SHAPE_LIKE.fullmatch(cell.strip()) else number), cell


def _together(before: Claim | None, claim: Claim) -> Claim:
    if before is None or before.fault:
        return before or claim
    one, other = before.answer.given, claim.answer.given
    if claim.answer.asked == SHAPE.name or not (isinstance(one, Fraction) and isinstance(other, Fraction)):
        return claim
    if isinstance(quantity_of(claim.answer), Count):
        return before._replace(answer=before.answer._replace(given=one + other))
    return claim


def _lacks_parts(place: tuple[PlaceKind, int, str], told: Collection[int], key: Analysis) -> bool:
    """Whether a print names one layer of a line with weights and not another, so that nothing is said of the sum."""
    kind, index, asked = place
    if kind != "row" or asked != PARAMS.name:
        return False
    row = key.graph.rows[index]
    if row.last in told and len(told) == 1:
        return False
    return any(key.nodes[n].weights and n not in told for n in range(row.first, row.last + 1))


def _unplaced(row: TableRow, places: Places) -> Diagnostic:
    return Diagnostic(
        "no-such-line",
        f"the key has no line `{row.name[:40]}`" if row.name else "the key has no line left for this row",
        Span(row.line, 1),
        help=did_you_mean(
            row.name.lower(), list(places.named), "name the rows as the lines are labelled, or leave names out"
        ),
        severity="warning",
    )


def _more_than_the_key(row: TableRow, _: Places) -> Diagnostic:
    return Diagnostic(
        "no-such-line",
        f"the key has no layer for `{row.name[:40]}` of the program",
        help="the program has more layers there than the key; the layers before and after it are compared",
        severity="warning",
    )


def _twice(row: TableRow, asked: str, before: int) -> Diagnostic:
    return Diagnostic(
        "answered-twice",
        f"{asked} of `{row.name[:40]}` is answered on line {before} already",
        Span(row.line, 1),
        help="keep one row for each layer; the first one counts",
        severity="warning",
    )


def _few(faults: list[Diagnostic], count: int) -> tuple[Diagnostic, ...]:
    more = count - MOST_FAULTS
    if more <= 0:
        return tuple(faults)
    return (
        *faults[:MOST_FAULTS],
        Diagnostic("more-of-the-same", f"{more:,} more rows could not be placed or answer twice", severity="warning"),
    )

"""The numbers of a key one by one, as learning platforms ask them: each with the wrong ones that known slips give.

A shape is two or three numbers, a matrix one for each cell.  A wrong number that several slips give has the hints of
all of them; one that is right in this place by chance is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cnncalc.asked import VALUES, Quantity, quantity_named
from cnncalc.asked.quantity import Right
from cnncalc.homework.findings import Finding
from cnncalc.homework.quiz.exercises import Exercise, Line
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.slips import as_if, hint
from cnncalc.matrices import Matrix

MOST_WRONG = 4

_VAGUE = ("another-kernel-size", "depth-digits-multiplied")
"""Slips that say little about what was misunderstood: they come last."""


class Wrong(NamedTuple):
    """A number that a slip gives, and what the slip looks like."""

    value: Fraction
    hint: str


class Blank(NamedTuple):
    """One number to fill in: what it is, the right one, wrong ones."""

    name: str
    right: Fraction
    wrong: tuple[Wrong, ...]


class Asked(NamedTuple):
    """One answer of a line, as numbers; `points` are shared by them."""

    line: Line
    asked: str
    points: int
    blanks: tuple[Blank, ...]
    columns: int = 0
    """Of a matrix; 0 for anything else."""


def asked_in(key: Key, exercise: Exercise) -> Iterator[Asked]:
    """Every answer of an exercise, in the order of its lines."""
    found = {(finding.place.label, finding.asked): finding for finding in key.findings}
    for line in exercise.lines:
        for asked, points in zip(line.asked, line.worth, strict=True):
            finding = found[line.label, asked]
            quantity = quantity_named(asked)
            names = _names(finding.right, quantity)
            rights = _numbers(finding.right, quantity)
            given = quantity.claim(finding.right)
            columns = given.columns if isinstance(given, Matrix) else 0
            yield Asked(line, asked, points, _blanks(key, finding, names, rights), columns)


def _blanks(key: Key, finding: Finding, names: list[str], rights: list[Fraction]) -> tuple[Blank, ...]:
    wrong: list[dict[Fraction, list[str]]] = [{} for _ in rights]
    told = list(key.examiner.book.wrong_answers(finding.place.kind, finding.place.index, finding.asked))
    for slip, value in sorted(told, key=lambda one: one[0] in _VAGUE):
        numbers = _numbers(value, quantity_named(finding.asked))
        if len(numbers) != len(rights) or (min(numbers) < 0 and finding.asked != VALUES.name):
            continue
        for place, number in enumerate(numbers):
            if number != rights[place]:
                hints = wrong[place].setdefault(number, [])
                hints += [hint(slip)] if hint(slip) not in hints else []
    return tuple(
        Blank(name, right, tuple(Wrong(value, _said(hints)) for value, hints in list(found.items())[:MOST_WRONG]))
        for name, right, found in zip(names, rights, wrong, strict=True)
    )


def _said(hints: list[str]) -> str:
    return f"This looks {as_if(hints[:2])}."


def _numbers(right: Right, asked: Quantity) -> list[Fraction]:
    given = asked.claim(right)
    if isinstance(given, Matrix):
        return list(given.values())
    return [] if given is None else list(map(Fraction, given if isinstance(given, tuple) else [given]))


def _names(right: Right, asked: Quantity) -> list[str]:
    """What each number is called: height, row 2 column 1, parameters."""
    if isinstance(right, tuple) and isinstance(asked.claim(right), tuple):
        return [f"{asked.unit}: {name}" for name in asked.parts(right)]
    return [asked.unit] if isinstance(right, tuple) else list(asked.parts(right))


def decimal(value: Fraction) -> tuple[str, bool]:
    """The number with at most four decimals, and whether that is exact."""
    for places in range(5):
        text = f"{float(round(value, places)):.{places}f}"
        if Fraction(text) == value:
            return text, True
    return f"{float(round(value, 4)):.4f}", False

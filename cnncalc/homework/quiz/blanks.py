"""The answers of a key as learning platforms ask them: whole, and as numbers one by one, with the wrong ones of slips.

A shape is two or three numbers, a matrix one for each cell.  A wrong answer that several slips give has the hints of
all of them; one that is right in this place by chance is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple, TypeVar

from cnncalc.asked import Quantity, quantity_named
from cnncalc.asked.quantity import Right
from cnncalc.homework.findings import Finding
from cnncalc.homework.quiz.exercises import Exercise, Line
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.quiz.spellings import typed
from cnncalc.homework.slips import as_if, hint, is_vague, plainest
from cnncalc.matrices import Matrix

MOST_WRONG = 4
MOST_OTHERS = 8

Value = TypeVar("Value")


class Wrong(NamedTuple):
    """A number that a slip gives, and what the slip looks like."""

    value: Fraction
    hint: str


class Blank(NamedTuple):
    """One number to fill in: what it is, the right one, wrong ones."""

    name: str
    right: Fraction
    wrong: tuple[Wrong, ...]


class Other(NamedTuple):
    """A whole wrong answer that a slip gives, as it is typed, and what the slip looks like."""

    typed: tuple[str, ...]
    hint: str


class Asked(NamedTuple):
    """One answer of a line: its right value, whole and as numbers; `points` are shared by the numbers."""

    line: Line
    quantity: Quantity
    points: int
    right: Right
    blanks: tuple[Blank, ...]
    others: tuple[Other, ...]

    @property
    def columns(self) -> int:
        """Of a matrix; 0 for anything else."""
        given = self.quantity.claim(self.right)
        return given.columns if isinstance(given, Matrix) else 0

    @property
    def question(self) -> str:
        """What the student is asked, in words."""
        return self.quantity.question(self.line.label)

    @property
    def form(self) -> str:
        """How the answer is written, without saying anything about it: height x width x channels."""
        given = self.quantity.claim(self.right)
        if isinstance(given, Matrix):
            return "row by row, as in [1 2; 3 4]"
        if isinstance(given, tuple) and len(given) > 1:
            between = f" {self.quantity.between} " if self.quantity.between.isalpha() else self.quantity.between
            return between.join(self.quantity.parts(self.right))
        return "a number"

    @property
    def answer(self) -> str:
        """The right answer, as our language writes it."""
        return self.quantity.answered(self.right)

    @property
    def typed(self) -> tuple[str, ...]:
        """Several sizes in the spellings that students type; empty where the answer is numbers one by one."""
        return _typed(self.quantity, self.right)


def _typed(quantity: Quantity, right: Right) -> tuple[str, ...]:
    given = quantity.claim(right)
    return typed(quantity.answered(right), given) if isinstance(given, tuple) and len(given) > 1 else ()


def asked_in(key: Key, exercise: Exercise) -> Iterator[Asked]:
    """Every answer of an exercise, in the order of its lines."""
    found = {(finding.place.label, finding.asked): finding for finding in key.findings}
    for line in exercise.lines:
        for asked, points in zip(line.asked, line.worth, strict=True):
            finding, quantity = found[line.label, asked], quantity_named(asked)
            wrong = _wrong(key, finding, quantity)
            blanks = _blanks(finding.right, quantity, wrong)
            yield Asked(line, quantity, points, finding.right, blanks, _others(finding.right, quantity, wrong))


def _wrong(key: Key, finding: Finding, quantity: Quantity) -> list[tuple[str, Right]]:
    """The slips with what they give, those that say little last; no impossible size."""
    place, count = finding.place, len(_numbers(finding.right, quantity))
    given = key.examiner.book.wrong_answers(place.kind, place.index, finding.asked)
    found = []
    for slip, value in sorted(given, key=lambda one: is_vague(one[0])):
        numbers = _numbers(value, quantity)
        if 0 < len(numbers) == count and (quantity.form == "matrix" or min(numbers) >= 0):
            found.append((slip, value))
    return found


def _others(right: Right, quantity: Quantity, wrong: list[tuple[str, Right]]) -> tuple[Other, ...]:
    """Wrong answers as a whole, where a platform compares them so: several sizes."""
    rights = _typed(quantity, right)
    each = ((slip, _typed(quantity, value)) for slip, value in wrong)
    said = _said(((slip, texts) for slip, texts in each if texts and texts[0] not in rights), MOST_OTHERS)
    return tuple(Other(*one) for one in said)


def _blanks(right: Right, quantity: Quantity, wrong: list[tuple[str, Right]]) -> tuple[Blank, ...]:
    numbers = [(slip, _numbers(value, quantity)) for slip, value in wrong]
    blanks = []
    for place, (name, own) in enumerate(zip(_names(right, quantity), _numbers(right, quantity), strict=True)):
        said = _said(((slip, each[place]) for slip, each in numbers if each[place] != own), MOST_WRONG)
        blanks.append(Blank(name, own, tuple(Wrong(*one) for one in said)))
    return tuple(blanks)


def _said(wrong: Iterable[tuple[str, Value]], most: int) -> list[tuple[Value, str]]:
    """Each value once, with the hints of the first of the plainest slips that give it."""
    slips: dict[Value, list[str]] = {}
    for slip, value in wrong:
        slips.setdefault(value, []).append(slip)
    hints = {value: list(dict.fromkeys(map(hint, plainest(names)))) for value, names in slips.items()}
    return [(value, f"This looks {as_if(said[:2])}.") for value, said in list(hints.items())[:most]]


def _numbers(right: Right, asked: Quantity) -> list[Fraction]:
    given = asked.claim(right)
    if isinstance(given, Matrix):
        return list(given.values())
    if isinstance(given, tuple):
        return [Fraction(size) for size in given]
    return [given] if isinstance(given, Fraction) else []


def _names(right: Right, asked: Quantity) -> list[str]:
    """What each number is called: height, row 2 column 1, parameters; yes and no are no numbers."""
    if not _numbers(right, asked):
        return []
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

"""Answers that are the numbers of a result: all of them as a matrix, or one cell."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from cnncalc.asked.comparing import Verdict, compared_values, same_number
from cnncalc.asked.counting_answers import number_claim
from cnncalc.asked.quantity import SEVERAL_OUTPUTS, Given, Quantity, Read, Right, Unknown
from cnncalc.geometry import Order
from cnncalc.matrices import Matrix, Number, Volume, decimals_of
from cnncalc.quantities import exact, number

if TYPE_CHECKING:
    from cnncalc.asked.seen import At, Claimed, Words


def _cell(value: Number) -> str:
    return f"{value:.6g}" if isinstance(value, float) else exact(value)


class ValuesOf(Quantity):
    """The numbers that come out."""

    name = "values"
    also = ("value",)
    help = "numbers that come out"
    symbols = "the window laid on each place, number by number"
    between_parts = "; "
    form = "matrix"

    def begins(self, words: Words) -> bool:
        """A matrix that is no shape: several rows, or numbers that no size is."""
        word = words.peek()
        if word is None or not words.sees_matrix():
            return False
        return word.kind != "matrix" or not words.is_shape(word)

    def parse(self, words: Words) -> Read:
        """values = "?" | matrix."""
        if words.took("word", "?"):
            return Read(None)
        if words.sees_matrix():
            found = words.matrix(open_cells=True).matrix
            return Read(None if len(found.blank) == len(list(found.values())) else found)
        word = words.peek()
        value = number(word.text) if word is not None and word.kind == "word" else None
        if value is None:
            raise words.expected("missing-value", "a matrix", help="write `values [1 2; 3 4]`")
        words.take()
        decimals = decimals_of([((0, 0, 0), word.text)]) if word is not None else ()
        return Read(Matrix((((value,),),), decimals=decimals))

    def measure(self, at: At) -> Right | Unknown:
        return SEVERAL_OUTPUTS if at.output is None else at.values()

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        if not isinstance(answer.given, Matrix) or not isinstance(right, list) or at.output is None:
            return Verdict(None)
        return compared_values(answer.given, right, at.output.rank)

    def question(self, line: str) -> str:
        return f"Which numbers come out of {line}?"

    def claim(self, right: Right) -> Given:
        if not isinstance(right, list):
            return None
        return Matrix(
            tuple(tuple(tuple(Fraction(cell) for cell in row) for sheet in plane for row in sheet) for plane in right)
        )

    def shown(self, right: Right, order: Order) -> str:
        if not isinstance(right, list):
            return ""
        planes = ["; ".join(" ".join(map(_cell, row)) for sheet in plane for row in sheet) for plane in right]
        return " ".join(f"[{plane}]" for plane in planes)

    def parts(self, right: Right) -> tuple[str, ...]:
        matrix = self.claim(right)
        if not isinstance(matrix, Matrix):
            return ()
        rows, columns = range(1, matrix.rows + 1), range(1, matrix.columns + 1)
        return tuple(f"row {row}, column {column}" for row in rows for column in columns)


_CELL = re.compile(r"values?\[ *([0-9]{1,9}) *(?:, *([0-9]{1,9}) *)?(?:, *([0-9]{1,9}) *)?\]")


@lru_cache(1024)
def cell_named(name: str) -> CellOf | None:
    """The cell that `values[2,3]` means; None for another name.

    >>> cell_named("values[2,3]").place, cell_named("values[2,3,1]").place, cell_named("values[0,1]")
    ((2, 3, 1), (2, 3, 1), None)
    """
    found = _CELL.fullmatch(name)
    if found is None:
        return None
    indices = [int(one) for one in found.groups() if one is not None]
    return CellOf(indices) if all(indices) else None


class CellOf(Quantity):
    """One number of what comes out: row, column and, where there are several, channel, all counted from 1.

    Of a flat vector, and of a signal, one index is the place.
    """

    help = "number in one cell"
    symbols = ValuesOf.symbols
    unit = "number"

    def __init__(self, indices: list[int]) -> None:
        self.name = f"{ValuesOf.name}[{','.join(map(str, indices))}]"  # type: ignore[misc]  # a name for every cell
        self.indices = indices

    def question(self, line: str) -> str:
        row, column, channel = self.place
        return f"Which number comes out of {line} in row {row}, column {column}, channel {channel}?"

    @property
    def place(self) -> tuple[int, int, int]:
        """Row, column and channel."""
        row, column, channel = (*self.indices, 1, 1)[:3] if len(self.indices) > 1 else (1, self.indices[0], 1)
        return row, column, channel

    def parse(self, words: Words) -> Read:
        """number = "?" | ["~"] digits."""
        return number_claim(words, self.name)

    def of(self, volume: Volume) -> Number | None:
        """The number of this cell; None where there is no such cell."""
        row, column, channel = self.place
        if len(self.indices) == 1 and len(volume[0]) * len(volume[0][0]) * len(volume[0][0][0]) == 1:
            row, column, channel = 1, 1, column
        rows = [line for sheet in volume[channel - 1] for line in sheet] if channel <= len(volume) else []
        return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[0]) else None

    def measure(self, at: At) -> Number | Unknown:
        values = SEVERAL_OUTPUTS if at.output is None else at.values()
        if isinstance(values, Unknown):
            return values
        found = self.of(values)
        return Unknown("there is no such cell: rows and columns are counted from 1") if found is None else found

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        if not isinstance(answer.given, Fraction) or not isinstance(right, int | Fraction | float):
            return Verdict(None)
        same = same_number(answer.given, right, -(answer.digits or 0))
        return Verdict(same is not None, "rounded" if same == "rounded" else "")

    def shown(self, right: Right, order: Order) -> str:
        return _cell(right) if isinstance(right, int | Fraction | float) else ""

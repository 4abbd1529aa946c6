"""Small exact matrices that a model's text states: pictures, filters, weights, expected values.

Numbers are `Fraction`s, so `1/9 * [1 1 1; 1 1 1; 1 1 1]` loses nothing; kernels get floats from them.  Standard
library only: no numpy, no text, no layers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

Row = tuple[Fraction, ...]
Cell = tuple[int, int, int]
"""Plane, row and column, from 0."""

Number = int | Fraction | float
Volume = list[list[list[list[Number]]]]
"""The numbers of a map, `x[channel][depth][row][column]`."""


@dataclass(frozen=True)
class Matrix:
    """`channels` planes of `rows`; a single plane with a single row is also a 1-D signal.

    Every plane has the same number of rows and every row the same number of columns (the reader of the text
    refuses anything else).
    """

    planes: tuple[tuple[Row, ...], ...]
    blank: frozenset[Cell] = frozenset()
    """The cells that an answer leaves open; 0 stands for them in `planes`."""
    decimals: tuple[tuple[Cell, int], ...] = field(default=(), compare=False)
    """How many decimals an answer has written of its whole numbers: two of 1.00."""

    @property
    def channels(self) -> int:
        return len(self.planes)

    @property
    def rows(self) -> int:
        return len(self.planes[0])

    @property
    def columns(self) -> int:
        return len(self.planes[0][0])

    @property
    def is_row(self) -> bool:
        """One row alone: a 1-D signal (its channels are the planes)."""
        return self.rows == 1

    def values(self) -> Iterator[Fraction]:
        """Every number: plane by plane, row by row."""
        return (value for plane in self.planes for row in plane for value in row)


def decimals_of(texts: Iterable[tuple[Cell, str]]) -> tuple[tuple[Cell, int], ...]:
    """The cells in which a whole number was written with decimals, and how many: `1.00`."""
    found = ((at, re.fullmatch(r"[^\d.]?\d*\.(0{1,18})", text)) for at, text in texts)
    return tuple((at, len(match[1])) for at, match in found if match)


def matrix(*planes: list[list[int | Fraction]] | tuple[tuple[int | Fraction, ...], ...]) -> Matrix:
    """A matrix from nested lists, for tables in code."""
    return Matrix(tuple(tuple(tuple(Fraction(v) for v in row) for row in plane) for plane in planes))

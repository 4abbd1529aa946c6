"""One cell of an answers table as an answer, in every spelling that prints and students use.

A cell that is no answer is kept with the reason, so that it is reported and not guessed at.
"""

from __future__ import annotations

from cnncalc.diagnostics import Span
from cnncalc.homework.reading.spelled_answers import spelled_answer
from cnncalc.homework.reading.spelled_sizes import Expected
from cnncalc.spec.document import Answer
from cnncalc.written_numbers import UNKNOWN, Signs


def cell_answer(
    asked: str, cell: str, line: int, *, batch_first: bool = False, signs: Signs = UNKNOWN, sizes: int = 0
) -> tuple[Answer, str] | None:
    """The answer a cell gives, and why it cannot be read ("" if it can); None for a cell that says nothing.

    `batch_first`: the print puts a batch of one, as a number, in front of every shape; `signs` are those of the table's
    numbers, `sizes` says how many sizes a shape has there (0: unknown).
    """
    found = spelled_answer(asked, cell, Span(line, 1), Expected(signs, sizes, batch_first))
    return None if found is None else (found.answer, found.fault)

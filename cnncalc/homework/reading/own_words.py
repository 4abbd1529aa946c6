"""Answers that our own grammar alone understands: a cell, a matrix, `4.5 exact`, `padding 2 total`, `75%`, yes and no.

Only a text that is an answer of our notation from its first word to its last is read so; the numbers and shapes in it
are left to whoever reads what people write.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.asked import quantity_of
from cnncalc.asked.counting_answers import WholeNumber
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.spec.answers import answers_and_worth
from cnncalc.spec.cursor import Cursor
from cnncalc.spec.document import Answer
from cnncalc.spec.lexing import lexed
from cnncalc.spec.unreadable_line import Unreadable

LONGEST = 2_000

_READ_ELSEWHERE = ("sizes", "field", "pads")


def own_answers(text: str, asked: Sequence[str], span: Span) -> list[Answer]:
    """The answers of a text about what is asked, of the kinds that no reader of plain numbers and sizes knows."""
    if len(text) > LONGEST:
        return []
    faults: list[Diagnostic] = []
    lines = list(lexed((text.strip().removeprefix("=>").strip(),), {}, faults))
    if faults or len(lines) != 1:
        return []
    try:
        found, _ = answers_and_worth(Cursor(lines[0].lexemes))
    except Unreadable:
        return []
    return [answer._replace(span=span) for answer in found if answer.asked in asked and _is_ours(answer)]


def _is_ours(answer: Answer) -> bool:
    quantity = quantity_of(answer)
    is_total = quantity.form == "pads" and answer.text.split()[-1] == "total"
    return is_total or not (quantity.form in _READ_ELSEWHERE or isinstance(quantity, WholeNumber))

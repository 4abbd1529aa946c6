"""The numbers of a piece, taken out of it and put back: what may differ between the copies of a block.

Everything else about a piece (what it calls, which keywords it has, its code) is its form, which copies have in common.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from cnncalc.dialects.written_code.pieces import Argument, Made, Piece, Plain, Value


class Number(NamedTuple):
    """A value that stands somewhere in a piece or a call: what its place is called, and whether it need not be said."""

    value: Value
    name: str
    default: bool = False


def numbers_of(piece: Piece) -> tuple[Hashable, list[Number]]:
    """The form of a piece, and its numbers in order."""
    found: list[Number] = []
    made = tuple(_made_form(one, found) for one in piece.made)
    values = tuple(_form(value, "value", found) for value in piece.values)
    chained = tuple(_made_form(one, found) for one in piece.chained)
    return (piece.word, piece.code, made, values, chained), found


def _made_form(made: Made, found: list[Number]) -> Hashable:
    arguments = tuple(
        (one.keyword, _form(one.value, one.keyword or one.name, found, default=one.default)) for one in made.arguments
    )
    return made.callee, made.name, arguments


def _form(value: Value, name: str, found: list[Number], *, default: bool = False) -> Hashable:
    if isinstance(value, Made):
        return _made_form(value, found)
    if isinstance(value, Plain):
        return value
    if isinstance(value, tuple) and _has_code(value):
        return tuple(_form(one, name, found) for one in value)
    found.append(Number(value, name, default))
    return None


def _has_code(value: Value) -> bool:
    if isinstance(value, (Made, Plain)):
        return True
    return isinstance(value, tuple) and any(map(_has_code, value))


def piece_with(piece: Piece, numbers: Sequence[Number]) -> Piece:
    """The piece with other numbers in place of its own; arguments whose number need not be said are left out."""
    waiting = iter(numbers)
    made = tuple(_made_with(one, waiting) for one in piece.made)
    values = tuple(_value_with(value, waiting).value for value in piece.values)
    chained = tuple(_made_with(one, waiting) for one in piece.chained)
    return piece._replace(made=made, values=values, chained=chained)


def _made_with(made: Made, waiting: Iterator[Number]) -> Made:
    found = []
    for one in made.arguments:
        number = _value_with(one.value, waiting)
        if not number.default:
            found.append(Argument(one.keyword, number.value, name=one.name))
    return made._replace(arguments=tuple(found))


def _value_with(value: Value, waiting: Iterator[Number]) -> Number:
    if isinstance(value, Made):
        return Number(_made_with(value, waiting), "")
    if isinstance(value, Plain):
        return Number(value, "")
    if isinstance(value, tuple) and _has_code(value):
        return Number(tuple(_value_with(one, waiting).value for one in value), "")
    return next(waiting)

"""What can be asked about a net: one entry for each kind of answer, in the order in which they are listed.

Whoever reads, judges, prints or exports answers loops over `QUANTITIES` or asks `quantity_named`; a new kind of answer
is one more entry here.  An answer keeps the name alone.
"""

from __future__ import annotations

from cnncalc.asked.counting_answers import Buffers, Connections, Count, Flops, Macs, Params, Size, Weights
from cnncalc.asked.measured_answers import FieldOf, PadsOf, ShapeOf, ValuesOf
from cnncalc.asked.quantity import Claimed, Quantity

__all__ = [
    "COUNTS",
    "FIELD",
    "NAMES",
    "PADS",
    "PARAMS",
    "QUANTITIES",
    "SHAPE",
    "SIZE",
    "VALUES",
    "Quantity",
    "named_in",
    "quantity_named",
    "quantity_of",
    "spellings",
]

SHAPE = ShapeOf()
"""What a claim right behind the arrow is about."""

PARAMS, SIZE = Params(), Size()
FIELD, VALUES, PADS = FieldOf(), ValuesOf(), PadsOf()

QUANTITIES: tuple[Quantity, ...] = (
    SHAPE,
    PARAMS,
    Macs(),
    Flops(),
    SIZE,
    FIELD,
    Buffers(),
    Weights(),
    Connections(),
    VALUES,
    PADS,
)

COUNTS = tuple(one for one in QUANTITIES if isinstance(one, Count))
"""What every layer declares, and what adds up."""

NAMES = tuple(one.name for one in QUANTITIES)

_NAMED = {spelling: one for one in QUANTITIES for spelling in (one.name, *one.also)}


def named_in(word: str) -> Quantity | None:
    """The quantity that a word of a text means, in any spelling."""
    return _NAMED.get(word.lower())


def spellings() -> tuple[str, ...]:
    """Every word that means a quantity."""
    return tuple(_NAMED)


def quantity_named(name: str) -> Quantity:
    """The quantity of this name, as an answer keeps it."""
    return _NAMED[name]


def quantity_of(answer: Claimed) -> Quantity:
    """What an answer is about."""
    return _NAMED[answer.asked]

"""What can be asked about a net: one entry for each kind of answer, in the order in which they are listed.

Whoever reads, judges, prints or exports answers loops over `QUANTITIES` or asks `quantity_named`; a new kind of answer
is one more entry here.  An answer keeps the name alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cnncalc.asked.counting_answers import (
    Biases,
    Buffers,
    Connections,
    Count,
    Flops,
    Macs,
    Size,
    Trainable,
    Weights,
)
from cnncalc.asked.layer_answers import PARAMS, SAME, FanIn, Fits, KernelWeights, SameAs, Share, Unrounded
from cnncalc.asked.measured_answers import FieldOf, PadsOf, ShapeOf, SpatialOf, TotalPads
from cnncalc.asked.quantity import Quantity
from cnncalc.asked.value_answers import ValuesOf, cell_named

if TYPE_CHECKING:
    from cnncalc.asked.seen import Claimed, Words

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
    "is_known",
    "named_in",
    "quantity_named",
    "quantity_of",
    "spellings",
    "unnamed",
]

SHAPE = ShapeOf()
"""What a claim right behind the arrow is about."""

SIZE, FIELD, VALUES, PADS = Size(), FieldOf(), ValuesOf(), PadsOf()

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
    Trainable(),
    Biases(),
    KernelWeights(),
    FanIn(),
    TotalPads(),
    SpatialOf(),
    Unrounded(),
    Fits(),
    Share(),
)

COUNTS = tuple(one for one in QUANTITIES if isinstance(one, Count))
"""What every layer declares."""

NAMES = tuple(one.name for one in QUANTITIES)

_NAMED = {spelling: one for one in QUANTITIES for spelling in (one.name, *one.also)}


def named_in(word: str) -> Quantity | None:
    """The quantity that a word of a text means, in any spelling; `values[1,2]` is one, too."""
    lowered = word.lower()
    return _NAMED.get(lowered) or (cell_named(lowered) or _same(word) if "[" in lowered else None)


@lru_cache(1024)
def _same(word: str) -> SameAs | None:
    """`same[conv3.rf]`, or `same[conv3]` for the shape."""
    found = SAME.fullmatch(word)
    if found is None:
        return None
    label, _, asked = found[1].rpartition(".")
    inner = _NAMED.get(asked.lower()) if label else None
    return SameAs(found[1], inner or SHAPE, label if inner is not None else found[1])


def is_known(name: str) -> bool:
    """Whether an answer may keep this name."""
    found = named_in(name)
    return found is not None and found.name == name


def spellings() -> tuple[str, ...]:
    """Every word that means a quantity."""
    return tuple(_NAMED)


def quantity_named(name: str) -> Quantity:
    """The quantity of this name, as an answer keeps it."""
    found = named_in(name)
    assert found is not None, f"no answer is about `{name}`"
    return found


def quantity_of(answer: Claimed) -> Quantity:
    """What an answer is about."""
    return quantity_named(answer.asked)


def unnamed(words: Words) -> Quantity:
    """What a claim without a name is about, by its look: a shape, unless another quantity knows it as its own."""
    return next((one for one in QUANTITIES if one.begins(words)), SHAPE)

"""Weights whose values a model states: `conv 2 3x3 weights=NAME bias=[0 1]`."""

from __future__ import annotations

import dataclasses

from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import NamedMatrix, Weight


def given_values(weight: Weight, given: NamedMatrix | None, argument: str) -> Weight:
    """The weight with the stated values in storage order, or as it is when none are stated.

    The values are counted against the weight: filter by filter, channel by channel, row by row.
    """
    if given is None:
        return weight
    values = tuple(given.matrix.values())
    if len(values) != weight.count:
        wanted = " x ".join(f"{size} {name}" for name, size in weight.axes)
        raise Refusal(
            "weights-do-not-fit",
            f"`{given.name}` holds {len(values)} values, but this line needs {weight.count}",
            argument,
            label=wanted,
            notes=(f"{' * '.join(str(size) for _, size in weight.axes)} = {weight.count}",),
            help="write the values filter by filter, then channel by channel, then row by row",
        )
    return dataclasses.replace(weight, initial=values)

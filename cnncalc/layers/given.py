"""Weights whose values a model states: `conv 2 3x3 weights=NAME bias=[0 1]`, `conv filter=NAME`.

The values are exact fractions in storage order; here they are counted against the weight they are meant for.
"""

from __future__ import annotations

from dataclasses import replace

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Sizes
from cnncalc.layers.base import NamedMatrix, Weight, counted

MOST_STATED_VALUES = 10**7
"""Fixed filters are stated once and used for every channel; no more numbers than this are spelled out."""


def given_values(weight: Weight, given: NamedMatrix | None, argument: str) -> Weight:
    """The weight with the stated values in storage order, or as it is when none are stated."""
    if given is None:
        return weight
    values = tuple(given.matrix.values())
    if len(values) != weight.count:
        raise Refusal(
            "weights-do-not-fit",
            f"`{given.name}` holds {counted(len(values), 'value')}, but this line needs {weight.count:,}",
            argument,
            label=" x ".join(f"{size} {name}" for name, size in weight.axes),
            notes=(f"{' * '.join(str(size) for size in weight.shape)} = {weight.count:,}",),
            help="write the values axis by axis: " + ", then ".join(name.replace("_", " ") for name, _ in weight.axes),
        )
    return replace(weight, initial=values)


def filter_sizes(given: NamedMatrix, rank: int) -> Sizes:
    """The window of a fixed filter: one row is 1-D, and 1xN on an image; planes are its depth on a volume."""
    matrix = given.matrix
    if rank == 1 and matrix.rows > 1:
        raise Refusal(
            "wrong-rank",
            f"the filter `{given.name}` is {matrix.rows}x{matrix.columns}, but the input here is 1-D",
            "filter",
            help="a filter for a 1-D net has one row: `filter f = [1 2 1]`",
        )
    return (matrix.channels, matrix.rows, matrix.columns)[3 - rank :]


def fixed_filter(given: NamedMatrix, channels: int, axes: tuple[tuple[str, int], ...], rank: int) -> Weight:
    """The weight of a fixed filter, one kernel a channel: the same for all, or one plane each."""
    values = tuple(given.matrix.values())
    planes = 1 if rank == 3 else given.matrix.channels
    if planes not in (1, channels):
        raise Refusal(
            "weights-do-not-fit",
            f"`{given.name}` has {planes} matrices for {counted(channels, 'channel')}",
            "filter",
            label="one matrix for all channels, or one each",
            help="to sum over the channels give the weights of a plain conv: conv FILTERS KERNEL weights=NAME",
        )
    copies = channels // planes
    if copies * len(values) > MOST_STATED_VALUES:
        raise Refusal(
            "too-large",
            f"`{given.name}` would be copied to {channels:,} channels",
            "filter",
            notes=(f"{copies:,} * {len(values)} = {copies * len(values):,}; the most is {MOST_STATED_VALUES:,}",),
            help="use fewer channels",
        )
    return Weight("weight", axes, trainable=False, initial=values * copies)

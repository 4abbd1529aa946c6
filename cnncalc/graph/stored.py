"""Which array of a file is a weight of the net, and what is done to the array first.

Names and numbers of axes only: the arrays stay in their file until the net is run.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

StepKind = Literal["transpose", "reshape", "spread", "slice", "negate", "reciprocal"]


class Step(NamedTuple):
    """One change of an array.

    `transpose` takes its axes in the order of `numbers`; `reshape` gives it the shape `numbers`, in C order; `spread`
    repeats a single number, or axes of size 1, to the shape `numbers`; `slice` keeps `numbers` = (axis, first, behind,
    stride) of one axis; `negate` and `reciprocal` change each number and have no `numbers`.
    """

    kind: StepKind
    numbers: tuple[int, ...] = ()


class Stored(NamedTuple):
    """A weight is the array that its file calls `entry`, changed by the `steps` one after the other."""

    entry: str
    steps: tuple[Step, ...] = ()

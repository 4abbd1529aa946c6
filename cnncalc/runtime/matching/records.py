"""What is found out about a file and a net: which array is which weight, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cnncalc.graph.stored import Stored


class Left(NamedTuple):
    """How many arrays of the file are left out: counters of batches, of modules never called, of second paths."""

    counters: int = 0
    uncalled: int = 0
    again: int = 0


NOTHING = Left()


@dataclass(frozen=True, slots=True)
class Match:
    """`found`: the net's name of each weight -> where it is stored; in the net's order, all but the `stated`.

    `stated` are weights that the file leaves out, whose values the model states.  `way` says in words how names were
    matched; `unused` names parts of the file that the net does not have; `remarks` are further sentences for a user
    ("columns of dense1 put in this net's order").
    """

    found: Mapping[str, Stored]
    stated: tuple[str, ...] = ()
    way: str = "matched by name"
    left: Left = NOTHING
    unused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

"""What is found out about a file and a net: modules, lines with weights, which array is which, what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.geometry import Order, Sizes
from cnncalc.graph.stored import Stored
from cnncalc.runtime.file_arrays import Program


class Part(NamedTuple):
    """One array: its full name, in the file or in the net, and its shape."""

    name: str
    shape: Sizes


class Module(NamedTuple):
    """The arrays of a file that belong to one layer, by their role: `weight`, `bias`, `running_mean` ...

    `kind` is what the arrays tell: "conv" (three axes or more), "dense" (two), "bn" (running statistics), or "other".
    """

    name: str
    kind: str
    parts: Mapping[str, Part]


class Flattened(NamedTuple):
    """A map whose numbers stand in one row, and the order in which they are written there.

    `on_purpose`: that is not the order of the net's file, so the line says it for itself; the program of the weights
    then turned the axes at that place too, whichever order is its own.
    """

    channels: int
    spatial: Sizes
    order: Order
    on_purpose: bool = False

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return self.channels * prod(self.spatial)


class Need(NamedTuple):
    """A line of the net that wants weights: `word` is its layer, `parts` its weights by role.

    `flattened` is the map that a flatten has written in the row that arrives (`mixed`: the row is of several maps);
    `becoming` is the map that a reshape makes of the row that it gives.
    """

    name: str
    word: str
    parts: Mapping[str, Part]
    flattened: Flattened | None = None
    mixed: bool = False
    becoming: Flattened | None = None


class Layout(NamedTuple):
    """How a program stores weights: Keras' order of axes or PyTorch's, and how its flatten writes (None: open)."""

    keras: bool = False
    flatten: Order | None = None


class Left(NamedTuple):
    """How many arrays of the file are left out: of modules never called, of second paths."""

    uncalled: int = 0
    again: int = 0


NOTHING = Left()

BY_NAME = "matched by name"
BY_SHAPES = "matched by names and shapes"


@dataclass(frozen=True, slots=True)
class Match:
    """`found`: the net's name of each weight -> where it is stored; in the net's order, all but the `stated`.

    `stated` are weights that the file leaves out, whose values the model states.  `way` says in words how names were
    matched, `program` whose file it is, as far as that is known; `unused` names parts of the file that the net does not
    have; `remarks` are further words about it (that weights of dense1 were put in another order); `doubts` are warnings
    of what names and shapes could not tell.
    """

    found: Mapping[str, Stored]
    stated: tuple[str, ...] = ()
    way: str = BY_NAME
    left: Left = NOTHING
    unused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    doubts: tuple[Diagnostic, ...] = ()
    program: Program = ""

"""The nouns of a comparison of two nets, A and B: every difference is B's number minus A's, exact.

Nothing is computed here but sums.  A `Cause` has a part of a line's difference; the causes of a line sum to its
difference, and the facts of a comparison, which gather causes of one kind, sum to that of the totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cnncalc.analysis.model import Analysis, Figures

Sign = Literal["same", "arrives", "changed", "moved", "added", "removed"]
"""same     the layer and its numbers are the same
arrives  the layer is the same and its numbers differ, since what arrives differs
changed  the layer differs: an argument, a part of its line, what it works on
moved    the same layer is at another place
added    only B has it
removed  only A has it
"""


@dataclass(frozen=True)
class Difference:
    """B's numbers minus A's."""

    params: int = 0
    buffers: int = 0
    macs: int = 0
    flops: int = 0

    def __add__(self, other: Difference) -> Difference:
        return Difference(
            self.params + other.params,
            self.buffers + other.buffers,
            self.macs + other.macs,
            self.flops + other.flops,
        )

    def __sub__(self, other: Difference) -> Difference:
        return self + Difference(-other.params, -other.buffers, -other.macs, -other.flops)

    @property
    def is_nothing(self) -> bool:
        return self == NOTHING


NOTHING = Difference()


def numbers_of(figures: Figures) -> Difference:
    """The numbers of figures, as a difference from nothing."""
    return Difference(figures.params, figures.buffers, figures.cost.macs, figures.cost.flops)


def total_difference(several: Iterable[Difference]) -> Difference:
    """The sum."""
    return sum(several, NOTHING)


CauseKind = Literal["argument", "layer", "added", "removed", "arrives", "reads", "weights", "uncalled", "lent"]
"""argument  an argument of a layer
layer     another layer of the same family
added     a layer that only B has
removed   a layer that only A has
arrives   what arrives at the layer
reads     which layers it works on
weights   whose weights it uses, and whether they are trained
uncalled  what a program makes and never calls
lent      several of these at once, which cannot be told from each other
"""


class Cause(NamedTuple):
    """One reason why a line differs, in words, and the part of the line's difference that it makes.

    `word` is the layer's, `name` the argument's; `before` and `after` are what A and B have (empty where one has
    nothing), and `text` says it whole: `stride 2 -> 1`, `nobias -> bias`, `bn added`.
    """

    kind: CauseKind
    word: str
    text: str
    difference: Difference = NOTHING
    name: str = ""
    before: str = ""
    after: str = ""


class ComparedRow(NamedTuple):
    """Lines of A and the lines of B that do the same work; most often one of each, none where only the other has it.

    `rows_a` and `rows_b` are indexes of rows, in order; `nodes` are the pairs of operations in them.
    """

    sign: Sign
    rows_a: tuple[int, ...]
    rows_b: tuple[int, ...]
    nodes: tuple[tuple[int | None, int | None], ...]
    causes: tuple[Cause, ...] = ()
    difference: Difference = NOTHING

    @property
    def is_same(self) -> bool:
        return self.sign == "same"


class Finding(NamedTuple):
    """One of the facts that make the difference: a kind of cause, in how many lines, and its part of the totals'.

    `texts` are its distinct changes, the most frequent first: `stride 2 -> 1`; of added and removed lines `4 dense`; of
    a stride that moved `conv 3x3 to conv 1x1`.  `everywhere`: every layer of this word that both nets have is changed
    so, and no number with it.  `rows` are the places of its lines in the comparison.
    """

    kind: CauseKind | Literal["stride", "moved"]
    word: str
    name: str
    layers: int
    texts: tuple[str, ...]
    difference: Difference
    everywhere: bool = False
    rows: tuple[int, ...] = ()


class Comparison(NamedTuple):
    """Two nets side by side.  `rows` are in A's order, what only B has behind the line before it in B.

    `differences` are those outside of lines (`input`, `output` ...), `remarks` what differs and changes no number and
    no value (title, order, notation): nets that differ in remarks alone are the same.
    """

    a: Analysis
    b: Analysis
    rows: tuple[ComparedRow, ...]
    totals: Difference
    findings: tuple[Finding, ...]
    differences: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def same(self) -> bool:
        """Whether every layer, shape and number is the same."""
        return not self.differences and all(row.is_same for row in self.rows)

"""The search for the modules of a net in the tree of a file's names: line after line, a step back where none fits.

Bounded: every leaf that is looked at counts, over all searches for one file together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cnncalc.runtime.matching.name_tree import Branch, begin, next_leaves, undo

Fits = Callable[[int, int], bool]
"""Whether the module at that place of the file is what that line of the net wants: `fits(line, place)`."""

MOST_STEPS = 20_000
MOST_LOOKS = 300_000
"""A net of a thousand lines takes some thousands; what takes more has no answer that could be trusted."""

STEPS_A_LINE, STEPS_ANYWAY = 10, 1_000
"""What a single search may take: one that goes back and forth for long leaves something to the others."""


@dataclass
class Budget:
    """What may still be spent."""

    steps: int = MOST_STEPS
    looks: int = MOST_LOOKS

    @property
    def spent(self) -> bool:
        return self.steps <= 0 or self.looks <= 0


class Stuck(NamedTuple):
    """The furthest a search has come: so many lines fit, and the next one wants none of the modules at `waiting`."""

    lines: int
    waiting: tuple[int, ...] = ()


@dataclass
class _Walk:
    """The leaves that were taken so far, and of each line those that were not tried yet."""

    root: Branch
    taken: list[Branch] = field(default_factory=list)
    untried: list[list[Branch]] = field(default_factory=list)

    @property
    def here(self) -> Branch:
        return self.taken[-1] if self.taken else self.root

    def take(self, leaf: Branch) -> None:
        begin(leaf)
        self.taken.append(leaf)

    def step_back(self) -> None:
        self.untried.pop()
        if self.taken:
            undo(self.taken.pop())


def _likeliest_last(
    leaves: list[Branch], names: Sequence[str], taken: Sequence[Branch], *, in_order: bool
) -> list[Branch]:
    if in_order:
        return sorted(leaves, key=lambda leaf: -leaf.place)
    last = names[taken[-1].place] if taken else ""
    return sorted(leaves, key=lambda leaf: (leaf.depth, -alike(last, names[leaf.place])))[::-1]


def alike(one: str, two: str) -> int:
    """With how many equal letters two names begin.

    >>> alike("block2_sepconv1", "block2_sepconv1_bn")
    15
    """
    both = zip(one, two, strict=False)
    return next((place for place, (a, b) in enumerate(both) if a != b), min(len(one), len(two)))


def search(
    root: Branch, lines: int, names: Sequence[str], fits: Fits, budget: Budget, *, in_order: bool = False
) -> list[int] | Stuck:
    """For each of so many lines the place of its module; where there is no way, how far the best one came.

    Of several that fit the nearest in the tree comes first, then the one whose name is likest to that of the last; with
    `in_order` the first of the file.
    """
    walk, furthest = _Walk(root), Stuck(-1)
    least = budget.steps - STEPS_A_LINE * lines - STEPS_ANYWAY
    while len(walk.taken) < lines:
        line = len(walk.taken)
        if line == len(walk.untried):
            leaves = next_leaves(walk.here)
            budget.looks -= len(leaves)
            fitting = [leaf for leaf in leaves if fits(line, leaf.place)]
            walk.untried.append(_likeliest_last(fitting, names, walk.taken, in_order=in_order))
            if not fitting and line > furthest.lines:
                furthest = Stuck(line, tuple(leaf.place for leaf in leaves))
        budget.steps -= 1
        ends = budget.spent or budget.steps < least
        if walk.untried[line] and not ends:
            walk.take(walk.untried[line].pop())
        elif not walk.taken or ends:
            return furthest if furthest.lines >= 0 else Stuck(line)
        else:
            walk.step_back()
    return [leaf.place for leaf in walk.taken]

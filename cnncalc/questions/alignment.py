"""The cheapest way to lay two sequences next to each other, in order: which things are paired, which are alone.

Exact where both are of some hundred things; longer ones are cut first where a thing is in both exactly once, and what
is still longer is searched near its diagonal, so that time and memory are bounded.  It knows nothing of layers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

MOST_CELLS = 1_000_000
"""Pairs of places that are looked at between two cuts."""

BEGUN = 4
"""What each run of things that are alone costs on top of them: one long run is likelier than several short ones."""

NEVER = 10**9
"""What a pair costs that must not be."""

Pairs = list[tuple[int, int]]
Stretch = tuple[int, int]
"""From the first place to behind the last."""


def alignment(a: Sequence[int], b: Sequence[int], cost: Callable[[int, int], int], gap: Callable[[int], int]) -> Pairs:
    """The places of both sequences that are paired, in order.

    Things are whole numbers, the same where they are identical; `cost(x, y)` is what a pair of two different ones
    costs, `gap(x)` what a thing alone does.  Of ways that cost the same the one with the earliest pairs is found.

    >>> alignment([1, 2, 2, 3], [1, 2, 2, 2, 3], lambda x, y: 9, lambda x: 1)
    [(0, 0), (1, 1), (2, 2), (3, 4)]
    """
    return list(_Sequences(a, b, cost, gap).aligned((0, len(a)), (0, len(b))))


class _Sequences:
    """Two sequences and what their pairs cost."""

    def __init__(
        self, a: Sequence[int], b: Sequence[int], cost: Callable[[int, int], int], gap: Callable[[int], int]
    ) -> None:
        self.a, self.b, self.cost, self.gap = a, b, cost, gap

    def aligned(self, of_a: Stretch, of_b: Stretch) -> Iterator[tuple[int, int]]:
        """The pairs of two stretches: what they begin with in common, then the cheapest."""
        (i, end_a), (j, end_b) = of_a, of_b
        while i < end_a and j < end_b and self.a[i] == self.b[j]:
            yield i, j
            i, j = i + 1, j + 1
        small = (end_a - i) * (end_b - j) <= MOST_CELLS
        yield from (self._cheapest if small else self._cut)((i, end_a), (j, end_b))

    def _cut(self, of_a: Stretch, of_b: Stretch) -> Iterator[tuple[int, int]]:
        """The stretches between things that are in both exactly once; without any the two halves by length."""
        i, j = of_a[0], of_b[0]
        anchors = _anchors(self.a[slice(*of_a)], self.b[slice(*of_b)])
        if not anchors:
            middle = (sum(of_a) // 2, sum(of_b) // 2)
            yield from self.aligned((i, middle[0]), (j, middle[1]))
            yield from self.aligned((middle[0], of_a[1]), (middle[1], of_b[1]))
            return
        for n, m in anchors:
            at_a, at_b = n + of_a[0], m + of_b[0]
            yield from self.aligned((i, at_a), (j, at_b))
            yield at_a, at_b
            i, j = at_a + 1, at_b + 1
        yield from self.aligned((i, of_a[1]), (j, of_b[1]))

    def _cheapest(self, of_a: Stretch, of_b: Stretch) -> Iterator[tuple[int, int]]:
        """The table of Gotoh, and the way back through it."""
        here, there = self.a[slice(*of_a)], self.b[slice(*of_b)]
        ways = self._ways(here, there)
        i, j, state = len(here), len(there), _ANY
        found: Pairs = []
        while i and j:
            way = ways[i - 1][j - 1]
            state = way & _ANY if state == _ANY else state
            if state == _PAIRED:
                found.append((of_a[0] + i - 1, of_b[0] + j - 1))
                i, j, state = i - 1, j - 1, _ANY
            elif state == _ALONE_IN_A:
                i, state = i - 1, _ALONE_IN_A if way & _GOES_ON_IN_A else _ANY
            else:
                j, state = j - 1, _ALONE_IN_B if way & _GOES_ON_IN_B else _ANY
        yield from reversed(found)

    def _ways(self, here: Sequence[int], there: Sequence[int]) -> list[bytearray]:
        """For each pair of places how the cheapest way gets there, and whether a run of things alone goes on there."""
        gaps = [self.gap(y) for y in there]
        costs = {x: [0 if x == y else self.cost(x, y) for y in there] for x in set(here)}
        before = [0, *(BEGUN + one for one in accumulate(gaps))]
        down = [one + BEGUN for one in before]  # the cheapest that ends with a thing of `a` alone
        ways: list[bytearray] = []
        begin = BEGUN
        for x in here:
            alone, way = self.gap(x), bytearray()
            begin += alone
            row, left, across = [begin], begin, begin + BEGUN
            for n, (diagonal, above, pair, gap) in enumerate(zip(before, before[1:], costs[x], gaps, strict=False), 1):
                bits = 0
                if down[n] <= above + BEGUN:
                    bits, down[n] = _GOES_ON_IN_A, down[n] + alone
                else:
                    down[n] = above + BEGUN + alone
                if across <= left + BEGUN:
                    bits, across = bits | _GOES_ON_IN_B, across + gap
                else:
                    across = left + BEGUN + gap
                left, which = diagonal + pair, _PAIRED
                if down[n] <= left:
                    left, which = down[n], _ALONE_IN_A
                if across <= left:
                    left, which = across, _ALONE_IN_B
                row.append(left)
                way.append(bits | which)
            before = row
            ways.append(way)
        return ways


_PAIRED, _ALONE_IN_A, _ALONE_IN_B, _ANY = range(4)
_GOES_ON_IN_A, _GOES_ON_IN_B = 4, 8


def _anchors(here: Sequence[int], there: Sequence[int]) -> Pairs:
    """The longest run, in order in both, of things that are exactly once in each."""
    many_a, many_b = Counter(here), Counter(there)
    place = {y: m for m, y in enumerate(there) if many_b[y] == 1}
    unique = [(n, place[x]) for n, x in enumerate(here) if many_a[x] == 1 and x in place]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, (_, end) in enumerate(unique):
        length = bisect_left(ends, end)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [end]
        last[length : length + 1] = [n]
    found: Pairs = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(unique[at])
        at = before[at]
    return found[::-1]

"""Where a run of things that only one sequence has begins, of several places that cost the same: where a block does.

`a b a b a b` against `a b a b` has one `a b` more, or one `b a`: a reader means the one that a block's call is.  It
knows nothing of layers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

FARTHEST = 60
"""Places by which a run is moved at most."""

Pairs = list[tuple[int, int]]


def at_borders(pairs: Pairs, looks: Sequence[int], borders: Collection[int]) -> Pairs:
    """The same pairs with the runs that only the second sequence has moved to begin at a border, where they can be.

    `looks` are the things of the second sequence, the same number where they are identical.

    >>> at_borders([(0, 0), (1, 1), (2, 2), (3, 5)], [1, 2, 3, 2, 3, 4], {1, 3})
    [(0, 0), (1, 1), (2, 2), (3, 5)]
    >>> at_borders([(0, 0), (1, 1), (2, 4), (3, 5)], [1, 2, 3, 2, 3, 4], {3})
    [(0, 0), (1, 1), (2, 2), (3, 5)]
    """
    found = list(pairs)
    for n in range(1, len(found)):
        begin, end = found[n - 1][1] + 1, found[n][1]
        if begin == end or begin in borders:
            continue
        for step in _steps(found, n, looks, begin, end):
            if begin + step in borders:
                _move(found, n, step)
                break
    return found


def _steps(pairs: Pairs, n: int, looks: Sequence[int], begin: int, end: int) -> list[int]:
    """By how many places the run before pair `n` may move: to the left, then to the right, the nearest first."""
    left, right = 0, 0
    while (
        left < FARTHEST
        and n - 1 - left >= 0
        and pairs[n - 1 - left][1] == begin - 1 - left
        and looks[begin - 1 - left] == looks[end - 1 - left]
    ):
        left += 1
    while (
        right < FARTHEST
        and n + right < len(pairs)
        and pairs[n + right][1] == end + right
        and looks[begin + right] == looks[end + right]
    ):
        right += 1
    return sorted([*range(-left, 0), *range(1, right + 1)], key=abs)


def _move(pairs: Pairs, n: int, step: int) -> None:
    """Moves the run before pair `n`: what is on its way is paired with the identical things on its other side."""
    size = pairs[n][1] - pairs[n - 1][1] - 1
    for at in range(n + step, n) if step < 0 else range(n, n + step):
        pairs[at] = (pairs[at][0], pairs[at][1] + (size if step < 0 else -size))

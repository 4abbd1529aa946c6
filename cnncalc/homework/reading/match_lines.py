"""Which line of the key each line of a submission stands for: by its label, else by where it lies between the others.

Lines with a known label divide both texts.  Between two of them lines whose text stands once on both sides belong
together, then the k-th line with a text goes with the key's k-th of that text, as far as they stand in one order; in
the gaps that are left the same is done with layer words.  A label that the key does not have needs an equal text: a
layer that is not there is never taken for another.  A line that was added, left out or changed disturbs no other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.homework.questions import KeySheet
from cnncalc.homework.reading.line_heads import plain_text


class Line(NamedTuple):
    """What is compared of a line."""

    label: str
    word: str
    text: str


def aligned(said: Sequence[Line], sheet: KeySheet) -> list[int | None]:
    """For every line of a submission the number of the key's line, None where it has none."""
    found = [sheet.find(line.label) if line.label else None for line in said]
    taken = {index for index in found if index is not None}
    texts = [plain_text(line.text) for line in said], [plain_text(site.text) for site in sheet.sites]
    words = ["" if line.label else line.word for line in said], [site.word for site in sheet.sites]
    unlabelled: list[int] = []
    first = 0
    for n, index in enumerate([*found, len(sheet.sites)]):
        if index is None:
            unlabelled.append(n)
        elif index >= first and (n == len(said) or sheet.sites[index].is_layer):
            free = [k for k in range(first, index) if k not in taken and sheet.sites[k].is_layer]
            for line, site in _matched(unlabelled, free, texts, words):
                found[line] = site
            unlabelled, first = [], index + 1
    return found


Compared = tuple[Sequence[str], Sequence[str]]
"""What is compared of every line, and of every line of the key; "" is equal to nothing."""


def _matched(lines: Sequence[int], free: Sequence[int], texts: Compared, words: Compared) -> Iterator[tuple[int, int]]:
    """The pairs of two stretches: equal texts, then equal words in the gaps between them."""
    gaps = [(lines, free)]
    for compared, once in ((texts, True), (texts, False), (texts, False), (words, False)):
        left: list[tuple[Sequence[int], Sequence[int]]] = []
        for ours, theirs in gaps:
            pairs = _in_order(ours, theirs, compared, once=once)
            yield from ((ours[a], theirs[b]) for a, b in pairs)
            left += _gaps(ours, theirs, pairs)
        gaps = left


def _gaps(
    ours: Sequence[int], theirs: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """What stands between the pairs on both sides."""
    line = site = 0
    for a, b in (*pairs, (len(ours), len(theirs))):
        if a > line and b > site:
            yield ours[line:a], theirs[site:b]
        line, site = a + 1, b + 1


def _in_order(ours: Sequence[int], theirs: Sequence[int], compared: Compared, *, once: bool) -> list[tuple[int, int]]:
    """The k-th of ours with the k-th of theirs that is equal, as many as stand in one order.

    `once`: only what stands once on both sides.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, site in enumerate(theirs):
        places[compared[1][site]].append(place)
    counts = Counter(compared[0][line] for line in ours) if once else {}
    seen: dict[str, int] = defaultdict(int)
    pairs: list[tuple[int, int]] = []
    for place, line in enumerate(ours):
        said = compared[0][line]
        if said and seen[said] < len(places.get(said, ())) and not (once and max(counts[said], len(places[said])) > 1):
            pairs.append((place, places[said][seen[said]]))
            seen[said] += 1
    return _longest_run(pairs)


def _longest_run(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs in which the second number grows, as the first does."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1], last[at : at + 1] = [place], [n]
    run = []
    n = last[-1] if last else -1
    while n >= 0:
        run.append(pairs[n])
        n = before[n]
    return run[::-1]

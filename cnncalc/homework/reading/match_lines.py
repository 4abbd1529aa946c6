"""Which line of the key each line of a submission stands for: by its label, else by where it lies between the others.

Lines with a known label divide both texts; between two of them equal lines belong together, and in the gaps that are
left lines with the same layer word.  A label that the key does not have needs an equal text: a layer that is not there
is never taken for another.  A line that was added, left out or changed disturbs no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from cnncalc.homework.questions import KeySheet


class Line(NamedTuple):
    """What is compared of a line."""

    label: str
    word: str
    text: str


def aligned(said: Sequence[Line], sheet: KeySheet) -> list[int | None]:
    """For every line of a submission the number of the key's line, None where it has none."""
    found = [sheet.find(line.label) if line.label else None for line in said]
    taken = {index for index in found if index is not None}
    unlabelled: list[int] = []
    first = 0
    for n, index in enumerate([*found, len(sheet.sites)]):
        if index is None:
            unlabelled.append(n)
        elif index >= first and (n == len(said) or sheet.sites[index].is_layer):
            free = [k for k in range(first, index) if k not in taken and sheet.sites[k].is_layer]
            for line, site in _matched(unlabelled, free, said, sheet):
                found[line] = site
            unlabelled, first = [], index + 1
    return found


def _matched(
    lines: Sequence[int], free: Sequence[int], said: Sequence[Line], sheet: KeySheet
) -> Iterator[tuple[int, int]]:
    """The pairs of two stretches: equal texts, then equal words in the gaps between them."""
    texts = [said[n].text.lower() for n in lines], [sheet.sites[k].text.lower() for k in free]
    words = ["" if said[n].label else said[n].word for n in lines], [sheet.sites[k].word for k in free]
    line = site = 0
    for a, b, size in _blocks(*texts):
        for c, d, alike in _blocks(words[0][line:a], words[1][site:b]):
            yield from zip(lines[line + c : line + c + alike], free[site + d : site + d + alike], strict=True)
        yield from zip(lines[a : a + size], free[b : b + size], strict=True)
        line, site = a + size, b + size


def _blocks(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where the same stretch stands in both: its start in each, and its length; the last one is empty."""
    if ours == theirs:
        return [(0, 0, len(ours)), (len(ours), len(ours), 0)]
    return list(SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks())

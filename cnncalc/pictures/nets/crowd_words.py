"""What is said of unlike neighbours that are drawn as one volume: what all are, and from what to what the rest goes.

The words, the size and the count of such a volume; which neighbours become one, `item_folding` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from cnncalc.geometry import PaddingMode
from cnncalc.pictures.nets.items import Item, Kind

SEVERAL: dict[Kind, str] = {"other": "layers", "block": "blocks"}
"""How neighbours of different names are called together, where the name of their kind would not say that."""

MOST_VALUES = 3
"""So many different words of one sort are listed; of more the first and the last."""

SORTS = ("/", "stride", "pad", "dil")
"""How words of a window begin; kernels begin with a number."""

PADS = frozenset(get_args(PaddingMode))


def common_words(members: Sequence[Item]) -> tuple[str, ...]:
    """The words above the arrow, each sort of them once: ("conv", "3×3 or 5×5", "same")."""
    one = members[0]
    if all(item.words == one.words for item in members):
        return one.words
    names = {item.words[:1] for item in members}
    kind = common_kind(members)
    if len(names) == 1:
        return tuple(_by_sort([item.words for item in members]))
    if kind in SEVERAL:
        return (SEVERAL[kind],)
    windows = [tuple(word for word in item.words if _sort(word) != "name") for item in members]
    return (kind, *_by_sort(windows))


def common_kind(members: Sequence[Item]) -> Kind:
    """The kind of all of them, or "other"."""
    return members[0].kind if len({item.kind for item in members}) == 1 else "other"


def common_after(members: Sequence[Item]) -> tuple[str, ...]:
    """The words below the arrow, those that not all have with that; below neighbours of several names, the names."""
    if len({item.words[:1] for item in members}) > 1:
        return tuple(dict.fromkeys(_name(item) for item in members if item.words))
    having = Counter(word for item in members for word in dict.fromkeys(item.after))
    return tuple(f"{word}{_where(word, count, members)}" for word, count in having.items())


def _where(word: str, count: int, members: Sequence[Item]) -> str:
    """Which of the neighbours have a word that `count` of them have; nothing where all do."""
    if count == len(members):
        return ""
    if count == 1 and word in members[0].after:
        return " in the first"
    return " in the last" if count == 1 and word in members[-1].after else " in some"


def _name(item: Item) -> str:
    return " ".join(word for word in item.words if _sort(word) == "name") or item.words[0]


def _by_sort(every: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The words of each sort, in the order in which they first occur."""
    found: dict[str, list[str]] = {}
    for words in every:
        for word in words:
            sort = _sort(word)
            found.setdefault(word if sort == "name" else sort, []).append(word)
    for values in found.values():
        shown = _listed(sorted(set(values), key=lambda word: (len(word), word)))
        yield shown if len(values) == len(every) else f"{shown} in some"


def _listed(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    if len(words) > MOST_VALUES:
        return f"{words[0]} to {words[-1]}"
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _sort(word: str) -> str:
    """What a word says: a name, a stride, pads, a dilation, groups, else a kernel."""
    if word in PADS:
        return "pad"
    if word[:1].isalpha() and not word.startswith(SORTS):
        return "name"
    if word.endswith(" groups"):
        return "groups"
    return next((sort for sort in SORTS if word.startswith(sort)), "kernel")

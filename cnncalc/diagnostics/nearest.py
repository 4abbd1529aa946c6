"""The known name that a user most likely meant, for a help line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

MOST_NAMES = 2000
"""Names that are compared; a text with more is no net that somebody wrote."""

NEAR = ((3, 0.8), (5, 0.72), (40, 0.65))
"""Up to how many letters -> how alike two names must be, by difflib's ratio: short ones fit others by chance."""


def nearest_ones(name: str, known: Iterable[str]) -> list[str]:
    """At most three known names near to what was written, the nearest first; capital letters make no difference.

    >>> nearest_ones("strid", ["stride", "padding"]), nearest_ones("c3", ["C3"])
    (['stride'], ['C3'])
    >>> nearest_ones("block", ["local"]), nearest_ones("se", ["selu"]), nearest_ones("cov", ["conv"])
    ([], [], ['conv'])
    >>> nearest_ones("mnist", ["mish"]), nearest_ones("tahn", ["tanh"]), nearest_ones("drop", ["dropout"])
    ([], ['tanh'], ['dropout'])
    """
    from difflib import get_close_matches  # noqa: PLC0415 (only a fault needs it, and it costs start-up time)

    names = {one.lower(): one for one in sorted(islice(known, MOST_NAMES), reverse=True)}
    cutoff = next((ratio for longest, ratio in NEAR if len(name) <= longest), NEAR[-1][1])
    return [names[one] for one in get_close_matches(name.lower()[:40], sorted(names), n=3, cutoff=cutoff)]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to what was written, or None when nothing is near."""
    found = nearest_ones(name, known)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A help line with the nearest name, or `otherwise`."""
    found = nearest(name, known)
    return f"did you mean `{found}`?" if found else otherwise

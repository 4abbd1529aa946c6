"""The known name that a user most likely meant, for a help line."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to what was written, or None when nothing is near.

    >>> nearest("strid", ["stride", "padding"])
    'stride'
    """
    from difflib import get_close_matches  # noqa: PLC0415 (only a fault needs it, and it costs start-up time)

    found = get_close_matches(name.lower()[:40], sorted(set(known)), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A help line with the nearest name, or `otherwise`."""
    found = nearest(name, known)
    return f"did you mean `{found}`?" if found else otherwise

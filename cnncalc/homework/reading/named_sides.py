"""Sizes whose sides have names: `H = 26, W = 26, C = 8`, `26 (height) x 26 (width) x 8`.

The names say which side is which, so that sides in any order are height, width, channels.
"""

from __future__ import annotations

import re

_NAMES = {"h": "height", "w": "width", "c": "channels", "channel": "channels", "depth": "channels", "d": "channels"}
_SIDE = r"(?:height|width|channels?|depth|[hwcd])"
NAMED_SIDE = rf"\b{_SIDE}\s?[=:]?\s?[0-9]{{1,9}}\b"
"""One side with its name, as part of a pattern without groups."""

NAMED_SIDES = re.compile(rf"{NAMED_SIDE}(?:\s?[,;x×*·]?\s?(?:and\s)?{NAMED_SIDE}){{1,2}}", re.IGNORECASE)
_ONE = re.compile(rf"({_SIDE})\s?[=:]?\s?([0-9]{{1,9}})", re.IGNORECASE)
_BEHIND = re.compile(rf"(?<=[0-9])\s?[(\[]\s?{_SIDE}\s?[)\]]", re.IGNORECASE)


def without_side_names(text: str) -> str:
    """The text with plain sizes instead of named sides.

    >>> without_side_names("W = 28, H = 26, C = 8"), without_side_names("26 (height) x 28 (width)")
    ('26x28x8', '26 x 28')
    """
    return _BEHIND.sub("", NAMED_SIDES.sub(_plainly, text))


def _plainly(match: re.Match[str]) -> str:
    """The sides as `HxWxC`; as they are where one is named twice."""
    named = [(_NAMES.get(name.lower(), name.lower()), size) for name, size in _ONE.findall(match[0])]
    sizes = dict(named)
    order = [sizes[name] for name in ("height", "width", "channels") if name in sizes]
    return "x".join(order) if len(sizes) == len(named) and "height" in sizes and "width" in sizes else match[0]

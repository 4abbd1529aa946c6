"""How wide a drawing is on paper: "17cm", "400px", "6in" as they are written, and the height that goes with it."""

from __future__ import annotations

import re

from cnncalc.diagnostics import input_error

POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pt": 1.0, "px": 0.75}
"""Unit of length -> points of 1/72 inch; a pixel is 1/96 inch, as in CSS."""

NARROWEST, WIDEST = "6.5cm", "400cm"
"""A picture that is narrower or wider than these cannot be read."""

_WRITTEN = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?([a-z]{2})", re.IGNORECASE)


def width_in_points(width: str) -> float:
    """A width in points.

    >>> round(width_in_points("17cm"), 1)
    481.9
    """
    found = _WRITTEN.fullmatch(width.strip())
    if not found or found[2].lower() not in POINTS or not float(found[1]):
        raise input_error(
            "wrong-value",
            f"{width[:40]!r} is not a width",
            help="write a number and its unit: 17cm, 170mm, 6in, 400px or 480pt",
        )
    return float(found[1]) * POINTS[found[2].lower()]


def asked_points(width: str) -> float:
    """The same for a width that a user asks for.  Raises InputError where nothing could be read in such a picture."""
    points = width_in_points(width)
    if not width_in_points(NARROWEST) <= points <= width_in_points(WIDEST):
        is_narrow = points < width_in_points(WIDEST)
        raise input_error(
            "wrong-value",
            f"a picture {'narrower' if is_narrow else 'wider'} than that cannot be read: {width.strip()}",
            help=f"choose a width between {NARROWEST} (246px) and {WIDEST} (157in)",
        )
    return points


def physical_size(width: str, across: float, down: float) -> tuple[str, str]:
    """Width and height as SVG writes them, for a drawing of these units; without a width they are its pixels.

    >>> physical_size("17cm", 757, 378.5)
    ('481.89pt', '240.94pt')
    """
    if not width:
        return f"{across:.2f}".rstrip("0").rstrip("."), f"{down:.2f}".rstrip("0").rstrip(".")
    points = width_in_points(width)
    return f"{points:.2f}pt", f"{points * down / across:.2f}pt"

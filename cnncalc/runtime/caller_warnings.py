"""Warnings of a Python call, shown at the line that made the call: the first outside cnncalc."""

from __future__ import annotations

import sys
import warnings

OWN = {"cnncalc", "contextlib"}
"""Packages whose frames are passed by; what wraps a function of ours is in contextlib."""


def warn_caller(text: str) -> None:
    """A RuntimeWarning at the line of a user's program that led here."""
    level, frame = 1, sys._getframe(0)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in OWN:
        level, frame = level + 1, frame.f_back
    warnings.warn(text, RuntimeWarning, stacklevel=level)

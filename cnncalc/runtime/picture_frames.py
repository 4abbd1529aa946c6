"""Picture files with several frames or pages, of which the first is taken: that it was, in words."""

from __future__ import annotations

import contextlib
import warnings
from pathlib import Path

from cnncalc.runtime.decoded_formats import opened_picture

PARTS = {"GIF": "frame", "WEBP": "frame", "PNG": "frame", "TIFF": "page"}
"""Formats that may hold several pictures: what one is called.  A camera's JPEG may hold a preview, which is none."""


def first_of(path: Path) -> str:
    """`its first frame`, of a file with several; empty for one picture, and for a file that cannot be read."""
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong with a file is said where it is decoded
        with opened_picture(path) as picture:
            if picture.format in PARTS and getattr(picture, "is_animated", False):
                return f"its first {PARTS[picture.format]}"
    return ""

"""What a page shows of one run: what went in as the net gets it, the maps of the lines, and what came out.

Finished pictures and words; who made them is `page_maps`.  Nothing here needs an array.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.report.sheet import Fact


class PageImage(NamedTuple):
    """A picture file: its bytes, its kind ("webp", "jpeg", "png"), and in words what is seen."""

    data: bytes
    media: str
    about: str = ""


class PageRun(NamedTuple):
    """A run on one picture, or on plain numbers, which `kind` says; `photo` shows either.

    `maps` are those of the lines by the row's index.  `weights` says where they came from, `prepared` what was done to
    the picture, `results` what came out; `left_out` says which lines have no maps for want of room, if any.
    """

    name: str
    photo: PageImage
    small_photo: PageImage
    maps: Mapping[int, PageImage]
    weights: str
    prepared: str = ""
    results: tuple[Fact, ...] = ()
    left_out: str = ""
    kind: str = "Picture"

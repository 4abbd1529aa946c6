"""What a page shows of one run: what went in as the net gets it, the maps of the lines, and what came out.

Finished pictures and words; who made them is `page_maps`.  Nothing here needs an array.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.diagnostics import input_error
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


def refuse_options_of_run(**options: Any) -> None:
    """Raises InputError where something that only a run needs is given, and nothing to run the net on."""
    useless = next((name for name, value in options.items() if value is not None), None)
    if useless is not None:
        raise input_error(
            "input-missing",
            f"`{useless}` is about a run, and there is nothing to run the network on",
            help="give an image too: the name of a file, or an array",
        )

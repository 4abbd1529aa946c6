"""The picture of a net in its page: one for wide screens and paper, one for phones; a page shows one of them."""

from __future__ import annotations

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.net_picture import Look, net_picture
from cnncalc.pictures.page.page_run import PageRun
from cnncalc.pictures.writers.svg import page_svg

WIDE, NARROW = 1180.0, 372.0
"""Their widths in units."""

LARGER = 1.25
"""A small net's picture is not drawn over the whole width: a unit is at most so many pixels."""


def picture_section(analysis: Analysis, run: PageRun | None) -> str:
    """Both pictures, with the photo of the run on the input; each of their volumes chooses its lines."""
    photo = (run.small_photo.data, run.small_photo.media) if run is not None else None
    wide = net_picture(analysis, Look(width=WIDE, title=False, photo=photo))
    narrow = net_picture(analysis, Look(width=NARROW, narrow=True, title=False, photo=photo))
    largest = f"max-width:{LARGER * wide.width:.0f}px"
    return (
        '<section class="picture" aria-labelledby="h-net"><h2 id="h-net">The network</h2>'
        f'<div class="on-wide" style="{largest}">{page_svg(wide, prefix="w", interactive=True)}</div>'
        f'<div class="on-narrow">{page_svg(narrow, prefix="n", interactive=True)}</div></section>'
    )

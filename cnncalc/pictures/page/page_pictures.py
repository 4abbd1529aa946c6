"""The drawings of a page, each one for wide screens and paper and one for phones: the net, and its memory."""

from __future__ import annotations

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.charts.memory_chart import memory_chart
from cnncalc.pictures.nets.net_picture import Look, net_picture
from cnncalc.pictures.nets.volumes import Photo
from cnncalc.pictures.page.page_run import PageRun
from cnncalc.pictures.writers.svg import page_svg

WIDE, NARROW = 1180.0, 372.0
"""Their widths in units."""

LARGER = 1.25
"""A small net's picture is not drawn over the whole width: a unit is at most so many pixels."""


def picture_section(analysis: Analysis, run: PageRun | None) -> str:
    """Both pictures, with the photo of the run on the only input; each of their volumes chooses its lines."""
    alone = len(analysis.totals.inputs) == 1
    photo = None
    if run is not None and alone:
        row = next(row.row.index for row in analysis.rows if analysis.nodes[row.row.first].node.is_input)
        photo = Photo(run.small_photo.data, run.small_photo.media, row)
    wide = net_picture(analysis, Look(width=WIDE, title=False, photo=photo))
    narrow = net_picture(analysis, Look(width=NARROW, narrow=True, title=False, photo=photo))
    largest = f"max-width:{LARGER * wide.width:.0f}px"
    return (
        '<section class="picture" aria-labelledby="h-net"><h2 id="h-net">The network</h2>'
        f'<div class="on-wide" style="{largest}">{page_svg(wide, prefix="w", interactive=True)}</div>'
        f'<div class="on-narrow">{page_svg(narrow, prefix="n", interactive=True)}</div></section>'
    )


def memory_section(analysis: Analysis) -> str:
    """What is alive in memory line by line; pointing at a bar chooses its lines."""
    wide, narrow = (memory_chart(analysis, width, title=False) for width in (WIDE, NARROW))
    largest = f"max-width:{LARGER * wide.width:.0f}px"
    return (
        '<section class="chart" aria-labelledby="h-memory"><h2 id="h-memory">Memory while each layer runs</h2>'
        f'<div class="on-wide" style="{largest}">{page_svg(wide, prefix="m", pointed=True)}</div>'
        f'<div class="on-narrow">{page_svg(narrow, prefix="o", pointed=True)}</div></section>'
    )

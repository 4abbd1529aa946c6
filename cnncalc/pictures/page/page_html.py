"""A net as one self-contained page: picture, table, card, totals; nothing outside it is ever asked for.

Everything is there without a script and on paper; the script only chooses, sorts and folds.  The page itself forbids
every request.  Nothing is computed here: what is shown comes from the analysis, and from a run where there was one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.page.page_answers import answers_section
from cnncalc.pictures.page.page_card import card, run_section
from cnncalc.pictures.page.page_data import page_data
from cnncalc.pictures.page.page_pictures import memory_section, picture_section
from cnncalc.pictures.page.page_rows import PageRows, page_rows
from cnncalc.pictures.page.page_run import PageRun
from cnncalc.pictures.page.page_style import page_script, page_style
from cnncalc.pictures.page.page_table import block_count, page_table
from cnncalc.pictures.page.page_text import script_json, words
from cnncalc.pictures.page.page_totals import notes, six_numbers, totals_table, warnings_section
from cnncalc.report.answer_marks import Answers, by_place

if TYPE_CHECKING:
    from cnncalc.homework.findings import Finding

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
HAS_SCRIPT = "<script>document.documentElement.classList.add('script')</script>"
"""Where scripts run, blocks are folded before the table is laid out for the first time."""

BEGINNING = "<!doctype html><!-- cnncalc report -->"
"""How every page begins, by which an earlier one is known."""


def page_html(analysis: Analysis, run: PageRun | None = None, findings: Sequence[Finding] = ()) -> str:
    """The page of a net; `run` is what a picture gave, `findings` what is known about the answers in its text."""
    answers = by_place(findings)
    rows = page_rows(analysis, answers)
    title = words(analysis.graph.heading or PurePath(analysis.graph.where).name)
    data = script_json(page_data(analysis, rows, run))
    return (
        f'{BEGINNING}<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{title} · cnncalc</title><link rel="icon" href="data:,"><style>{page_style()}</style>'
        f'{HAS_SCRIPT}</head><body><a class="skip" href="#layers">Skip to the table</a>{_header(analysis, title)}<main>'
        f"{six_numbers(analysis)}{picture_section(analysis, run)}{_layers(analysis, rows, answers, run)}"
        f"{run_section(run)}{answers_section(answers)}{memory_section(analysis)}{_totals(analysis)}{warnings_section(analysis)}"
        f'</main><footer class="soft small">Made by cnncalc; everything on this page is in this one file.</footer>'
        f'<script type="application/json" id="data">{data}</script><script>{page_script()}</script></body></html>\n'
    )


def is_page(beginning: bytes) -> bool:
    """Whether a file that begins so is an earlier page."""
    return beginning.startswith(BEGINNING.encode())


def _header(analysis: Analysis, title: str) -> str:
    lines = f"{len(analysis.rows):,} line{'' if len(analysis.rows) == 1 else 's'}"
    return (
        f'<header><div><h1><bdi>{title}</bdi></h1><p class="soft">'
        f"<bdi>{words(PurePath(analysis.graph.where).name)}</bdi>; {lines}</p></div>"
        '<button type="button" id="theme" class="needs-script noprint">Theme: auto</button></header>'
    )


def _layers(analysis: Analysis, rows: PageRows, answers: Answers, run: PageRun | None) -> str:
    name = "Open all blocks" if rows.folded else "Fold the blocks"
    fold = f'<button type="button" id="fold-all">{name}</button> ' if block_count(rows.shown) else ""
    return (
        '<div class="two"><section aria-labelledby="h-layers"><h2 id="h-layers">Layer by layer</h2>'
        f'<p class="needs-script noprint small soft">{fold}Point at a line to see it in the card, and click it to keep '
        "it there; the head of a column sorts: largest first, smallest first, the network's order.</p>"
        '<p id="sorted" class="unseen" aria-live="polite"></p>'
        f'<div class="sideways">{page_table(analysis, rows, answers)}</div></section>'
        f"{card(analysis, len(rows.indexes), run)}</div>"
    )


def _totals(analysis: Analysis) -> str:
    return (
        '<section aria-labelledby="h-totals"><h2 id="h-totals">Totals, by convention</h2>'
        f'<div class="columns"><div>{totals_table(analysis)}</div><div>{notes(analysis)}</div></div></section>'
    )

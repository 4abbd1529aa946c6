"""The card beside the table, which a script fills with the chosen line; and what came out of the run.

Without a script the card is not shown: all but the receptive field of one place and the maps is in the page anyway.
"""

from __future__ import annotations

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.page.page_inputs import InputsOfLines
from cnncalc.pictures.page.page_run import PageRun
from cnncalc.pictures.page.page_text import data_uri, words
from cnncalc.pictures.page.page_totals import fact_list
from cnncalc.report.sheet import Fact

LOWEST_FRAME, TALLEST_FRAME = 8, 2
"""A frame is at most so many times as long as it is high, as that of a signal is, or as high as it is long."""

WIDE_FRAME = 4
"""A frame that is more times as long as high has the card's whole width."""

LARGEST_DOTS = 64
"""Pixels of an input that are shown as squares, not blurred."""


def card(analysis: Analysis, lines: int, run: PageRun | None) -> str:
    """The card of one line; `lines` is how many can be chosen."""
    return (
        '<aside aria-label="The chosen layer" class="needs-script noprint">'
        '<label for="choice" class="soft small">Layer (arrow keys)</label>'
        f'<input type="range" id="choice" min="0" max="{max(0, lines - 1)}" value="0">'
        '<p id="pin" class="soft small">Click a line to keep it chosen.</p>'
        '<h3 id="name"><bdi></bdi></h3><p class="small"><span id="shape"></span><br><span id="counts"></span></p>'
        f"{_pictures(analysis, run)}"
        '<p class="small" id="seen" aria-live="polite"></p><p class="small soft" id="about"></p>'
        '<details id="formulas"><summary>Formulas with the numbers put in</summary>'
        '<div id="formula" tabindex="0" role="group" aria-label="Formulas"></div></details></aside>'
    )


def _pictures(analysis: Analysis, run: PageRun | None) -> str:
    frame = _frame(analysis, run)
    maps = '<div class="maps"><img id="maps" alt="" width="200" height="200"></div>' if run is not None else ""
    return f'<div class="pair">{frame}{maps}</div>' if frame or maps else ""


def _frame(analysis: Analysis, run: PageRun | None) -> str:
    """The input, as a photo or as an empty frame of its proportions, on which a script lays the receptive field."""
    spatial = analysis.totals.inputs[0].spatial if analysis.totals.inputs else ()
    if not spatial:
        return ""
    width = spatial[-1]
    height = spatial[-2] if len(spatial) > 1 else max(1, width // LOWEST_FRAME)
    ratio = min(LOWEST_FRAME, max(1 / TALLEST_FRAME, width / height))
    photo = ""
    if run is not None:
        about = f"The {run.kind.lower()} as the network gets {'it' if run.kind == 'Picture' else 'them'}"
        few = ' class="dots"' if max(width, height) <= LARGEST_DOTS else ""
        source = data_uri(run.photo.data, run.photo.media)
        photo = f'<img id="photo"{few} src="{source}" alt="{about}" width="{width}" height="{height}">'
    signal = ' class="signal"' if ratio > WIDE_FRAME else ""
    caption = _caption(analysis, run, distorted=len(spatial) > 1 and ratio != width / height)
    return (
        f'<div id="input"{signal}><div class="photo" id="frame" style="aspect-ratio:{ratio:.4g}" tabindex="0" '
        'role="application" aria-describedby="seen" '
        'aria-label="The input: point at a place, or use the arrow keys">'
        f'{photo}<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect id="field"/><ellipse id="centre"/></svg></div>{caption}</div>'
    )


def _caption(analysis: Analysis, run: PageRun | None, *, distorted: bool) -> str:
    """Which input is shown where there are several, which slice of a volume, and whether its shape is another."""
    inputs = InputsOfLines(analysis)
    said = [
        f"Input {inputs.first}" if inputs.first else "",
        run.photo.about if run is not None else "",
        "drawn in another shape than it has" if distorted else "",
    ]
    text = ", ".join(filter(None, said))
    return f'<p class="small soft">{words(text[:1].upper() + text[1:])}</p>' if text else ""


def run_section(run: PageRun | None) -> str:
    """What went in and what came out, where the net was run."""
    if run is None:
        return ""
    facts = (
        Fact(run.kind, run.name),
        Fact("Prepared" if run.kind == "Picture" else "Shown", run.prepared),
        Fact("Weights", run.weights),
        *run.results,
    )
    said = fact_list(fact for fact in facts if fact.text or not fact.name)
    left_out = f'<p class="small soft">{words(run.left_out)}</p>' if run.left_out else ""
    return f'<section aria-labelledby="h-run"><h2 id="h-run">The run</h2>{said}{left_out}</section>'

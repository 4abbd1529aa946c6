"""What is written around the picture of a number: its title, its sums as on the slides, and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.analysis.worked_cells import Window
from cnncalc.analysis.worked_cells.addresses import cell_name
from cnncalc.diagnostics.letters import printable
from cnncalc.pictures.cells.cell_setting import SLID, setting, total_of, windows_of
from cnncalc.pictures.cells.number_texts import has_left_out, has_long_decimals, is_rounded, shown, slide_sum, typeset

LONGEST_LINE = 48
"""Letters of a line of the net that a title shows."""

LONGEST_WORKED = 4000
"""Letters of a sum that are looked at: what is drawn of it is shorter by far."""

_LISTS = re.compile(r"\[[^\[\]]*(?:\]|$)(?:\s*\[[^\[\]]*(?:\]|$))*")


def cell_title(traced: TracedCell) -> str:
    """`conv filter=sharpen same: row 1, column 1 = 320`; lists of numbers are left out."""
    return f"{line_title(traced)}: {cell_name(traced.address, traced.row.output)} = {shown(traced.works[-1].result)}"


def line_title(traced: TracedCell) -> str:
    """The line with its label, cut where it is very long."""
    row = traced.row.row
    label = f"{row.label}: " if row.label else ""
    text = label + _LISTS.sub("[…]", printable(row.text[:LONGEST_WORKED]))
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE].rstrip()}…"


def cell_sums(traced: TracedCell, chosen: Sequence[Window]) -> Iterator[str]:
    """The sums as on the slides where a kernel slides, else as the text has them; then those of the words behind."""
    work, windows = traced.works[0], windows_of(traced)
    said = work.sums
    if setting(traced).kernel in SLID and windows:
        channels = list(dict.fromkeys(window.channel for window in windows))
        for channel in dict.fromkeys(window.channel for window in chosen):
            whole = [window for window in windows if window.channel == channel]
            name = f"channel {channel + 1:,}: " if len(channels) > 1 else ""
            yield f"{name}{slide_sum(whole)} = {shown(total_of(whole))}"
        said = work.sums[len(work.heaviest or channels) :]
    yield from (typeset(text[:LONGEST_WORKED]) for text in said)
    for one in traced.works[1:]:
        yield from (f"{one.word}: {typeset(text[:LONGEST_WORKED])}" for text in one.sums)


def _has_rounded(traced: TracedCell, chosen: Sequence[Window]) -> bool:
    """Whether a grid leaves something of its numbers out."""
    seen = [one.value for window in chosen for row in window.seen for one in row if one.value is not None]
    weights = [weight for window in chosen for row in window.kernel or () for weight in row]
    return any(map(is_rounded, [*seen, *weights, *(work.result for work in traced.works)]))


def cell_notes(traced: TracedCell, chosen: Sequence[Window]) -> Iterator[str]:
    """What has to be known to read the picture right."""
    work, windows = traced.works[0], windows_of(traced)
    if len(chosen) < len(windows):
        yield f"Of {len(windows):,} windows the {len(chosen)} are drawn that add most."
    if "flipped" in work.kernel_name:
        yield "The kernel is drawn as it is laid on the input: flipped along each axis (a true convolution)."
    if work.pads:
        yield f"The padding holds {work.pads}."
    if setting(traced).kernel in SLID and any(map(has_left_out, windows)):
        yield "Of long sums, the products of 0 are left out."
    if _has_rounded(traced, chosen) or any(
        has_long_decimals(text[:LONGEST_WORKED]) for one in traced.works for text in one.sums
    ):
        yield "Long decimals are rounded here."

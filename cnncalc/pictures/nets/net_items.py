"""The items of a net's picture, from its analysis: walked, folded, crowded, and the main way found."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.pictures.nets.block_forms import block_forms
from cnncalc.pictures.nets.item_folding import MOST_ITEMS, crowded, folded, folded_repeats
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.main_way import with_asides
from cnncalc.pictures.nets.net_rows import NetRows
from cnncalc.pictures.nets.row_walk import row_items

MOST_LISTED, LONGEST_SHOWN = 20, 40
MOST_OPENED = 160
"""Whoever asks to have blocks drawn out gets more items than fit a picture at one look."""


def net_items(analysis: Analysis, opened: Iterable[str] = ()) -> tuple[Item, ...]:
    """The items from left to right; calls of blocks that are named in `opened` are drawn as their parts."""
    rows = NetRows(analysis, opened)
    keys, _ = block_forms(rows)
    items, _ = folded_repeats(folded(row_items(rows, 0, len(analysis.rows) - 1, 0, keys)))
    return with_asides(crowded(items, MOST_OPENED if rows.opened else MOST_ITEMS))


def block_names(analysis: Analysis) -> tuple[str, ...]:
    """The names of the blocks that the net calls, in the order of the net."""
    calls = [call for found in NetRows(analysis).calls.values() for call in found]
    return tuple(dict.fromkeys(call.word for call in sorted(calls, key=lambda call: (call.first, call.depth))))


def check_opened(analysis: Analysis, opened: Iterable[str]) -> None:
    """Refuses names that are no blocks of the net; the error lists those that are."""
    known = block_names(analysis)
    for name in opened:
        if name not in known:
            listed = ", ".join(known[:MOST_LISTED]) + (" ..." if len(known) > MOST_LISTED else "")
            otherwise = f"the blocks are: {listed}" if known else "the network has no blocks; leave --open out"
            shown = name if len(name) <= LONGEST_SHOWN else name[:LONGEST_SHOWN] + "..."
            message = f"the network has no block `{shown}` that could be drawn out"
            raise input_error("block-not-drawn", message, help=did_you_mean(name, known, otherwise))

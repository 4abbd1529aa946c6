"""The items of a net's picture, from its analysis: walked, folded, crowded, and the main way found."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.block_forms import block_forms
from cnncalc.pictures.nets.item_folding import crowded, folded, folded_repeats
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.main_way import with_asides
from cnncalc.pictures.nets.net_rows import SECTION, NetRows
from cnncalc.pictures.nets.row_walk import row_items


def net_items(analysis: Analysis, opened: Iterable[str] = ()) -> tuple[Item, ...]:
    """The items from left to right; calls of blocks that are named in `opened` are drawn as their parts."""
    rows = NetRows(analysis, opened)
    keys, _ = block_forms(rows)
    items, _ = folded_repeats(folded(row_items(rows, 0, len(analysis.rows) - 1, 0, keys)))
    return with_asides(crowded(items))


def block_names(analysis: Analysis) -> tuple[str, ...]:
    """The names of the blocks that the net calls, in the order of the net."""
    rows = NetRows(analysis)
    _, forms = block_forms(rows)
    return tuple(dict.fromkeys(form.word for form in forms if form.word != SECTION))

"""The inside of each kind of block in a net's picture, each form of it once, as a panel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.block_bodies import series_of
from cnncalc.pictures.nets.block_forms import Form, block_forms
from cnncalc.pictures.nets.item_folding import Repeat, folded, folded_repeats
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.layered_panel import layered_panel
from cnncalc.pictures.nets.net_rows import Call, NetRows
from cnncalc.pictures.nets.panel_labels import Box, boxes, heading
from cnncalc.pictures.nets.row_walk import row_items
from cnncalc.pictures.nets.tree_panel import tree_panel
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.quantities import grouped

MOST_PARTS = 60
"""A block of more parts is drawn as one box that says how many lines it has."""

MOST_PANELS = 40


def block_panels(analysis: Analysis, items: Sequence[Item], opened: Iterable[str] = ()) -> tuple[Scene, ...]:
    """The panels of the blocks that the items name, and of the blocks inside those."""
    rows = NetRows(analysis, opened)
    keys, forms = block_forms(rows)
    _, repeats = folded_repeats(folded(row_items(rows, 0, len(analysis.rows) - 1, 0, keys)))
    known = {form.key: form for form in (*forms, *_repeated(repeats))}
    asked = [item.block for item in items if item.block]
    drawn = list(dict.fromkeys(_with_inner(asked, known)))[:MOST_PANELS]
    return tuple(_panel(analysis, known[key]) for key in drawn)


def _with_inner(asked: Sequence[str], known: dict[str, Form]) -> Iterator[str]:
    """The keys, and those of the blocks inside, each after what it lies in."""
    waiting, seen = list(dict.fromkeys(asked)), set[str]()
    while waiting:
        key = waiting.pop(0)
        if key in seen or key not in known:
            continue
        seen.add(key)
        yield key
        waiting += [item.block for item in known[key].bodies[0] if item.block]


def _repeated(repeats: Iterable[Repeat]) -> Iterator[Form]:
    """Stretches that repeat in a flat net, as the calls of a block; those of one name share a panel."""
    of_key: dict[str, list[tuple[Item, ...]]] = {}
    for repeat in repeats:
        of_key.setdefault(repeat.key, []).extend(repeat.copies)
    for key, copies in of_key.items():
        calls = tuple(Call(copy[0].first, copy[-1].last, key, 0) for copy in copies)
        start = copies[0][0].sources[0] + 1 if copies[0][0].sources else 0
        inside = tuple(
            tuple(
                item._replace(sources=_from(model.sources, start)) for item, model in zip(copy, copies[0], strict=True)
            )
            for copy in copies
        )
        yield Form(key, 0, 1, calls, inside)


def _from(sources: Iterable[int], start: int) -> tuple[int, ...]:
    return tuple(max(source - start, -1) for source in sources)


def _panel(analysis: Analysis, form: Form) -> Scene:
    if len(form.bodies[0]) > MOST_PARTS:
        lines = grouped(form.calls[0].last - form.calls[0].first + 1)
        return tree_panel((Box(f"{lines} lines", "", "other", is_block=False),), (0,), heading(form))
    found, series = boxes(analysis, form), series_of(form.bodies[0])
    if series is None:
        return layered_panel(found, form.bodies[0], heading(form))
    return tree_panel(found, series, heading(form))

"""The inside of each kind of block in a net's picture, each form of it once, as a panel no wider than the picture.

Letters are never made smaller: words are broken into lines, and where branches have no room side by side the parts
are drawn one below the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.arrival_names import arrival_names
from cnncalc.pictures.nets.block_bodies import series_of
from cnncalc.pictures.nets.block_forms import Form, block_forms
from cnncalc.pictures.nets.item_folding import Repeat, folded, folded_repeats
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.layered_panel import layered_panel
from cnncalc.pictures.nets.net_rows import Call, NetRows
from cnncalc.pictures.nets.panel_boxes import box_of, named_box
from cnncalc.pictures.nets.panel_labels import Label, heading
from cnncalc.pictures.nets.readings import readings_of
from cnncalc.pictures.nets.row_walk import row_items
from cnncalc.pictures.nets.stacked_panel import stacked_panel
from cnncalc.pictures.nets.tree_panel import tree_panel
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.quantities import grouped

MOST_PARTS = 60
"""A block of more parts is drawn as one box that says how many lines it has."""

WORD_WIDTHS = (190.0, 150.0, 120.0, 96.0, 80.0, 66.0, 53.0)
"""How wide the words in a box may be, from the widest on."""


def block_panel(
    form: Form, parts: Sequence[Label], width: float = float("inf"), words: float = WORD_WIDTHS[0]
) -> Scene:
    """The panel of a form whose parts have these labels, no wider than asked, nor its words wider than `words`.

    It has the widest words that fit; parts lie side by side rather than one below the other.
    """
    if len(parts) > MOST_PARTS:
        return _counted(form)
    widths = [most for most in WORD_WIDTHS if most <= words]
    for draw in (_beside, _stacked):
        for most in widths:
            if (scene := draw(form, parts, most)).width <= width:
                return scene
    return _counted(form)


def shown_forms(analysis: Analysis, items: Sequence[Item], opened: Iterable[str] = ()) -> tuple[Form, ...]:
    """The forms of the blocks that the items name, and of the blocks inside those, in the order of the net."""
    rows = NetRows(analysis, opened)
    known, _ = _known_forms(rows)
    shown = _with_inner([item.block for item in items if item.block], known)
    return tuple(_without_identities(form)._replace(arrivals=arrival_names(rows, form.calls[0])) for form in shown)


def crowded_forms(analysis: Analysis, items: Sequence[Item], opened: Iterable[str] = ()) -> tuple[Form, ...]:
    """The forms of the blocks that no item names, since they are in one item with different neighbours."""
    known, uncrowded = _known_forms(NetRows(analysis, opened))
    named = {item.block for item in items}
    lost = dict.fromkeys(item.block for item in uncrowded if item.block and item.block not in named)
    return tuple(known[key] for key in lost if key in known)


def _known_forms(rows: NetRows) -> tuple[dict[str, Form], tuple[Item, ...]]:
    """Every form by its key, and the items of the net before any crowd is made one."""
    keys, forms = block_forms(rows)
    items, repeats = folded_repeats(folded(row_items(rows, 0, len(rows.reads) - 1, 0, keys)))
    return {form.key: form for form in (*forms, *_repeated(repeats))}, tuple(items)


def _without_identities(form: Form) -> Form:
    """The form without parts that hand on what they read and are there for their label alone."""
    parts = form.bodies[0]
    kept = [n for n, item in enumerate(parts) if item.words != ("identity",) or item.after or n == len(parts) - 1]
    read = {n: (n,) if n in kept else item.sources for n, item in enumerate(parts)}
    place = {n: new for new, n in enumerate(kept)}

    def found(source: int) -> int:
        return source if source < 0 else place[source] if source in place else found(read[source][0])

    bodies = tuple(
        tuple(body[n]._replace(sources=tuple(dict.fromkeys(found(source) for source in body[n].sources))) for n in kept)
        for body in form.bodies
    )
    return form._replace(bodies=bodies)


def _with_inner(asked: Sequence[str], known: dict[str, Form]) -> Iterator[Form]:
    """The forms of these keys, and those of the blocks inside, each after what it lies in."""
    waiting, seen = list(dict.fromkeys(asked)), set[str]()
    while waiting:
        key = waiting.pop(0)
        if key in seen or key not in known:
            continue
        seen.add(key)
        yield known[key]
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


def _beside(form: Form, parts: Sequence[Label], most: float) -> Scene:
    """Branches within branches where the block is made so, else in layers."""
    boxes, series = tuple(box_of(part, most) for part in parts), series_of(form.bodies[0])
    if series is None:
        return layered_panel(readings_of(form.bodies[0], boxes, form.arrivals), heading(form))
    return tree_panel(boxes, series, heading(form))


def _stacked(form: Form, parts: Sequence[Label], most: float) -> Scene:
    boxes = tuple(box_of(part, most) for part in parts)
    return stacked_panel(readings_of(form.bodies[0], boxes, form.arrivals), heading(form))


def _counted(form: Form) -> Scene:
    lines = grouped(form.calls[0].last - form.calls[0].first + 1)
    return tree_panel((named_box(f"{lines} lines", "other"),), (0,), heading(form))

"""What a part in the panel of a block says: the layer and its width, with what differs from call to call.

The words alone; `panel_boxes` breaks them into lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.pictures.nets.block_forms import Form
from cnncalc.pictures.nets.call_values import either, sometimes, varied, which
from cnncalc.pictures.nets.items import Item, Kind
from cnncalc.pictures.nets.row_words import name_of, window_of

BEGINS = ("", "/", "stride", "dil", "pad")
"""How the words of a window begin, in order; `same` is a word for pads too."""


class Label(NamedTuple):
    """The words of one part: its name and window, its channels, what only some calls have, the layers behind it."""

    name: str
    channels: str
    notes: tuple[str, ...]
    """The groups, and what of the window only some calls have."""
    after: tuple[str, ...]
    """The layers behind it: those of all calls, and in a line of their own what differs from call to call."""
    kind: Kind
    is_block: bool = False


def labels(analysis: Analysis, form: Form) -> tuple[Label, ...]:
    """The parts of a form of a block, each with what it is in all of its calls."""
    return tuple(_label(analysis, [body[n] for body in form.bodies]) for n in range(len(form.bodies[0])))


def heading(form: Form) -> tuple[str, str]:
    """The name of a form, and below it how often it is used."""
    times = len(form.calls)
    used = "once" if times == 1 else f"{times} times"
    if form.of == 1:
        return form.key, f"used {used}"
    return form.key, f"form {form.number + 1} of {form.of}, used {used}"


def _label(analysis: Analysis, items: Sequence[Item]) -> Label:
    one, times = items[0], varied(item.times for item in items)
    count = "" if times == "1" else f" ×{times}"
    after = _after([item.after for item in items])
    if one.block:
        return Label(f"{one.block}{count}", "", (), after, one.kind, is_block=True)
    rows = [analysis.rows[item.first] for item in items]
    windows = [window_of(row) for row in rows]
    always, differing = _window(windows)
    channels = ""
    if one.kind in ("conv", "dense", "up") or rows[0].row.word == "concat":
        channels = varied(item.shape.channels for item in items)
    name = " ".join(word for word in (name_of(rows[0]), *always) if word)
    return Label(name + count, channels, (*_groups(rows), *differing), after, one.kind)


def _window(windows: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The words of the window that all calls have or that each has in its way, and those that only some have."""
    always, differing = [], []
    for begin in BEGINS:
        values = [next((word for word in window if _begin(word) == begin), "") for window in windows]
        present = {value for value in values if value}
        if len(present) == 1 and "" in values:
            differing.append(sometimes(next(iter(present)), [bool(value) for value in values]))
        elif present:
            always.append(varied(value or f"{begin}1" for value in values))
            differing.extend(which(values))
    return always, differing


def _begin(word: str) -> str:
    """What kind of word of a window it is: a stride, a dilation, pads, else a kernel."""
    return "pad" if word.isalpha() else next((begin for begin in BEGINS[1:] if word.startswith(begin)), "")


def _after(every: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The layers behind a part: those with which all calls begin, and in a line of its own what differs."""
    shared = 0
    while all(len(after) > shared for after in every) and len({after[shared] for after in every}) == 1:
        shared += 1
    rests = [" ".join(after[shared:]) for after in every]
    present = {rest for rest in rests if rest}
    lines = [" ".join(every[0][:shared])]
    if len(present) == 1:
        lines.append(sometimes(next(iter(present)), [bool(rest) for rest in rests]))
    elif present:
        lines.append(either(rests))
    return tuple(line for line in lines if line)


def _groups(rows: Sequence[RowAnalysis]) -> tuple[str, ...]:
    """The groups of a convolution that has several."""
    groups = [getattr(row.nodes[0].node.layer, "groups", 1) for row in rows]
    return (f"{varied(groups)} groups",) if max(groups) > 1 else ()

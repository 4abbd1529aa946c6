"""What a box in the panel of a block says: the layer, with what differs from call to call.

Up to four calls are written in order, `64 | 128 | 256`; more as a range, `64–384`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.block_forms import Form
from cnncalc.pictures.nets.items import Item, Kind
from cnncalc.pictures.nets.row_words import name_of, window_of
from cnncalc.pictures.scene.letters import text_width

MOST_IN_ORDER = 4
TEXT, SMALL = 10.0, 9.0


class Box(NamedTuple):
    """One part of a block: its text, the words below that, and its kind."""

    text: str
    after: str
    kind: Kind
    is_block: bool

    @property
    def width(self) -> float:
        return max(text_width(self.text, TEXT, bold=self.is_block) + 22, text_width(self.after, SMALL) + 16, 34)

    @property
    def height(self) -> float:
        return 35.0 if self.after else 24.0


def varied(values: Iterable[str | int]) -> str:
    """What differs from call to call: up to four in order, else the range or the different ones.

    >>> varied([64, 128, 128, 256]), varied([16, 24, 40, 80, 112]), varied(["3×3", "3×3"])
    ('64 | 128 | 128 | 256', '16–112', '3×3')
    """
    every = list(values)
    different = list(dict.fromkeys(every))
    if len(different) == 1:
        return str(different[0])
    if len(every) <= MOST_IN_ORDER:
        return " | ".join(str(value) or "none" for value in every)
    numbers = [value for value in different if isinstance(value, int)]
    if len(numbers) == len(different):
        return f"{min(numbers)}–{max(numbers)}"
    words = [str(value) or "none" for value in different]
    return " or ".join(words) if len(words) <= MOST_IN_ORDER else f"{words[0]} … {words[-1]}"


def boxes(analysis: Analysis, form: Form) -> tuple[Box, ...]:
    """The parts of a form of a block, each with what it is in all of its calls."""
    return tuple(_box(analysis, [body[n] for body in form.bodies]) for n in range(len(form.bodies[0])))


def _box(analysis: Analysis, items: list[Item]) -> Box:
    one, times = items[0], varied(item.times for item in items)
    after = varied(" ".join(item.after) for item in items)
    count = "" if times == "1" else f" ×{times}"
    if one.block:
        return Box(f"{one.block}{count}", after, one.kind, is_block=True)
    rows = [analysis.rows[item.first] for item in items]
    windows = [[word for word in window_of(row) if not word.startswith("pad") and not word.isalpha()] for row in rows]
    text = " ".join(word for word in (name_of(rows[0]), varied(" ".join(words) for words in windows)) if word)
    if one.kind in ("conv", "dense", "up") or rows[0].row.word == "concat":
        text += f", {varied(item.shape.channels for item in items)}"
    return Box(text + count, after, one.kind, is_block=False)


def heading(form: Form) -> tuple[str, str]:
    """The name of a form, and below it how often it is used."""
    times = len(form.calls)
    used = "once" if times == 1 else f"{times} times"
    if form.of == 1:
        return form.key, f"used {used}"
    return form.key, f"form {form.number + 1} of {form.of}, used {used}"

"""A worked number in lines: windows beside their kernels, then the sums.  Large windows are abridged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from cnncalc.analysis.worked_cells.one_number import Seen, Window, Work, written

MOST_ROWS, FIRST_ROWS = 7, 3
"""Rows, columns and slices of a window that are shown whole; of a larger one the first ones and the last."""

WIDEST = 72
"""Columns; window and kernel stand below each other where they are wider together."""

T = TypeVar("T")

_BETWEEN = "    "


def lines_of(work: Sequence[Work]) -> Iterator[str]:
    """All steps of one number, the layer's word before what it does where there are several."""
    for one in work:
        if len(work) > 1:
            yield f"{one.word}:"
        if one.heaviest:
            count = len({window.channel for window in one.windows})
            yield f"of {count:,} channels these weigh most: {', '.join(f'{c + 1:,}' for c in one.heaviest)}"
        shown = [window for window in one.windows if not one.heaviest or window.channel in one.heaviest]
        for _, slices in groupby(shown, key=lambda window: window.channel):
            for window in _abridged([*slices], MOST_ROWS, FIRST_ROWS):
                yield from ("...",) if window is None else _set(window, one.kernel_name)
        if one.pads:
            yield f"( ) marks the padding, which holds {one.pads}"
        yield from one.sums


def _set(window: Window, kernel_name: str) -> Iterator[str]:
    if window.name:
        yield f"{window.name}:"
    seen = _grid([[_seen(one) for one in row] for row in window.seen])
    if window.kernel is None:
        yield from _under("window", seen)
        return
    kernel = _grid([[written(value) for value in row] for row in window.kernel])
    left = max(len("window"), len(seen[0]))
    if left + len(_BETWEEN) + max(len(kernel_name), len(kernel[0])) > WIDEST:
        yield from (*_under("window", seen), *_under(kernel_name, kernel))
        return
    yield f"  {'window':<{left}}{_BETWEEN}{kernel_name}"
    for one, other in zip(seen, kernel, strict=True):
        yield f"  {one:<{left}}{_BETWEEN}{other}"


def _under(name: str, grid: list[str]) -> Iterator[str]:
    yield f"  {name}"
    yield from (f"  {row}" for row in grid)


def _seen(one: Seen) -> str:
    if one.value is None:
        return "( )"
    return f"({written(one.value)})" if one.is_pad else written(one.value)


def _grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows with their columns right under each other."""
    shown = [_with_dots(row) for row in rows]
    cut = [row if row is not None else ["..."] * len(shown[0]) for row in _abridged(shown, MOST_ROWS, FIRST_ROWS)]
    widths = [max(len(row[n]) for row in cut) for n in range(len(cut[0]))]
    return [" ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in cut]


def _with_dots(row: Sequence[str]) -> list[str]:
    return ["..." if one is None else one for one in _abridged(row, MOST_ROWS, FIRST_ROWS)]


def _abridged(items: Sequence[T], most: int, first: int) -> list[T | None]:
    return list(items) if len(items) <= most else [*items[:first], None, items[-1]]

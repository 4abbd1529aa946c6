"""What the picture of a number is of: the kernel of its line, the maps at its ends, the windows that are drawn.

And what these are called in captions.  Nothing is placed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.volumes import sizes_of
from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.analysis.worked_cells import Window
from cnncalc.pictures.cells.number_texts import magnitude

MOST_ROWS, ROWS_OF_MANY = 4, 3
"""Windows that are drawn below each other; of more, those that add most."""

MOST_LISTED = 4
"""Inputs of a join that are drawn."""

POOL_WORDS = {
    "maxpool": "largest",
    "avgpool": "average",
    "sumpool": "sum",
    "l2pool": "length",
    "subsample": "sum",
    "global_avgpool": "average",
    "global_maxpool": "largest",
    "adaptive_avgpool": "average",
    "adaptive_maxpool": "largest",
}
"""What a pool makes of its window, on the arrow to the result."""

KERNEL_NAMES = {"upconv": "weights that land here", "dense": "weights"}

SLID = ("conv", "connected_conv", "dwconv", "local")
"""Kernels whose sums are those of their windows, one for each channel."""


class Setting(NamedTuple):
    """The kernel of a line's layer with its numbers, the maps that it reads, the map that it makes.

    `behind` are the words that change that map once more.
    """

    kernel: str
    numbers: Mapping[str, Any]
    arriving: tuple[Volume, ...]
    made: Volume | None
    behind: tuple[str, ...] = ()

    @property
    def is_row(self) -> bool:
        """Whether windows lie on a signal or on a flat vector, which is drawn as a row."""
        return self.kernel == "dense" or (bool(self.arriving) and sizes_of(self.arriving[0])[:2] == (1, 1))


def setting(traced: TracedCell) -> Setting:
    """What the pictures of one line's numbers have in common."""
    node = traced.nodes[0]
    call = node.node.layer.kernel_call(node.inputs)
    behind = tuple(work.word for work in traced.works[1:])
    return Setting(call.kernel, call.numbers, traced.arriving, traced.first_made, behind)


def windows_of(traced: TracedCell) -> tuple[Window, ...]:
    """All windows of the line's layer."""
    return traced.works[0].windows or traced.works[0].drawn


def total_of(windows: Sequence[Window]) -> Number:
    """What windows add: numbers times weights, or the numbers alone where no kernel is laid on them."""
    return sum(
        one.value * (window.kernel[r][c] if window.kernel is not None else 1)
        for window in windows
        for r, row in enumerate(window.seen)
        for c, one in enumerate(row)
        if one.value is not None
    )


def weightiest(windows: Sequence[Window]) -> list[Window]:
    """The windows that are drawn: all, or of very many those that add most."""
    if len(windows) <= MOST_ROWS:
        return list(windows)
    by_weight = sorted(range(len(windows)), key=lambda n: magnitude(total_of([windows[n]])), reverse=True)
    return [windows[n] for n in sorted(by_weight[:ROWS_OF_MANY])]


def channel_words(name: str, x: Volume, channel: int, depth: int, *, always: bool = False) -> str:
    """`input, channel 2 of 3, slice 1 of 4`: what is needed to know which map of a result is meant."""
    said = [name]
    if sizes_of(x) != (1, 1, 1) and (always or len(x) > 1):
        said.append(f"channel {channel + 1:,} of {len(x):,}")
    if len(x[0]) > 1:
        said.append(f"slice {depth + 1:,} of {len(x[0]):,}")
    return ", ".join(said)


def sizes_words(rows: int, columns: int, *, is_row: bool = False) -> str:
    """`5×5`, or `3 numbers` of a row."""
    if not is_row:
        return f"{rows:,}×{columns:,}"
    return "1 number" if columns == 1 else f"{columns:,} numbers"


def kernel_words(own: Setting, rows: int, columns: int) -> str:
    """`3×3, stride 2`: the size of a kernel, and how it is laid where that is not place by place."""
    said = [sizes_words(rows, columns, is_row=own.is_row)]
    axes = slice(2, 3) if own.is_row else slice(1, 3)
    for name in ("stride", "dilation"):
        steps = tuple(own.numbers.get(name, ()))[axes]
        if set(steps) - {1}:
            said.append(f"{name} {steps[0] if len(set(steps)) == 1 else '×'.join(map(str, steps))}")
    return ", ".join(said)

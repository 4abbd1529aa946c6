"""The grids that a picture of a number is made of: the map under the window, the kernel, the products, one place.

What is drawn of each, how it is marked and what is written above it; where it goes is the business of the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.volumes import sizes_of
from cnncalc.analysis.worked_cells import Window, Work
from cnncalc.analysis.worked_cells.addresses import Address
from cnncalc.pictures.cells.cell_setting import (
    KERNEL_NAMES,
    Setting,
    channel_words,
    kernel_words,
    sizes_words,
    total_of,
)
from cnncalc.pictures.cells.number_grids import Cell, Frame, Spot, places_in, product_cell
from cnncalc.pictures.cells.number_texts import in_cell
from cnncalc.pictures.cells.seen_maps import (
    Plane,
    View,
    map_caption,
    map_cells,
    map_frames,
    mark_largest,
    plane_of,
    plane_under,
    spot_on_map,
    view_of,
)


class Limits(NamedTuple):
    """A map up to `whole` rows and columns is drawn whole; of a larger window the first `taps` of each are."""

    whole: int
    taps: int


ON_MAPS, IN_ROWS, OF_OUTPUTS = Limits(9, 7), Limits(16, 12), Limits(7, 7)
"""A row of numbers has room for more than a map has columns."""


class Part(NamedTuple):
    """A grid with the lines above it, the frames on it, and where it lies on a map that is not drawn whole."""

    caption: list[str]
    cells: list[list[Cell]]
    frames: list[Frame]
    view: View
    spot: Spot | None = None


def limits_of(own: Setting) -> Limits:
    """How much of what a line reads is drawn."""
    return IN_ROWS if own.is_row else ON_MAPS


def window_part(own: Setting, window: Window, result: Number, *, many: bool) -> Part:
    """The map with the window on it; `many`: the channel is said even if there is no other."""
    plane = plane_under(own, window)
    view = view_of(plane, window.rows, window.columns, *limits_of(own))
    cells = window_cells(own, plane, view, window, result)
    caption = map_caption(input_words(own, window, many=many), plane, view)
    return Part(caption, cells, window_frames(plane, view, window), view, spot_on_map(plane, view))


def window_cells(
    own: Setting, plane: Plane, view: View, window: Window, result: Number, *, weights: bool = False
) -> list[list[Cell]]:
    """The cells of a map under a window, the largest marked where it is what counts."""
    cells = map_cells(plane, view, window, weights=weights)
    if "max" in own.kernel:
        mark_largest(cells, view, window, result)
    return cells


def window_frames(plane: Plane, view: View, window: Window) -> list[Frame]:
    """The outline of the map and the frame of the window."""
    return [*map_frames(plane, view), view.frame(window.rows, window.columns)]


def input_words(own: Setting, window: Window, *, many: bool) -> str:
    """What the map under a window is called."""
    if own.kernel == "dense":
        return "input"
    return channel_words("input", own.arriving[0], window.channel, window.slice, always=many)


def kernel_parts(own: Setting, work: Work, window: Window, rows: int, columns: int) -> tuple[Part, Part]:
    """The kernel and what it gives with the numbers under it, of both the first rows and columns."""
    weights = [row[:columns] for row in (window.kernel or ())[:rows]]
    rows, columns, places = len(weights), len(weights[0]), places_in(len(weights[0]))
    cut = rows < len(window.rows) or columns < len(window.columns)
    of_them = f"{columns:,}" if own.is_row else sizes_words(rows, columns)
    said = kernel_words(own, len(window.rows), len(window.columns))
    border, view = Frame(0, rows - 1, 0, columns - 1, "ink", 1.6), View(range(rows), range(columns))
    kernel = [[Cell(in_cell(weight, places), "dense.node") for weight in row] for row in weights]
    products = [
        [product_cell(one.value, weight, places) for one, weight in zip(row, own_weights, strict=False)]
        for row, own_weights in zip(window.seen, weights, strict=False)
    ]
    together = f"{'all ' if cut else ''}together {in_cell(total_of([window]), 3)}"
    name = KERNEL_NAMES.get(own.kernel, work.kernel_name)
    return (
        Part([name, f"the first {of_them} of {said}" if cut else said], kernel, [border], view),
        Part(["products", together], products, [border._replace(stroke="mark", line_width=2.2)], view),
    )


def place_part(name: str, x: Volume, address: Address, fill: str, limits: Limits = OF_OUTPUTS) -> Part:
    """A map with one place marked."""
    channel, (depth, y, column) = address
    plane = plane_of(x, channel, depth)
    if sizes_of(x) == (1, 1, 1):
        y, column = 0, channel
    view = view_of(plane, [y], [column], *limits)
    cells = map_cells(plane, view)
    mark(cells, view, y, column, fill)
    caption = map_caption(channel_words(name, x, channel, depth), plane, view)
    frames = [*map_frames(plane, view), view.frame([y], [column])]
    return Part(caption, cells, frames, view, spot_on_map(plane, view))


def mark(cells: list[list[Cell]], view: View, y: int, x: int, fill: str) -> None:
    """Marks the cell of a place."""
    row, column = y - view.rows[0], x - view.columns[0]
    cells[row][column] = cells[row][column]._replace(fill=fill, bold=True)


def output_name(words: Sequence[str]) -> str:
    """What the map is called that a layer makes: before which words it is, where some are written behind the layer."""
    return f"output before {', '.join(words)}" if words else "output"

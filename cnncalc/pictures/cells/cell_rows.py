"""A worked value of a signal or a dense layer: rows below each other, each number above its weight and its product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.by_hand import Volume
from cnncalc.analysis.worked_cells import Window
from cnncalc.analysis.worked_cells.traced_cell import TracedCell
from cnncalc.pictures.cells.cell_setting import (
    KERNEL_NAMES,
    Setting,
    channel_words,
    kernel_words,
    total_of,
)
from cnncalc.pictures.cells.number_grids import (
    CAPTION,
    HEIGHT,
    Cell,
    Frame,
    Piece,
    below,
    cell_width,
    draw_caption,
    draw_cell,
    draw_frames,
    letters_of,
    places_in,
    product_cell,
)
from cnncalc.pictures.cells.number_texts import shown
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
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width

WHOLE, MOST_TAPS = 16, 12
"""A row of more numbers is drawn around its window, of a wider window the first numbers."""

BETWEEN = 8.0
"""Below a row."""


class Line(NamedTuple):
    """A row of a picture: what stands at its left, its cells, the frames on them, and the column where it begins."""

    caption: list[str]
    cells: list[Cell]
    frames: list[Frame]
    first: int = 0
    spread: int = 1


def cell_rows(traced: TracedCell, own: Setting, chosen: Sequence[Window]) -> Piece:
    """The rows of each window, then the result."""
    blocks = [_window_lines(traced, own, window, many=len(chosen) > 1) for window in chosen]
    if own.made is not None:
        blocks.append([_output_line(traced, own.made)])
    left = max(text_width(text, CAPTION) for block in blocks for line in block for text in line.caption) + 14
    return below([_set(block, left) for block in blocks], 16)


def _set(lines: Sequence[Line], left: float) -> Piece:
    """Rows whose columns are right below each other."""
    drawing, y, widest = Drawing(), 0.0, 0.0
    width = cell_width(*([line.cells] for line in lines))
    for line in lines:
        with drawing.group(", ".join(line.caption)):
            draw_caption(drawing, line.caption, 0, y)
            for n, cell in enumerate(line.cells):
                draw_cell(
                    drawing, cell, (left + (line.first + n * line.spread) * width, y), width, letters_of([line.cells])
                )
            draw_frames(drawing, line.frames, (left + line.first * width, y), width)
        widest = max(widest, left + (line.first + (len(line.cells) - 1) * line.spread + 1) * width)
        y += HEIGHT + BETWEEN
    return Piece(drawing.scene(widest, y - BETWEEN), (y - BETWEEN) / 2)


def _window_lines(traced: TracedCell, own: Setting, window: Window, *, many: bool) -> list[Line]:
    """The numbers with the window on them; below it the kernel and the products."""
    work = traced.works[0]
    plane = plane_under(own, window)
    view = view_of(plane, window.rows, window.columns, WHOLE, MOST_TAPS)
    cells = map_cells(plane, view, window)
    if "max" in own.kernel:
        mark_largest(cells, view, window, work.result)
    name = "input" if own.kernel == "dense" else channel_words("input", own.arriving[0], window.channel, 0, always=many)
    frames = [*map_frames(plane, view), view.frame(window.rows, window.columns)]
    lines = [Line(_row_caption(name, plane, view), cells[0], frames)]
    if window.kernel is None:
        return lines
    count = sum(x in view.columns for x in window.columns)
    weights, seen = window.kernel[0][:count], window.seen[0][:count]
    first, spread = window.columns[0] - view.columns[0], (window.columns[1] - window.columns[0]) if count > 1 else 1
    said = kernel_words(own, 1, len(window.columns))
    cut = f"the first {count:,} of " if count < len(window.columns) else ""
    kernel = [Cell(shown(weight, places_in(count)), "dense.node") for weight in weights]
    lines.append(Line([f"× {KERNEL_NAMES.get(own.kernel, work.kernel_name)}", cut + said], kernel, [], first, spread))
    products = [product_cell(one.value, weight, places_in(count)) for one, weight in zip(seen, weights, strict=True)]
    total = f"{'all ' if cut else ''}together {shown(total_of([window]))}"
    return [*lines, Line(["= products", total], products, [], first, spread)]


def _output_line(traced: TracedCell, made: Volume) -> Line:
    channel, (_, _, column) = traced.address
    plane = plane_of(made, channel, 0)
    at = channel if plane.is_vector else column
    view = view_of(plane, [0], [at], WHOLE, MOST_TAPS)
    cells = map_cells(plane, view)[0]
    cells[at - view.columns[0]] = cells[at - view.columns[0]]._replace(fill="pool.node", bold=True)
    frames = [*map_frames(plane, view), view.frame([0], [at])]
    return Line(_row_caption(channel_words("output", made, channel, 0), plane, view), cells, frames)


def _row_caption(name: str, plane: Plane, view: View) -> list[str]:
    spot = spot_on_map(plane, view)
    caption = map_caption(name, plane, view)
    return caption if spot is None else [caption[0], spot.words[0]]

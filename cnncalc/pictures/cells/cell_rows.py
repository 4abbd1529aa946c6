"""A worked value of a signal or a dense layer: rows below each other, each number above its weight and its product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.analysis.worked_cells import Window
from cnncalc.pictures.cells.cell_parts import IN_ROWS, Part, kernel_parts, output_name, place_part, window_part
from cnncalc.pictures.cells.cell_setting import Setting
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
)
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width

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
        output = place_part(output_name(own.behind), own.made, traced.address, "pool.node", IN_ROWS)
        blocks.append([_line("", output)])
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
    read = window_part(own, window, work.result, many=many)
    lines = [_line("", read)]
    if window.kernel is None:
        return lines
    count = sum(x in read.view.columns for x in window.columns)
    spread = window.columns[1] - window.columns[0] if count > 1 else 1
    under = [part._replace(frames=[]) for part in kernel_parts(own, work, window, 1, count)]
    first = window.columns[0] - read.view.columns[0]
    return [*lines, *(_line(sign, part, first, spread) for sign, part in zip("×=", under, strict=True))]


def _line(sign: str, part: Part, first: int = 0, spread: int = 1) -> Line:
    name, said = part.caption
    caption = [f"{sign} {name}".strip(), said if part.spot is None else part.spot.words[0]]
    return Line(caption, part.cells[0], part.frames, first, spread)

"""The window on its way over a small map: one frame for each number of the result, in order.

In the cells under the window the weights are written, the result fills up, the sum is below.  All frames are alike in
size and place, so that only what changes is seen to change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.volumes import Place, places, sizes_of
from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.analysis.worked_cells import Window
from cnncalc.analysis.worked_cells.pool_cells import without_pads
from cnncalc.analysis.worked_cells.sliding_cells import windows_on
from cnncalc.pictures.cells.cell_parts import input_words, mark, output_name, window_cells, window_frames
from cnncalc.pictures.cells.cell_setting import (
    POOL_WORDS,
    Setting,
    channel_words,
    setting,
    total_of,
    weightiest,
    windows_of,
)
from cnncalc.pictures.cells.cell_sums import line_title
from cnncalc.pictures.cells.number_grids import (
    CAPTION,
    HEIGHT,
    LINE,
    Cell,
    Frame,
    cell_width,
    draw_caption,
    draw_grid,
)
from cnncalc.pictures.cells.number_texts import broken, in_cell, magnitude, shown, slide_sum
from cnncalc.pictures.cells.seen_maps import (
    Plane,
    View,
    map_caption,
    map_cells,
    map_frames,
    plane_of,
    plane_under,
)
from cnncalc.pictures.cells.sliding_limits import refuse_long_slide
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Scene

MARGIN, TITLE, SUM = 12.0, 13.0, 13.0
NARROWEST, ARROW = 300.0, 46.0
PLACES = 3
"""Decimal places of the result."""

GRAIN = 4
"""Sizes are multiples of this, so that frames that are painted on one sheet end between two pixels."""


class Slide(NamedTuple):
    """What all frames have in common: the map, the window at the number's own place, and the map that comes out."""

    traced: TracedCell
    own: Setting
    window: Window
    plane: Plane
    view: View
    made: Plane
    width: float
    made_width: float

    @property
    def upright(self) -> bool:
        """Whether the result is below the input, as for a signal."""
        return self.plane.sizes[0] == 1


def slide_of(traced: TracedCell) -> Slide:
    """The way of the window; raises InputError where none slides, or where it would be too long to watch."""
    refuse_long_slide(traced.row)
    own = setting(traced)
    assert own.made is not None
    window = weightiest(windows_of(traced))[0]
    plane = plane_under(own, window)
    (top, left), (bottom, right) = plane.before, plane.after
    rows, columns = plane.sizes
    last = _window_at(own, window, _last(own.made))
    view = View(
        range(-top, max(rows + bottom, last.rows[-1] + 1)), range(-left, max(columns + right, last.columns[-1] + 1))
    )
    weights = [[Cell(f"×{in_cell(weight, 2)}") for row in window.kernel or [] for weight in row] or [Cell("")]]
    width = max(cell_width(map_cells(plane, view)), text_width(max((c.text for c in weights[0]), key=len), 9.5) + 8)
    made = plane_of(own.made, traced.address[0], 0)
    return Slide(traced, own, window, plane, view, made, width, _made_width(made))


def _last(made: Volume) -> Place:
    depth, height, width = sizes_of(made)
    return depth - 1, height - 1, width - 1


def _window_at(own: Setting, window: Window, place: Place) -> Window:
    """The same window where it lies for another place of the result."""
    kernel = None if window.kernel is None else [window.kernel]
    moved = next(windows_on(own.arriving[0], window.channel, kernel, own.numbers, place))
    return moved if own.kernel not in POOL_WORDS else without_pads(moved)


def sliding_frames(traced: TracedCell) -> list[Scene]:
    """One scene for each number of the result, all of one size."""
    slide = slide_of(traced)
    steps = [(place, _window_at(slide.own, slide.window, place)) for place in places((1, *slide.made.sizes))]
    grids = _grids_size(slide)
    width = max(NARROWEST, grids[0], text_width(line_title(traced), TITLE, bold=True))
    said = [broken(_sum(slide, window, place), SUM, width) for place, window in steps]
    height = MARGIN + 26 + grids[1] + 12 + max(map(len, said)) * (SUM + 5) + MARGIN
    size = _grained(width + 2 * MARGIN), _grained(height)
    return [
        _frame(slide, place, window, lines).scene(*size, line_title(traced), " ".join(lines))
        for (place, window), lines in zip(steps, said, strict=True)
    ]


def _grained(length: float) -> float:
    return float(ceil(length / GRAIN) * GRAIN)


def _made_width(made: Plane) -> float:
    rows, columns = made.sizes
    return cell_width(
        [[Cell(in_cell(made.values[y][x], PLACES), bold=True) for x in range(columns)] for y in range(rows)]
    )


def _captions(slide: Slide) -> tuple[list[str], list[str]]:
    traced, own, window = slide.traced, slide.own, slide.window
    many = len(windows_of(traced)) > 1
    name = input_words(own, window, many=many)
    rows, columns = slide.made.sizes
    assert own.made is not None
    whole = View(range(rows), range(columns))
    output = map_caption(channel_words(output_name(own.behind), own.made, traced.address[0], 0), slide.made, whole)
    return map_caption(name, slide.plane, slide.view), output


def _grids_size(slide: Slide) -> tuple[float, float]:
    captions = [max(text_width(line, CAPTION) for line in caption) for caption in _captions(slide)]
    first = max(len(slide.view.columns) * slide.width, captions[0])
    second = max(slide.made.sizes[1] * slide.made_width, captions[1])
    heights = len(slide.view.rows) * HEIGHT, slide.made.sizes[0] * HEIGHT
    top = 2 * LINE + 3
    if slide.upright:
        return max(first, second), sum(heights) + 2 * top + 10
    return first + ARROW + second, top + max(heights)


def _frame(slide: Slide, place: Place, window: Window, lines: Sequence[str]) -> Drawing:
    drawing = Drawing()
    drawing.text(MARGIN, MARGIN + TITLE, line_title(slide.traced), TITLE, anchor="start", bold=True)
    captions, top = _captions(slide), 2 * LINE + 3
    y = MARGIN + 26
    result = slide.made.values[place[1]][place[2]]
    cells = window_cells(slide.own, slide.plane, slide.view, window, result, weights=True)
    frames = window_frames(slide.plane, slide.view, window)
    draw_caption(drawing, captions[0], MARGIN, y)
    across, down = draw_grid(drawing, cells, frames, x=MARGIN, y=y + top, width=slide.width)
    across = max(across, *(text_width(line, CAPTION) for line in captions[0]))
    if slide.upright:
        x, second = MARGIN, y + top + down + 10
    else:
        x, second = MARGIN + across + ARROW, y + max(0.0, down - slide.made.sizes[0] * HEIGHT) / 2
        drawing.line([(x - ARROW + 8, y + top + down / 2), (x - 8, y + top + down / 2)], line_width=1.5)
    draw_caption(drawing, captions[1], x, second)
    draw_grid(drawing, *_made_cells(slide, place), x=x, y=second + top, width=slide.made_width)
    y += _grids_size(slide)[1] + 12
    for n, line in enumerate(lines):
        drawing.text(MARGIN, y + SUM + n * (SUM + 5), line, SUM, anchor="start")
    return drawing


def _made_cells(slide: Slide, place: Place) -> tuple[list[list[Cell]], list[Frame]]:
    """The result up to this place."""
    _, y, x = place
    rows, columns = slide.made.sizes
    view = View(range(rows), range(columns))
    cells = [
        [Cell(in_cell(slide.made.values[r][c], PLACES) if (r, c) <= (y, x) else "") for c in range(columns)]
        for r in range(rows)
    ]
    mark(cells, view, y, x, "pool.node")
    return cells, [*map_frames(slide.made, view), view.frame([y], [x])]


def _sum(slide: Slide, window: Window, place: Place) -> str:
    """`row 1, column 2: 3·5 − 0 − 3 = 12`."""
    _, y, x = place
    result = slide.made.values[y][x]
    where = f"column {x + 1}" if slide.upright else f"row {y + 1}, column {x + 1}"
    if slide.own.kernel in POOL_WORDS:
        numbers = ", ".join(shown(one.value) for row in window.seen for one in row if one.value is not None)
        scaled = ", times the weight, plus the bias" if slide.own.kernel == "subsample" else ""
        return f"{where}: {POOL_WORDS[slide.own.kernel]} of {numbers}{scaled} = {shown(result)}"
    return f"{where}: {slide_sum([window])}{_rest(slide, total_of([window]), result)}"


def _rest(slide: Slide, total: Number, result: Number) -> str:
    """What is added to the sum of the one channel that is drawn, and the result."""
    has_bias = any(weight.name == "bias" for weight in slide.traced.nodes[0].weights)
    if len(windows_of(slide.traced)) > 1:
        return f" = {shown(total)}; with the other channels{' and the bias' if has_bias else ''} {shown(result)}"
    bias = result - total
    if not has_bias or not bias:
        return f" = {shown(result)}"
    return f" {'−' if bias < 0 else '+'} {shown(magnitude(bias))} (bias) = {shown(result)}"


def on_sheets(frames: list[Scene], most: int) -> Iterator[tuple[Scene, int]]:
    """The frames below each other, so many on a sheet, each sheet with how many it holds."""
    for first in range(0, len(frames), most):
        own = frames[first : first + most]
        drawing = Drawing()
        for n, frame in enumerate(own):
            drawing.place(frame, 0, n * frame.height)
        yield drawing.scene(own[0].width, len(own) * own[0].height), len(own)

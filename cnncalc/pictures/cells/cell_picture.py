"""The picture of one worked value: the map with the window, the kernel, the products and the result, below it the sums.

A map is drawn from left to right, one row for each channel, of more than four channels the three that add most.  A
signal and a dense layer are drawn by `cell_rows`.  A layer without a window shows its input and its result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.by_hand import Volume
from cnncalc.analysis.by_hand.volumes import sizes_of
from cnncalc.analysis.worked_cells import Window, Work
from cnncalc.analysis.worked_cells.addresses import Address
from cnncalc.analysis.worked_cells.traced_cell import TracedCell
from cnncalc.pictures.cells.cell_rows import cell_rows
from cnncalc.pictures.cells.cell_setting import (
    KERNEL_NAMES,
    MOST_LISTED,
    POOL_WORDS,
    Setting,
    channel_words,
    kernel_words,
    setting,
    sizes_words,
    total_of,
    weightiest,
    windows_of,
)
from cnncalc.pictures.cells.cell_sums import cell_notes, cell_sums, cell_title, line_title
from cnncalc.pictures.cells.field_picture import Photo, can_be_marked, field_picture
from cnncalc.pictures.cells.number_grids import (
    Cell,
    Frame,
    Piece,
    below,
    beside,
    captioned,
    places_in,
    product_cell,
    sign,
)
from cnncalc.pictures.cells.number_texts import broken, shown
from cnncalc.pictures.cells.seen_maps import (
    MOST_TAPS,
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
from cnncalc.pictures.scene.shapes import Scene

MARGIN, NARROWEST = 12.0, 420.0
TITLE, SUM, NOTE = 14.0, 13.0, 11.0
BOLD = 1.07
"""How much wider bold letters are."""

SMALL_OUTPUT = 7
"""An output of more rows or columns is drawn around its number only."""


def cell_picture(traced: TracedCell, photo: Photo | None = None) -> Scene:
    """The picture of a number: by its layer's window, then, in words, by what is written behind the layer.

    With a photo, what of it the number depends on is marked on it below.
    """
    own, chosen = setting(traced), weightiest(windows_of(traced))
    picture = _drawn(traced, own, chosen)
    longest_word = text_width(line_title(traced), TITLE, bold=True)
    width = max(NARROWEST, longest_word, picture.width if picture else 0.0)
    title, drawing, y = cell_title(traced), Drawing(), MARGIN
    for line in broken(title, TITLE * BOLD, width):
        drawing.text(MARGIN, y + TITLE, line, TITLE, anchor="start", bold=True)
        y += TITLE + 5
    y += 8
    if picture:
        drawing.place(picture.scene, MARGIN, y)
        y += picture.height + 12
    sums = list(cell_sums(traced, chosen))
    y = _write(drawing, sums, (SUM, "ink"), width, y)
    y = _write(drawing, list(cell_notes(traced, chosen)), (NOTE, "soft"), width, y + 2)
    if photo is not None and traced.seen is not None and can_be_marked(traced.seen):
        field = field_picture(photo, traced.seen)
        drawing.place(field, MARGIN, y + 10)
        y += field.height + 10
    return drawing.scene(width + 2 * MARGIN, y + MARGIN, title, " ".join(sums))


def _write(drawing: Drawing, texts: Sequence[str], letters: tuple[float, str], width: float, y: float) -> float:
    """Writes lines from the height y on and gives the height below them."""
    size, role = letters
    for text in texts:
        for line in broken(text, size, width):
            drawing.text(MARGIN, y + size, line, size, anchor="start", role=role)
            y += size + 5
    return y


def _drawn(traced: TracedCell, own: Setting, chosen: list[Window]) -> Piece | None:
    if not own.arriving:
        return None
    if chosen and own.is_row:
        return cell_rows(traced, own, chosen)
    output = None if own.made is None else _place_piece("output", own.made, traced.address, "pool.node")
    if not chosen:
        return _without_window(traced, own, output)
    rows = [beside(list(_window_row(own, traced.works[0], window, many=len(chosen) > 1))) for window in chosen]
    left = below(rows)
    return beside([left, sign("", POOL_WORDS.get(own.kernel, "sum")), output]) if output else left


def _window_row(own: Setting, work: Work, window: Window, *, many: bool) -> Iterator[Piece]:
    """The map with a window, and where a kernel is laid on it, that and the products."""
    plane = plane_under(own, window)
    view = view_of(plane, window.rows, window.columns)
    cells = map_cells(plane, view, window)
    if "max" in own.kernel:
        mark_largest(cells, view, window, work.result)
    frames = [*map_frames(plane, view), view.frame(window.rows, window.columns)]
    name = channel_words("input", own.arriving[0], window.channel, window.slice, always=many)
    yield captioned(map_caption(name, plane, view), cells, frames, spot_on_map(plane, view))
    if window.kernel is not None:
        yield from _kernel_pieces(own, work, window)


def _kernel_pieces(own: Setting, work: Work, window: Window) -> Iterator[Piece]:
    weights = [row[:MOST_TAPS] for row in (window.kernel or ())[:MOST_TAPS]]
    rows, columns = len(window.rows), len(window.columns)
    cut = f"the first {sizes_words(len(weights), len(weights[0]))} of " if max(rows, columns) > MOST_TAPS else ""
    border = Frame(0, len(weights) - 1, 0, len(weights[0]) - 1, "ink", 1.6)
    yield sign("×")
    places = places_in(len(weights[0]))
    kernel = [[Cell(shown(weight, places), "dense.node") for weight in row] for row in weights]
    caption = [KERNEL_NAMES.get(own.kernel, work.kernel_name), cut + kernel_words(own, rows, columns)]
    yield captioned(caption, kernel, [border])
    yield sign("=")
    products = [
        [product_cell(one.value, weight, places) for one, weight in zip(row, own_weights, strict=False)]
        for row, own_weights in zip(window.seen, weights, strict=False)
    ]
    caption = ["products", f"{'all ' if cut else ''}together {shown(total_of([window]))}"]
    yield captioned(caption, products, [border._replace(stroke="mark", line_width=2.2)])


def _place_piece(name: str, x: Volume, address: Address, fill: str) -> Piece:
    """A map with one place marked."""
    channel, (depth, y, column) = address
    plane = plane_of(x, channel, depth)
    if sizes_of(x) == (1, 1, 1):
        y, column = 0, channel
    view = view_of(plane, [y], [column], SMALL_OUTPUT)
    cells = map_cells(plane, view)
    r, c = y - view.rows[0], column - view.columns[0]
    cells[r][c] = cells[r][c]._replace(fill=fill, bold=True)
    caption = map_caption(channel_words(name, x, channel, depth), plane, view)
    return captioned(caption, cells, [*map_frames(plane, view), view.frame([y], [column])], spot_on_map(plane, view))


def _without_window(traced: TracedCell, own: Setting, output: Piece | None) -> Piece | None:
    """Inputs and output, with the place marked in each input that is as large as the output."""
    pieces: list[Piece] = []
    for n, x in enumerate(own.arriving[:MOST_LISTED]):
        if own.made is not None and (len(x), sizes_of(x)) == (len(own.made), sizes_of(own.made)):
            name = f"input {n + 1}" if len(own.arriving) > 1 else "input"
            pieces.append(_place_piece(name, x, traced.address, "conv.node"))
    if pieces and output:
        pieces.append(sign("", traced.works[0].word))
    return beside([*pieces, output]) if output else None

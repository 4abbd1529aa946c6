"""The picture of one worked value: the map with the window, the kernel, the products and the result, below it the sums.

A signal and a dense layer are drawn in rows below each other, a map from left to right, one row for each channel; of
more than four channels the three that add most.  A layer without a window shows its input and its result at the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.volumes import sizes_of
from cnncalc.analysis.worked_cells import Window, Work
from cnncalc.analysis.worked_cells.addresses import cell_name
from cnncalc.analysis.worked_cells.traced_cell import TracedCell
from cnncalc.diagnostics.letters import printable
from cnncalc.pictures.cells.number_grids import Cell, Frame, Piece, below, beside, captioned, sign
from cnncalc.pictures.cells.number_texts import broken, has_long_decimals, magnitude, shown, slide_sum, typeset
from cnncalc.pictures.cells.seen_maps import (
    MOST_TAPS,
    locator,
    map_cells,
    map_frames,
    place_on_map,
    plane_of,
    view_of,
)
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene

MOST_ROWS, ROWS_OF_MANY = 4, 3
"""Windows that are drawn below each other; of more, those that add most."""

MARGIN, NARROWEST = 12.0, 420.0
TITLE, SUM, NOTE = 14.0, 13.0, 11.0
LONGEST_LINE = 60
"""Letters of a line of the net that its title shows."""

SMALL_OUTPUT = 7
POOLS = {"maxpool": "largest", "avgpool": "average", "sumpool": "sum", "l2pool": "root of squares", "subsample": "sum"}
GLOBAL_POOLS = {"global_avgpool": "average", "global_maxpool": "largest"}
ADAPTIVE_POOLS = {"adaptive_avgpool": "average", "adaptive_maxpool": "largest"}
POOL_WORDS = POOLS | GLOBAL_POOLS | ADAPTIVE_POOLS
KERNEL_NAMES = {"upconv": "weights that land here", "dense": "weights"}
SLID = ("conv", "connected_conv", "dwconv", "local")
"""Kernels whose sums are those of their windows, one for each channel."""


class Setting(NamedTuple):
    """What the pictures of one line's numbers have in common."""

    kernel: str
    numbers: Any
    arriving: tuple[Volume, ...]
    made: Volume | None


def setting(traced: TracedCell) -> Setting:
    """The kernel of the line's layer, what it reads and what it makes."""
    node = traced.nodes[0]
    call = node.node.layer.kernel_call(node.inputs)
    return Setting(call.kernel, call.numbers, traced.arriving, traced.first_made)


def cell_picture(traced: TracedCell) -> Scene:
    """The picture of a number: by its layer's window, then, in words, by what is written behind the layer."""
    own, work = setting(traced), traced.works[0]
    windows = work.windows or work.drawn
    chosen = weightiest(windows)
    pieces = [*_drawn(traced, own, work, chosen)]
    picture = below(pieces) if pieces else None
    width = max(NARROWEST, picture.width if picture else 0.0)
    title = _title(traced)
    drawing = Drawing()
    y = MARGIN
    for line in broken(title, TITLE, width * 0.93):
        drawing.text(MARGIN, y + TITLE, line, TITLE, anchor="start", bold=True)
        y += TITLE + 5
    y += 8
    if picture:
        drawing.place(picture.scene, MARGIN, y)
        y += picture.height + 12
    said = list(_sums(own, work, chosen, windows)) + [
        f"{one.word}: {text}" for one in traced.works[1:] for text in map(typeset, one.sums)
    ]
    y = _write(drawing, said, (SUM, "ink"), width, y)
    y = _write(drawing, _notes(traced, work, chosen, windows), (NOTE, "soft"), width, y + 2)
    return drawing.scene(width + 2 * MARGIN, y + MARGIN, title, " ".join(said))


def _write(drawing: Drawing, texts: Sequence[str], letters: tuple[float, str], width: float, y: float) -> float:
    size, role = letters
    for text in texts:
        for line in broken(text, size, width):
            drawing.text(MARGIN, y + size, line, size, anchor="start", role=role)
            y += size + 5
    return y


def _title(traced: TracedCell) -> str:
    text = printable(traced.row.row.text)
    line = text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"
    return f"{line}: {cell_name(traced.address, traced.row.output)} = {shown(traced.works[-1].result)}"


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


def _drawn(traced: TracedCell, own: Setting, work: Work, chosen: list[Window]) -> Iterator[Piece]:
    if not own.arriving:
        return
    output = output_piece(traced, own)
    if not chosen:
        yield _without_window(traced, own, work, output)
        return
    rows = [window_row(own, work, window, many=len(chosen) > 1) for window in chosen]
    is_row = all(len(window.rows) == 1 for window in chosen) and sizes_of(own.arriving[0])[1] == 1
    if is_row:
        yield from (below(row, 10) for row in rows)
        if output:
            yield output
        return
    left = below([beside(row) for row in rows])
    word = POOL_WORDS.get(own.kernel, "sum")
    yield beside([left, sign("", word), output]) if output else left


def window_row(own: Setting, work: Work, window: Window, *, many: bool) -> list[Piece]:
    """The map with a window, and where a kernel is laid on it, that and the products."""
    is_landing = own.kernel == "upconv"
    numbers = {**own.numbers, "fill": ""} if own.kernel in POOL_WORDS else own.numbers
    plane = plane_of(own.arriving[0], window.channel, window.slice, None if is_landing else numbers)
    view = view_of(plane, window.rows, window.columns)
    cells = map_cells(plane, view, window)
    if "max" in own.kernel:
        cells = _with_largest(cells, plane, view, window, work.result)
    frames = [*map_frames(plane, view), view.frame(window.rows, window.columns)]
    caption = [_input_name(own, window, many), place_on_map(plane, view) or _sizes_text(*plane.sizes)]
    if any(cell.is_pad for row in cells for cell in row):
        caption[-1] += ", padding dashed"
    first = captioned(caption, cells, frames)
    little = locator(plane, view)
    if little:
        first = beside([first, little], 6)
    if window.kernel is None:
        return [first]
    return [first, *_kernel_pieces(own, work, window)]


def _kernel_pieces(own: Setting, work: Work, window: Window) -> Iterator[Piece]:
    weights = [row[:MOST_TAPS] for row in window.kernel[:MOST_TAPS]]  # type: ignore[index]
    seen = [row[:MOST_TAPS] for row in window.seen[:MOST_TAPS]]
    rows, columns = len(window.rows), len(window.columns)
    cut = f"the first {_sizes_text(len(weights), len(weights[0]))} of " if max(rows, columns) > MOST_TAPS else ""
    name = KERNEL_NAMES.get(own.kernel, work.kernel_name)
    border = Frame(0, len(weights) - 1, 0, len(weights[0]) - 1, "ink", 1.6)
    yield sign("×")
    kernel = [[Cell(shown(weight), "dense.node") for weight in row] for row in weights]
    yield captioned([name, cut + _kernel_text(own, rows, columns)], kernel, [border])
    yield sign("=")
    products = [
        [_product_cell(one.value, weight) for one, weight in zip(row, own_weights, strict=True)]
        for row, own_weights in zip(seen, weights, strict=True)
    ]
    total = shown(total_of([window]))
    yield captioned(["products", f"together {total}"], products, [border._replace(stroke="mark", line_width=2.2)])


def _product_cell(value: Number | None, weight: Number) -> Cell:
    product = 0 if value is None else value * weight
    return Cell(shown(product), "conv.node" if product else "paper", "ink" if product else "soft")


def _with_largest(cells: list[list[Cell]], plane: Any, view: Any, window: Window, result: Number) -> list[list[Cell]]:
    """The cells with the one marked whose number is the largest of the window."""
    for y in window.rows:
        for x in window.columns:
            if y in view.rows and x in view.columns and plane.at(y, x) == result:
                r, c = y - view.rows[0], x - view.columns[0]
                cells[r][c] = cells[r][c]._replace(fill="pool.node", bold=True)
                return cells
    return cells


def _input_name(own: Setting, window: Window, many: bool) -> str:
    x = own.arriving[0]
    said = ["input"]
    if sizes_of(x) != (1, 1, 1) and (many or len(x) > 1):
        said.append(f"channel {window.channel + 1:,} of {len(x):,}")
    if len(x[0]) > 1:
        said.append(f"slice {window.slice + 1:,} of {len(x[0]):,}")
    return ", ".join(said)


def _sizes_text(rows: int, columns: int) -> str:
    return f"{columns:,} numbers" if rows == 1 else f"{rows:,}×{columns:,}"


def _kernel_text(own: Setting, rows: int, columns: int) -> str:
    said = [_sizes_text(rows, columns)]
    for name in ("stride", "dilation"):
        steps = set(own.numbers.get(name, ())[-2:]) if own.kernel != "dense" else set()
        if steps - {1}:
            said.append(f"{name} {'×'.join(map(str, own.numbers[name][-2:])) if len(steps) > 1 else max(steps)}")
    return ", ".join(said)


def output_piece(traced: TracedCell, own: Setting) -> Piece | None:
    """What the layer makes, with the number's place marked."""
    if own.made is None:
        return None
    return _place_piece("output", own.made, traced.address, "pool.node")


def _place_piece(name: str, x: Volume, address: tuple[int, Sequence[int]], fill: str) -> Piece:
    channel, (z, y, column) = address
    plane = plane_of(x, channel, z)
    if sizes_of(x) == (1, 1, 1):
        y, column = 0, channel
    elif len(x) > 1:
        name += f", channel {channel + 1:,} of {len(x):,}"
    if len(x[0]) > 1:
        name += f", slice {z + 1:,} of {len(x[0]):,}"
    view = view_of(plane, [y], [column], SMALL_OUTPUT)
    cells = map_cells(plane, view)
    r, c = y - view.rows[0], column - view.columns[0]
    cells[r][c] = cells[r][c]._replace(fill=fill, bold=True)
    caption = [name, place_on_map(plane, view) or _sizes_text(*plane.sizes)]
    piece = captioned(caption, cells, [*map_frames(plane, view), view.frame([y], [column])])
    little = locator(plane, view)
    return beside([piece, little], 6) if little else piece


def _without_window(traced: TracedCell, own: Setting, work: Work, output: Piece | None) -> Piece:
    """Inputs and output with the place marked in each that is as large as the output."""
    pieces: list[Piece] = []
    for n, x in enumerate(own.arriving[:MOST_ROWS]):
        if own.made is not None and (len(x), sizes_of(x)) == (len(own.made), sizes_of(own.made)):
            name = f"input {n + 1}" if len(own.arriving) > 1 else "input"
            pieces.append(_place_piece(name, x, traced.address, "conv.node"))
    arrow: list[Piece] = [sign("", work.word)] if pieces and output else []
    return beside([*pieces, *arrow, *([output] if output else [])])


def _sums(own: Setting, work: Work, chosen: list[Window], windows: Sequence[Window]) -> Iterator[str]:
    """The sums as on the slides where windows are laid under kernels, else as the text has them."""
    if own.kernel not in SLID or not windows:
        yield from map(typeset, work.sums)
        return
    channels = list(dict.fromkeys(window.channel for window in windows))
    for channel in dict.fromkeys(window.channel for window in chosen):
        whole = [window for window in windows if window.channel == channel]
        name = f"channel {channel + 1}: " if len(channels) > 1 else ""
        yield f"{name}{slide_sum(whole)} = {shown(total_of(whole))}"
    yield from map(typeset, work.sums[len(channels) :])


def _notes(traced: TracedCell, work: Work, chosen: list[Window], windows: Sequence[Window]) -> list[str]:
    notes = []
    if len(chosen) < len(windows):
        notes.append(f"Drawn are the {len(chosen)} of {len(windows):,} windows that add most.")
    if "flipped" in work.kernel_name:
        notes.append("The kernel is drawn as it lies on the map: flipped in all directions (a true convolution).")
    if work.pads:
        notes.append(f"The padding holds {work.pads}.")
    numbers = [one.value for window in chosen for row in window.seen for one in row if isinstance(one.value, float)]
    if any(has_long_decimals(text) for one in traced.works for text in one.sums) or numbers:
        notes.append("Long decimals are rounded in the picture.")
    return notes

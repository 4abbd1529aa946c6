"""The picture of one worked value: the map with the window, the kernel, the products and the result, below it the sums.

A map is drawn from left to right, one row for each channel, of more than four channels the three that add most.  A
signal and a dense layer are drawn by `cell_rows`.  A layer without a window shows its input and its result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.by_hand.volumes import sizes_of
from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.analysis.worked_cells import Window, Work
from cnncalc.pictures.cells.cell_parts import Part, kernel_parts, limits_of, output_name, place_part, window_part
from cnncalc.pictures.cells.cell_rows import cell_rows
from cnncalc.pictures.cells.cell_setting import (
    MOST_LISTED,
    POOL_WORDS,
    Setting,
    setting,
    weightiest,
    windows_of,
)
from cnncalc.pictures.cells.cell_sums import cell_notes, cell_sums, cell_title, line_title
from cnncalc.pictures.cells.field_picture import Photo, field_picture, marked_input
from cnncalc.pictures.cells.number_grids import Piece, below, beside, captioned, sign
from cnncalc.pictures.cells.number_texts import broken
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Scene

MARGIN, NARROWEST, COLUMN_GAP = 12.0, 420.0, 30.0
TITLE, SUM, NOTE = 14.0, 13.0, 11.0
BOLD = 1.07
"""How much wider bold letters are."""


def cell_picture(traced: TracedCell, photo: Photo | None = None) -> Scene:
    """The picture of a number: by its layer's window, then, in words, by what is written behind the layer.

    With a photo, what of it the number depends on is marked on it: beside the sums where these leave room, or below.
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
    field = None
    if photo is not None and (seen := marked_input(photo, traced.seen)) is not None:
        field = field_picture(photo, seen.axes, at_most=seen.at_most)
    is_beside = field is not None and width - field.width - COLUMN_GAP >= NARROWEST
    column = width - field.width - COLUMN_GAP if field and is_beside else width
    top, sums = y, list(cell_sums(traced, chosen))
    y, widest = _write(drawing, sums, (SUM, "ink"), column, y)
    y, widest_note = _write(drawing, list(cell_notes(traced, chosen)), (NOTE, "soft"), column, y + 2)
    if field:
        beside_sums = MARGIN + max(NARROWEST, widest, widest_note) + COLUMN_GAP
        corner = (beside_sums, top) if is_beside else (MARGIN, y + 10)
        drawing.place(field, *corner)
        y = max(y, corner[1] + field.height)
    return drawing.scene(width + 2 * MARGIN, y + MARGIN, title, " ".join(sums))


def _write(
    drawing: Drawing, texts: Sequence[str], letters: tuple[float, str], width: float, y: float
) -> tuple[float, float]:
    """Writes lines from the height y on; gives the height below them and how wide the widest is."""
    size, role = letters
    lines = [line for text in texts for line in broken(text, size, width)]
    for n, line in enumerate(lines):
        drawing.text(MARGIN, y + size + n * (size + 5), line, size, anchor="start", role=role)
    return y + len(lines) * (size + 5), max((text_width(line, size) for line in lines), default=0.0)


def _drawn(traced: TracedCell, own: Setting, chosen: list[Window]) -> Piece | None:
    if not own.arriving:
        return None
    if chosen and own.is_row:
        return cell_rows(traced, own, chosen)
    output = None
    if own.made is not None:
        output = _piece(place_part(output_name(own.behind), own.made, traced.address, "pool.node"))
    if not chosen:
        return _without_window(traced, own, output)
    rows = [beside(list(_window_row(own, traced.works[0], chosen, window))) for window in chosen]
    left = below(rows)
    return beside([left, sign("", POOL_WORDS.get(own.kernel, "sum")), output]) if output else left


def _window_row(own: Setting, work: Work, chosen: Sequence[Window], window: Window) -> Iterator[Piece]:
    """The map with a window, and where a kernel is laid on it, that and the products."""
    part = window_part(own, window, work.result, many=len(chosen) > 1)
    above = chosen[: chosen.index(window)]
    is_seen = any((one.rows, one.columns) == (window.rows, window.columns) for one in above)
    yield _piece(part._replace(spot=None) if is_seen else part)
    if window.kernel is not None:
        taps = limits_of(own).taps
        for text, part in zip("×=", kernel_parts(own, work, window, taps, taps), strict=True):
            yield sign(text)
            yield _piece(part)


def _piece(part: Part) -> Piece:
    return captioned(part.caption, part.cells, part.frames, part.spot)


def _without_window(traced: TracedCell, own: Setting, output: Piece | None) -> Piece | None:
    """Inputs and output, with the place marked in each input that is as large as the output."""
    pieces: list[Piece] = []
    for n, x in enumerate(own.arriving[:MOST_LISTED]):
        if own.made is not None and (len(x), sizes_of(x)) == (len(own.made), sizes_of(own.made)):
            name = f"input {n + 1}" if len(own.arriving) > 1 else "input"
            pieces.append(_piece(place_part(name, x, traced.address, "conv.node")))
    if pieces and output:
        pieces.append(sign("", traced.works[0].word))
    return beside([*pieces, output]) if output else None

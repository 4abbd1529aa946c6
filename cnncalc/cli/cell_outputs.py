"""`trace -o`: the picture of the number that is worked out, as a drawing or as a window that slides.

What cannot be drawn is refused before a net is run.  The text is printed all the same: it has every number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cnncalc.cli.parameters import PICTURE, PRINTING
from cnncalc.diagnostics import InputError, input_error

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis, RowAnalysis
    from cnncalc.analysis.traced_cell import TracedCell
    from cnncalc.cli.inputs import Arrays, Given
    from cnncalc.pictures.cells.field_picture import Photo
    from cnncalc.pictures.scene.themes import Theme

CellFile = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Draw it too, into this file: FILE.svg, FILE.png or FILE.pdf; FILE.gif is the window as it slides over "
        "the whole input.",
    ),
]
Slide = Annotated[
    bool,
    typer.Option(
        "--slide",
        rich_help_panel=PICTURE,
        help="Draw the window at each of its places, side by side, as a .gif has it.",
    ),
]

SMALLER_SIDES = (24, 16, 8)
"""Inputs that are tried where a window slides too long, to name one for which it does not."""

GIF_SCALE, WIDE_SCALE, WIDE = 1.5, 1.0, 800.0
"""Pixels to a unit of a moving picture, and of one that is wider than so many units."""


class CellPicture(NamedTuple):
    """The options that say where the picture goes and how it looks."""

    path: str
    theme: Theme
    slides: bool
    force: bool
    inputs: tuple[str, ...]

    @property
    def _is_moving(self) -> bool:
        from cnncalc.pictures.writers.drawing_file import FORMATS, drawing_ending

        return FORMATS[drawing_ending(self.path, moving=True)].is_moving

    def refuse_destination(self) -> None:
        """Raises the InputError that writing there would raise."""
        from cnncalc.destinations import refuse_destination
        from cnncalc.pictures.writers.drawing_file import drawing_ending, may_be_drawing

        drawing_ending(self.path, moving=True)
        refuse_destination(self.path, inputs=self.inputs, force=self.force, known=may_be_drawing)

    def refuse_row(self, given: Given, place: str, row: RowAnalysis) -> None:
        """Raises an InputError where a window is to slide, and none does or it has too far to go."""
        from cnncalc.pictures.cells.sliding_limits import refuse_long_slide, sliding_node

        if self.slides or self._is_moving:
            sliding_node(row)
            try:
                refuse_long_slide(row)
            except InputError:
                refuse_long_slide(row, _way_out(given, place))

    def write(self, cell: TracedCell, photo: Photo | None) -> str:
        """Draws the number and writes the file; returns its name."""
        from cnncalc.destinations import write_file
        from cnncalc.pictures.cells.cell_picture import cell_picture
        from cnncalc.pictures.cells.sliding_window import sliding_strip, sliding_window
        from cnncalc.pictures.writers.drawing_file import drawing_bytes

        if self._is_moving:
            from cnncalc.pictures.writers.png import png

            drawn = sliding_window(
                cell, lambda scene: png(scene, self.theme, scale=GIF_SCALE if scene.width <= WIDE else WIDE_SCALE)
            )
        else:
            scene = sliding_strip(cell) if self.slides else cell_picture(cell, photo)
            drawn = drawing_bytes(scene, self.path, self.theme)
        write_file(self.path, drawn, inputs=self.inputs, force=self.force)
        return self.path


def cell_picture_of(given: Given, path: str | None, theme: Theme, *, slides: bool, force: bool) -> CellPicture | None:
    """The picture that is asked for; raises InputError where it cannot be written."""
    if path is None:
        if slides:
            raise input_error(
                "no-sliding-window",
                "--slide says what is drawn, and there is no file to draw it into",
                help="name one: -o window.svg, or -o window.gif, which moves",
            )
        return None
    picture = CellPicture(path, theme, slides, force, tuple(given.files))
    picture.refuse_destination()
    return picture


def photo_given(given: Given, analysis: Analysis, inputs: Arrays) -> Photo | None:
    """The picture of a run as the net got it; None where numbers were given."""
    if not given.pictures:
        return None
    from typing import cast

    from cnncalc.layers.input import Input
    from cnncalc.pictures.cells.field_picture import Photo
    from cnncalc.pictures.maps.input_photo import photo_file

    ((name, array),) = inputs.items()
    node = next(node for node in analysis.nodes if node.node.name == name)
    prepared = given.preprocessing.over(cast("Input", node.node.layer), node.output)
    return Photo(photo_file(array, prepared), input=name)


def _way_out(given: Given, place: str) -> str:
    """How the window of a line would have less far to go; empty where none of what is tried helps."""
    from cnncalc.analysis import analyse
    from cnncalc.net_files import checked
    from cnncalc.pictures.cells.sliding_limits import refuse_long_slide
    from cnncalc.report.explanation import row_at
    from cnncalc.sources import find

    for side in map(str, SMALLER_SIDES):
        try:
            refuse_long_slide(row_at(analyse(checked(find(given.model), side, given.settings)), place))
        except InputError as refused:
            if refused.diagnostics[0].code == "no-size-to-replace":
                return "write a smaller picture into the text"
            continue
        return f"use a smaller input: --input {side}"
    return ""

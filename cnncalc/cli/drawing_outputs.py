"""The file that a command draws into: refused before the work is done, written after it.

What is drawn is not known here; `cell_outputs` has what only the window of `trace` needs, which may move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cnncalc.cli.parameters import PRINTING

if TYPE_CHECKING:
    from cnncalc.pictures.net_drawing import Drawn
    from cnncalc.pictures.scene.themes import Theme

ChartFile = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Draw a chart into this file too, whose ending says how: FILE.svg, FILE.png or FILE.pdf.",
    ),
]


class DrawingFile(NamedTuple):
    """The options that say where a drawing goes and how it looks; `inputs` are the files that the command reads."""

    path: str
    theme: Theme
    force: bool
    inputs: tuple[str, ...]

    def refuse(self) -> None:
        """Raises the InputError that writing there would raise."""
        from cnncalc.destinations import refuse_destination
        from cnncalc.pictures.writers.drawing_file import drawing_ending, may_be_drawing

        drawing_ending(self.path)
        refuse_destination(self.path, inputs=self.inputs, force=self.force, known=may_be_drawing)

    def write(self, drawn: Drawn) -> None:
        """Write the drawing, as the ending of the file says.  Raises InputError."""
        from cnncalc.destinations import write_file
        from cnncalc.pictures.writers.drawing_file import drawing_bytes

        picture = drawing_bytes(drawn.scene, self.path, self.theme, drawn.physical)
        write_file(self.path, picture, inputs=self.inputs, force=self.force)

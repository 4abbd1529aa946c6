"""`run --why`: which places of the picture the net's answer depends on, as a picture and in words.

It is about the first image.  What cannot be done (a net that gives no scores, a class that it does not know, a file
that may not be written) is refused before the net is run; the file is written whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.parameters import PRINTING
from cnncalc.diagnostics import input_error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from cnncalc.analysis.model import Analysis
    from cnncalc.cli.inputs import Given
    from cnncalc.report.why_lines import WhyMap
    from cnncalc.runtime.confirmation import Confirmation
    from cnncalc.runtime.weights import Weights

Why = Annotated[
    str | None,
    typer.Option(
        "--why",
        metavar="FILE.png",
        rich_help_panel=PRINTING,
        help="Hide one part of the picture after the other, with up to 225 further runs, and draw where the score of "
        "the class falls (.png, .jpg or .webp).",
    ),
]
WhyClass = Annotated[
    str | None,
    typer.Option(
        "--why-class",
        metavar="CLASS",
        rich_help_panel=PRINTING,
        help="The class of --why: its number, or its name; the most likely one if not given.",
    ),
]


class WhyOutput:
    """What is asked of one run; made before it."""

    def __init__(
        self, path: str, asked: str | None, given: Given, analysis: Analysis, labels: Sequence[str], *, force: bool
    ) -> None:
        from cnncalc.destinations import refuse_destination
        from cnncalc.pictures.maps.explained_class import explained_class
        from cnncalc.runtime.picture_files import may_be_picture, picture_format

        self.path, self.given, self.analysis, self.labels, self.force = path, given, analysis, labels, force
        self.asked = explained_class(analysis, asked, labels)
        picture_format(path)
        refuse_destination(path, inputs=given.files, force=force, known=may_be_picture)

    def find(
        self, loaded: Weights, inputs: Mapping[str, Any], confirmation: Confirmation, threads: int | None
    ) -> WhyMap:
        """Hides part after part, and writes the picture."""
        from cnncalc.cli.inputs import picture_preprocessing
        from cnncalc.pictures.maps.why_map import why_map, why_picture
        from cnncalc.runtime.picture_files import write_picture

        exact = {output.name: output.values for output in confirmation.outputs}
        pictures = self.given.pictures
        preprocessing = picture_preprocessing(self.given, self.analysis)
        found = why_map(
            self.analysis,
            loaded,
            inputs,
            self.asked,
            exact,
            labels=self.labels,
            preprocessing=preprocessing,
            threads=threads,
        )
        found = found._replace(file=self.path, image=pictures[0] if pictures else "")
        if found.found.is_finite:
            picture = why_picture(self.analysis, inputs, found, preprocessing)
            write_picture(self.path, picture, inputs=self.given.files, force=self.force)
        return found


def why_output(
    path: str | None, asked: str | None, given: Given, analysis: Analysis, labels: Sequence[str], *, force: bool
) -> WhyOutput | None:
    """What is asked, or None where nothing is.  Raises InputError."""
    if path is None:
        if asked is not None:
            raise input_error(
                "why-class-alone",
                f"--why-class {asked} says of which class a map is drawn, and none is asked for",
                help=f"name its file: --why why.png --why-class {asked}",
            )
        return None
    return WhyOutput(path, asked, given, analysis, labels, force=force)

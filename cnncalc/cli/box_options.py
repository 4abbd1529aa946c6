"""The options of `run` about boxes, and what they come to: boxes are searched for, and drawn on the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error

if TYPE_CHECKING:
    from cnncalc.cli.inputs import Given
    from cnncalc.report.box_lines import FoundBoxes
    from cnncalc.runtime.boxes import Limits
    from cnncalc.runtime.boxes.heads import Heads
    from cnncalc.runtime.confirmation import Confirmation

BOXES = "Boxes"

FindBoxes = Annotated[
    bool,
    typer.Option("--boxes", rich_help_panel=BOXES, help="Read the outputs of a detector as boxes, and list them."),
]
Draw = Annotated[
    str | None,
    typer.Option(
        "--draw",
        metavar="FILE.png",
        rich_help_panel=BOXES,
        help="Also draw the boxes on the picture, and write it to this file (.png, .jpg or .webp).",
    ),
]
Confidence = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        min=0,
        max=1,
        rich_help_panel=BOXES,
        help="Leave boxes out that are less sure than this; 0.25 if not given.",
    ),
]
Overlap = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        min=0,
        max=1,
        rich_help_panel=BOXES,
        help="Of two boxes of a class with a larger intersection over union than this, keep one; 0.45 if not given.",
    ),
]


class BoxOptions(NamedTuple):
    """What was asked for; None where the usual limit holds."""

    confidence: float | None
    overlap: float | None
    draw: str | None

    @classmethod
    def of(cls, boxes: bool, draw: str | None, confidence: float | None, overlap: float | None) -> BoxOptions | None:
        """The options, any of which asks for boxes; None where none is given."""
        if not boxes and draw is None and confidence is None and overlap is None:
            return None
        return cls(confidence, overlap, draw)


class BoxSearch:
    """What is looked for in one run; made before it, so that what cannot be done is refused before the work."""

    def __init__(self, asked: BoxOptions, given: Given, analysis: Analysis, names: int, *, force: bool) -> None:
        from cnncalc.runtime.boxes import CONFIDENCE, OVERLAP, Limits
        from cnncalc.runtime.boxes.heads import heads_of

        self.given, self.draw, self.force = given, asked.draw, force
        self.heads: Heads = heads_of(analysis, names)
        self.limits: Limits = Limits(
            CONFIDENCE if asked.confidence is None else asked.confidence,
            (1.0 if self.heads.final else OVERLAP) if asked.overlap is None else asked.overlap,
        )
        if asked.draw is not None:
            self._refuse_drawing(asked.draw)

    def _refuse_drawing(self, path: str) -> None:
        from cnncalc.destinations import refuse_destination
        from cnncalc.runtime.picture_files import may_be_picture, picture_format

        if len(self.given.pictures) != 1:
            there_is = "no picture is given" if not self.given.pictures else f"{len(self.given.pictures)} are given"
            raise input_error(
                "draw-one-picture",
                f"--draw {path} draws on one picture, and {there_is}",
                help="give one: --image FILE; a run of its own for each",
            )
        picture_format(path)
        refuse_destination(path, inputs=self.given.files, force=self.force, known=may_be_picture)

    def find(self, analysis: Analysis, confirmation: Confirmation, names: Sequence[str]) -> FoundBoxes:
        """The boxes of every image of the run; writes the picture with them, where that was asked for."""
        from pathlib import Path

        weights = self.given.weights or analysis.graph.weights_in
        if weights:
            from cnncalc.runtime.boxes.file_anchors import with_file_anchors

            self.heads = with_file_anchors(self.heads, analysis, Path(weights))
        boxes = self._found(confirmation)
        if self.draw is not None:
            self._draw(self.draw, boxes, names)
        return boxes

    def _found(self, confirmation: Confirmation) -> FoundBoxes:
        from pathlib import Path

        from cnncalc.report.box_lines import FoundBoxes
        from cnncalc.runtime.boxes import found_boxes
        from cnncalc.runtime.images import upright_size
        from cnncalc.runtime.placement import Placement, placed

        size, line = self.heads.size, self.heads.input
        way = self.given.preprocessing.over(line, size).resize if self.given.pictures else "fit"
        places = [placed(upright_size(Path(picture)), size, way) for picture in self.given.pictures]
        places = places or [Placement(size.height, size.width)] * confirmation.plan.batch
        every = [
            found_boxes(self.heads, [output.values[image] for output in confirmation.outputs], place, self.limits)
            for image, place in enumerate(places)
        ]
        return FoundBoxes(self.heads.said, self.limits, tuple(every), self.draw or "")

    def _draw(self, path: str, boxes: FoundBoxes, names: Sequence[str]) -> None:
        from pathlib import Path

        from cnncalc.runtime.boxes.marking import with_boxes
        from cnncalc.runtime.images import upright
        from cnncalc.runtime.picture_files import write_picture

        marked = with_boxes(upright(Path(self.given.pictures[0])), boxes.by_image[0], names)
        write_picture(path, marked, inputs=self.given.files, force=self.force)

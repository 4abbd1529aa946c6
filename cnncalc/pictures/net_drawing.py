"""One drawing of a net as `cnncalc draw` and `net.draw` make it: its picture or one of its charts, in a width.

Here the options become a scene; `drawn_picture` shows it and writes it to a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics import input_error
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.pictures.writers.physical_width import asked_points

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.analysis.roofline import Roofline
    from cnncalc.pictures.nets.volumes import Photo

UNITS_A_POINT = 11 / 7
"""The letters of a picture are 11 units high, and 7 points on paper."""

NARROW = 500.0
"""Units: pictures narrower than this are drawn as for a phone."""

LONGEST_PHOTO_SIDE = 480

MOST_INPUTS = 4
"""Inputs that a message lists."""


class Drawn(NamedTuple):
    """A scene, and how wide it is on paper ("482pt"; empty: one unit is one pixel)."""

    scene: Scene
    physical: str


def drawing_units(width: str | None, otherwise: float) -> float:
    """How many units of a picture are so wide on paper; `otherwise` where no width is given.  Raises InputError."""
    if width is None:
        return otherwise
    return asked_points(width) * UNITS_A_POINT


def net_drawing(
    analysis: Analysis,
    width: str | None = None,
    *,
    image: str | None = None,
    opened: Sequence[str] = (),
    inside: bool = True,
) -> Drawn:
    """The picture of the net; `image` is a photo to lay on the input, `opened` are the blocks that are drawn out."""
    from cnncalc.pictures.nets.net_items import check_opened  # noqa: PLC0415 (a refused width needs no picture)
    from cnncalc.pictures.nets.net_picture import SLIDE, Look, net_picture  # noqa: PLC0415

    units = drawing_units(width, SLIDE)
    check_opened(analysis, opened)
    photo = _photo(analysis, image) if image is not None else None
    return _drawn(net_picture(analysis, Look(units, units < NARROW, True, inside, tuple(opened), photo)), width, units)


def chart_drawing(analysis: Analysis, name: str, width: str | None = None) -> Drawn:
    """The chart of this name; without a width it is as wide as a page of paper."""
    from cnncalc.pictures.charts.net_chart import net_chart  # noqa: PLC0415 (a refused width needs no chart)
    from cnncalc.pictures.nets.net_picture import PAPER  # noqa: PLC0415

    units = drawing_units(width, PAPER)
    return _drawn(net_chart(analysis, name, units), width, units)


def roofline_drawing(analysis: Analysis, found: Roofline, width: str | None = None) -> Drawn:
    """The net on the roofline of a machine; without a width it is as wide as a page of paper."""
    from cnncalc.pictures.charts.roofline_chart import roofline_chart  # noqa: PLC0415 (a refused width needs no chart)
    from cnncalc.pictures.nets.net_picture import PAPER  # noqa: PLC0415

    units = drawing_units(width, PAPER)
    return _drawn(roofline_chart(analysis, found, units), width, units)


def _drawn(scene: Scene, width: str | None, units: float) -> Drawn:
    return Drawn(scene, "" if width is None else f"{min(scene.width, units) / UNITS_A_POINT:.2f}pt")


def _photo(analysis: Analysis, path: str) -> Photo:
    """The picture file as it is laid on the input: small enough for a drawing, upright, grey where the input is.

    Of several inputs that can take a picture it is the first with as many channels.  Raises InputError where none can.
    """
    from io import BytesIO  # noqa: PLC0415

    from cnncalc.pictures.nets.volumes import Photo  # noqa: PLC0415
    from cnncalc.runtime.images import takes_pictures, upright  # noqa: PLC0415 (only a photo needs it)

    picture = upright(Path(path))
    inputs = [row for row in analysis.rows if analysis.nodes[row.row.first].node.is_input]
    fitting = [row for row in inputs if takes_pictures(row.output)]
    if not fitting:
        sizes = ", ".join(row.output.text() for row in inputs[:MOST_INPUTS])
        raise input_error(
            "input-is-no-picture",
            f"no input of {analysis.graph.source.shown} can take a picture: {sizes}",
            help="leave --image out: a picture has a height, a width and 1, 3 or 4 channels",
        )
    channels = 1 if picture.convert("L").convert("RGB").tobytes() == picture.tobytes() else 3
    row = next((one for one in fitting if (one.output.channels == 1) == (channels == 1)), fitting[0])
    picture = picture.convert("L") if row.output.channels == 1 else picture
    picture.thumbnail((LONGEST_PHOTO_SIDE, LONGEST_PHOTO_SIDE))
    file = BytesIO()
    picture.save(file, "PNG")
    return Photo(file.getvalue(), "png", row.row.index)

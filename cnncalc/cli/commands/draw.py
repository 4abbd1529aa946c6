"""`cnncalc draw`: the picture of a net."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, Force, InputSize, Model, Settings

if TYPE_CHECKING:
    from cnncalc.pictures.nets.volumes import Photo

PICTURE = "Picture"

UNITS_A_POINT = 11 / 7
"""The letters of a picture are 11 units high, and 7 points on paper."""

NARROWEST, NARROW, WIDEST = 280.0, 500.0, 20_000.0
"""Units: no picture is narrower than the first, those narrower than the second are drawn as for a phone."""

LONGEST_PHOTO_SIDE = 480


class ThemeName(StrEnum):
    """The colours."""

    LIGHT = "light"
    DARK = "dark"


Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Write the picture to this file, whose ending says how: FILE.svg, FILE.png or FILE.pdf; SVG goes to "
        "standard output if not given.",
    ),
]
PaperWidth = Annotated[
    str | None,
    typer.Option(
        "--width",
        metavar="WIDTH",
        rich_help_panel=PICTURE,
        help="Fit the picture into this width with letters of 7 points: 17cm for a page of paper, 6in, 400px; "
        "a slide if not given.",
    ),
]
Theme = Annotated[
    ThemeName,
    typer.Option("--theme", metavar="THEME", rich_help_panel=PICTURE, help="Use the colours of this theme"),
]
PhotoFile = Annotated[
    str | None,
    typer.Option("--image", metavar="FILE", rich_help_panel=PICTURE, help="Lay this photo on the input."),
]
Opened = Annotated[
    list[str] | None,
    typer.Option(
        "--open", metavar="BLOCK", rich_help_panel=PICTURE, help="Draw out the calls of this block; may be repeated."
    ),
]
Inside = Annotated[
    bool,
    typer.Option(
        "--inside/--no-inside", rich_help_panel=PICTURE, help="Do not draw the inside of the blocks below the net."
    ),
]


def draw(
    model: Model,
    *,
    output: Output = None,
    width: PaperWidth = None,
    theme: Theme = ThemeName.LIGHT,
    image: PhotoFile = None,
    opened: Opened = None,
    inside: Inside = True,
    input_size: InputSize = None,
    settings: Settings = None,
    force: Force = False,
) -> int:
    """Draw a network: volumes in their sizes, arrows with kernels and strides, the inside of its blocks."""
    from cnncalc.analysis import analyse
    from cnncalc.api import checked
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import write_data
    from cnncalc.destinations import refuse_destination, write_file
    from cnncalc.pictures.nets.net_items import check_opened
    from cnncalc.pictures.nets.net_picture import SLIDE, Look, net_picture
    from cnncalc.pictures.writers.drawing_file import drawing_bytes, drawing_ending, known_drawing
    from cnncalc.pictures.writers.svg import svg
    from cnncalc.sources import find, parted

    units = SLIDE if width is None else _units(width)
    inputs = [parted(model)[0], *filter(None, [image])]
    to_file = output is not None and output != "-"
    if to_file:
        drawing_ending(str(output))
        refuse_destination(str(output), inputs=inputs, force=force, known=known_drawing)
    else:
        _refuse_terminal(model)
    analysis = analyse(checked(find(model), input_size, settings_of(settings)))
    check_opened(analysis, opened or ())
    photo = _photo(image) if image is not None else None
    look = Look(units, units < NARROW, inside=inside, opened=tuple(opened or ()), photo=photo)
    scene = net_picture(analysis, look)
    physical = "" if width is None else f"{min(scene.width, units) / UNITS_A_POINT:.2f}pt"
    if to_file:
        drawn = drawing_bytes(scene, str(output), theme.value, physical)
        write_file(str(output), drawn, inputs=inputs, force=force, known=known_drawing)
    else:
        write_data(svg(scene, theme.value, width=physical))
    return ExitStatus.FINE


def _units(width: str) -> float:
    """How many units of a picture are so wide on paper."""
    from cnncalc.diagnostics import input_error
    from cnncalc.pictures.writers.physical_width import width_in_points

    units = width_in_points(width) * UNITS_A_POINT
    if not NARROWEST <= units <= WIDEST:
        raise input_error(
            "wrong-value",
            f"a picture {'narrower' if units < NARROWEST else 'wider'} than that cannot be read: {width.strip()}",
            help="choose a width between 6.5cm and 400cm",
        )
    return units


def _refuse_terminal(model: str) -> None:
    """Raises an InputError where the picture would be printed as letters on a terminal."""
    import sys

    from cnncalc.diagnostics import input_error

    if sys.stdout.isatty():
        raise input_error(
            "wrong-value",
            "a picture cannot be shown on this terminal",
            help=f"write it to a file: cnncalc draw {model} -o net.svg",
        )


def _photo(path: str) -> Photo:
    """The picture file as it is laid on the input: small enough for a drawing, upright, in plain colours."""
    from io import BytesIO
    from pathlib import Path

    from cnncalc.runtime.images import upright

    picture = upright(Path(path))
    picture.thumbnail((LONGEST_PHOTO_SIDE, LONGEST_PHOTO_SIDE))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue(), "png"

"""`cnncalc draw`: the picture of a net."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from cnncalc.cli.diagram_outputs import diagram_file
from cnncalc.cli.drawing_outputs import DrawingFile
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PICTURE, PRINTING, Force, InputSize, Model, Settings, Until


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
        help="Write the picture to this file, whose ending says how: FILE.svg, FILE.png or FILE.pdf, or FILE.mmd or "
        "FILE.dot for a diagram as text; SVG goes to standard output if not given.",
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
Chart = Annotated[
    str | None,
    typer.Option(
        "--chart",
        metavar="CHART",
        rich_help_panel=PICTURE,
        help="Draw a chart in place of the network: memory, params, macs, flops, size, connections, buffers or rf.",
    ),
]


@dataclass(frozen=True)
class DrawOptions:
    """What `cnncalc draw` was asked for, as it was written."""

    model: Model
    output: Output = None
    width: PaperWidth = None
    theme: Theme = ThemeName.LIGHT
    image: PhotoFile = None
    opened: Opened = None
    inside: Inside = True
    chart: Chart = None
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    force: Force = False


def draw(options: DrawOptions) -> int:
    """Draw a network: volumes in their sizes, arrows with kernels and strides, the inside of its blocks."""
    from cnncalc.analysis import analyse
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import write_data
    from cnncalc.net_files import checked
    from cnncalc.pictures.charts.net_chart import chart_named
    from cnncalc.pictures.net_drawing import chart_drawing, drawing_units, net_drawing
    from cnncalc.pictures.nets.net_picture import SLIDE
    from cnncalc.pictures.writers.svg import svg
    from cnncalc.sources import find, parted

    drawing_units(options.width, SLIDE)
    if options.chart is not None:
        chart_named(options.chart)
        _refuse_beside_chart(options.image, options.opened, inside=options.inside)
    inputs = (parted(options.model)[0], *filter(None, [options.image]))
    diagram = diagram_file(options.output, options.force, inputs)
    if diagram is not None:
        unfit = {
            "--width": bool(options.width),
            "--theme": options.theme is ThemeName.DARK,
            "--image": bool(options.image),
            "--chart": bool(options.chart),
        }
        diagram.refuse(tuple(unfit.items()))
        analysis = analyse(
            checked(find(options.model), options.input_size, settings_of(options.settings), options.until)
        )
        diagram.write(analysis, options.opened or (), inside=options.inside)
        return ExitStatus.FINE
    file = (
        None
        if options.output in (None, "-")
        else DrawingFile(str(options.output), options.theme.value, options.force, inputs)
    )
    if file is not None:
        file.refuse()
    else:
        _refuse_terminal(options.model)
    analysis = analyse(checked(find(options.model), options.input_size, settings_of(options.settings), options.until))
    if options.chart is not None:
        drawn = chart_drawing(analysis, options.chart, options.width)
    else:
        drawn = net_drawing(
            analysis, options.width, image=options.image, opened=options.opened or (), inside=options.inside
        )
    if file is not None:
        file.write(drawn)
    else:
        write_data(svg(drawn.scene, options.theme.value, width=drawn.physical))
    return ExitStatus.FINE


def _refuse_beside_chart(image: str | None, opened: list[str] | None, *, inside: bool) -> None:
    """Raises an InputError for an option that only the picture of the network has."""
    from cnncalc.diagnostics import input_error

    given = [("--image", image is not None), ("--open", bool(opened)), ("--no-inside", not inside)]
    name = next((name for name, is_given in given if is_given), None)
    if name is not None:
        message = f"{name} is about the picture of the network, and --chart draws a chart in its place"
        raise input_error("chart-and-picture", message, help=f"leave {name} or --chart out")


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

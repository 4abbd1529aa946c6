"""`cnncalc roofline`: what bounds each layer on a given machine, its arithmetic or its memory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.commands.draw import Theme, ThemeName
from cnncalc.cli.commands.summary import All, Batch, NumberType
from cnncalc.cli.drawing_outputs import ChartFile, DrawingFile
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, Force, InputSize, Json, Model, Settings, Until

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.analysis.roofline import Roofline

MACHINE = "Machine"


class Format(StrEnum):
    """What the times are written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Peak = Annotated[
    str,
    typer.Option(
        "--peak",
        metavar="FLOPS",
        rich_help_panel=MACHINE,
        help="What the machine computes at most, a multiply-add being 2 FLOPs: 10T or 10TFLOPS.",
    ),
]
Bandwidth = Annotated[
    str,
    typer.Option(
        "--bandwidth",
        metavar="BYTES",
        rich_help_panel=MACHINE,
        help="What moves between memory and processor in a second: 900G or 900GB/s.",
    ),
]


@dataclass(frozen=True)
class RooflineOptions:
    """What `cnncalc roofline` was asked for, as it was written."""

    model: Model
    peak: Peak
    bandwidth: Bandwidth
    batch: Batch = 1
    dtype: Annotated[
        NumberType,
        typer.Option(rich_help_panel=NETWORK, metavar="TYPE", help="Store each number as this TYPE"),
    ] = NumberType.FLOAT32
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    output: ChartFile = None
    theme: Theme = ThemeName.LIGHT
    force: Force = False
    every_copy: All = False
    format: Annotated[
        Format,
        typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the times as FORMAT"),
    ] = Format.TABLE
    json: Json = False


def roofline(options: RooflineOptions) -> int:
    """Show what bounds each layer on a machine: its arithmetic or its memory."""
    from cnncalc.analysis import analyse
    from cnncalc.analysis.roofline import roofline as times_of
    from cnncalc.analysis.roofline import stated_machine
    from cnncalc.cli.settings import settings_of
    from cnncalc.net_files import checked
    from cnncalc.sources import find, parted

    machine = stated_machine(options.peak, options.bandwidth)
    file = (
        None
        if options.output is None
        else DrawingFile(options.output, options.theme.value, options.force, (parted(options.model)[0],))
    )
    if file is not None:
        file.refuse()
    analysis = analyse(
        checked(find(options.model), options.input_size, settings_of(options.settings), options.until), options.batch
    )
    found = times_of(analysis, machine, options.dtype.value)
    if file is not None:
        from cnncalc.pictures.net_drawing import roofline_drawing

        file.write(roofline_drawing(analysis, found))
    _show(analysis, found, Format.JSON if options.json else options.format, every_copy=options.every_copy)
    return ExitStatus.FINE


def _show(analysis: Analysis, found: Roofline, format: Format, *, every_copy: bool) -> None:
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report.exports import comma_separated
    from cnncalc.report.layout import drawn
    from cnncalc.report.roofline_report import roofline_json, roofline_sheet

    if format is Format.JSON:
        write_data(roofline_json(analysis, found))
    elif format is Format.CSV:
        write_data(comma_separated(roofline_sheet(analysis, found, exact=True)))
    else:
        write(drawn(roofline_sheet(analysis, found, every_copy=every_copy), canvas()))

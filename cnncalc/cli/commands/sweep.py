"""`cnncalc sweep`: one network at several sizes, widths and batches, as a table and as a chart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.commands.draw import Theme, ThemeName
from cnncalc.cli.commands.summary import NumberType
from cnncalc.cli.drawing_outputs import ChartFile, DrawingFile
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, Force, Json, Model, Progress, Until

if TYPE_CHECKING:
    from cnncalc.pictures.net_drawing import Drawn
    from cnncalc.questions.sweep import Sweep
    from cnncalc.report.sweep_report import Measure


class Format(StrEnum):
    """What the table is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


InputSizes = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        metavar="SIZES",
        rich_help_panel=NETWORK,
        help="Use these input sizes: 96..320:32 is every 32nd from 96 to 320, 128,224 are two, 320x256 is not square.",
    ),
]
SettingValues = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUES",
        rich_help_panel=NETWORK,
        help="Give these values to a `let` of the text: alpha=0.25,0.5,1 or width=1..4; may be repeated.",
    ),
]
Batches = Annotated[
    list[str] | None,
    typer.Option(metavar="NUMBERS", rich_help_panel=NETWORK, help="Count so many images at once: 1,8,32."),
]
MeasureName = Annotated[
    str,
    typer.Option(
        "--measure",
        metavar="MEASURE",
        rich_help_panel=PRINTING,
        help="What the chart shows: params, macs, flops, activations, peak or weights; macs if not given.",
    ),
]


@dataclass(frozen=True)
class SweepOptions:
    """What `cnncalc sweep` was asked for, as it was written."""

    model: Model
    input_size: InputSizes = None
    settings: SettingValues = None
    until: Until = None
    batch: Batches = None
    dtype: Annotated[
        NumberType,
        typer.Option(rich_help_panel=NETWORK, metavar="TYPE", help="Say how much memory numbers of this TYPE take"),
    ] = NumberType.FLOAT32
    output: ChartFile = None
    measure: MeasureName = "macs"
    theme: Theme = ThemeName.LIGHT
    force: Force = False
    format: Annotated[
        Format,
        typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the table as FORMAT"),
    ] = Format.TABLE
    json: Json = False
    progress: Progress = True


def sweep(options: SweepOptions) -> int:
    """Count a network at several input sizes, widths and batches."""
    from cnncalc.cli.progress import stepping
    from cnncalc.cli.settings import settings_of
    from cnncalc.questions.sweep import SweptNet, sweep_of
    from cnncalc.report.sweep_report import measure_named
    from cnncalc.sources import find, parted

    drawn_measure = measure_named(options.measure)
    file = (
        None
        if options.output is None
        else DrawingFile(options.output, options.theme.value, options.force, (parted(options.model)[0],))
    )
    if file is not None:
        file.refuse()
    asked = sweep_of(options.input_size or (), settings_of(options.settings), options.batch or ())
    with stepping(asked.variants, shown=options.progress) as step:
        found = asked.counted(SweptNet(find(options.model), until=options.until), options.dtype.value, step)
    if file is not None:
        file.write(_chart(found, drawn_measure))
    _show(found, Format.JSON if options.json else options.format)
    return ExitStatus.FINE if all(row.fault is None for row in found.rows) else ExitStatus.FINDINGS


def _chart(found: Sweep, measure: Measure) -> Drawn:
    from cnncalc.pictures.charts.sweep_chart import sweep_chart
    from cnncalc.pictures.net_drawing import Drawn
    from cnncalc.pictures.nets.net_picture import PAPER

    return Drawn(sweep_chart(found, measure, PAPER), "")


def _show(found: Sweep, format: Format) -> None:
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report.exports import comma_separated, markdown
    from cnncalc.report.layout import drawn
    from cnncalc.report.sweep_report import sweep_json, sweep_sheet

    if format is Format.JSON:
        write_data(sweep_json(found))
    elif format is Format.CSV:
        write_data(comma_separated(sweep_sheet(found, exact=True)))
    elif format is Format.MARKDOWN:
        write_data(markdown(sweep_sheet(found)))
    else:
        write(drawn(sweep_sheet(found), canvas()))

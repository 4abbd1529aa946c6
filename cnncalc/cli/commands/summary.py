"""`cnncalc summary`: the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, InputSize, Json, Model, Settings, ShapeOrder, Until

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.diagnostics import Diagnostic
    from cnncalc.report.ranking import Ranking
    from cnncalc.report.summary import Choices


class NumberType(StrEnum):
    """How each number is stored."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"
    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"


class Framework(StrEnum):
    """Whose count of parameters is shown."""

    KERAS = "keras"
    TORCH = "torch"
    CAFFE = "caffe"


class Format(StrEnum):
    """What the summary is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    LATEX = "latex"
    KERAS = "keras"
    DARKNET = "darknet"


Columns = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        rich_help_panel=PRINTING,
        help="Show these columns: rf,jump,start; with a plus, +rf,jump, add them to the usual ones.",
    ),
]
Expand = Annotated[
    bool,
    typer.Option(
        "--expand", rich_help_panel=PRINTING, help="Give each operation a line: conv, bn and relu separately."
    ),
]
Depth = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=0,
        rich_help_panel=PRINTING,
        help="Show a block that is inside N others as one line; 0 does so with every block.",
    ),
]
All = Annotated[
    bool,
    typer.Option(
        "--all", rich_help_panel=PRINTING, help="Show each of several identical copies, not one with its number."
    ),
]
Sort = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN", rich_help_panel=PRINTING, help="Sort the layers by params, macs, size ...: the largest first."
    ),
]
Top = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, rich_help_panel=PRINTING, help="Show the N largest layers: by MACs, or as --sort says."
    ),
]
Units = Annotated[
    bool, typer.Option("--units", rich_help_panel=PRINTING, help="Round the numbers of a table: 4.09 G, 25.6 M.")
]
CountedAs = Annotated[
    str | None,
    typer.Option(
        "--convention",
        metavar="NAME",
        rich_help_panel=PRINTING,
        help="Count the work as a tool does: mac, fvcore, thop, ptflops, ptflops-aten, torchinfo, calflops, torch, "
        "keras or onnx-tool; `all` gives the totals of each.",
    ),
]
Batch = Annotated[
    int,
    typer.Option(
        metavar="N", min=1, max=10**9, rich_help_panel=NETWORK, help="Count N images at once; 1 if not given."
    ),
]
DType = Annotated[
    NumberType,
    typer.Option(rich_help_panel=NETWORK, metavar="TYPE", help="Say how much memory numbers of this TYPE take"),
]
Order = Annotated[
    ShapeOrder | None,
    typer.Option(rich_help_panel=PRINTING, metavar="ORDER", help="Write shapes in this ORDER, whatever the text says"),
]
WrittenAs = Annotated[
    Format,
    typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the table as FORMAT"),
]


ParamsAs = Annotated[
    Framework | None,
    typer.Option(
        metavar="NAME",
        rich_help_panel=PRINTING,
        help="Count parameters as this framework does, and say why it differs",
    ),
]


@dataclass(frozen=True)
class SummaryOptions:
    """What `cnncalc summary` was asked for, as it was written."""

    model: Model
    columns: Columns = None
    expand: Expand = False
    depth: Depth = None
    every_copy: All = False
    sort: Sort = None
    top: Top = None
    units: Units = False
    convention: CountedAs = None
    params_as: ParamsAs = None
    dtype: DType = NumberType.FLOAT32
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    batch: Batch = 1
    order: Order = None
    format: WrittenAs = Format.TABLE
    json: Json = False


def summary(options: SummaryOptions) -> int:
    """Show the table of a network: shape, parameters and multiply-accumulates of every layer."""
    from cnncalc.analysis import analyse
    from cnncalc.analysis.framework_params import count_named
    from cnncalc.cli.counted_work import asks_for_all, counted_work
    from cnncalc.cli.settings import settings_of
    from cnncalc.net_files import read
    from cnncalc.report.answer_marks import by_place, own_findings
    from cnncalc.report.column_choice import ChosenColumns, chosen
    from cnncalc.report.summary import Choices
    from cnncalc.sources import find
    from cnncalc.spec.answers import leave_the_net_whole

    graph, faults = read(find(options.model), options.input_size, settings_of(options.settings), options.until)
    analysis, counts, about = counted_work(
        analyse(graph, options.batch), options.convention, options.columns, options.sort
    )
    whole = leave_the_net_whole(faults, graph.source)
    choices = Choices(
        chosen(options.columns) if options.columns is not None else ChosenColumns(),
        options.expand,
        options.depth,
        None if options.order is None else options.order.value,
        by_place(() if options.settings else own_findings(analysis, complete=whole)),
        stops_short=not whole,
        every_copy=options.every_copy,
        ranking=_ranking(options.sort, options.top, "macs" if counts is None else "work"),
        units=options.units,
        dtype=options.dtype.value,
        convention=None if counts is None else counts.convention,
        about_convention=about,
        params_as=count_named(options.params_as or ""),
    )
    written = Format.JSON if options.json else options.format
    if asks_for_all(options.convention) and not faults and written is not Format.JSON:
        return _every_total(analysis, written)
    if choices.asks_more:
        from cnncalc.report.asked_counts import asked_counts

        analysis, choices = asked_counts(analysis, choices)
        analysis = counted_work(analysis, options.convention, options.columns, options.sort)[0]
    return _shown(analysis, faults, choices, written)


def _every_total(analysis: Analysis, format: Format) -> ExitStatus:
    """The totals of all conventions, in place of the layers."""
    from cnncalc.cli.counted_work import totals_of_all
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report import exports
    from cnncalc.report.layout import drawn

    sheet = totals_of_all(analysis, plain_digits=format is Format.CSV)
    kinds = {Format.CSV: exports.comma_separated, Format.MARKDOWN: exports.markdown, Format.LATEX: exports.latex}
    if format in kinds:
        write_data(kinds[format](sheet))
    else:
        write(drawn(sheet, canvas()))
    return ExitStatus.FINE


def _ranking(sort: str | None, top: int | None, usual: str) -> Ranking | None:
    if sort is None and top is None:
        return None
    from cnncalc.report.ranking import ranking

    return ranking(sort, top, usual)


def _shown(analysis: Analysis, faults: tuple[Diagnostic, ...], choices: Choices, format: Format) -> ExitStatus:
    """Prints the summary; of a net with faults only a table, up to the first, and then its warnings and the faults."""
    from cnncalc.analysis.warnings import for_a_part
    from cnncalc.cli.terminal import show_diagnostics, write, write_data

    if not faults:
        show = write if format in (Format.TABLE, Format.KERAS, Format.DARKNET) else write_data
        show(_written(analysis, choices, format))
        return ExitStatus.FINE
    if analysis.rows and format is Format.TABLE:
        write(f"{_written(analysis, choices, format)}\n")
    show_diagnostics((*for_a_part(analysis.warnings), *faults), analysis.graph.source)
    return ExitStatus.BAD_INPUT


def _written(analysis: Analysis, choices: Choices, format: Format) -> str:
    from cnncalc.report.summary import summary_sheet

    if format is Format.TABLE:
        from cnncalc.cli.terminal import canvas
        from cnncalc.report.layout import drawn

        return drawn(summary_sheet(analysis, choices), canvas())
    if format is Format.JSON:
        from cnncalc.report.summary_json import summary_json

        return summary_json(analysis, choices)
    if format is Format.KERAS:
        from cnncalc.report.keras_print import keras_print

        return keras_print(analysis, choices)
    if format is Format.DARKNET:
        from cnncalc.report.darknet_table import darknet_table

        return darknet_table(analysis)
    from cnncalc.report import exports
    from cnncalc.report.column_choice import ChosenColumns
    from cnncalc.report.columns import EVERYTHING, USUAL

    if format is Format.CSV:
        from cnncalc.report.answer_marks import NO_ANSWERS

        spread = choices._replace(
            columns=choices.columns
            if choices.columns.names != USUAL
            else ChosenColumns(EVERYTHING if choices.convention is None else (*EVERYTHING, "work")),
            plain_digits=True,
            answers=NO_ANSWERS,
        )
        return exports.comma_separated(summary_sheet(analysis, spread))
    sheet = summary_sheet(analysis, choices)
    return exports.markdown(sheet) if format is Format.MARKDOWN else exports.latex(sheet)

"""`cnncalc memory`: what a network takes in memory, layer by layer, and how many images fit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.commands.summary import All, Batch, NumberType
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, InputSize, Json, Model, Settings, Until

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.analysis.net_memory import NetMemory
    from cnncalc.analysis.training import Optimizer


class OptimizerName(StrEnum):
    """What the optimizer keeps for each trained parameter is known of these."""

    SGD = "sgd"
    MOMENTUM = "momentum"
    ADAM = "adam"
    ADAMW = "adamw"


class Format(StrEnum):
    """What the memory is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Train = Annotated[
    OptimizerName | None,
    typer.Option(
        "--train",
        metavar="[OPTIMIZER]",
        rich_help_panel=NETWORK,
        help="Say what training takes too, with this optimizer (adam if none is named)",
    ),
]
Mixed = Annotated[
    bool,
    typer.Option(
        "--mixed",
        rich_help_panel=NETWORK,
        help="Train in mixed precision: float16 weights and activations, float32 copy and optimizer.",
    ),
]
Within = Annotated[
    str | None,
    typer.Option(
        "--within",
        metavar="BYTES",
        rich_help_panel=NETWORK,
        help="Say how many images at once fit into this memory: 8GB, 24GiB.",
    ),
]


@dataclass(frozen=True)
class MemoryOptions:
    """What `cnncalc memory` was asked for, as it was written."""

    model: Model
    batch: Batch = 1
    dtype: Annotated[
        NumberType,
        typer.Option(rich_help_panel=NETWORK, metavar="TYPE", help="Store each number as this TYPE"),
    ] = NumberType.FLOAT32
    train: Train = None
    mixed: Mixed = False
    within: Within = None
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    every_copy: All = False
    format: Annotated[
        Format,
        typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the memory as FORMAT"),
    ] = Format.TABLE
    json: Json = False


def memory(options: MemoryOptions) -> int:
    """Show what a network takes in memory: weights, activations, and what is alive at once."""
    from cnncalc.analysis import analyse
    from cnncalc.analysis.net_memory import net_memory
    from cnncalc.analysis.training import refuse_training
    from cnncalc.cli.settings import settings_of
    from cnncalc.net_files import checked
    from cnncalc.sources import find
    from cnncalc.stated_numbers import stated_bytes

    optimizer: Optimizer | None = None if options.train is None else options.train.value
    refuse_training(optimizer, options.dtype.value, mixed=options.mixed)
    limit = None if options.within is None else stated_bytes(options.within, "--within")
    analysis = analyse(
        checked(find(options.model), options.input_size, settings_of(options.settings), options.until), options.batch
    )
    found = net_memory(analysis, options.dtype.value, optimizer=optimizer, mixed=options.mixed, within=limit)
    _show(analysis, found, Format.JSON if options.json else options.format, every_copy=options.every_copy)
    fits = [one.images > 0 for one in (found.fitting, found.training_fitting) if one is not None]
    return ExitStatus.FINE if all(fits) else ExitStatus.FINDINGS


def _show(analysis: Analysis, found: NetMemory, format: Format, *, every_copy: bool) -> None:
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report.exports import comma_separated
    from cnncalc.report.layout import drawn
    from cnncalc.report.memory_report import memory_json, memory_sheet

    if format is Format.JSON:
        write_data(memory_json(analysis, found))
    elif format is Format.CSV:
        write_data(comma_separated(memory_sheet(analysis, found, exact=True)))
    else:
        write(drawn(memory_sheet(analysis, found, every_copy=every_copy), canvas()))

"""`cnncalc trace`: one number of a net's results worked out, from what its window sees to what a run computes there."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.cell_outputs import CellFile, CellPicture, Slide
from cnncalc.cli.commands.draw import Theme, ThemeName
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import (
    PICTURES,
    PRINTING,
    Force,
    InputArray,
    InputSize,
    Json,
    Mean,
    Model,
    PictureWords,
    Progress,
    ResizeWay,
    Scale,
    Settings,
    Std,
    Until,
)

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis, RowAnalysis
    from cnncalc.analysis.traced_cell import Values
    from cnncalc.analysis.worked_cells.addresses import Address
    from cnncalc.cli.inputs import Given
    from cnncalc.pictures.cells.field_picture import Photo
    from cnncalc.runtime.cell_runs import LineRun

FLOAT_DIGITS = 5
"""Digits of the numbers of a run that are printed."""


class Format(StrEnum):
    """What the steps are written as."""

    TEXT = "text"
    JSON = "json"


At = Annotated[
    str,
    typer.Option(
        "--at",
        metavar="CELL",
        help="The number: 'conv1[2,3,1]' is row 2, column 3, channel 1 of the line conv1, all counted from 1. "
        "The line is a label, a name or a line's number; without brackets the first number is worked out.",
    ),
]
Image = Annotated[
    str | None,
    typer.Option("--image", metavar="FILE", rich_help_panel=PICTURES, help="Run the network on this picture."),
]
WeightFile = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        rich_help_panel=PICTURES,
        help="Take the weights from this file; else those that the text states or that ship with the network are "
        "taken, or they are drawn at random.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", min=0, rich_help_panel=PICTURES, help="Draw random weights with this seed."),
]
FormatChoice = Annotated[
    Format,
    typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the steps as FORMAT"),
]


@dataclass(frozen=True)
class TraceOptions:
    """What `cnncalc trace` was asked for, as it was written."""

    model: Model
    at: At
    image: Image = None
    input_array: InputArray = None
    picture: PictureWords = None
    resize: ResizeWay = None
    scale: Scale = None
    mean: Mean = None
    std: Std = None
    weights: WeightFile = None
    seed: Seed = None
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    output: CellFile = None
    slide: Slide = False
    theme: Theme = ThemeName.LIGHT
    force: Force = False
    format: FormatChoice = Format.TEXT
    json: Json = False
    progress: Progress = True


def trace(options: TraceOptions) -> int:
    """Work out one number of a network, step by step."""
    from cnncalc.cli.cell_outputs import cell_picture_of
    from cnncalc.cli.inputs import Given
    from cnncalc.cli.picture_options import PictureOptions
    from cnncalc.cli.settings import settings_of

    pictures = (options.image,) if options.image is not None else ()
    own, as_written = (
        settings_of(options.settings),
        PictureOptions(options.picture, options.resize, options.scale, options.mean, options.std),
    )
    said = f"trace --at '{options.at}'"
    given = Given(
        options.model,
        options.input_size,
        own,
        pictures,
        options.input_array,
        as_written,
        options.weights,
        options.seed,
        command=said,
        until=options.until,
    )
    drawn = cell_picture_of(given, options.output, options.theme.value, slides=options.slide, force=options.force)
    return _trace(
        given, options.at, drawn, as_json=options.json or options.format is Format.JSON, progress=options.progress
    )


def _trace(given: Given, at: str, picture: CellPicture | None, *, as_json: bool, progress: bool) -> ExitStatus:
    from cnncalc.analysis import analyse
    from cnncalc.analysis.traced_cell import traced
    from cnncalc.analysis.worked_cells.addresses import address_of, nth, parted_address
    from cnncalc.analysis.worked_cells.one_number import rounded_to
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report.cell_pages import numbers_unknown
    from cnncalc.report.explanation import row_at
    from cnncalc.report.traced_page import Circumstances, traced_json, traced_text
    from cnncalc.runtime.cell_runs import computed

    analysis = analyse(given.graph())
    place, written = parted_address(at)
    row = row_at(analysis, place)
    if not row.inputs:
        raise numbers_unknown(analysis, row)
    address = nth(0, row.output) if written is None else address_of(written, row.output, place)
    if picture is not None:
        picture.refuse_row(given, place, row)
    known, run, preprocessing, photo = _numbers(given, analysis, row, None if picture else address, progress=progress)
    with rounded_to(FLOAT_DIGITS) if known is None else nullcontext():
        if known is not None:
            cell = traced(analysis, row, address, known)
            how = Circumstances(computed(cell, run))
        else:
            cell = traced(analysis, row, address, run.values, run.own_weights)
            files = given.pictures or tuple(filter(None, [given.input_array]))
            how = Circumstances(computed(cell, run), run.weights.origin, files, preprocessing, rounded=True)
        if picture is not None:
            how = how._replace(picture=picture.write(cell, photo))
        if as_json:
            write_data(traced_json(analysis, cell, how))
        else:
            write(traced_text(analysis, cell, how, canvas()))
    return ExitStatus.FINE if how.confirmed else ExitStatus.FINDINGS


def _numbers(
    given: Given, analysis: Analysis, row: RowAnalysis, address: Address | None, *, progress: bool
) -> tuple[Values | None, LineRun, str, Photo | None]:
    """Exact values where the text states all numbers and nothing else was asked for; a run of the line in any case.

    Of a run only what the number at the address depends on is computed, whole maps where there is none.
    The third says how a picture became numbers, the fourth is that picture as the net got it.
    """
    from cnncalc.analysis.by_hand import values
    from cnncalc.cli.cell_outputs import photo_given
    from cnncalc.cli.inputs import network_inputs, network_weights
    from cnncalc.cli.progress import observed, show_cache_warnings
    from cnncalc.cli.terminal import show_diagnostics
    from cnncalc.runtime.cell_runs import line_run
    from cnncalc.runtime.planning import part_of, plan
    from cnncalc.runtime.seen_part import seen_part, whole_part
    from cnncalc.runtime.weights import seeded

    chosen = bool(given.pictures or given.input_array or given.weights or given.seed is not None)
    known = {} if chosen else values(analysis)
    exact = row.row.last in known
    inputs, preprocessing = ({}, "") if exact else network_inputs(given, analysis)
    whole = part_of(plan(analysis, 1, "float64" if exact else None), row.row.last)
    part = whole_part(whole) if address is None else seen_part(whole, *address)
    with observed(shown=progress):
        if exact:
            loaded = seeded(analysis, 0, "float64", everything=False, part=part.plan)
        else:
            loaded = network_weights(given, analysis, part.plan)
        if loaded.warnings:
            show_diagnostics(loaded.warnings, analysis.graph.source)
        run = line_run(row, part, loaded, {name: array[:1] for name, array in inputs.items()})
    show_cache_warnings()
    return known.get if exact else None, run, preprocessing, photo_given(given, analysis, inputs)

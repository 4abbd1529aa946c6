"""`cnncalc report`: a network as one page that needs nothing outside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.commands.run import Labels, Seed, WeightFile
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import (
    PICTURES,
    PRINTING,
    Force,
    InputArray,
    InputSize,
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
    from cnncalc.analysis.model import Analysis
    from cnncalc.cli.inputs import Given
    from cnncalc.pictures.page.page_maps import Fed
    from cnncalc.pictures.page.page_run import PageRun

Image = Annotated[
    str | None,
    typer.Option(
        "--image",
        metavar="FILE",
        rich_help_panel=PICTURES,
        help="Run the network on this picture, and show what each layer makes.",
    ),
]
PageFile = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Write the page to this file, which ends in .html.",
    ),
]


@dataclass(frozen=True)
class ReportOptions:
    """What `cnncalc report` was asked for, as it was written."""

    model: Model
    output: PageFile
    image: Image = None
    input_array: InputArray = None
    picture: PictureWords = None
    resize: ResizeWay = None
    scale: Scale = None
    mean: Mean = None
    std: Std = None
    weights: WeightFile = None
    seed: Seed = None
    labels: Labels = None
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    force: Force = False
    progress: Progress = True


def report(options: ReportOptions) -> int:
    """Write a network as one page: picture, table, formulas, receptive fields, memory, totals."""
    from cnncalc.analysis import analyse
    from cnncalc.cli.inputs import Given, is_fed, refuse_options_of_run
    from cnncalc.cli.picture_options import PictureOptions
    from cnncalc.cli.settings import settings_of
    from cnncalc.destinations import refuse_destination, write_file
    from cnncalc.pictures.page.page_file import refuse_other_ending
    from cnncalc.pictures.page.page_html import is_page, page_html
    from cnncalc.report.answer_marks import own_findings

    pictures = (options.image,) if options.image is not None else ()
    fit = PictureOptions(options.picture, options.resize, options.scale, options.mean, options.std)
    sizes = settings_of(options.settings)
    given = Given(
        options.model,
        options.input_size,
        sizes,
        pictures,
        options.input_array,
        fit,
        options.weights,
        options.seed,
        options.labels,
        5,
        "report",
        options.until,
    )
    refuse_other_ending(options.output)
    refuse_destination(options.output, inputs=given.files, force=options.force, known=is_page)
    analysis = analyse(given.graph())
    fed = is_fed(given, analysis)
    if not fed:
        refuse_options_of_run(given, analysis)
    ran = _run(given, analysis, progress=options.progress) if fed else None
    findings = () if given.changes(analysis) else own_findings(analysis)
    write_file(options.output, page_html(analysis, ran, findings), inputs=given.files, force=options.force)
    return ExitStatus.FINE


def _run(given: Given, analysis: Analysis, *, progress: bool) -> PageRun:
    """What the page shows of a run; what may be wrong with what goes in is found before the net is run."""
    from cnncalc.cli.inputs import class_names, network_weights
    from cnncalc.cli.progress import observed, show_cache_warnings
    from cnncalc.cli.terminal import show_diagnostics
    from cnncalc.pictures.page.page_maps import page_run
    from cnncalc.runtime.confirmation import Progress as Done

    labels = class_names(given, analysis)
    fed = _fed(given, analysis)
    with observed(shown=progress) as observer:
        loaded = network_weights(given, analysis)
        if loaded.warnings:
            show_diagnostics(loaded.warnings, analysis.graph.source)

        def heard(done: int, total: int) -> None:
            if observer is not None:
                observer(Done("running", done, total))

        ran = page_run(analysis, loaded, fed, labels=labels, top=given.top, heard=heard)
    show_cache_warnings()
    return ran


def _fed(given: Given, analysis: Analysis) -> Fed:
    """The picture or the numbers that go in."""
    from typing import cast

    from cnncalc.cli.inputs import network_inputs
    from cnncalc.layers.input import Input
    from cnncalc.pictures.page.page_maps import Fed

    inputs, prepared = network_inputs(given, analysis)
    if not given.pictures:
        name = PurePath(given.input_array).name if given.input_array else "those in the text"
        return Fed(name, inputs)
    node = next(node for node in analysis.nodes if node.node.name in inputs)
    preprocessing = given.preprocessing.over(cast("Input", node.node.layer), node.output)
    return Fed(PurePath(given.pictures[0]).name, inputs, preprocessing, prepared)

"""`cnncalc run`: executes a net and holds every number of the analysis against what really happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.box_options import BoxOptions, BoxSearch, Confidence, Draw, FindBoxes, Overlap
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.map_outputs import Maps, heard_too, map_output
from cnncalc.cli.parameters import (
    EXECUTION,
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
    SaveWeights,
    Scale,
    Settings,
    Std,
    Threads,
    Until,
)
from cnncalc.cli.why_output import Why, WhyClass, why_output

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.cli.inputs import Given
    from cnncalc.runtime.confirmation import Confirmation
    from cnncalc.runtime.weights import Weights


Save = Callable[["Analysis", "Confirmation"], None]
SaveLoaded = Callable[["Analysis", "Weights"], None]


class Format(StrEnum):
    """What the confirmation is written as."""

    TABLE = "table"
    JSON = "json"


WEIGHTS = "Weights and classes"

Image = Annotated[
    list[str] | None,
    typer.Option("--image", metavar="FILE", rich_help_panel=PICTURES, help="Run on this picture; may be repeated."),
]
Verify = Annotated[
    bool,
    typer.Option("--verify", rich_help_panel=EXECUTION, help="Also measure multiply-adds, pools and receptive fields."),
]
WeightFile = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        rich_help_panel=WEIGHTS,
        help="Take the weights from this file: .pth, .safetensors, .npz, .h5, .keras, .onnx or .weights.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=0,
        rich_help_panel=WEIGHTS,
        help="Draw random weights with this seed, also where trained ones ship.",
    ),
]
Labels = Annotated[
    str | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        rich_help_panel=WEIGHTS,
        help="Take the names of the classes from a file, one a line, or from a list that ships: imagenet, coco, voc.",
    ),
]
Top = Annotated[
    int,
    typer.Option(
        metavar="N", min=1, max=1000, rich_help_panel=PRINTING, help="Show the N most likely classes; 5 if not given."
    ),
]
SaveTo = Annotated[
    str | None,
    typer.Option(
        "--save", metavar="FILE.npz", rich_help_panel=PRINTING, help="Write the outputs to this file as arrays."
    ),
]


MoreImages = Annotated[
    list[str] | None, typer.Argument(metavar="FILE...", help="Further pictures, so that --image *.png works.")
]
PlanOnly = Annotated[
    bool,
    typer.Option("--plan", rich_help_panel=EXECUTION, help="Only print what would be done, step by step."),
]


WrittenAs = Annotated[
    Format,
    typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the confirmation as FORMAT"),
]


@dataclass(frozen=True)
class RunOptions:
    """What `cnncalc run` was asked for, as it was written."""

    model: Model
    more_images: MoreImages = None
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
    verify: Verify = False
    threads: Threads = None
    plan: PlanOnly = False
    top: Top = 5
    boxes: FindBoxes = False
    draw: Draw = None
    confidence: Confidence = None
    overlap: Overlap = None
    maps: Maps = None
    why: Why = None
    why_class: WhyClass = None
    save: SaveTo = None
    save_weights: SaveWeights = None
    force: Force = False
    format: WrittenAs = Format.TABLE
    json: Json = False
    progress: Progress = True

    @property
    def as_json(self) -> bool:
        """Whether the confirmation is written as JSON."""
        return self.json or self.format is Format.JSON


def run(options: RunOptions) -> int:
    """Execute a network on pictures or arrays, and confirm every number of its table."""
    from cnncalc.destinations import refuse_shared_place

    given = _given(options)
    if options.plan:
        return _print_plan(given, options.threads)
    refuse_shared_place(
        {
            "--maps": options.maps,
            "--why": options.why,
            "--draw": options.draw,
            "--save": options.save,
            "--save-weights": options.save_weights,
        }
    )
    save = _saving(options.save, given, force=options.force)
    save_weights = _saving_weights(options.save_weights, given, force=options.force)
    return _run(given, options, save, save_weights)


def _given(options: RunOptions) -> Given:
    """What the options say of the net, its pictures and its weights."""
    from cnncalc.cli.inputs import Given
    from cnncalc.cli.picture_options import PictureOptions
    from cnncalc.cli.settings import settings_of

    return Given(
        options.model,
        options.input_size,
        settings_of(options.settings),
        (*(options.image or ()), *(options.more_images or ())),
        options.input_array,
        PictureOptions(options.picture, options.resize, options.scale, options.mean, options.std),
        options.weights,
        options.seed,
        options.labels,
        options.top,
        until=options.until,
    )


def _run(given: Given, options: RunOptions, save: Save | None, save_weights: SaveLoaded | None) -> ExitStatus:
    from cnncalc.analysis import analyse
    from cnncalc.cli.inputs import class_names, network_inputs, network_weights
    from cnncalc.cli.progress import observed, show_cache_warnings
    from cnncalc.cli.terminal import canvas, show_diagnostics, write, write_data
    from cnncalc.report.answer_marks import by_place, own_findings
    from cnncalc.report.layout import drawn
    from cnncalc.report.run_report import Circumstances, run_json, run_sheet

    analysis = analyse(given.graph())
    noise = tuple(one for one in analysis.graph.warnings if one.code == "noise-left-out")
    if noise:
        show_diagnostics(noise, analysis.graph.source)
    labels = class_names(given, analysis)
    asked = BoxOptions.of(options.boxes, options.draw, options.confidence, options.overlap)
    search = BoxSearch(asked, given, analysis, len(labels), force=options.force) if asked is not None else None
    reason = why_output(options.why, options.why_class, given, analysis, labels, force=options.force)
    from cnncalc.runtime.confirmation import confirm

    with map_output(options.maps, given, analysis, force=options.force, json=options.as_json) as seen:
        inputs, preprocessing = network_inputs(given, analysis)
        with observed(shown=options.progress) as observer:
            loaded = network_weights(given, analysis)
            if loaded.warnings:
                show_diagnostics(loaded.warnings, analysis.graph.source)
            if save_weights is not None:
                save_weights(analysis, loaded)
            seen.weights(loaded)
            hear = observer if options.maps is None else heard_too(seen, observer)
            confirmation = confirm(analysis, loaded, inputs, options.verify, observe=hear, threads=options.threads)
            why_map = None if reason is None else reason.find(loaded, inputs, confirmation, options.threads)
    show_cache_warnings()
    names = given.pictures or ((given.input_array,) if given.input_array else ())
    boxes = search.find(analysis, confirmation, labels) if search is not None else None
    how = Circumstances(
        loaded.origin, names, preprocessing, labels, given.top, loaded.warnings, boxes, seen.result(), why_map
    )
    if save is not None:
        save(analysis, confirmation)
    if options.as_json:
        answers = by_place(() if given.changes(analysis) else own_findings(analysis))
        write_data(run_json(analysis, confirmation, how, answers))
    else:
        write(drawn(run_sheet(analysis, confirmation, how), canvas()))
    return ExitStatus.FINE if confirmation.confirmed else ExitStatus.FINDINGS


def _print_plan(given: Given, threads: int | None) -> ExitStatus:
    from cnncalc.analysis import analyse
    from cnncalc.cli.terminal import canvas, write
    from cnncalc.report.layout import drawn
    from cnncalc.report.plan_report import plan_sheet
    from cnncalc.runtime.planning import plan
    from cnncalc.runtime.running import whose_plan

    asked = plan(analyse(given.graph()), max(1, len(given.pictures)))
    write(drawn(plan_sheet(asked, *whose_plan(asked, threads)), canvas()))
    return ExitStatus.FINE


def _saving(path: str | None, given: Given, *, force: bool) -> Save | None:
    """What writes the outputs; a place where they may not be written is refused before the net is run."""
    if path is None:
        return None
    from cnncalc.destinations import refuse_destination

    refuse_destination(path, inputs=given.files, force=force)

    def save_outputs(analysis: Analysis, confirmation: Confirmation) -> None:
        from pathlib import Path

        from cnncalc.runtime.array_order import in_order
        from cnncalc.runtime.weights import save

        outputs = confirmation.outputs
        order, shapes = analysis.graph.order, analysis.totals.outputs
        arrays = {one.name: in_order(one.values, shape, order) for one, shape in zip(outputs, shapes, strict=True)}
        save(Path(path), arrays, inputs=given.files, force=force)

    return save_outputs


def _saving_weights(path: str | None, given: Given, *, force: bool) -> SaveLoaded | None:
    """What writes the weights; a place where they may not be written is refused before they are loaded."""
    if path is None:
        return None
    from cnncalc.cli.weight_saving import refuse_saving, save_network_weights

    refuse_saving(path, inputs=given.files, force=force)
    return lambda analysis, weights: save_network_weights(path, analysis, weights, inputs=given.files, force=force)

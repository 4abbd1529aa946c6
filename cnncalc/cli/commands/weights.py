"""`cnncalc weights`: what a file of weights holds, and how it would match a net."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, Force, InputSize, Json, SaveWeights, Settings, Until

if TYPE_CHECKING:
    from pathlib import Path

    from cnncalc.analysis.model import Analysis
    from cnncalc.diagnostics import InputError
    from cnncalc.report.sheet import Sheet
    from cnncalc.report.weights_report import Matched
    from cnncalc.runtime.weight_files.contents import Contents


class Format(StrEnum):
    """What the list is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def weights(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A file of weights: .pth, .safetensors, .npz, .h5, .keras, .onnx, or Darknet's .weights.",
        ),
    ],
    *,
    net: Annotated[
        str | None,
        typer.Option(
            "--net",
            metavar="MODEL",
            rich_help_panel=NETWORK,
            help="Show which array is which weight of this network.",
        ),
    ] = None,
    input_size: InputSize = None,
    settings: Settings = None,
    until: Until = None,
    every: Annotated[
        bool, typer.Option("--all", rich_help_panel=PRINTING, help="Give each array a line, however many there are.")
    ] = False,
    top: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, rich_help_panel=PRINTING, help="Show only the N largest arrays."),
    ] = None,
    save_weights: SaveWeights = None,
    force: Force = False,
    format: Annotated[
        Format,
        typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the list as FORMAT"),
    ] = Format.TABLE,
    json: Json = False,
) -> int:
    """Show what a file of weights holds, how it fits a network, and write it under the network's own names."""
    from pathlib import Path

    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import show_diagnostics, show_error
    from cnncalc.cli.weight_saving import refuse_saving, save_network_weights

    refuse_saving(save_weights, inputs=[file], force=force)
    if save_weights is not None and net is None:
        raise _no_net()
    analysis = None if net is None else _analysed(net, input_size, settings_of(settings), until)
    contents, matched, refused = _looked_at(Path(file), analysis)
    if save_weights is not None and analysis is not None and refused is None:
        from cnncalc.runtime.planning import precision
        from cnncalc.runtime.weights import load

        loaded = load(Path(file), analysis, precision(analysis))
        save_network_weights(save_weights, analysis, loaded, inputs=[file], force=force)
    _print(contents, matched, Format.JSON if json else format, every=every, top=top, refused=refused)
    if matched is not None and analysis is not None and matched.match.doubts:
        show_diagnostics(matched.match.doubts, analysis.graph.source)
    if refused is not None:
        show_error(refused)
    return ExitStatus.FINE if refused is None else ExitStatus.FINDINGS


def _no_net() -> InputError:
    from cnncalc.diagnostics import input_error

    return input_error(
        "network-needed",
        "whose weights are to be written is not said",
        help="name the network: --net MODEL",
    )


def _analysed(net: str, input_size: str | None, settings: dict[str, str], until: str | None) -> Analysis:
    from cnncalc.analysis import analyse
    from cnncalc.net_files import checked
    from cnncalc.sources import find

    return analyse(checked(find(net), input_size, settings, until))


def _looked_at(path: Path, analysis: Analysis | None) -> tuple[Contents, Matched | None, InputError | None]:
    """What the file holds, and which array is which weight of the net, or why it is another net's."""
    from cnncalc.diagnostics import InputError
    from cnncalc.report.weights_report import Matched
    from cnncalc.runtime.matching import declared, match_of
    from cnncalc.runtime.weight_files.contents import Contents
    from cnncalc.runtime.weight_files.opening import opened

    matched = refused = None
    with opened(path) as file:
        if analysis is not None:
            try:
                match = match_of(path, analysis, file)
                shapes = {name: weight.shape for name, weight in declared(analysis).items()}
                matched = Matched(analysis.graph.source.shown, shapes, match)
            except InputError as error:
                refused = error
        return Contents(str(path), path.stat().st_size, file.about, tuple(file.entries)), matched, refused


def _print(
    contents: Contents,
    matched: Matched | None,
    form: Format,
    *,
    every: bool,
    top: int | None,
    refused: InputError | None,
) -> None:
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report.exports import comma_separated
    from cnncalc.report.layout import drawn
    from cnncalc.report.weights_report import contents_json

    if form is Format.JSON:
        write_data(contents_json(contents, matched, refused.diagnostics[0].message if refused else ""))
    elif form is Format.CSV:
        write_data(comma_separated(_sheet(contents, matched, every=True, top=top)))
    else:
        write(drawn(_sheet(contents, matched, every=every, top=top), canvas()))


def _sheet(contents: Contents, matched: Matched | None, *, every: bool, top: int | None) -> Sheet:
    from cnncalc.report.weights_report import MOST_LINES, contents_sheet, match_sheet
    from cnncalc.runtime.weight_files.contents import largest, portions

    if matched is not None:
        return match_sheet(contents, matched, every=every)
    if top is not None:
        return contents_sheet(contents, largest(contents.entries, top), every=True)
    shown = portions(contents.entries, len(contents.entries) if every else MOST_LINES)
    return contents_sheet(contents, shown, every=len(shown) == len(contents.entries))

"""`cnncalc solve`: which numbers of a layer, or which input sizes of a network, give what is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, Json, Until

if TYPE_CHECKING:
    from collections.abc import Mapping


class Format(StrEnum):
    """What the answers are written as."""

    TEXT = "text"
    JSON = "json"


What = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help='A layer with `?` for what is asked, in quotes: "conv 64 5x5 padding=?"; or a network, as other commands '
        "take it.",
    ),
]
InputSize = Annotated[
    str | None,
    typer.Option(
        "--input",
        metavar="SIZE",
        rich_help_panel=NETWORK,
        help="The size that arrives, channels last: 224x224x3; `?` asks for it.",
    ),
]
OutputSize = Annotated[
    str | None,
    typer.Option(
        "--output",
        metavar="SIZE",
        rich_help_panel=NETWORK,
        help="The size that is to leave: 112x112x64, or without the channels.",
    ),
]
Params = Annotated[
    str | None,
    typer.Option(
        "--params", metavar="N", rich_help_panel=NETWORK, help="How many parameters it is to have: 2432, 10M."
    ),
]
Macs = Annotated[
    str | None,
    typer.Option("--macs", metavar="N", rich_help_panel=NETWORK, help="How many multiply-accumulates it is to have."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        rich_help_panel=NETWORK,
        help="Give a `let` of the network another value; NAME=? asks for it. May be repeated.",
    ),
]
All = Annotated[bool, typer.Option("--all", rich_help_panel=PRINTING, help="Show every answer, not only the simplest.")]


def solve(
    what: What,
    *,
    input_size: InputSize = None,
    output: OutputSize = None,
    params: Params = None,
    macs: Macs = None,
    settings: Settings = None,
    until: Until = None,
    every: All = False,
    format: Annotated[
        Format,
        typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the answers as FORMAT"),
    ] = Format.TEXT,
    json: Json = False,
) -> int:
    """Find the numbers of a layer, or the sizes of a network, that give what is asked for."""
    from cnncalc.cli.settings import settings_of
    from cnncalc.questions.layer_question import is_layer_question

    as_json = json or format is Format.JSON
    if not is_layer_question(what):
        from cnncalc.cli.net_solving import NetQuestion, solve_net

        own = settings_of(settings)
        return solve_net(NetQuestion(what, input_size, output, params, macs, own, until, json=as_json, every=every))
    _refuse_options_of_nets({"--set": settings, "--until": until})
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.questions.solve_layer import solve_layer
    from cnncalc.report.solve_report import solve_json, solve_text

    found = solve_layer(what, input_size, output, params, macs)
    if as_json:
        write_data(solve_json(found, every=every))
    else:
        write(solve_text(found, canvas(), every=every))
    return ExitStatus.FINE if found.solutions else ExitStatus.FINDINGS


def _refuse_options_of_nets(given: Mapping[str, object]) -> None:
    """Raises InputError where an option of networks is given for a layer."""
    from cnncalc.diagnostics import input_error

    for option, value in given.items():
        if value:
            message = f"{option} is for a network, and a layer is asked about"
            raise input_error("no-question", message, help=f"leave {option} out")

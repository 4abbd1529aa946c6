"""The arguments that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cnncalc.cli.appearance import NARROWEST, Color, ask

Model = Annotated[
    str, typer.Argument(metavar="MODEL", help="A file, `-` for standard input, or a shipped network (cnncalc models).")
]
InputSize = Annotated[
    str | None,
    typer.Option("--input", metavar="SIZE", help="Another input size: 96, 96x128, NAME=96."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Another value for a `let` of the model; may be repeated."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that holds something else.")]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


def _ask_color(color: str | None) -> str | None:
    ask(color=Color(color) if color else None)
    return color


def _ask_width(width: int | None) -> int | None:
    ask(width=width)
    return width


ColorChoice = Annotated[
    Color | None,
    typer.Option("--color", callback=_ask_color, is_eager=True, help="Colours: auto is on a terminal only."),
]
Width = Annotated[
    int | None,
    typer.Option(
        "--width",
        metavar="N",
        min=NARROWEST,
        max=10_000,
        callback=_ask_width,
        is_eager=True,
        help="Columns to fit the output to, in place of the terminal's.",
    ),
]
"""Both are accepted by every command, before its name and after it (`cli.app`); they are heard before `--help` is."""


class ShapeOrder(StrEnum):
    """How shapes are written."""

    CHANNELS_LAST = "channels_last"
    CHANNELS_FIRST = "channels_first"

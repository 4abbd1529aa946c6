"""The arguments that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

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
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


class ShapeOrder(StrEnum):
    """How shapes are written."""

    CHANNELS_LAST = "channels_last"
    CHANNELS_FIRST = "channels_first"

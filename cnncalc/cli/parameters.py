"""The arguments that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cnncalc.cli.appearance import NARROWEST, Color, ask

NETWORK, PICTURES, EXECUTION, PRINTING = "Network", "Pictures and numbers", "Execution", "Output"
PICTURE, EVERYWHERE = "Picture", "Every command"
"""The groups of `--help` that options of several commands are in."""

Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="A text, program or notebook (`net.py:Net` names one model in it), a .keras, .onnx, .cfg or .prototxt "
        "file, `-` for standard input, or a network that ships: `cnncalc models` lists them.",
    ),
]
InputSize = Annotated[
    str | None,
    typer.Option(
        "--input",
        metavar="SIZE",
        rich_help_panel=NETWORK,
        help="Use another input size: 96, 96x128x3, or NAME=96 where a network has several inputs.",
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="CELL",
        help="Work out this number of the line's result: ROW,COLUMN or ROW,COLUMN,CHANNEL, counted from 1; the first "
        "one if not given.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        rich_help_panel=NETWORK,
        help="Give another value to a `let` of the text or a global name of the program; may be repeated.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="LINE",
        rich_help_panel=NETWORK,
        help="End the network with this line, and leave out what it does not need: a label, the number of a line, or "
        "a name such as conv3.",
    ),
]


class Rounding(StrEnum):
    """What a rounded number is worth: right at its own last digit, or right only as it is."""

    OWN = "own"
    EXACT = "exact"


ROUNDING_HELP = "Accept a number that is rounded at its own last digit (`macs 120M`)"


def rounds(rounding: Rounding | None) -> bool | None:
    """Whether rounded numbers are right; None: as the text says."""
    return None if rounding is None else rounding is Rounding.OWN


OutputFile = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Write to this file; standard output if not given.",
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", rich_help_panel=PRINTING, help="Replace files that exist already."),
]
SaveWeights = Annotated[
    str | None,
    typer.Option(
        "--save-weights",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Write the weights of the network under its own names: FILE.safetensors, FILE.npz, or "
        "Darknet's FILE.weights.",
    ),
]
Json = Annotated[bool, typer.Option("--json", rich_help_panel=PRINTING, help="The same as --format json.")]
Progress = Annotated[
    bool,
    typer.Option("--progress/--no-progress", rich_help_panel=PRINTING, help="Show no progress bar on a terminal."),
]
Threads = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=1024,
        rich_help_panel=EXECUTION,
        help="How many processor cores to use; all of them if not given.",
    ),
]


ResizeWay = Annotated[
    str | None,
    typer.Option(
        "--resize",
        metavar="WAY",
        rich_help_panel=PICTURES,
        help="Bring a picture to the size of the input: fit, stretch, crop, or a number of pixels that its shorter "
        "side gets before its middle is cut out. Fit if neither this nor the input line says it.",
    ),
]
InputArray = Annotated[
    str | None,
    typer.Option(
        "--input-array",
        metavar="FILE",
        rich_help_panel=PICTURES,
        help="Run on plain numbers instead: an .npy file, or an .npz with an array for each input.",
    ),
]
PictureWords = Annotated[
    str | None,
    typer.Option(
        "--picture",
        metavar="WORDS",
        rich_help_panel=PICTURES,
        help="Words of an input line, in place of those in the text: imagenet, minus1to1, caffe, bgr, bicubic, "
        "resize=256 and others; `cnncalc explain pictures` says what they mean.",
    ),
]
Scale = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBERS",
        rich_help_panel=PICTURES,
        help="Multiply the values of a picture, from 0 to 255, by this; 1/255 if not given. One number, or one for "
        "each channel, as in the two options below.",
    ),
]
Mean = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBERS", rich_help_panel=PICTURES, help="Subtract this after that: 0.5, or 0.485,0.456,0.406."
    ),
]
Std = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBERS", rich_help_panel=PICTURES, help="Divide by this after that: 0.5, or 0.229,0.224,0.225."
    ),
]


def _ask_color(color: str | None) -> str | None:
    ask(color=Color(color) if color else None)
    return color


def _ask_width(width: int | None) -> int | None:
    ask(width=width)
    return width


ColorChoice = Annotated[
    Color | None,
    typer.Option(
        "--color",
        metavar="WHEN",
        callback=_ask_color,
        is_eager=True,
        rich_help_panel=EVERYWHERE,
        help="When to use colours (auto: on a terminal only)",
    ),
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
        rich_help_panel=EVERYWHERE,
        help="Fit the output to N columns; to those of the terminal if not given.",
    ),
]
"""Both are accepted by every command, before its name and after it (`cli.app`); they are heard before `--help` is."""


class ShapeOrder(StrEnum):
    """How shapes are written."""

    CHANNELS_LAST = "channels_last"
    CHANNELS_FIRST = "channels_first"


IdColumn = Annotated[
    str | None,
    typer.Option(
        metavar="TITLE",
        help="Take the numbers of the students from this column of the roster: its title, or counted from 1.",
    ),
]
NameColumn = Annotated[
    str | None,
    typer.Option(metavar="TITLE", help="Take the names of the students from this column of the roster."),
]

"""`cnncalc compare`: what differs between two networks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, InputSize, Json, Settings

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.questions.compared import Comparison


class Format(StrEnum):
    """What the comparison is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


First = Annotated[
    str,
    typer.Argument(
        metavar="A",
        help="The first network: a file in any notation, `-` for standard input, or a network that ships.",
    ),
]
Second = Annotated[
    str | None,
    typer.Argument(metavar="B", help="The second one; A itself, with --input-b or --set-b, if not given."),
]
All = Annotated[
    bool, typer.Option("--all", rich_help_panel=PRINTING, help="Show each line, also those that are the same.")
]
InputOfB = Annotated[
    str | None,
    typer.Option("--input-b", metavar="SIZE", rich_help_panel=NETWORK, help="Use another input size for B alone."),
]
SettingsOfB = Annotated[
    list[str] | None,
    typer.Option(
        "--set-b",
        metavar="NAME=VALUE",
        rich_help_panel=NETWORK,
        help="Give another value to a `let` or a global name of B alone; may be repeated.",
    ),
]
FormatChoice = Annotated[
    Format,
    typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the table as FORMAT"),
]


def compare(
    a: First,
    b: Second = None,
    *,
    every: All = False,
    input_size: InputSize = None,
    settings: Settings = None,
    input_b: InputOfB = None,
    settings_b: SettingsOfB = None,
    format: FormatChoice = Format.TABLE,
    json: Json = False,
) -> int:
    """Show what differs between two networks, aligned by their structure: added, removed and changed layers."""
    from cnncalc.cli.settings import settings_of
    from cnncalc.questions.comparison import comparison

    other = _second(a, b, changed=bool(input_b or settings_b))
    both = settings_of(settings)
    found = comparison(
        _analysed(a, "A", input_size, both),
        _analysed(other, "B", input_b or input_size, both | settings_of(settings_b)),
    )
    _print(found, Format.JSON if json else format, every=every)
    return ExitStatus.FINE if found.same else ExitStatus.FINDINGS


def _second(a: str, b: str | None, *, changed: bool) -> str:
    """The second network: the first one where only its size or its settings are others; raises InputError."""
    from cnncalc.diagnostics import input_error

    if b is None and not changed:
        raise input_error(
            "missing-argument",
            "`cnncalc compare` needs a second network",
            help=f"name it, or change the first: cnncalc compare {a} --input-b 96",
        )
    if a == "-" and b in (None, "-"):
        raise input_error(
            "standard-input-twice",
            "standard input holds one network and can be read once",
            help="write one of the two to a file first",
        )
    return a if b is None else b


def _analysed(model: str, which: str, input_size: str | None, settings: dict[str, str]) -> Analysis:
    """The net, or InputError which says which of the two it is about."""
    from cnncalc.analysis import analyse
    from cnncalc.diagnostics import InputError
    from cnncalc.net_files import checked
    from cnncalc.sources import find

    try:
        return analyse(checked(find(model), input_size, settings))
    except InputError as error:
        first, *others = error.diagnostics
        said = first._replace(notes=(*first.notes, f"this is network {which}"))
        raise InputError((said, *others), error.source) from None


def _print(found: Comparison, format: Format, *, every: bool) -> None:
    from cnncalc.cli.terminal import canvas, write, write_data

    if format is Format.TABLE:
        from cnncalc.report.compare_report import compare_text

        write(compare_text(found, canvas(), every=every))
        return
    from cnncalc.report.compare_exports import compare_csv, compare_json

    write_data(compare_json(found) if format is Format.JSON else compare_csv(found))

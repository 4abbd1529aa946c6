"""`cnncalc compare`: what differs between two networks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import NETWORK, PRINTING, InputSize, Json, Settings, Until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.analysis.model import Analysis
    from cnncalc.diagnostics import InputError
    from cnncalc.questions.compared import Comparison


NO_SIZE = ("input-size", "missing-input")
"""The codes of nets that say no size of an input: programs and shorthand need not."""


class Asked(NamedTuple):
    """A network as the command line asks for it."""

    model: str
    input_size: str | None
    settings: dict[str, str]
    until: str | None


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
    typer.Argument(metavar="B", help="The second one; A itself, with --input-b, --set-b or --until-b, if not given."),
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
UntilOfB = Annotated[
    str | None,
    typer.Option("--until-b", metavar="LINE", rich_help_panel=NETWORK, help="End B alone with this line of it."),
]
FormatChoice = Annotated[
    Format,
    typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the table as FORMAT"),
]


@dataclass(frozen=True)
class CompareOptions:
    """What `cnncalc compare` was asked for, as it was written."""

    a: First
    b: Second = None
    every: All = False
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    input_b: InputOfB = None
    settings_b: SettingsOfB = None
    until_b: UntilOfB = None
    format: FormatChoice = Format.TABLE
    json: Json = False


def compare(options: CompareOptions) -> int:
    """Show what differs between two networks, aligned by their structure: added, removed and changed layers."""
    from cnncalc.cli.settings import settings_of
    from cnncalc.questions.comparison import comparison

    other = _second(options.a, options.b, changed=bool(options.input_b or options.settings_b or options.until_b))
    both = settings_of(options.settings)
    asked = {
        "A": Asked(options.a, options.input_size, both, options.until),
        "B": Asked(
            other,
            options.input_b or options.input_size,
            both | settings_of(options.settings_b),
            options.until_b or options.until,
        ),
    }
    nets, remarks = _analysed(asked)
    found = comparison(nets["A"], nets["B"])
    found = found._replace(remarks=(*remarks, *found.remarks))
    _print(found, Format.JSON if options.json else options.format, every=options.every)
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


def _analysed(asked: Mapping[str, Asked]) -> tuple[dict[str, Analysis], list[tuple[str, str]]]:
    """Both nets, and what is to be remarked of them; one that says no size of its input gets the other's.

    Raises InputError, which says which of the two it is about.
    """
    from cnncalc.analysis import analyse
    from cnncalc.diagnostics import InputError
    from cnncalc.net_files import checked
    from cnncalc.sources import find

    nets: dict[str, Analysis] = {}
    sizeless: dict[str, InputError] = {}
    for which, one in asked.items():
        try:
            nets[which] = analyse(checked(find(one.model), one.input_size, one.settings, one.until))
        except InputError as error:
            if error.diagnostics[0].code not in NO_SIZE or one.input_size is not None:
                raise _of_network(error, which) from None
            sizeless[which] = error
    for which, refused in sizeless.items():
        inputs = next((net.totals.inputs for net in nets.values()), ())
        if len(inputs) != 1:
            raise _of_network(refused, which) from None
        one = asked[which]
        try:
            found = analyse(checked(find(one.model), inputs[0].text(), one.settings, one.until))
        except InputError as other:
            raise _of_network(other, which) from None
        giver = "A" if which == "B" else "B"
        return {**nets, which: found}, [("Input", f"{which} says no size of its own and is given {giver}'s")]
    return nets, []


def _of_network(error: InputError, which: str) -> InputError:
    """The error with the network it is about."""
    from cnncalc.diagnostics import InputError

    first, *others = error.diagnostics
    said = first._replace(notes=(*first.notes, f"this is network {which}"))
    return InputError((said, *others), error.source)


def _print(found: Comparison, format: Format, *, every: bool) -> None:
    from cnncalc.cli.terminal import canvas, write, write_data

    if format is Format.TABLE:
        from cnncalc.report.compare_report import compare_text

        write(compare_text(found, canvas(), every=every))
        return
    from cnncalc.report.compare_exports import compare_csv, compare_json

    write_data(compare_json(found) if format is Format.JSON else compare_csv(found))

"""`cnncalc reconcile`: which count of a network a published number is."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, InputSize, Json, Model, Settings, Until


class Format(StrEnum):
    """What the answers are written as."""

    TEXT = "text"
    JSON = "json"


def reconcile(
    model: Model,
    numbers: Annotated[
        list[str],
        typer.Argument(
            metavar="NUMBER...",
            help="Numbers as they are published: 4.11G, 25.6M, 98MB, '4.1 GFLOPs' (the word says what is counted).",
        ),
    ],
    *,
    input_size: InputSize = None,
    settings: Settings = None,
    until: Until = None,
    every: Annotated[
        bool, typer.Option("--all", rich_help_panel=PRINTING, help="Show every count that a number may be.")
    ] = False,
    format: Annotated[
        Format,
        typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the answers as FORMAT"),
    ] = Format.TEXT,
    json: Json = False,
) -> int:
    """Find out what published numbers of a network count, and which layers make the difference to ours."""
    from cnncalc.analysis import analyse
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.net_files import checked
    from cnncalc.questions.reconcile import reconciled, stated_counts
    from cnncalc.report.reconciled_page import reconciled_json, reconciled_text
    from cnncalc.sources import find

    stated, own = stated_counts(numbers), settings_of(settings)
    analysis = analyse(checked(find(model), input_size, own, until))
    as_json = json or format is Format.JSON
    found = reconciled(analysis, stated, input_size, own, every=every or as_json)
    if as_json:
        write_data(reconciled_json(found))
    else:
        write(reconciled_text(found, canvas(), every=every))
    return ExitStatus.FINE if found.explained else ExitStatus.FINDINGS

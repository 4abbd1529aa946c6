"""`cnncalc convert`: a net in another notation."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, Force, InputSize, Model, OutputFile, Settings, Until


def convert(
    model: Model,
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            "-t",
            metavar="NOTATION",
            rich_help_panel=PRINTING,
            help="The notation: spec (the language of cnncalc), json or darknet.",
        ),
    ],
    output: OutputFile = None,
    force: Force = False,
    input_size: InputSize = None,
    settings: Settings = None,
    until: Until = None,
) -> int:
    """Write a network in another notation, with all that its text says."""
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import write_data
    from cnncalc.destinations import write_file
    from cnncalc.net_files import checked, in_another_folder, written
    from cnncalc.sources import find, parted

    values = settings_of(settings)
    text = written(checked(find(model), input_size, values, until), to, input_size, values)
    if output is None or output == "-":
        write_data(text)
    else:
        if to == "spec":
            text = in_another_folder(text, parted(model)[0], output)
        write_file(output, text, inputs=[parted(model)[0]], force=force)
    return ExitStatus.FINE

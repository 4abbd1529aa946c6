"""`cnncalc models`: the networks that ship."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus


def models(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Print the text of this network.")] = None,
) -> int:
    """List the networks that ship with cnncalc, or print the text of one."""
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report.networks import models_listed
    from cnncalc.sources import shipped

    if name is not None:
        write_data(shipped(name).text)
    else:
        write(models_listed(canvas()))
    return ExitStatus.FINE

"""`cnncalc filters`: the classic image filters that are built in."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus


def filters(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Print the numbers of this filter.")] = None,
) -> int:
    """List the image filters that are built in, or print the numbers of one."""
    from cnncalc.cli.terminal import canvas, write
    from cnncalc.report.filter_pages import filter_shown, filters_listed

    write(filters_listed(canvas()) if name is None else filter_shown(name, canvas()))
    return ExitStatus.FINE
